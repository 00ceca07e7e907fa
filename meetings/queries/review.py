"""The review of last month: what was agreed and how far it is, of the clauses and tasks behind no clause.

Open things stand in the review of exactly one meeting to come, the next regular one of the cell; there they are read
anew each time. Closing freezes them into rows, which the minutes and the later reviews read.
"""

import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, IntegerField, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from assignments.models import Assignment, Report
from assignments.states import UNFINISHED, Audience
from assignments.states import State as Task
from documents import layout
from documents.states import PaperType
from meetings.models import Clause, ClauseAssignment, ItemAssignment, Meeting, ReviewLine
from meetings.queries.clauses import in_force, with_state
from meetings.reviewing import Line, Review, first_sentence, in_order, people_words, shortened
from meetings.states import (
    CLAUSE_OPEN,
    HIDDEN,
    OPEN_ENDED,
    REGULAR_KINDS,
    Body,
    ClauseState,
    Finding,
    Kind,
    State,
)

FOUND: dict[str, Finding] = {
    ClauseState.LATE: Finding.LATE,
    ClauseState.NOT_BEGUN: Finding.NOT_BEGUN,
    ClauseState.DONE: Finding.DONE,
}
REVIEWED = {Body.CELL: REGULAR_KINDS, Body.COMMITTEE: (Kind.COMMITTEE,)}
AUDIENCE = {Body.CELL: Audience.CELL, Body.COMMITTEE: Audience.COMMITTEE}
SAID = (Report.Kind.PROGRESS, Report.Kind.FINISHED, Report.Kind.RETURNED)
LONG_AGO = datetime.datetime(1930, 2, 3, tzinfo=datetime.UTC)
UPCOMING = (*OPEN_ENDED, State.IN_SESSION)


# Which meeting


def _upcoming(cell, body, held=None):
    """Regular meetings to come of a body, the one in session first; ``held`` counts as in session."""
    rows = Meeting.objects.filter(cell=cell, body=body)
    kinds = Q(body=Body.CELL, kind__in=REGULAR_KINDS) | Q(body=Body.COMMITTEE)
    to_come = Q(state__in=UPCOMING) | Q(pk=held)
    begun = Case(When(Q(state=State.IN_SESSION) | Q(pk=held), then=Value(0)), default=Value(1))
    return rows.filter(kinds & to_come).annotate(begun=begun).order_by("begun", "starts_at", "pk")


def next_regular(cell):
    """The regular meeting of a cell in whose review every open thing stands; None while there is none to come."""
    return _upcoming(cell, Body.CELL).first()


def for_review(queryset):
    """Meetings with what decides about their review at hand, so that ``sheet`` makes one query only."""
    first = _upcoming(OuterRef("cell"), OuterRef("body"))
    kept = ReviewLine.objects.filter(meeting=OuterRef("pk"), frozen_at__isnull=False)
    return queryset.annotate(review_next=Subquery(first.values(row=NEXT)[:1]), review_kept=Exists(kept))


NEXT = JSONObject(pk="pk", starts_at="starts_at", kind="kind", state="state")


def _at_hand(meeting):
    if not hasattr(meeting, "review_next"):
        found = for_review(Meeting.objects).only("pk").get(pk=meeting.pk)
        meeting.review_next, meeting.review_kept = found.review_next, found.review_kept
    return meeting


def _next(meeting):
    row = meeting.review_next
    if row is None:
        return None
    row = {**row, "starts_at": parse_datetime(row["starts_at"]), "cell_id": meeting.cell_id, "body": meeting.body}
    return Meeting(**row)


def sheet(meeting, user=None) -> Review:
    """The review of a meeting: one query for a meeting of ``for_review``; none for one without a review.

    With a user what they may not open has no address, and a meeting that is hidden from them is not named.
    """
    if meeting.kind not in REVIEWED[Body(meeting.body)] or meeting.state == State.CANCELLED:
        return Review()
    _at_hand(meeting)
    if meeting.state == State.CLOSED or meeting.review_kept:
        return Review(_frozen(meeting, user), frozen=True)
    following = _next(meeting)
    if following == meeting:
        return Review(_live(meeting, timezone.localdate(), user))
    told = user is None or meeting.cell_id in user.committee_ids or (following and following.state not in HIDDEN)
    return Review(elsewhere=following if told else None)


