"""The attendance sheet, guests, and who chairs and keeps the minutes."""

import datetime

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from meetings.models import Attendance, Guest, Meeting, Speech
from meetings.queries.session import (
    ABSENT,
    AWAY,
    SUSPENDED_REASON,
    away_kind,
    officer_choices,
    once_official,
    people_of_day,
    placements_of_day,
    record_state,
)
from meetings.states import HELD, Excuse, Presence, State
from members.activity import record
from members.states import StatusKind

SEALED = "Biên bản đã khóa, không sửa được nữa."
ADOPTED = (
    "Biên bản đã được thông qua. Chỉ còn sửa được điểm danh và giờ bế mạc, "
    "để gỡ những chỗ chưa khớp mà biên bản nêu ra."
)


@transaction.atomic
def ensure_open_record(meeting, *, correction=False, states=HELD):
    """Lock the meeting and return the fresh row; the gate of everything that writes into its records.

    Raises Refused once the minutes are sealed, after their adoption unless it is a ``correction`` of what a listed
    contradiction names, and when the meeting is not in one of ``states``.
    """
    fresh = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("cell").get(pk=meeting.pk)
    state = record_state(fresh)
    if state == "sealed":
        raise Refused(SEALED)
    if state == "adopted" and not correction:
        raise Refused(ADOPTED)
    if fresh.state not in states:
        raise Refused(f"Buổi họp đang ở trạng thái “{fresh.get_state_display()}”, không ghi được việc này.")
    return fresh


@transaction.atomic
def start_sheet(meeting):
    """One row for everybody of the day, with status, exemption and placement frozen and what is known marked.

    Idempotent: rows that stand are left alone. Returns the number of new rows. Called by ``open_meeting``.
    """
    have = set(meeting.sheet.values_list("member_id", flat=True))
    people = [member for member in people_of_day(meeting) if member.pk not in have]
    placements = placements_of_day(meeting)
    official = once_official(meeting, people)
    accepted = meeting.replies.filter(decision=Excuse.ACCEPTED)
    excuses = dict(accepted.values_list("member_id", "reason"))
    rows = []
    for member in people:
        row = _frozen_row(meeting, member, placements.get(member.pk, ""), member.pk in official)
        row.presence, row.reason = _preset(row, excuses.get(member.pk, ""))
        rows.append(row)
    Attendance.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _frozen_row(meeting, member, placement, once):
    was_official = member.status_kind == StatusKind.OFFICIAL or (
        member.status_kind == StatusKind.SUSPENDED and (once or member.official_on is not None)
    )
    return Attendance(
        meeting=meeting,
        member=member,
        status_kind=member.status_kind or "",
        exemption_kind=member.exemption_kind or "",
        placement_kind=placement,
        was_official=was_official,
    )


def _preset(row, excuse) -> tuple:
    """The mark that is known beforehand and its reason."""
    if row.status_kind == StatusKind.SUSPENDED:
        return Presence.ABSENT_EXCUSED, SUSPENDED_REASON
    if away := away_kind(row):
        return away, ""
    return (Presence.ABSENT_EXCUSED, excuse) if excuse else (Presence.UNMARKED, "")


@transaction.atomic
def mark(attendance, *, presence, reason="", arrived=None, left=None, by):
    """Mark one row. ``arrived`` and ``left`` are local times of day (late arrival, early leaving).

    Raises Refused: no reason for an excused absence, an exemption nobody decided, times out of order or still to come.
    """
    meeting = ensure_open_record(attendance.meeting, correction=True)
    row = Attendance.objects.select_for_update(of=("self",), no_key=True).select_related("member").get(pk=attendance.pk)
    reason = reason.strip()
    if presence == Presence.ABSENT_EXCUSED and not reason:
        raise Refused("Ghi lý do vắng mặt.", field="reason")
    if presence in AWAY and presence != away_kind(row):
        raise Refused(
            f"Đồng chí {row.member.full_name} không có quyết định miễn hoặc giấy sinh hoạt tạm thời nơi khác "
            "vào ngày họp. Ghi ở trang đảng viên trước ngày họp, hoặc chọn vắng có lý do.",
            field="presence",
        )
    came = presence == Presence.PRESENT
    row.presence, row.reason = presence, "" if came else reason
    row.arrived_at, row.left_at = _moments(meeting, arrived if came else None, left if came else None)
    row.save(update_fields=["presence", "reason", "arrived_at", "left_at"])
    record(meeting, "attendance.marked", by=by, row=row.pk, presence=presence)
    return row


