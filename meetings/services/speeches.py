"""What is said and concluded on each item, and which item the meeting is at."""

from django.db import transaction
from django.utils import timezone

from core.errors import Refused, StaleText
from core.states import WrongState
from meetings.models import AgendaItem, PutOff, Speech
from meetings.queries.session import ABSENT
from meetings.services import carrying
from meetings.services.attendance import ensure_open_record
from meetings.states import ItemStatus, State, VoteState
from members.activity import record

GONE = "Phát biểu này vừa được đồng chí khác xóa."
RESTART_SECONDS = 60


def fresh_item(item):
    """The locked row of an item, with its meeting and cell."""
    rows = AgendaItem.objects.select_for_update(of=("self",), no_key=True).select_related("meeting__cell")
    return rows.get(pk=item.pk)


def mark_discussed(item):
    """An item on which something is written down was discussed."""
    if item.status == ItemStatus.PENDING:
        item.status = ItemStatus.DISCUSSED
        item.save(update_fields=["status"])


def take_turn(item):
    """Before anything is locked: what is written after the close changes what the next draft takes over."""
    if item.meeting.state == State.CLOSED:
        carrying.take_turn(item.meeting.cell)


def settle(item, *, by):
    """After the close: what turns out to be discussed leaves the next draft, what was left comes into it."""
    if item.meeting.state == State.CLOSED:
        carrying.settle(item.meeting.cell, by=by)


# Speeches


@transaction.atomic
def add_speech(item, *, member=None, guest=None, text="", by, spoken_at=None):
    """Write down that a member or a guest (exactly one) spoke on the item, with or without words.

    Raises Refused for nobody, for somebody who is not on the sheet and for somebody marked absent.
    """
    take_turn(item)
    ensure_open_record(item.meeting)
    item = fresh_item(item)
    if (member is None) == (guest is None):
        raise Refused("Chọn một người phát biểu.", field="speaker")
    _check_speaker(item.meeting_id, member, guest)
    speech = Speech.objects.create(
        item=item, member=member, guest=guest, text=text.strip(), spoken_at=spoken_at or timezone.now()
    )
    mark_discussed(item)
    settle(item, by=by)
    record(speech, "speech.added", by=by, item=item.pk)
    return speech


def _check_speaker(meeting_id, member, guest):
    if guest is not None:
        if guest.meeting_id != meeting_id:
            raise Refused("Khách này không thuộc buổi họp.", field="speaker")
        return
    row = member.attendances.filter(meeting=meeting_id).first()
    if row is None:
        raise Refused(f"Đồng chí {member.full_name} không có trong danh sách điểm danh.", field="speaker")
    if row.presence in ABSENT:
        raise Refused(f"Đồng chí {member.full_name} đang ghi là vắng. Sửa điểm danh trước.", field="speaker")


@transaction.atomic
def save_speech(speech, *, text, version, by, autosave=False):
    """Store the words of a speech; raises StaleText when another version was saved since ``version``, Refused when it
    is gone.

    An autosave writes no diary line.
    """
    meeting = ensure_open_record(speech.item.meeting)
    fresh = stored(speech)
    store_text(fresh, "text", "version", text, version)
    if not autosave:
        record(fresh, "speech.changed", by=by, organisation=meeting.cell_id, version=fresh.version)
    return fresh


def stored(speech) -> Speech:
    """The locked row of a speech; raises Refused when a colleague has taken it back."""
    fresh = Speech.objects.select_for_update(of=("self",), no_key=True).filter(pk=speech.pk).first()
    if fresh is None:
        raise Refused(GONE)
    return fresh


@transaction.atomic
def remove_speech(speech, *, by):
    """Take back a speech that was written down by mistake. Raises Refused when it is gone already."""
    ensure_open_record(speech.item.meeting)
    stored(speech)
    record(speech, "speech.removed", by=by, gone=True, item=speech.item_id)
    speech.delete()


