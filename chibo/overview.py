"""What the home pages show: questions that mix apps."""

import datetime

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from assignments.models import Assignment, Extension
from assignments.states import OPEN
from assignments.states import State as TaskState
from documents.states import IN_FORCE
from meetings.models import Attendance, Meeting, MeetingPaper, Reply, Resolution
from meetings.queries.stepper import RELATED
from meetings.states import REGULAR_KINDS, Body, Presence, State
from members.models import Organisation

PREPARED_SHOWN = 2
WATCHED = 60


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
    """Tasks of a cell that want the committee: late, reported and waiting, or asking for more time. One query.

    ``asks_more_time`` marks the last; reported and asking ones only where this person may answer.
    """
    asking = Extension.objects.filter(assignment=OuterRef("pk"), answer=Extension.Answer.ASKED)
    rows = Assignment.objects.visible_to(user).filter(cell=cell).annotate(asks_more_time=Exists(asking))
    rows = rows.filter(Q(asks_more_time=True) | Q(state=TaskState.REPORTED) | Q(pk__in=rows.late().values("pk")))
    found = list(rows.select_related("owner").order_by("due_on", "pk")[:WATCHED])
    late = [task for task in found if task.state in OPEN and task.days_left() < 0]
    waiting = [task for task in found if task.state == TaskState.REPORTED or task.asks_more_time]
    return late, [task for task in waiting if user.has_perm("assignments.confirm_assignment", task)]


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
    """Meetings that are over and whose minutes are not signed yet."""
    return list(
        Meeting.objects.filter(cell=cell, state=State.CLOSED)
        .exclude(minutes__paper__state="signed")
        .select_related("minutes__paper")
        .order_by("-starts_at")[:3]
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


def presence_rate(rows):
    """(present, counted) of attendance rows; exempt, elsewhere and excused lines do not count (DOMAIN §1.5)."""
    counted = [row for row in rows if row.presence in (Presence.PRESENT, Presence.ABSENT_UNEXCUSED)]
    return sum(row.presence == Presence.PRESENT for row in counted), len(counted)
