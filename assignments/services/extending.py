"""More time for a task: the owner asks, whoever may confirm the task answers (xin gia hạn)."""

from django.db import transaction
from django.utils import timezone

from assignments.models import Assignment, Extension, Report
from assignments.services import reminding
from assignments.services.history import write
from assignments.services.telling import tell_decider, tell_owner, withdraw
from assignments.states import OPEN
from core.errors import Refused, needed
from core.states import move
from core.vietnamese import date_text
from members.activity import record


@transaction.atomic
def ask(assignment, *, until, reason, by):
    """The owner asks for time up to ``until`` (a date after the due day and not gone by).

    Whoever decides is told. Raises Refused: one request waits already, a wrong day, no reason, not open.
    """
    locked = _locked(assignment)
    if locked.state in OPEN and locked.asked_extension:
        raise Refused("Đã có một đề nghị gia hạn đang chờ trả lời. Đồng chí chờ trả lời rồi mới xin tiếp.")
    assignment = move(assignment, "extend")
    reason = needed(reason, "Đồng chí ghi lý do xin gia hạn.", "reason")
    if until <= assignment.due_on:
        raise Refused(f"Đồng chí chọn ngày sau hạn hiện nay {date_text(assignment.due_on)}.", field="until")
    if until < timezone.localdate():
        raise Refused(f"Ngày {date_text(until)} đã qua. Đồng chí chọn ngày từ hôm nay trở đi.", field="until")
    asked = Extension.objects.create(assignment=assignment, until=until, reason=reason)
    write(assignment, Report.Kind.ASKED, by, reason, until=until)
    tell_decider(assignment, f"extension_asked:{asked.pk}", "Xin gia hạn", until=date_text(until))
    record(assignment, "assignment.extension_asked", by=by, extension=asked.pk, until=until)
    return asked


@transaction.atomic
def grant(assignment, *, by, note=""):
    """Yes: the due day becomes the one asked for, reminders follow it, the owner is told. Raises Refused."""
    asked, assignment = _waiting(assignment, "grant")
    if asked.until < timezone.localdate():
        raise Refused(
            f"Ngày xin gia hạn {date_text(asked.until)} đã qua nên không đồng ý được nữa. "
            "Đồng chí chọn “Không gia hạn” và ghi lý do; người thực hiện có thể xin lại."
        )
    assignment.due_on = asked.until
    assignment.sequence += 1
    assignment.save(update_fields=["due_on", "sequence"])
    note = _answer(asked, Extension.Answer.GRANTED, note, by)
    write(assignment, Report.Kind.EXTENDED, by, note, until=asked.until)
    reminding.plan_due_again(assignment)
    tell_owner(assignment, by, f"extended:{asked.pk}", f"Hạn mới {date_text(asked.until)}")
    record(assignment, "assignment.extended", by=by, extension=asked.pk, until=asked.until)
    return assignment


@transaction.atomic
def refuse(assignment, *, note, by):
    """No, and why: the due day stays; the owner is told. Raises Refused."""
    asked, assignment = _waiting(assignment, "refuse")
    note = _answer(asked, Extension.Answer.REFUSED, needed(note, "Đồng chí ghi lý do không gia hạn.", "note"), by)
    write(assignment, Report.Kind.KEPT, by, note, until=asked.until)
    tell_owner(assignment, by, f"kept:{asked.pk}", "Không gia hạn", until=date_text(asked.until))
    record(assignment, "assignment.kept", by=by, extension=asked.pk)
    return assignment


def drop(assignment):
    """A request that waits is needed no more: the task (locked by the caller) was finished, confirmed, cancelled."""
    rows = assignment.extensions.filter(answer=Extension.Answer.ASKED)
    if rows.update(answer=Extension.Answer.DROPPED, answered_at=timezone.now()):
        withdraw(assignment, "extension_asked")


def _locked(assignment):
    return Assignment.objects.select_for_update(of=("self",), no_key=True).get(pk=assignment.pk)


def _waiting(assignment, action):
    """(the request that waits, the task), both as they stand under the lock of the task."""
    locked = _locked(assignment)
    asked = locked.asked_extension
    if locked.state in OPEN and asked is None:
        raise Refused("Đề nghị gia hạn này đã được trả lời. Đồng chí xem lại trang nhiệm vụ.")
    return asked, move(locked, action)


def _answer(asked, answer, note, by) -> str:
    asked.answer, asked.note = answer, note.strip()
    asked.answered_by, asked.answered_at = by, timezone.now()
    asked.save(update_fields=["answer", "note", "answered_by", "answered_at"])
    withdraw(asked.assignment, "extension_asked")
    return asked.note