def _moments(meeting, arrived, left):
    """The times of day as moments of the meeting; raises Refused when they cannot be."""
    arrived_at, left_at = moment_of(meeting, arrived), moment_of(meeting, left)
    for moment, field, words in ((arrived_at, "arrived", "Giờ đến"), (left_at, "left", "Giờ về")):
        if moment and moment > timezone.now():
            raise Refused(f"{words} {timezone.localtime(moment):%H:%M} còn chưa tới. Xem lại.", field=field)
    if arrived_at and left_at and left_at < arrived_at:
        raise Refused("Giờ về phải sau giờ đến.", field="left")
    return arrived_at, left_at


def moment_of(meeting, time):
    """The moment of a local time of day nearest to the opening: a meeting may run past midnight. None stays None."""
    if time is None:
        return None
    start = timezone.localtime(meeting.opened_at or meeting.starts_at)
    days = [start.date() + datetime.timedelta(days=offset) for offset in (-1, 0, 1)]
    moments = [timezone.make_aware(datetime.datetime.combine(day, time)) for day in days]
    return min(moments, key=lambda moment: abs(moment - start))


@transaction.atomic
def mark_all_present(meeting, *, by):
    """ "Tất cả có mặt": everybody still unmarked is present. Returns how many were."""
    meeting = ensure_open_record(meeting)
    marked = meeting.sheet.filter(presence=Presence.UNMARKED).update(presence=Presence.PRESENT)
    record(meeting, "attendance.all_present", by=by, marked=marked)
    return marked


@transaction.atomic
def add_guest(meeting, *, name, post="", by):
    """Write down a guest, or an officer of the superior committee who came; in no denominator."""
    meeting = ensure_open_record(meeting)
    guest = Guest.objects.create(meeting=meeting, name=" ".join(name.split()), post=post.strip())
    record(guest, "guest.added", by=by)
    return guest


@transaction.atomic
def remove_guest(guest, *, by):
    """Take a guest off; raises Refused while speeches of theirs are written down."""
    ensure_open_record(guest.meeting)
    if Speech.objects.filter(guest=guest).exists():
        raise Refused(f"{guest.name} đã có phát biểu được ghi. Xóa phát biểu trước.")
    record(guest, "guest.removed", by=by, gone=True)
    guest.delete()


@transaction.atomic
def name_officers(meeting, *, chair, clerk, by):
    """Name who chairs and who keeps the minutes. Raises Refused for one person in both, or somebody absent."""
    meeting = ensure_open_record(meeting, states=(State.NOTIFIED, *HELD))
    if chair == clerk:
        raise Refused("Chủ trì và thư ký phải là hai người. Chọn đồng chí khác làm thư ký.", field="clerk")
    able = set(officer_choices(meeting).filter(pk__in=[chair.pk, clerk.pk]).values_list("pk", flat=True))
    absent = set(meeting.sheet.filter(presence__in=ABSENT).values_list("member_id", flat=True))
    for member, field in ((chair, "chair"), (clerk, "clerk")):
        if member.pk not in able:
            raise Refused(f"Đồng chí {member.full_name} không có trong danh sách của buổi họp.", field=field)
        if member.pk in absent:
            raise Refused(f"Đồng chí {member.full_name} đang ghi là vắng. Sửa điểm danh trước.", field=field)
    meeting.chair, meeting.clerk = chair, clerk
    meeting.save(update_fields=["chair", "clerk"])
    record(meeting, "officers.named", by=by, chair=chair.pk, clerk=clerk.pk)
    return meeting