def lines(meeting, user=None) -> list[Line]:
    """The lines of a review: live for the next regular meeting, frozen for a closed one, none for any other."""
    return sheet(meeting, user).lines


def to_keep(meeting) -> list[Line]:
    """The lines on which a meeting held or just closed has its review, as of its day."""
    if meeting.kind not in REVIEWED[Body(meeting.body)]:
        return []
    first = _upcoming(meeting.cell_id, meeting.body, held=meeting.pk).first()
    return _live(meeting, meeting.day) if first == meeting else []


# Live lines


def _live(meeting, on, user=None) -> list[Line]:
    """Open clauses, due tasks behind no clause, and what was finished since the last review; in one query.

    What the meeting itself has agreed is reviewed by the next one.
    """
    rows = _clauses(meeting, on).union(_tasks(meeting, on), all=True)
    return in_order(_line(row, user, meeting) for row in rows)


def _since(meeting):
    """When the review before this one was frozen, as SQL."""
    rows = Meeting.objects.filter(cell=meeting.cell_id, body=meeting.body, state=State.CLOSED)
    rows = rows.filter(kind__in=REVIEWED[Body(meeting.body)]).exclude(pk=meeting.pk).order_by("-closed_at")
    kept = ReviewLine.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting")
    kept = kept.annotate(last=Max("frozen_at")).values("last")
    rows = rows.annotate(since=Coalesce(Subquery(kept), "closed_at"))
    return Coalesce(Subquery(rows.values("since")[:1]), Value(LONG_AGO))


def _told(meeting, thing) -> dict:
    """What the rows of the review say about a clause or task: what was typed, and how often it was reviewed."""
    rows = ReviewLine.objects.filter(**{thing: OuterRef("pk")})
    before = rows.filter(frozen_at__isnull=False).exclude(meeting=meeting).order_by()
    before = before.values(thing).annotate(n=Count("pk")).values("n")
    return {"why": Subquery(rows.filter(meeting=meeting).values("why")[:1]), "times": Subquery(before)}


def _last_report(**of):
    said = Report.objects.filter(kind__in=SAID, **of).exclude(text="").order_by("-at", "-pk")
    return Subquery(said.values("text")[:1])


HELPERS = Assignment.helpers.through.objects.order_by("member__sort_key").values_list("member__full_name")


def _clauses(meeting, on):
    links = ClauseAssignment.objects.filter(clause=OuterRef("pk"), assignment__audience=AUDIENCE[Body(meeting.body)])
    links = links.exclude(assignment__state=Task.CANCELLED).order_by("pk")
    task = JSONObject(
        owner="assignment__owner__full_name",
        due="assignment__due_on",
        state="assignment__state",
        helpers=ArraySubquery(HELPERS.filter(assignment=OuterRef("assignment"))),
    )
    confirmed = links.order_by().values("clause").annotate(last=Max("assignment__confirmed_at")).values("last")
    rows = in_force(Clause.objects.filter(resolution__meeting__cell=meeting.cell_id))
    rows = rows.filter(resolution__meeting__body=meeting.body).exclude(resolution__meeting=meeting)
    rows = with_state(rows, on).order_by()
    rows = rows.annotate(ended=Coalesce("decision__at", Subquery(confirmed)))
    finished = Q(state_key=ClauseState.DONE, ended__gt=_since(meeting))
    of_tasks = {"assignment__of_clause__clause": OuterRef("pk"), "assignment__audience": AUDIENCE[Body(meeting.body)]}
    row = JSONObject(
        kind=Value("clause"),
        pk="pk",
        state="state_key",
        title="text",
        owner="owner__full_name",
        due="due_on",
        place="position",
        number="resolution__paper__number",
        symbol="resolution__paper__organisation__symbol",
        tasks=ArraySubquery(links.values_list(task)),
        note=_last_report(**of_tasks),
        **_told(meeting, "clause"),
    )
    return rows.filter(Q(state_key__in=CLAUSE_OPEN) | finished).values_list(row, flat=True)


