"""The moves of a meeting, one function each: agree, revise, notify, reschedule, open, close, cancel."""

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from core.states import move
from meetings.models import Meeting
from meetings.queries.session import has_open_vote
from meetings.services import agenda, attendance, carrying, minutes, reminding, resolution, speeches
from meetings.services.announcing import announce
from meetings.states import Body, Kind, Mode, State
from members.activity import record
from members.queries import has_committee

EDITED = [
    "kind", "body", "theme", "starts_at", "place", "mode", "online_link", "approval", "chair", "clerk", "notifier",
    "parent", "needs_agreement",
]  # fmt: skip


def _settle(meeting):
    """What follows from the kind: whose meeting it is, and whether the chi ủy must agree first."""
    meeting.body = Body.COMMITTEE if meeting.kind == Kind.COMMITTEE else Body.CELL
    meeting.needs_agreement = meeting.body == Body.CELL and has_committee(meeting.cell, meeting.day)
    if meeting.mode == Mode.IN_PERSON:
        meeting.online_link = meeting.approval = ""
    if meeting.chair_id and meeting.chair_id == meeting.clerk_id:
        raise Refused("Chủ trì và thư ký là hai đồng chí khác nhau.", field="clerk")


@transaction.atomic
def create_meeting(*, meeting, by):
    """A new draft with the standard order of its kind and what earlier meetings left."""
    carrying.take_turn(meeting.cell)
    _settle(meeting)
    meeting.created_by = by
    meeting.save()
    rows = agenda.lay_standard(meeting)
    carrying.settle(meeting.cell, by=by)
    record(meeting, "meeting.created", by=by)
    record(meeting, "agenda.proposed", by=by, items=len(rows))
    reminding.papers_wanted(meeting)
    return meeting


@transaction.atomic
def update_meeting(*, meeting, by):
    """Store what the form changed; only a draft may change (a notified meeting is rescheduled)."""
    carrying.take_turn(meeting.cell)
    fresh = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
    if fresh.state != State.DRAFT:
        raise Refused("Cuộc họp không còn ở bản soạn nên không sửa được ở đây. Lấy lại bản soạn, hoặc đổi lịch họp.")
    _settle(meeting)
    meeting.save(update_fields=EDITED)
    carrying.settle(meeting.cell, by=by)
    record(meeting, "meeting.updated", by=by)
    reminding.papers_wanted(meeting)
    return meeting


@transaction.atomic
def agree_meeting(meeting, *, by, seen=""):
    """The committee agrees the draft: who and when is kept. Raises Refused when it is no longer what was ``seen``."""
    carrying.take_turn(meeting.cell)
    meeting = move(meeting, "agree")
    agenda.ensure_seen(meeting, seen)
    meeting.agreed_at, meeting.agreed_by = timezone.now(), by
    meeting.save(update_fields=["agreed_at", "agreed_by"])
    reminding.papers_wanted(meeting)
    carrying.settle(meeting.cell, by=by)
    record(meeting, "meeting.agreed", by=by)
    return meeting


@transaction.atomic
def revise_meeting(meeting, *, by):
    """Take the agreed agenda back to a draft; the agreement falls with it."""
    carrying.take_turn(meeting.cell)
    meeting = move(meeting, "revise")
    meeting.agreed_at = meeting.agreed_by = None
    meeting.save(update_fields=["agreed_at", "agreed_by"])
    reminding.papers_wanted(meeting)
    carrying.settle(meeting.cell, by=by)
    record(meeting, "meeting.revised", by=by)
    return meeting


@transaction.atomic
def notify_meeting(meeting, *, by, seen=""):
    """Members see the meeting from now on; each gets a mail with agenda and calendar.

    Raises Refused when it is no longer what was ``seen``.
    """
    carrying.take_turn(meeting.cell)
    meeting = move(meeting, "notify")
    agenda.ensure_seen(meeting, seen)
    meeting.notified_at, meeting.notified_by = timezone.now(), by
    meeting.save(update_fields=["notified_at", "notified_by"])
    announce(meeting, "notified")
    reminding.plan_reminders(meeting)
    carrying.settle(meeting.cell, by=by)
    record(meeting, "meeting.notified", by=by)
    return meeting