def store_text(obj, field, version_field, text, version):
    """Save a text under its version; raises StaleText when the row is at another one with other words."""
    text, current = text.strip(), getattr(obj, field)
    now_at = getattr(obj, version_field)
    if text == current:
        return
    if version != now_at:
        raise StaleText(
            "Đoạn này vừa được sửa ở nơi khác. Xem hai bản rồi ghi lại.", current=current, version=now_at, typed=text
        )
    setattr(obj, field, text)
    setattr(obj, version_field, now_at + 1)
    obj.save(update_fields=[field, version_field])


# Items


@transaction.atomic
def save_conclusion(item, *, text, version, by, autosave=False):
    """Store the chair's conclusion on an item; raises StaleText. An autosave writes no diary line."""
    take_turn(item)
    ensure_open_record(item.meeting)
    fresh = fresh_item(item)
    store_text(fresh, "conclusion", "conclusion_version", text, version)
    if fresh.conclusion:
        mark_discussed(fresh)
        settle(fresh, by=by)
    if not autosave:
        record(fresh, "conclusion.saved", by=by, version=fresh.conclusion_version)
    return fresh


@transaction.atomic
def go_to(item, *, by, at=None):
    """The meeting turns to this item; the one before ends and counts as discussed. ``at`` is now unless given.

    Raises WrongState when the meeting is at this item already (a colleague was faster).
    """
    at = at or timezone.now()
    meeting = ensure_open_record(item.meeting, states=(State.IN_SESSION,))
    item = fresh_item(item)
    if meeting.current_item_id == item.pk:
        raise WrongState("Buổi họp đã ở nội dung này. Trang đã được tải lại với tình trạng mới nhất.")
    leave_current(meeting, at)
    if item.started_at is None or _was_a_slip(item):
        item.started_at, item.ended_at = at, None
    if item.status == ItemStatus.POSTPONED:  # taken up after all
        item.status = ItemStatus.PENDING
        item.put_offs.filter(meeting=meeting).delete()
    item.save(update_fields=["started_at", "ended_at", "status"])
    meeting.current_item = item
    meeting.save(update_fields=["current_item"])
    record(item, "item.started", by=by)
    return item


def _was_a_slip(item) -> bool:
    """Turned to and left within a minute: the time starts anew."""
    return item.ended_at is not None and (item.ended_at - item.started_at).total_seconds() < RESTART_SECONDS


def leave_current(meeting, at):
    """The item under discussion ends; called with the meeting locked, also by ``close_meeting``."""
    if meeting.current_item_id is None:
        return
    item = AgendaItem.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.current_item_id)
    item.ended_at = item.ended_at or max(at, item.started_at or at)
    item.status = ItemStatus.DISCUSSED if item.status == ItemStatus.PENDING else item.status
    item.save(update_fields=["ended_at", "status"])


@transaction.atomic
def postpone_item(item, *, by, at=None, reason=""):
    """ "Chuyển sang buổi sau": the close puts it into the next draft. Raises Refused when it has been voted on."""
    take_turn(item)
    meeting = ensure_open_record(item.meeting)
    item = fresh_item(item)
    if item.status == ItemStatus.POSTPONED:
        raise WrongState("Nội dung này đã được chuyển sang buổi sau. Trang đã được tải lại với tình trạng mới nhất.")
    if item.votes.exclude(state=VoteState.DRAFT).exists():
        raise Refused("Nội dung này đã biểu quyết, không chuyển sang buổi sau được.")
    if meeting.current_item_id == item.pk:
        item.ended_at = at or timezone.now()
        meeting.current_item = None
        meeting.save(update_fields=["current_item"])
    item.status = ItemStatus.POSTPONED
    item.save(update_fields=["status", "ended_at"])
    PutOff.objects.create(item=item, meeting=meeting, reason=carrying.one_line(reason), by=by)
    settle(item, by=by)
    record(item, "item.postponed", by=by)
    return item
