"""The whole life of an item: every meeting it stood before, what came of it there, as far as the person may know."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from assignments.models import Assignment
from core.states import Look
from meetings.models import AgendaItem, Clause, ItemAssignment, Meeting, Speech, Vote
from meetings.queries.carried import family
from meetings.queries.clauses import in_force, with_state
from meetings.states import OPEN_ENDED, ItemStatus, State, VoteState

DISCUSSED = Look("Đã bàn", "ok", "check-lg")
POSTPONED = Look("Chuyển sang buổi sau", "line", "arrow-return-right")
MISSED = Look("Chưa bàn tới", "warn", "hourglass-split")
PLANNED = Look("Trong chương trình", "info", "calendar3")
CALLED_OFF = Look("Buổi họp đã hủy", "line", "x-lg")
UNDER_WAY = Look("Đang họp", "live", "dot")
DROPPED = Look("Không bàn nữa", "line", "x-lg")


@dataclass
class Stage:
    """One occurrence; what was said and concluded is filled only for whoever may read that record."""

    item: AgendaItem
    look: Look
    linked: bool  # the page of the meeting opens for the person
    told: bool
    speeches: list = field(default_factory=list)
    votes: list = field(default_factory=list)
    tasks: list = field(default_factory=list)
    clauses: list = field(default_factory=list)

    @property
    def put_offs(self) -> list:
        """When the item was left to a later meeting, and why; what the meeting itself said is of its record."""
        here = self.item.meeting_id
        return [row for row in self.item.put_offs.all() if row.meeting_id != here or (self.told and row.reason)]

    @property
    def dropped(self) -> Any:
        return getattr(self.item, "dropped", None)


def stages(user, pk) -> list[Stage]:
    """The occurrences of an item that the person may see, the first meeting first: seven queries at most."""
    seen = Meeting.objects.visible_to(user).filter(pk=OuterRef("meeting"))
    rows = AgendaItem.objects.visible_to(user).filter(pk__in=family(pk)).annotate(linked=Exists(seen))
    rows = rows.select_related("meeting__cell", "meeting__minutes__paper", "presenter", "dropped")
    rows = rows.prefetch_related("put_offs")
    found = {}
    for item in rows.order_by("meeting__starts_at", "pk"):
        opened = item.meeting.opened_at is not None
        told = opened and user.has_perm("meetings.view_minutes", item.meeting)
        found[item.pk] = Stage(item, look_of(item), item.linked, told)
    _fill(user, found)
    return list(found.values())


def look_of(item) -> Look:
    """What became of the item at its meeting."""
    state = item.meeting.state
    if getattr(item, "dropped", None):
        return DROPPED
    if state in OPEN_ENDED:
        return PLANNED
    if state == State.CANCELLED:
        return CALLED_OFF
    words = {ItemStatus.DISCUSSED: DISCUSSED, ItemStatus.POSTPONED: POSTPONED}
    return words.get(item.status) or (UNDER_WAY if state == State.IN_SESSION else MISSED)


def _fill(user, found):
    told = [pk for pk, stage in found.items() if stage.told]
    for speech in Speech.objects.filter(item__in=told).select_related("member", "guest"):
        found[speech.item_id].speeches.append(speech)
    for vote in Vote.objects.filter(item__in=told, state=VoteState.CLOSED).order_by("closed_at"):
        found[vote.item_id].votes.append(vote)
    tasks = Assignment.objects.visible_to(user).values("pk")
    given = ItemAssignment.objects.filter(item__in=list(found), assignment__in=tasks)
    for row in given.select_related("assignment__owner").order_by("assignment__due_on", "pk"):
        found[row.item_id].tasks.append(row.assignment)
    clauses = with_state(in_force(Clause.objects.visible_to(user).filter(item__in=list(found))))
    for clause in clauses.select_related("owner", "resolution__paper__organisation"):
        found[clause.item_id].clauses.append(clause)