@transaction.atomic
def reschedule_meeting(meeting, *, starts_at, place, by, reason=""):
    """Another time or place; whoever was invited is told. Raises Refused for a time gone by or nothing changed."""
    carrying.take_turn(meeting.cell)
    meeting = move(meeting, "reschedule")
    before = (meeting.starts_at, meeting.place)
    if starts_at <= timezone.now():
        raise Refused("Chọn ngày, giờ họp sau lúc này.", field="starts_at")
    if before == (starts_at, place):
        raise Refused("Ngày, giờ và địa điểm chưa có gì thay đổi.", field="starts_at")
    meeting.starts_at, meeting.place = starts_at, place
    meeting.sequence += 1
    meeting.save(update_fields=["starts_at", "place", "sequence"])
    announce(meeting, "changed", before=before, reason=reason)
    reminding.plan_reminders(meeting)
    carrying.settle(meeting.cell, by=by)
    record(meeting, "meeting.rescheduled", by=by, starts_at=starts_at.isoformat(), sequence=meeting.sequence)
    return meeting


@transaction.atomic
def cancel_meeting(meeting, *, cancel_reason, by):
    """Call the meeting off; whoever was invited is told why, undiscussed items go to the next one."""
    carrying.take_turn(meeting.cell)
    meeting = move(meeting, "cancel")
    meeting.cancelled_at, meeting.cancel_reason = timezone.now(), cancel_reason
    meeting.sequence += 1
    meeting.save(update_fields=["cancelled_at", "cancel_reason", "sequence"])
    if meeting.is_past_notice:
        announce(meeting, "cancelled", reason=cancel_reason)
    reminding.withdraw_reminders(meeting)
    carrying.settle(meeting.cell, by=by)
    record(meeting, "meeting.cancelled", by=by)
    return meeting


@transaction.atomic
def open_meeting(meeting, *, by, chair=None, clerk=None, opened_at=None):
    """Start the session with its chair and clerk; the attendance sheet is laid out from the roll of the day."""
    meeting = move(meeting, "open")
    meeting.chair, meeting.clerk = chair or meeting.chair, clerk or meeting.clerk
    meeting.opened_at = opened_at or timezone.now()
    if meeting.opened_at > timezone.now():
        raise Refused("Giờ khai mạc chưa đến. Ghi giờ đã khai mạc.", field="opened_at")
    if meeting.chair_id is None:
        raise Refused("Chọn đồng chí chủ trì.", field="chair")
    if meeting.chair_id == meeting.clerk_id:
        raise Refused("Chủ trì và thư ký là hai đồng chí khác nhau.", field="clerk")
    meeting.save(update_fields=["chair", "clerk", "opened_at"])
    attendance.start_sheet(meeting)
    resolution.lay(meeting)
    minutes.start_minutes(meeting, by=by)
    reminding.withdraw_reminders(meeting)
    record(meeting, "meeting.opened", by=by)
    return meeting


@transaction.atomic
def close_meeting(meeting, *, closed_at, by, quality_score=None, quality_grade=""):
    """End the session. Raises Refused at ``closed_at`` for an end before the start or still to come."""
    carrying.take_turn(meeting.cell)
    meeting = move(meeting, "close")
    opened = timezone.localtime(meeting.opened_at)
    if closed_at <= meeting.opened_at:
        raise Refused(f"Giờ bế mạc phải sau giờ khai mạc {opened:%H:%M, %d/%m/%Y}.", field="closed_at")
    if has_open_vote(meeting):
        raise Refused("Còn một biểu quyết đang mở. Chốt hoặc lấy lại biểu quyết đó trước khi bế mạc.")
    if closed_at > timezone.now():
        raise Refused("Giờ bế mạc chưa đến. Ghi giờ đã bế mạc.", field="closed_at")
    speeches.leave_current(meeting, closed_at)
    meeting.closed_at, meeting.current_item = closed_at, None
    meeting.quality_score, meeting.quality_grade = quality_score, quality_grade
    meeting.save(update_fields=["closed_at", "current_item", "quality_score", "quality_grade"])
    carrying.freeze_review(meeting, by=by)
    reminding.tell_read_back(meeting, by=by)
    carrying.settle(meeting.cell, by=by)
    record(meeting, "meeting.closed", by=by, score=quality_score)
    return meeting


STEPS = {
    "agree": agree_meeting,
    "revise": revise_meeting,
    "notify": notify_meeting,
    "reschedule": reschedule_meeting,
    "open": open_meeting,
    "close": close_meeting,
    "cancel": cancel_meeting,
}
