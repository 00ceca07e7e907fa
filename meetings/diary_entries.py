"""What meetings put into a person's private calendar: those they are invited to, papers they still owe."""

import datetime

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import timezone

from meetings.models import AgendaItem, Meeting, MeetingPaper
from meetings.queries import agenda, deadlines
from meetings.services.announcing import moment_text
from meetings.states import HELD, OPEN_ENDED, Body, State
from members.models import Membership, Placement, Status
from members.states import PlacementKind, StatusKind
from notices.calendar import MEETING_ALARMS, TASK_ALARMS, Entry

LEAST_MINUTES = 60  # as in the invitations


def entries(user, since):
    """Notified and held meetings the person is invited to, and papers they still owe, from the moment ``since`` on.

    Two queries beside the person's cells and posts; two more for the dated rule where a paper is owed.
    """
    meetings = list(_meetings(user, since))
    items = list(_items(user, meetings))
    found = []
    for meeting in meetings:
        rows = [item for item in items if item.meeting_id == meeting.pk]
        found.append(_meeting_entry(meeting, rows, user.member_id))
    cells = {cell.pk: cell for cell in user.cells}
    for item in items:
        if item.presenter_id == user.member_id and _is_ahead(item.meeting) and deadlines.owes_paper(item):
            item.meeting.cell = cells.get(item.meeting.cell_id, item.meeting.cell)
            found.append(_paper_entry(item))
    first = timezone.localtime(since).date()
    return [entry for entry in found if isinstance(entry.starts, datetime.datetime) or entry.starts >= first]


def _is_ahead(meeting) -> bool:
    return meeting.state in OPEN_ENDED and meeting.starts_at > timezone.now()


def _meetings(user, since):
    """On the roll or visiting on the day and not suspended; the chi ủy its own; chair and clerk theirs."""
    here = {"member": user.member_id, "cell": OuterRef("cell")}
    visits = Placement.objects.on(OuterRef("date")).filter(**here, kind=PlacementKind.TEMP_HERE)
    belongs = Exists(Membership.objects.on(OuterRef("date")).filter(**here)) | Exists(visits)
    suspended = Status.objects.on(OuterRef("date")).filter(member=user.member_id, kind=StatusKind.SUSPENDED)
    cell = Q(cell__in=user.cell_ids, body=Body.CELL) & belongs & ~Exists(suspended)
    committee = Q(cell__in=user.committee_ids, body=Body.COMMITTEE)
    own = Q(cell__in=user.cell_ids) & (Q(chair=user.member_id) | Q(clerk=user.member_id))
    rows = Meeting.objects.filter(state__in=[State.NOTIFIED, *HELD], starts_at__gte=since)
    rows = rows.annotate(date=TruncDate(Coalesce("opened_at", "starts_at")))
    return rows.filter(cell | committee | own).order_by("starts_at", "pk")


def _items(user, meetings):
    """Items of these meetings, and all that the person presents at meetings ahead, drafts included."""
    mine = Q(presenter=user.member_id, meeting__state__in=OPEN_ENDED, meeting__cell__in=user.cell_ids)
    ahead = mine & Q(meeting__starts_at__gt=timezone.now())
    rows = AgendaItem.objects.filter(Q(meeting__in=meetings) | ahead).select_related("meeting__cell")
    rows = rows.annotate(has_paper=Exists(MeetingPaper.objects.filter(item=OuterRef("pk"))))
    rows = list(rows.order_by("meeting", "section", "position", "pk"))
    for item in rows:
        item.paper_list = [item] if item.has_paper else []  # only whether there are any
    return rows


def _meeting_entry(meeting, items, member_id) -> Entry:
    """As in the invitation: the same UID, the sequence that grows with every change; own items said first."""
    rows = [row for part in agenda.parts(meeting, items) for row in part.rows]
    own = [f"{row.number} {row.item.title}" for row in rows if row.item.presenter_id == member_id]
    lines = [f"Đồng chí trình bày: {'; '.join(own)}"] if own else []
    lines += [f"Họp trực tuyến tại: {meeting.online_link}"] if meeting.online_link else []
    lines += [f"{row.number}. {row.item.title}" for row in rows]
    minutes = max(agenda.total(items), LEAST_MINUTES)
    return Entry(
        uid=f"meeting-{meeting.pk}@chibo",
        sequence=meeting.sequence,
        title=meeting.title,
        starts=meeting.starts_at,
        ends=meeting.starts_at + datetime.timedelta(minutes=minutes),
        place=meeting.place,
        description="\n".join(lines),
        url=meeting.get_absolute_url(),
        alarms=MEETING_ALARMS,
    )


def _paper_entry(item) -> Entry:
    """A whole day: that on which the paper should be there."""
    day = deadlines.paper_day(item.meeting)
    return Entry(
        uid=f"item-{item.pk}@chibo",
        sequence=item.meeting.sequence,
        title=f"Chuẩn bị tài liệu: {item.title}",
        starts=day,
        ends=day + datetime.timedelta(days=1),
        description=f"{item.meeting.title}, {moment_text(item.meeting.starts_at)}",
        url=reverse("meetings:item", args=[item.meeting_id, item.pk]),
        alarms=TASK_ALARMS,
    )
