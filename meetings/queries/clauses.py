"""Clauses of resolutions in force: how far each is, read from its decision and its tasks (in SQL: ``with_state``)."""

from dataclasses import dataclass

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from assignments.models import Assignment, Report
from assignments.states import OPEN, UNFINISHED
from assignments.states import State as Task
from documents.states import IN_FORCE
from meetings.models import Clause, ClauseAssignment, Resolution
from meetings.states import CLAUSE_OPEN, ENDED, Body, ClauseState
from members.models import Member

RANK = {ClauseState.LATE: 0, ClauseState.REPORTED: 1, ClauseState.OPEN: 2, ClauseState.NOT_BEGUN: 2}

# filters of the board: address -> (label, states)
FILTERS = {
    "": ("Còn mở", CLAUSE_OPEN),
    "qua-han": ("Quá hạn", (ClauseState.LATE,)),
    "cho-xac-nhan": ("Chờ xác nhận", (ClauseState.REPORTED,)),
    "da-xong": ("Đã xong", (ClauseState.DONE,)),
    "da-thay": ("Đã thay, thôi thực hiện", (ClauseState.REPLACED, ClauseState.DROPPED)),
    "tat-ca": ("Tất cả", tuple(ClauseState)),
}


def with_state(queryset, on=None):
    """Annotate ``state_key`` (a ClauseState) as it stands on a day, today unless given."""
    living = ClauseAssignment.objects.filter(clause=OuterRef("pk")).exclude(assignment__state=Task.CANCELLED)
    on = on or timezone.localdate()
    in_hand = living.filter(assignment__state__in=OPEN)
    state = Case(
        *(When(decision__ending=ending, then=Value(state.value)) for ending, state in ENDED.items()),
        When(~Exists(living) & Q(due_on__lt=on), then=Value(ClauseState.LATE.value)),
        When(~Exists(living), then=Value(ClauseState.OPEN.value)),
        When(~Exists(living.exclude(assignment__state=Task.DONE)), then=Value(ClauseState.DONE.value)),
        When(Exists(in_hand.filter(assignment__due_on__lt=on)), then=Value(ClauseState.LATE.value)),
        When(~Exists(in_hand), then=Value(ClauseState.REPORTED.value)),
        When(~Exists(living.exclude(assignment__state=Task.GIVEN)), then=Value(ClauseState.NOT_BEGUN.value)),
        default=Value(ClauseState.OPEN.value),
        output_field=CharField(),
    )
    return queryset.annotate(state_key=state)


def is_in_force(resolution) -> bool:
    """Adopted and not withdrawn."""
    return resolution.paper is not None and resolution.paper.state in IN_FORCE


def in_force(queryset):
    """Those of resolutions that were adopted and not withdrawn."""
    return queryset.filter(resolution__paper__state__in=IN_FORCE)


def open_clauses(cell, on=None):
    """Open clauses of the cell's own resolutions (not those of its chi ủy), with ``state_key`` and ``due_next``.

    The late ones first, then by due day.
    """
    rows = Clause.objects.filter(resolution__meeting__cell=cell, resolution__meeting__body=Body.CELL)
    return most_urgent_first(with_state(in_force(rows), on).filter(state_key__in=CLAUSE_OPEN))


def most_urgent_first(queryset):
    """Order of the board for rows of ``with_state``; annotates ``due_next``, the first due day that is still open."""
    waiting = ClauseAssignment.objects.filter(clause=OuterRef("pk"), assignment__state__in=UNFINISHED)
    first = waiting.order_by().values("clause").annotate(day=Min("assignment__due_on")).values("day")
    rank = Case(
        *(When(state_key=state.value, then=Value(place)) for state, place in RANK.items()),
        default=Value(9),
        output_field=IntegerField(),
    )
    rows = queryset.annotate(due_next=Coalesce(Subquery(first), F("due_on")), rank=rank)
    return rows.order_by("rank", F("due_next").asc(nulls_last=True), "-resolution__meeting__starts_at", "position")


def state_counts(queryset) -> dict:
    """{state: number} of rows fetched by ``with_state``, in one query; states without rows are left away."""
    return dict(queryset.order_by().values_list("state_key").annotate(Count("pk")))


