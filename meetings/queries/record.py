"""What the minutes say, computed from the records: nothing here is typed twice, nothing here writes."""

from itertools import groupby

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from assignments.models import Assignment
from core.contributions import MinutesSection
from documents.states import PaperState
from meetings.models import AgendaItem, Attendance, ClauseAssignment, Explanation, Guest, ItemAssignment, Meeting, Vote
from meetings.offers import SECTIONS
from meetings.protocol import Item, Officer, Person, Record, SpeechLine, TaskLine, VoteLine
from meetings.queries import review
from meetings.queries.review import for_review
from meetings.states import TWO_THIRDS, Ballot, Body, Kind, VoteState
from meetings.wording import comrade
from members.queries import titles_on
from members.states import COMMITTEE_TITLES, PlacementKind

BALLOTS: dict[str, str] = {Ballot.CARD: "Giơ thẻ", Ballot.HAND: "Giơ tay", Ballot.SECRET_PAPER: "Phiếu kín"}
COMMITTEE_LABELS = {title.label for title in COMMITTEE_TITLES}
ELSEWHERE = (PlacementKind.TEMP_ELSEWHERE, PlacementKind.OVERSEAS)
COUNTS = (
    "official", "exempt_absent", "elsewhere_absent", "suspended", "excused", "denominator", "need",
    "agree", "disagree", "other", "issued", "returned", "valid", "invalid",
)  # fmt: skip


def subject_of(meeting) -> str:
    """Subject line of the papers of a meeting: "sinh hoạt chi bộ thường kỳ tháng 12/2026" (DOMAIN §2.6)."""
    month, day = f"tháng {meeting.day:%m/%Y}", f"ngày {meeting.day:%d/%m/%Y}"
    words = {
        Kind.REGULAR: f"sinh hoạt chi bộ thường kỳ {month}",
        Kind.THEMATIC: f"sinh hoạt chi bộ chuyên đề {month}",
        Kind.COMBINED: f"sinh hoạt chi bộ thường kỳ kết hợp chuyên đề {month}",
        Kind.EXTRAORDINARY: f"họp chi bộ bất thường {day}",
        Kind.COMMITTEE: f"họp chi ủy {day}",
    }
    return words[meeting.kind]


def for_record(queryset):
    """Meetings with all that one row can carry for the record (guests and explanations as arrays)."""
    here = OuterRef("pk")
    before = Meeting.objects.filter(cell=OuterRef("cell"), body=Body.CELL, opened_at__isnull=False)
    before = before.filter(starts_at__lt=OuterRef("starts_at")).order_by("-starts_at")
    guests = Guest.objects.filter(meeting=here).order_by("pk").values(row=JSONObject(name="name", post="post"))
    explained = Explanation.objects.filter(minutes__meeting=here).values(row=JSONObject(key="key", text="text"))
    related = ("cell__parent", "chair", "clerk", "minutes__paper__organisation__parent", "resolution__paper")
    return (
        for_review(queryset)
        .select_related(*related)
        .annotate(
            guest_rows=ArraySubquery(guests),
            explanation_rows=ArraySubquery(explained),
            held_before=Subquery(before.values("starts_at")[:1]),
        )
    )


def record_of(meeting) -> Record:
    """The record of a meeting: six queries for a meeting fetched through ``for_record``, seven otherwise; one more
    for each app that has a section, until the minutes are adopted."""
    if not hasattr(meeting, "guest_rows"):
        meeting = for_record(Meeting.objects).get(pk=meeting.pk)
    posts = {pk: label for pk, label in titles_on(meeting.cell, meeting.day).items() if label in COMMITTEE_LABELS}
    minutes = getattr(meeting, "minutes", None)
    return Record(
        meeting_id=meeting.pk,
        subject=subject_of(meeting),
        opened_at=timezone.localtime(meeting.opened_at or meeting.starts_at),
        closed_at=_local(meeting.closed_at),
        was_opened=meeting.opened_at is not None,
        mode=meeting.get_mode_display().lower(),
        place=meeting.place,
        people=_people(meeting),
        guests=tuple(comrade(row["name"], row["post"]) for row in meeting.guest_rows),
        chair=_officer(meeting.chair, posts),
        clerk=_officer(meeting.clerk, posts),
        items=_items(meeting, posts),
        votes=_votes(meeting),
        tasks=_tasks(meeting, minutes, posts),
        review=tuple(review.lines(meeting)) if meeting.opened_at else (),
        sections=_sections(meeting, minutes),
        quality_score=meeting.quality_score,
        quality_grade=meeting.quality_grade,
        explanations={row["key"]: row["text"] for row in meeting.explanation_rows},
        **_prose(minutes),
    )


def _prose(minutes):
    if minutes is None:
        return {}
    fields = ("opening", "opening_version", "closing", "closing_version")
    return {name: getattr(minutes, name) for name in fields} | {"adopted_at": _local(minutes.adopted_at)}


