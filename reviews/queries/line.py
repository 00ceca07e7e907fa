"""The facts that the rota works on, out of the tables (reviews/rota.py is pure)."""

import datetime

from meetings.models import Meeting, Reply
from meetings.queries.planned import day_of_month, regular_months
from meetings.states import OPEN_ENDED, REGULAR_KINDS, Answer, Body, Excuse, State
from members.models import Exemption, Member, Membership, Placement, Status
from members.states import PlacementKind, StatusKind
from reviews.models import Turn
from reviews.turn_states import TAKEN, TurnState
from reviews.turns import Away, Change, Facts, Held, Missed, Person

AWAY_WORDS = {
    "exempt": "được miễn công tác và sinh hoạt",
    "suspended": "đang bị đình chỉ sinh hoạt",
    "placed": "đang sinh hoạt tạm thời nơi khác",
}
# neutral words: what the rota says of them is read by the chi ủy; the reason given stands encrypted in the turn
WHY_NOT_HELD = {TurnState.MISSED: "chưa thực hiện được", TurnState.PUT_OFF: "chi ủy dời"}
BY_COMMITTEE = "theo quyết định của chi ủy"


def next_meeting(cell):
    """The nearest regular meeting of the cell that is being prepared or announced, or None."""
    rows = Meeting.objects.filter(cell=cell, body=Body.CELL, kind__in=REGULAR_KINDS, state__in=OPEN_ENDED)
    return rows.order_by("starts_at").first()


def facts(meeting) -> Facts:
    """What the rota of a coming meeting depends on; a constant number of queries."""
    turns = list(Turn.objects.filter(cell=meeting.cell_id).select_related("meeting"))
    here = [turn for turn in turns if turn.meeting_id == meeting.pk]
    before = [turn for turn in turns if turn.meeting_id != meeting.pk]
    day = meeting.day
    return Facts(
        people=tuple(_people(meeting.cell, day)),
        meetings=(day, *later_days(meeting.cell, day)),
        held=tuple(Held(turn.member_id, turn.meeting.day) for turn in before if turn.state in TAKEN),
        missed=tuple(
            Missed(turn.member_id, turn.meeting.day, WHY_NOT_HELD[turn.state])
            for turn in before
            if turn.state in WHY_NOT_HELD
        ),
        absences=tuple(_absences(meeting)),
        changes=tuple(_changes(here, day)),
        told=tuple(Held(turn.member_id, day) for turn in here if turn.state == TurnState.PLANNED),
    )  # fmt: skip


def _changes(turns, day):
    """What the committee decided for this meeting."""
    for turn in turns:
        if turn.state == TurnState.PUT_OFF:
            yield Change(turn.member_id, day, BY_COMMITTEE, put_off=True)
        elif turn.pinned:
            yield Change(turn.member_id, day, BY_COMMITTEE)


def _absences(meeting):
    rows = Reply.objects.filter(meeting=meeting, answer=Answer.ASKS_EXCUSE).exclude(decision=Excuse.REFUSED)
    for member in rows.values_list("member", flat=True):
        yield Missed(member, meeting.day, "đã xin vắng")


def later_days(cell, day) -> list[datetime.date]:
    """Days of the regular meetings still to come in the year: planned ones, else by the rhythm of the cell."""
    last = datetime.date(day.year, 12, 31)
    taken = regular_months(cell, day, last)
    months = [month for month in range(day.month + 1, 13) if (day.year, month) not in taken]
    drafted = Meeting.objects.filter(
        cell=cell, body=Body.CELL, kind__in=REGULAR_KINDS, state__in=OPEN_ENDED, starts_at__date__range=(day, last)
    )
    days = {meeting.day for meeting in drafted} - {day}
    return sorted(days | {day_of_month(cell, day.year, month) for month in months})


def _people(cell, day):
    members = list(Member.objects.on_roll(cell, day).order_by("sort_key", "pk"))
    since = dict(
        Membership.objects.on(day).filter(cell=cell, member__in=members).values_list("member", "starts_on")
    )  # fmt: skip
    away = _away(members)
    for member in members:
        yield Person(member.pk, member.sort_key, since[member.pk], away=tuple(away.get(member.pk, ())))


def _away(members) -> dict:
    """member id -> periods in which the person cannot be asked (294-QĐ/TW, 7.2.3: exempt; suspended; elsewhere)."""
    elsewhere = (PlacementKind.TEMP_ELSEWHERE, PlacementKind.OVERSEAS)
    kinds = (
        (Exemption.objects.all(), "exempt"),
        (Status.objects.filter(kind=StatusKind.SUSPENDED), "suspended"),
        (Placement.objects.filter(kind__in=elsewhere), "placed"),
    )
    found: dict = {}
    for rows, word in kinds:
        for member, first, last in rows.filter(member__in=members).values_list("member", "starts_on", "ends_on"):
            found.setdefault(member, []).append(Away(first, last, AWAY_WORDS[word]))
    return found


def settled():
    """Turns still planned of meetings that are over or called off; one in session still has its turns."""
    over = Turn.objects.filter(state=TurnState.PLANNED, meeting__state__in=(State.CLOSED, State.CANCELLED))
    return over.select_related("meeting").order_by("pk")
