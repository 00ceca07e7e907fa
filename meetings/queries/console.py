"""Everything the page of a meeting in session shows, in a constant number of queries."""

from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from meetings.models import Guest, ItemAssignment, Speech, Vote
from meetings.queries.agenda import parts as agenda_parts
from meetings.queries.ballots import tally
from meetings.queries.review import for_review
from meetings.queries.session import ABSENT, Counts, counts, sheet, standing_words
from meetings.reviewing import review_item
from meetings.states import ItemStatus, Presence, VoteState


@dataclass
class Stop:
    """An item on the list at the left: number, look ("done", "now", "todo", "later"), minutes."""

    item: object
    number: str
    look: str
    actual: int | None

    @property
    def minutes(self) -> str:
        return f"{self.item.minutes}" if self.actual is None else f"{self.actual}/{self.item.minutes}"


@dataclass
class Console:
    meeting: object
    parts: list
    stop: Stop | None
    following: Stop | None
    current: Stop | None
    rows: list
    guests: list
    counts: Counts
    speeches: list
    tallies: list
    open_elsewhere: object
    given: list
    silent: list = field(default_factory=list)
    spoken: set = field(default_factory=set)

    @property
    def reviews_here(self) -> bool:
        """The review of last month belongs to this item, or to none of the agenda."""
        item = review_item([stop.item for _, stops in self.parts for stop in stops])
        return self.stop is not None and (item is None or self.stop.item is item)

    @property
    def planned(self) -> int:
        return sum(stop.item.minutes for _, stops in self.parts for stop in stops)

    @property
    def is_current(self) -> bool:
        return self.current is not None and self.stop is self.current

    @property
    def over_time(self) -> bool:
        """The item under discussion has used more than its planned minutes."""
        return self.stop.actual is not None and self.stop.actual > self.stop.item.minutes

    @property
    def behind(self) -> str:
        """ "Chậm hơn kế hoạch 3 phút": minutes used by what is over against its plan."""
        over = [stop for _, stops in self.parts for stop in stops if stop.look == "done" and stop.actual is not None]
        minutes = sum(stop.actual - stop.item.minutes for stop in over)
        if not minutes:
            return "Đúng kế hoạch." if over else ""
        return f"{'Chậm' if minutes > 0 else 'Nhanh'} hơn kế hoạch {abs(minutes)} phút."

    @property
    def exceptions(self) -> list:
        """Rows worth a look: whoever is not simply present."""
        return [row for row in self.rows if row.presence != Presence.PRESENT or row.arrived_at or row.left_at]


def for_console(queryset):
    """Meetings with all of one row that the page needs: officers, guests, state of the minutes."""
    guests = Guest.objects.filter(meeting=OuterRef("pk")).values(row=JSONObject(pk="pk", name="name", post="post"))
    return (
        for_review(queryset)
        .select_related("cell__parent__parent", "chair", "clerk")
        .annotate(guest_rows=ArraySubquery(guests), paper_state=F("minutes__paper__state"))
    )


def _items(meeting):
    tasks = ItemAssignment.objects.filter(item=OuterRef("pk")).order_by("pk")
    given = JSONObject(
        pk="assignment_id",
        title="assignment__title",
        owner="assignment__owner__full_name",
        due_on="assignment__due_on",
    )
    rows = meeting.items.select_related("presenter").annotate(given_rows=ArraySubquery(tasks.values(row=given)))
    return _owned(meeting, rows)


