"""What the home pages show: questions that mix apps."""

import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from meetings.models import Attendance, Meeting, MeetingPaper, Reply, Resolution
from meetings.states import REGULAR_KINDS, Body, Presence, State
from members.models import Organisation

PREPARED_SHOWN = 2


def next_meetings(user):
    """What this person should think of next: the meeting in session, then the nearest one they are invited to, then,
    for the committee, the nearest ones still to be prepared. One query.
    """
    found = Meeting.objects.visible_to(user).filter(cell=user.home_cell).upcoming()
    rows = list(found.order_by("starts_at")[:12])
    running, told, prepared = (
        [row for row in rows if row.state in states]
        for states in ((State.IN_SESSION,), (State.NOTIFIED,), (State.DRAFT, State.AGREED))
    )
    return [*running, *told[:1], *prepared[:PREPARED_SHOWN]]


def papers_of(meeting, member_id):
    """(papers, how many this member marked as read)."""
    mine = Count("reads", filter=Q(reads__member=member_id))  # a paper is read at most once by a person
    counted = MeetingPaper.objects.filter(meeting=meeting).aggregate(all=Count("pk", distinct=True), seen=mine)
    return counted["all"], counted["seen"]


def reply_of(meeting, member_id):
    return Reply.objects.filter(meeting=meeting, member=member_id).first()


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
        .filter(meeting__cell=user.home_cell, paper__state__in=["adopted", "sealed", "signed"])
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
    late = Q(assignments__state__in=["given", "doing"], assignments__due_on__lt=today)
    return (
        Organisation.objects.filter(pk__in=user.overseen_ids, kind=Organisation.Kind.CELL)
        .annotate(
            held=Exists(held),
            planned=Exists(month.filter(state__in=[State.NOTIFIED, State.IN_SESSION])),
            late=Count("assignments", filter=late),
        )
        .order_by("name")
    )


def presence_rate(rows):
    """(present, counted) of attendance rows; exempt, elsewhere and excused lines do not count (DOMAIN §1.5)."""
    counted = [row for row in rows if row.presence in (Presence.PRESENT, Presence.ABSENT_UNEXCUSED)]
    return sum(row.presence == Presence.PRESENT for row in counted), len(counted)
