"""What the home pages show: questions that mix apps."""

import datetime
from collections import Counter

from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone

from assignments.models import Assignment, Extension
from assignments.states import OPEN, UNFINISHED
from assignments.states import State as TaskState
from core.vietnamese import lower_first
from documents.states import IN_FORCE
from meetings.models import Attendance, Meeting, MeetingPaper, Reply, Resolution
from meetings.queries.stepper import RELATED
from meetings.states import REGULAR_KINDS, Body, Presence, State
from members.models import Organisation

PREPARED_SHOWN = 2
LATE_SHOWN = 5


def next_meetings(user, dress=lambda rows: rows):
    """What this person should think of next: the meeting in session, then the nearest one they are invited to, then,
    for the committee, the nearest ones still to be prepared. One query; ``dress`` may annotate it.

    Each carries ``paper_count``, ``papers_read``, ``my_answer`` and ``my_decision`` of the person.
    """
    found = dress(Meeting.objects.visible_to(user).filter(cell=user.home_cell).upcoming())
    found = found.select_related(*RELATED).annotate(**_own_part(user.member_id))
    rows = list(found.order_by("starts_at")[:12])
    running, told, prepared = (
        [row for row in rows if row.state in states]
        for states in ((State.IN_SESSION,), (State.NOTIFIED,), (State.DRAFT, State.AGREED))
    )
    return [*running, *told[:1], *prepared[:PREPARED_SHOWN]]


def _own_part(member_id):
    """What a meeting's card says about the person, as subqueries."""
    here = OuterRef("pk")
    papers = MeetingPaper.objects.filter(meeting=here).order_by().values("meeting")
    mine = Reply.objects.filter(meeting=here, member=member_id)
    return {
        "paper_count": Coalesce(Subquery(papers.annotate(number=Count("pk")).values("number")), 0),
        "papers_read": Coalesce(
            Subquery(papers.filter(reads__member=member_id).annotate(number=Count("pk")).values("number")), 0
        ),
        "my_answer": Subquery(mine.values("answer")[:1]),
        "my_decision": Subquery(mine.values("decision")[:1]),
    }


def watched_tasks(user, cell):
    """What of a cell's tasks wants the committee: (the first LATE_SHOWN that are late, how many are, all that wait).

    Waiting are those reported or asking for more time (``asks_more_time``), where this person may answer. One query;
    of the late ones no more rows are read than are shown.
    """
    asking = Extension.objects.filter(assignment=OuterRef("pk"), answer=Extension.Answer.ASKED)
    late = Case(When(state__in=OPEN, due_on__lt=timezone.localdate(), then=True), default=False)
    rows = Assignment.objects.visible_to(user).filter(cell=cell, state__in=UNFINISHED)
    rows = rows.annotate(asks_more_time=Exists(asking), is_late=late).annotate(
        place=Window(RowNumber(), partition_by=["is_late"], order_by=["due_on", "pk"]),
        number=Window(Count("pk"), partition_by=["is_late"]),
    )
    shown = Q(is_late=True, place__lte=LATE_SHOWN)
    rows = rows.filter(Q(asks_more_time=True) | Q(state=TaskState.REPORTED) | shown)
    found = list(rows.select_related("owner").order_by("due_on", "pk"))
    behind = [task for task in found if task.is_late and task.place <= LATE_SHOWN]
    waiting = [task for task in found if task.state == TaskState.REPORTED or task.asks_more_time]
    may_answer = [task for task in waiting if user.has_perm("assignments.confirm_assignment", task)]
    return behind, behind[0].number if behind else 0, may_answer


def attendance_of(member_id, limit=12):
    """Own attendance at meetings of the cell that are over, newest first."""
    return list(
        Attendance.objects.filter(member=member_id, meeting__state=State.CLOSED, meeting__body=Body.CELL)
        .select_related("meeting")
        .order_by("-meeting__starts_at")[:limit]
    )


def news_of(user, limit=3):
    """Resolutions of the cell adopted lately."""
    return list(
        Resolution.objects.visible_to(user)
        .filter(meeting__cell=user.home_cell, paper__state__in=IN_FORCE)
        .select_related("paper__organisation", "meeting")
        .order_by("-meeting__starts_at")[:limit]
    )


def waiting_papers(cell):
    """Meetings that are over and whose minutes are not signed yet, the oldest first; one done, the next comes up."""
    return list(
        Meeting.objects.filter(cell=cell, state=State.CLOSED)
        .exclude(minutes__paper__state="signed")
        .select_related("minutes__paper")
        .order_by("starts_at")[:3]
    )


def cells_below(user):
    """For a superior: facts of each cell of this month; never opinions, never texts."""
    today = timezone.localdate()
    first = timezone.make_aware(datetime.datetime(today.year, today.month, 1))
    after = timezone.make_aware(datetime.datetime(today.year + today.month // 12, today.month % 12 + 1, 1))
    month = Meeting.objects.filter(cell=OuterRef("pk"), body=Body.CELL, starts_at__gte=first, starts_at__lt=after)
    held = month.filter(state=State.CLOSED, kind__in=REGULAR_KINDS)
    late = Q(assignments__state__in=["given", "doing"], assignments__due_on__lt=today, assignments__audience="cell")
    return (
        Organisation.objects.filter(pk__in=user.overseen_ids, kind=Organisation.Kind.CELL)
        .annotate(
            held=Exists(held),
            announced=Exists(month.filter(state__in=[State.NOTIFIED, State.IN_SESSION])),
            late=Count("assignments", filter=late),
        )
        .order_by("name")
    )


def presence_words(rows) -> str:
    """How often each thing stands in attendance rows: "Trong 12 buổi gần nhất: có mặt 11, vắng có lý do 1"."""
    found = Counter(Presence(row.presence) for row in rows)
    parts = [f"{lower_first(presence.label)} {found[presence]}" for presence in Presence if found[presence]]
    return f"Trong {len(rows)} buổi gần nhất: {', '.join(parts)}" if rows else ""