def console(meeting, item_pk=None) -> Console:
    """The console of a meeting (of ``for_console``) at one item.

    The item asked for, else the one under discussion, else the first not discussed.
    """
    now = timezone.now()
    parts = [(part, [_stop(meeting, row, now) for row in part.rows]) for part in agenda_parts(meeting, _items(meeting))]
    stops = [stop for _, inside in parts for stop in inside]
    current = next((stop for stop in stops if stop.item.pk == meeting.current_item_id), None)
    stop = next((each for each in stops if each.item.pk == item_pk), None) or current or _first_open(stops)
    rows, guests = list(sheet(meeting)), [Guest(**row) for row in meeting.guest_rows]
    spoken = list(Speech.objects.filter(item__meeting=meeting).select_related("member", "guest"))
    votes = _votes(meeting, {each.item.pk: each.item for each in stops})
    here = stop.item.pk if stop else None
    speakers = {speech.member_id for speech in spoken if speech.member_id}
    return Console(
        meeting=meeting,
        parts=parts,
        stop=stop,
        following=_following(stops, stop),
        current=current,
        rows=rows,
        guests=guests,
        counts=counts(rows, guests, now),
        speeches=[speech for speech in spoken if speech.item_id == here],
        tallies=[tally(vote, meeting, rows) for vote in votes if vote.item_id == here],
        open_elsewhere=next((vote for vote in votes if vote.state == VoteState.OPEN and vote.item_id != here), None),
        given=_given(stop),
        silent=[row for row in rows if row.presence == Presence.PRESENT and row.member_id not in speakers],
        spoken=speakers,
    )


def _owned(meeting, items):
    items = list(items)
    for item in items:
        item.meeting = meeting
    return items


def _votes(meeting, items):
    """Votes of the meeting, each with its item of ``items`` (by pk): their addresses ask for it."""
    votes = list(Vote.objects.filter(item__meeting=meeting).select_related("teller_1", "teller_2"))
    for vote in votes:
        vote.item = items[vote.item_id]
    return votes


def _stop(meeting, row, now) -> Stop:
    item = row.item
    look = "done" if item.status == ItemStatus.DISCUSSED else "later" if item.status == ItemStatus.POSTPONED else "todo"
    if item.pk == meeting.current_item_id:
        look = "now"
    actual = None
    if item.started_at:
        actual = round(((item.ended_at or meeting.closed_at or now) - item.started_at).total_seconds() / 60)
    return Stop(item, row.number, look, actual)


def _first_open(stops):
    return next((stop for stop in stops if stop.look == "todo"), stops[0] if stops else None)


def _following(stops, stop):
    """The next item that still waits, after this one."""
    if stop is None:
        return None
    return next((each for each in stops[stops.index(stop) + 1 :] if each.look == "todo"), None)


def _given(stop) -> list:
    """Tasks of the item: title, owner, due day, address."""
    rows = stop.item.given_rows if stop else []
    for row in rows:
        row |= {"due_on": parse_date(row["due_on"]), "url": reverse("assignments:detail", args=[row["pk"]])}
    return rows


def speaker_choices(page) -> list:
    """Choices of who spoke: those of the hall who have not spoken first, then the others, then guests."""
    rows = [row for row in page.rows if row.presence not in ABSENT]

    def named(row):
        note = "" if row.presence == Presence.PRESENT else " (chưa điểm danh)"
        return f"m{row.member_id}", f"Đ/c\u00a0{row.member.full_name}{note}"

    groups = [
        ("Chưa phát biểu hôm nay", [named(row) for row in rows if row.member_id not in page.spoken]),
        ("Đã phát biểu", [named(row) for row in rows if row.member_id in page.spoken]),
        ("Khách", [(f"g{guest.pk}", f"{guest.name}{', ' if guest.post else ''}{guest.post}") for guest in page.guests]),
    ]
    return [("", "Chọn người phát biểu")] + [group for group in groups if group[1]]


@dataclass
class Line:
    """A row of the sheet with what the form shows, stored or typed."""

    row: object
    presence: str
    reason: str
    arrived: object
    left: object
    away: tuple
    standing: str
    missed: int = 0
    form: object = None


def line(row, away, missed=0, form=None) -> Line:
    """The line of a row; with a refused ``form`` it shows what was typed."""
    if form is not None:
        value = form["presence"].value(), form["reason"].value(), form["arrived"].value(), form["left"].value()
    else:
        value = row.presence, row.reason, row.arrived_at, row.left_at
    return Line(row, *value, away=away, standing=standing_words(row), missed=missed, form=form)