def replacements(clause):
    """Clauses that may take the place of this one: open, in force, of the same body, adopted that day or later."""
    meeting = clause.resolution.meeting
    rows = Clause.objects.filter(
        resolution__meeting__cell=meeting.cell_id,
        resolution__meeting__body=meeting.body,
        resolution__paper__dated_on__gte=clause.resolution.paper.dated_on,
    ).exclude(pk=clause.pk)
    rows = with_state(in_force(rows)).filter(state_key__in=CLAUSE_OPEN)
    rows = rows.select_related("resolution__paper__organisation")
    return rows.order_by("-resolution__meeting__starts_at", "position")


# Pages


def board(user, *, year=None, owner=None):
    """Clauses in force that the person may see, with ``state_key``: of a year, of whoever has to do with it."""
    rows = in_force(Clause.objects.visible_to(user))
    if year:
        rows = rows.filter(resolution__meeting__starts_at__year=year)
    if owner:
        given = ClauseAssignment.objects.filter(clause=OuterRef("pk"), assignment__in=visible_tasks(user))
        rows = rows.filter(Q(owner=owner) | Exists(given.filter(assignment__owner=owner)))
    return with_state(rows)


def visible_tasks(user):
    """Tasks that the person may see and that nobody withdrew."""
    return Assignment.objects.visible_to(user).exclude(state=Task.CANCELLED)


def with_tasks(queryset, user):
    """What a row of the board shows: paper, owner, and as ``tasks`` the links to the tasks that the person may see."""
    links = ClauseAssignment.objects.filter(assignment__in=visible_tasks(user)).select_related("assignment__owner")
    return queryset.select_related("owner", "resolution__paper__organisation").prefetch_related(
        Prefetch("given", links.order_by("assignment__due_on", "pk"), to_attr="tasks")
    )


def tasks_of(clause, user):
    """Links to the tasks of one clause that the person may see, each with what was last reported, if anything."""
    last = Report.objects.filter(assignment=OuterRef("assignment")).order_by("-at", "-pk")
    links = ClauseAssignment.objects.filter(clause=clause, assignment__in=visible_tasks(user))
    rows = links.annotate(said=Subquery(last.values("text")[:1]), said_at=Subquery(last.values("at")[:1]))
    return rows.select_related("assignment__owner").order_by("assignment__due_on", "pk")


def years(user) -> list[int]:
    """Years of the meetings whose resolutions the person may see, the newest first."""
    rows = Resolution.objects.visible_to(user).order_by()
    return [moment.year for moment in rows.datetimes("meeting__starts_at", "year", "DESC")]


def owners(user) -> list:
    """(pk, name) of whoever answers for a clause in force that the person may see, by given name."""
    rows = in_force(Clause.objects.visible_to(user)).filter(owner__isnull=False)
    return list(Member.objects.filter(pk__in=rows.values("owner")).values_list("pk", "full_name"))


# The register of papers

# filters of the register: address -> (label, states of clauses of which one must be there; None: whatever)
PAPER_FILTERS = {
    "": ("Tất cả", None),
    "con-mo": ("Còn việc mở", CLAUSE_OPEN),
    "qua-han": ("Có việc quá hạn", (ClauseState.LATE,)),
    "da-xong": ("Đã xong cả", ()),
}


def register(user, *, year=None, name=""):
    """Resolutions that the person may see, drafts too, the newest first; ``name`` is a filter of PAPER_FILTERS."""
    rows = Resolution.objects.visible_to(user)
    if year:
        rows = rows.filter(meeting__starts_at__year=year)
    states = PAPER_FILTERS[name][1]
    if states is not None:
        found = with_state(Clause.objects.filter(resolution=OuterRef("pk")))
        some = Exists(found.filter(state_key__in=states or CLAUSE_OPEN))
        rows = rows.filter(some if states else ~some, paper__state__in=IN_FORCE)
    return rows.select_related("paper__organisation", "meeting__cell").order_by("-meeting__starts_at", "-pk")


def progress_of(resolutions, on=None) -> dict:
    """{resolution id: Progress} of the clauses of these resolutions, in one query."""
    rows = with_state(Clause.objects.filter(resolution__in=resolutions), on).order_by()
    found: dict = {}
    for pk, state, number in rows.values_list("resolution", "state_key").annotate(Count("pk")):
        found.setdefault(pk, {})[state] = number
    return {pk: Progress(states) for pk, states in found.items()}


@dataclass(frozen=True)
class Progress:
    """How far the clauses of a resolution are; ``states`` counts them by state."""

    states: dict

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def ended(self) -> int:
        """Done, replaced or dropped: nothing more is to be done about them."""
        return sum(number for state, number in self.states.items() if state not in CLAUSE_OPEN)

    @property
    def late(self) -> int:
        return self.states.get(ClauseState.LATE, 0)
