"""What happens to a task after it was given: one function per move of ``states.MOVES``."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from assignments.models import Evidence, Report
from assignments.states import Audience
from core.errors import Refused
from core.sniffing import inspect_upload
from core.states import move
from core.vietnamese import date_text
from members.activity import record
from notices.services import planning


@transaction.atomic
def report(assignment, *, text, by, files=()):
    """The owner says how far it is; ``files`` are uploaded pieces of evidence. Raises Refused."""
    assignment = move(assignment, "report")
    row = _write(assignment, Report.Kind.PROGRESS, by, _needed(text, "Đồng chí ghi kết quả đã làm."), files)
    record(assignment, "assignment.reported", by=by, report=row.pk)
    return assignment


@transaction.atomic
def finish(assignment, *, text, by, files=()):
    """The owner says that it is done; whoever gave it is asked to confirm. Raises Refused."""
    assignment = move(assignment, "finish")
    row = _write(assignment, Report.Kind.FINISHED, by, _needed(text, "Đồng chí ghi kết quả đã làm."), files)
    assignment.finished_at = row.at
    assignment.save(update_fields=["finished_at"])
    giver = assignment.given_by
    if giver and giver.member_id != assignment.owner_id:
        _tell(assignment, giver.member, f"finished:{row.pk}", "Chờ xác nhận hoàn thành",
              owner=assignment.owner.full_name)  # fmt: skip
    record(assignment, "assignment.finished", by=by, report=row.pk)
    return assignment


@transaction.atomic
def confirm(assignment, *, by):
    """The task is done for good; the owner is told."""
    assignment = move(assignment, "confirm")
    row = _write(assignment, Report.Kind.CONFIRMED, by)
    assignment.confirmed_at, assignment.confirmed_by = row.at, by
    assignment.save(update_fields=["confirmed_at", "confirmed_by"])
    planning.withdraw(f"assignment:{assignment.pk}")
    _tell_owner(assignment, by, "confirmed", "Đã xác nhận hoàn thành")
    record(assignment, "assignment.confirmed", by=by)
    return assignment


@transaction.atomic
def return_(assignment, *, reason, by):
    """Not done yet: the owner reads why and goes on. Raises Refused."""
    assignment = move(assignment, "return")
    row = _write(assignment, Report.Kind.RETURNED, by, _needed(reason, "Đồng chí ghi lý do trả lại.", "reason"))
    assignment.finished_at = None
    assignment.save(update_fields=["finished_at"])
    planning.withdraw(f"assignment:{assignment.pk}:finished")
    _tell_owner(assignment, by, f"returned:{row.pk}", "Cần làm tiếp")
    record(assignment, "assignment.returned", by=by, report=row.pk)
    return assignment


@transaction.atomic
def cancel(assignment, *, reason, by):
    """The task need not be done; an owner who was told of it is told again. Raises Refused."""
    assignment = move(assignment, "cancel")
    assignment.cancel_reason = _needed(reason, "Đồng chí ghi lý do rút nhiệm vụ.", "reason")
    assignment.save(update_fields=["cancel_reason"])
    row = _write(assignment, Report.Kind.CANCELLED, by, assignment.cancel_reason)
    told = planning.withdraw(f"assignment:{assignment.pk}")
    if assignment.owner_id in told:
        _tell_owner(assignment, by, "cancelled", "Đã rút nhiệm vụ")
    record(assignment, "assignment.cancelled", by=by, report=row.pk)
    return assignment


STEPS = {"report": report, "finish": finish, "confirm": confirm, "return": return_, "cancel": cancel}


def _needed(text, sentence, field="text"):
    text = text.strip()
    if not text:
        raise Refused(sentence, field=field)
    return text


def _write(assignment, kind, by, text="", files=()):
    """One line of the task's history, with the checked evidence."""
    member = by.member if by else assignment.owner
    row = Report.objects.create(assignment=assignment, kind=kind, by=by, member=member, text=text, at=timezone.now())
    for file in files:
        checked = _judged(file)
        piece = Evidence(report=row, filename=checked.name, mime=checked.mime)
        piece.file.save(checked.name, ContentFile(checked.data))
    return row


def _judged(file):
    try:
        return inspect_upload(file)
    except Refused as refusal:
        raise Refused(f"{file.name}: {refusal.message}", field="files") from refusal


def _tell_owner(assignment, by, what, words):
    if by is None or by.member_id != assignment.owner_id:
        _tell(assignment, assignment.owner, what, words)


def _tell(assignment, recipient, what, words, **context):
    """Plan the notice ``assignment.<what>``; titles only, reasons and reports stand on the page."""
    planning.plan(
        recipient,
        f"assignment.{what.partition(':')[0]}",
        f"assignment:{assignment.pk}:{what}",
        cell=assignment.cell,
        subject=f"{words}: {assignment.title}",
        context={"title": assignment.title, "due_on": date_text(assignment.due_on), **context},
        url=assignment.get_absolute_url(),
        private=assignment.audience == Audience.OWNER,
    )