def _tasks(meeting, on):
    """Tasks behind no clause that everybody in the meeting may see, never those of a narrower audience.

    The cell is reminded of what is due by its meeting; the chi ủy of all that is its own.
    """
    due = Q(state__in=UNFINISHED)
    if meeting.body == Body.CELL:
        due &= Q(due_on__lte=meeting.day) | Q(due_on__lt=on)
    finished = Q(state=Task.DONE, confirmed_at__gt=_since(meeting))
    late = When(state__in=[Task.GIVEN, Task.DOING], due_on__lt=on, then=Value(ClauseState.LATE.value))
    states = (late, *(When(state=state, then=Value(word.value)) for state, word in STATES.items()))
    rows = Assignment.objects.filter(cell=meeting.cell_id, audience=AUDIENCE[Body(meeting.body)])
    rows = rows.exclude(Exists(ItemAssignment.objects.filter(assignment=OuterRef("pk"), item__meeting=meeting)))
    row = JSONObject(
        kind=Value("task"),
        pk="pk",
        state=Case(*states),
        title="title",
        owner="owner__full_name",
        due="due_on",
        source="source_label",
        helpers=ArraySubquery(HELPERS.filter(assignment=OuterRef("pk"))),
        note=_last_report(assignment=OuterRef("pk")),
        **_told(meeting, "assignment"),
    )
    return rows.filter(due | finished, of_clause__isnull=True).order_by().values_list(row, flat=True)


STATES = {
    Task.GIVEN: ClauseState.NOT_BEGUN,
    Task.DOING: ClauseState.OPEN,
    Task.REPORTED: ClauseState.REPORTED,
    Task.DONE: ClauseState.DONE,
}


def _line(row, user, meeting) -> Line:
    clause, tasks = row["kind"] == "clause", row.get("tasks", [])
    days = [task["due"] for task in tasks if task["state"] in UNFINISHED] or [row["due"]]
    helpers = [name for task in [row, *tasks] for name in task.get("helpers", [])]
    return Line(
        key=f"{row['kind']}:{row['pk']}",
        finding=FOUND.get(row["state"], Finding.DOING),
        title=shortened(row["title"]),
        people=people_words([row["owner"], *(task["owner"] for task in tasks)], helpers),
        due_on=parse_date(min(days)) if days[0] else None,
        source=_source(row) if clause else row["source"],
        note=first_sentence(row["note"] or ""),
        why=row["why"] or "",
        waits=row["state"] == ClauseState.REPORTED,
        times=(row["times"] or 0) + 1,
        url=_url(row["kind"], row["pk"], user, meeting),
    )


def _source(row) -> str:
    """ "Mục 2, Nghị quyết 05-NQ/CB"."""
    symbol = layout.number_line(row["number"], PaperType.RESOLUTION, row["symbol"]).removeprefix("Số ")
    return f"Mục {row['place']}, Nghị quyết {symbol}".strip()


def _url(kind, pk, user, meeting) -> str:
    """The page of the thing, for whoever may open it: the committee its own, everybody what the cell reviews."""
    if user is None or (meeting.body == Body.COMMITTEE and meeting.cell_id not in user.committee_ids):
        return ""
    return reverse("resolutions:clause" if kind == "clause" else "assignments:detail", args=[pk])


# Frozen lines


def _frozen(meeting, user) -> list[Line]:
    """The lines as they stood at the close, each with how often it had been reviewed by then; one query."""
    same = Q(clause=OuterRef("clause")) | Q(assignment=OuterRef("assignment"))
    until = ReviewLine.objects.filter(same, frozen_at__lte=OuterRef("frozen_at")).order_by()
    until = until.annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    rows = ReviewLine.objects.filter(meeting=meeting, frozen_at__isnull=False)
    found = []
    for row in rows.annotate(times=Subquery(until, output_field=IntegerField())):
        kind, pk = ("clause", row.clause_id) if row.clause_id else ("task", row.assignment_id)
        line = {name: getattr(row, name) for name in ("finding", "title", "due_on", "source", "why", "times")}
        found.append(Line(f"{kind}:{pk}", people=row.owner_name, url=_url(kind, pk, user, meeting), **line))
    return found
