"""Questions about a meeting that is being held: the sheet, the counts, who is present, what N would be."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from documents.states import PaperState
from meetings import counting
from meetings.models import Attendance, Minutes
from meetings.states import TWO_THIRDS, Body, Excuse, Presence, VoteState
from members.models import Member, Placement, Status
from members.queries import attenders, committee, holder, rule_for
from members.states import ExemptionKind, PlacementKind, PostTitle, StatusKind

AWAY = (Presence.EXEMPT, Presence.EXEMPT_TEMPORARY, Presence.TEMP_ELSEWHERE)
ABSENT = (*AWAY, Presence.ABSENT_EXCUSED, Presence.ABSENT_UNEXCUSED)
SUSPENDED_REASON = "Đình chỉ sinh hoạt"
AWAY_WORDS = {
    Presence.EXEMPT: "Miễn",
    Presence.EXEMPT_TEMPORARY: "Tạm miễn",
    Presence.TEMP_ELSEWHERE: "Nơi khác",
}


def record_state(meeting) -> str:
    """Whether the records of the meeting may change: "open"; "adopted" (only mending); "sealed" (nothing)."""
    if hasattr(meeting, "paper_state"):  # came with the row, see ``for_console``
        state = meeting.paper_state
    else:
        state = Minutes.objects.filter(meeting=meeting).values_list("paper__state", flat=True).first()
    if state in (PaperState.SEALED, PaperState.SIGNED):
        return "sealed"
    return "adopted" if state == PaperState.ADOPTED else "open"


def sheet(meeting):
    """The attendance rows with their members, sorted by given name."""
    return meeting.sheet.select_related("member")


# Who belongs on the sheet, and as what


def people_of_day(meeting):
    """Members who belong on the sheet: the committee alone for its own meetings, else roll and visitors."""
    if meeting.body == Body.COMMITTEE:
        members = [member.pk for member in committee(meeting.cell, meeting.day)]
        return Member.objects.filter(pk__in=members).with_standing(meeting.day, meeting.cell)
    return attenders(meeting.cell, meeting.day)


def placements_of_day(meeting) -> dict:
    """member id -> kind of the temporary activities written in this cell's book on the day."""
    rows = Placement.objects.on(meeting.day).filter(cell=meeting.cell_id)
    return dict(rows.values_list("member_id", "kind"))


def once_official(meeting, members) -> set:
    """Ids of those who were official at some time before the day: a suspended member stays an official one."""
    rows = Status.objects.filter(member__in=members, kind=StatusKind.OFFICIAL, starts_on__lte=meeting.day)
    return set(rows.values_list("member_id", flat=True))


def away_kind(row) -> str:
    """The mark that the frozen standing of a row allows besides present and absent; empty for most."""
    if row.exemption_kind == ExemptionKind.EXEMPT:
        return Presence.EXEMPT
    if row.exemption_kind == ExemptionKind.EXEMPT_TEMPORARY or row.placement_kind == PlacementKind.OVERSEAS:
        return Presence.EXEMPT_TEMPORARY
    return Presence.TEMP_ELSEWHERE if row.placement_kind == PlacementKind.TEMP_ELSEWHERE else ""


def away_choice(row) -> tuple:
    """(value, label) of the fourth key of a row ("Miễn", "Nơi khác"); empty where it does not apply."""
    kind = away_kind(row)
    return (kind, AWAY_WORDS[kind]) if kind else ()


def standing_words(row) -> str:
    """ "Chính thức · tạm thời nơi khác": the frozen standing as the sheet shows it."""
    words = [row.get_status_kind_display() or "Đảng viên"]
    if row.placement_kind:
        words.append(row.get_placement_kind_display().lower())
    if row.exemption_kind:
        words.append(row.get_exemption_kind_display().lower())
    return " · ".join(words)


def unexcused_this_year(meeting) -> dict:
    """member id -> number of meetings of the cell missed without a reason in the year of the meeting, up to it.

    Three months in a year lead to a proposal of striking off (QĐ 294-QĐ/TW, mục 8.1); the page counts, people decide.
    """
    rows = Attendance.objects.filter(
        meeting__cell=meeting.cell_id,
        meeting__body=meeting.body,
        meeting__starts_at__year=meeting.day.year,
        meeting__starts_at__lte=meeting.starts_at,
        presence=Presence.ABSENT_UNEXCUSED,
    )
    return dict(rows.order_by().values_list("member_id").annotate(Count("pk")))


# Presence and counts


def is_here(row, at) -> bool:
    """In the hall at that moment: marked present, arrived, not gone."""
    arrived = row.arrived_at is None or row.arrived_at <= at
    stayed = row.left_at is None or row.left_at > at
    return row.presence == Presence.PRESENT and arrived and stayed