def _sections(meeting, minutes):
    """What other apps say: as it was adopted, before that as it is now; of meetings of the whole cell only."""
    if minutes is not None and minutes.adopted_at:
        kept = minutes.sections or ()
        return tuple(MinutesSection(row["heading"], tuple(row["lines"]), row["source"]) for row in kept)
    if meeting.opened_at is None or meeting.body != Body.CELL:
        return ()
    since = timezone.localdate(meeting.held_before) if meeting.held_before else None
    return tuple(section for offer in SECTIONS for section in offer(meeting.cell, meeting.day, since))


def _local(moment):
    return timezone.localtime(moment) if moment else None


def _officer(member, posts):
    return Officer(member.pk, member.full_name, posts.get(member.pk, "")) if member else None


def _people(meeting):
    return tuple(
        Person(
            member_id=row.member_id,
            name=row.member.full_name,
            presence=row.presence,
            reason=row.reason,
            status=row.status_kind,
            official=row.was_official,
            visitor=row.is_visitor,
            exempt=bool(row.exemption_kind),
            elsewhere=row.placement_kind in ELSEWHERE,
        )
        for row in Attendance.objects.filter(meeting=meeting).select_related("member")
    )


ITEM = (
    "pk", "section", "title", "origin", "carried_from_id", "status", "narrative", "narrative_version", "conclusion",
    "presenter__full_name",
)  # fmt: skip
SPEECH = ("pk", "text", "spoken_at", "member_id", "member__full_name", "guest__name", "guest__post")


def _items(meeting, posts):
    """Items with their speeches, in one query: a row per speech, or one for an item without any."""
    rows = AgendaItem.objects.filter(meeting=meeting).order_by(
        "section", "position", "pk", "speeches__spoken_at", "speeches__pk"
    )
    rows = rows.values(*ITEM, "presenter_id", *(f"speeches__{name}" for name in SPEECH))
    places: dict[str, int] = {}
    found = []
    for _, group in groupby(rows, key=lambda row: row["pk"]):
        lines = list(group)
        section = lines[0]["section"]
        places[section] = places.get(section, 0) + 1
        speeches = tuple(_speech(line) for line in lines if line["speeches__pk"])
        found.append(_item(lines[0], places[section], speeches, posts))
    return tuple(found)


def _speech(row):
    name = row["speeches__member__full_name"] or row["speeches__guest__name"]
    speaker = comrade(name, row["speeches__guest__post"] or "", cap=True)
    at = timezone.localtime(row["speeches__spoken_at"])
    return SpeechLine(row["speeches__pk"], speaker, row["speeches__text"], at, row["speeches__member_id"], name)


def _item(row, place, speeches, posts):
    presenter = row["presenter__full_name"]
    return Item(
        pk=row["pk"],
        section=row["section"],
        place=place,
        title=row["title"],
        status=row["status"],
        presenter=comrade(presenter, posts.get(row["presenter_id"], "")) if presenter else "",
        narrative=row["narrative"].strip(),
        narrative_version=row["narrative_version"],
        speeches=speeches,
        conclusion=row["conclusion"].strip(),
        origin=row["origin"],
        is_carried=row["carried_from_id"] is not None,
    )


def _votes(meeting):
    """Votes in the order they were opened; only closed ones are numbered and printed."""
    rows = Vote.objects.filter(item__meeting=meeting).select_related("teller_1", "teller_2").order_by("opened_at", "pk")
    found, number = [], 0
    for row in rows:
        closed = row.state == VoteState.CLOSED
        number += closed
        tellers = tuple(member.full_name for member in (row.teller_1, row.teller_2) if member)
        found.append(
            VoteLine(
                pk=row.pk,
                item_id=row.item_id,
                number=number if closed else 0,
                matter=row.matter,
                ballot=BALLOTS[row.ballot],
                decision=row.decision,
                closed=closed,
                two_thirds=row.decision in TWO_THIRDS,
                is_secret=row.is_secret,
                tellers=tellers,
                passed=bool(row.passed),
                **{name: getattr(row, name) or 0 for name in COUNTS},
            )
        )
    return tuple(found)


def _tasks(meeting, minutes, posts):
    """What came out of conclusions and of the adopted resolution, as far as given before the minutes were sealed."""
    of_items = ItemAssignment.objects.filter(item__meeting=meeting).values("assignment")
    of_clauses = ClauseAssignment.objects.filter(clause__resolution__meeting=meeting).values("assignment")
    rows = Assignment.objects.filter(Q(pk__in=of_items) | Q(pk__in=of_clauses))
    paper = minutes.paper if minutes else None
    if paper and paper.sealed_at and paper.state != PaperState.WITHDRAWN:
        rows = rows.filter(given_at__lte=paper.sealed_at)
    rows = rows.select_related("owner", "given_by__member").order_by("given_at", "pk")
    return tuple(
        TaskLine(row.pk, row.title, row.owner.full_name, _follower(row, meeting, posts), row.due_on) for row in rows
    )


def _follower(row, meeting, posts):
    """Whoever gave the task, if in the chi ủy; for one noted by the clerk, the chair."""
    giver = row.given_by.member if row.given_by else None
    if giver and giver.pk in posts:
        return giver.full_name
    return meeting.chair.full_name if meeting.chair else (giver.full_name if giver else "")