def may_vote(row) -> bool:
    """Official member of this body, not suspended, not a visitor (QĐ 294-QĐ/TW, mục 6.3.2b, 9.3)."""
    return row.was_official and not row.is_visitor and row.status_kind != StatusKind.SUSPENDED


@dataclass(frozen=True)
class Counts:
    """Whole people. ``expected`` leaves out exempt and elsewhere ones who did not come."""

    total: int
    expected: int
    present: int
    official: int
    probationary: int
    temp_here: int
    away: int
    excused: int
    unexcused: int
    unmarked: int
    guests: int
    voters: int


def counts(rows, guests, at=None) -> Counts:
    """Counts of a sheet by class; the classes official, probationary and temp_here count those present."""
    at = at or timezone.now()
    present = [row for row in rows if row.presence == Presence.PRESENT]
    marks = [row.presence for row in rows]
    away = sum(mark in AWAY for mark in marks)
    return Counts(
        total=len(marks),
        expected=len(marks) - away,
        present=len(present),
        official=sum(row.was_official and not row.is_visitor for row in present),
        probationary=sum(row.status_kind == StatusKind.PROBATIONARY and not row.is_visitor for row in present),
        temp_here=sum(row.is_visitor for row in present),
        away=away,
        excused=marks.count(Presence.ABSENT_EXCUSED),
        unexcused=marks.count(Presence.ABSENT_UNEXCUSED),
        unmarked=marks.count(Presence.UNMARKED),
        guests=len(guests),
        voters=sum(may_vote(row) and is_here(row, at) for row in rows),
    )


def person(row, at) -> counting.Person:
    """One line of the sheet for the arithmetic of votes, as it stands at that moment."""
    return counting.Person(
        official=row.was_official and not row.is_visitor,
        present=is_here(row, at),
        came=row.presence == Presence.PRESENT,
        exempt=bool(row.exemption_kind) or row.placement_kind == PlacementKind.OVERSEAS,
        elsewhere=row.placement_kind == PlacementKind.TEMP_ELSEWHERE,
        suspended=row.status_kind == StatusKind.SUSPENDED,
        excused=row.presence == Presence.ABSENT_EXCUSED,
    )


def deduction_rule(meeting):
    """Whether the absent are deducted in a monthly meeting: a reading of mục 9.3, a setting of the cell."""
    return rule_for(meeting.cell, "vote.deduct_absent", on=meeting.day)


def live_denominator(meeting, rows, at=None) -> counting.Denominator:
    """N as it would be frozen now (QĐ 294-QĐ/TW, mục 9.3; deducting the absent is a setting of the cell)."""
    at = at or timezone.now()
    deduct = deduction_rule(meeting).yes
    return counting.denominator([person(row, at) for row in rows], deduct_absent=deduct)


def share_for(meeting, decision):
    """(share, more_than) that a kind of decision needs: "quá nửa", or "ít nhất 2/3" (mục 9.3)."""
    if decision in TWO_THIRDS:
        return rule_for(meeting.cell, "vote.two_thirds", on=meeting.day).fraction, False
    return rule_for(meeting.cell, "vote.simple_majority", on=meeting.day).fraction, True


def present_members(rows) -> list:
    """Members marked present, for the choice of tellers."""
    return [row.member for row in rows if row.presence == Presence.PRESENT]


# Officers


def officer_choices(meeting):
    """Members who may chair or keep the minutes: those of the sheet (or of the day), without visitors."""
    if meeting.sheet.exists():
        return Member.objects.filter(
            pk__in=meeting.sheet.exclude(placement_kind=PlacementKind.TEMP_HERE).values("member")
        )
    visitors = [pk for pk, kind in placements_of_day(meeting).items() if kind == PlacementKind.TEMP_HERE]
    return Member.objects.filter(pk__in=people_of_day(meeting).exclude(pk__in=visitors).values("pk"))


def suggested_chair(meeting):
    """The secretary; the deputy when the secretary is away; None when both are."""
    away = set(meeting.sheet.filter(presence__in=ABSENT).values_list("member_id", flat=True))
    away |= set(meeting.replies.filter(decision=Excuse.ACCEPTED).values_list("member_id", flat=True))
    came = meeting.sheet.filter(presence=Presence.PRESENT)
    away -= set(came.values_list("member_id", flat=True))
    for title in (PostTitle.SECRETARY, PostTitle.DEPUTY):
        found = holder(meeting.cell, title, meeting.day)
        if found and found.pk not in away:
            return found
    return None


def number_of(item) -> str:
    """ "B2": the number of an item on the agenda."""
    before = Q(position__lt=item.position) | Q(position=item.position, pk__lte=item.pk)
    return f"{item.section}{item.meeting.items.filter(before, section=item.section).count()}"


def has_open_vote(meeting) -> bool:
    """Whether a vote of the meeting is open now."""
    return meeting.items.filter(votes__state=VoteState.OPEN).exists()
