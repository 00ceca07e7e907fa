"""What happens to a task after it was given: one function per move of ``states.MOVES``."""

from django.db import transaction

from assignments import queries
from assignments.models import Report
from assignments.services import extending, reminding
from assignments.services.history import write
from assignments.services.telling import ASKED, REMINDERS, tell, tell_decider, tell_owner, withdraw
from core.errors import Refused, needed
from core.states import move
from members.activity import record

WORDS_NEEDED = "Đồng chí ghi kết quả đã làm."


@transaction.atomic
def receive(assignment, *, by, member=None):
    """Owner or helper say that they know of the task; nothing else changes. ``member`` acts when there is no account.

    Raises Refused when this person said so before, or the task is not open.
    """
    assignment = move(assignment, "receive")
    member = by.member if by else member
    if queries.has_received(assignment, member):
        raise Refused("Đồng chí đã báo nhận nhiệm vụ này rồi.")
    row = write(assignment, Report.Kind.RECEIVED, by, member=member)
    if member.pk == assignment.owner_id:
        assignment.received_at = row.at
        assignment.save(update_fields=["received_at"])
    record(assignment, "assignment.received", by=by, report=row.pk)
    return assignment


@transaction.atomic
def report(assignment, *, text, by, files=(), member=None):
    """Owner or helper say how far it is; ``files`` are uploaded pieces of evidence. Raises Refused.

    ``member`` is who reports when there is no account (from a mailed link).
    """
    assignment = move(assignment, "report")
    text = needed(text, WORDS_NEEDED)
    row = write(assignment, Report.Kind.PROGRESS, by, text, member=member, files=files)
    record(assignment, "assignment.reported", by=by, report=row.pk)
    return assignment


@transaction.atomic
def finish(assignment, *, text, by, files=()):
    """The owner says that it is done; whoever may confirm is asked to. Raises Refused."""
    assignment = move(assignment, "finish")
    row = write(assignment, Report.Kind.FINISHED, by, needed(text, WORDS_NEEDED), files=files)
    assignment.finished_at = row.at
    assignment.save(update_fields=["finished_at"])
    extending.drop(assignment)
    withdraw(assignment, *REMINDERS, *ASKED)
    tell_decider(assignment, f"finished:{row.pk}", "Chờ xác nhận hoàn thành")
    record(assignment, "assignment.finished", by=by, report=row.pk)
    return assignment


@transaction.atomic
def confirm(assignment, *, by):
    """The task is done for good; the owner is told."""
    assignment = move(assignment, "confirm")
    row = write(assignment, Report.Kind.CONFIRMED, by)
    assignment.confirmed_at, assignment.confirmed_by = row.at, by
    assignment.save(update_fields=["confirmed_at", "confirmed_by"])
    extending.drop(assignment)
    withdraw(assignment)
    tell_owner(assignment, by, "confirmed", "Đã xác nhận hoàn thành")
    record(assignment, "assignment.confirmed", by=by)
    return assignment


@transaction.atomic
def return_(assignment, *, reason, by):
    """Not done yet: the owner reads why and goes on. Raises Refused."""
    assignment = move(assignment, "return")
    row = write(assignment, Report.Kind.RETURNED, by, needed(reason, "Đồng chí ghi lý do trả lại.", "reason"))
    assignment.finished_at = None
    assignment.save(update_fields=["finished_at"])
    withdraw(assignment, "finished")
    tell_owner(assignment, by, f"returned:{row.pk}", "Cần làm tiếp")
    reminding.plan_due_again(assignment)
    record(assignment, "assignment.returned", by=by, report=row.pk)
    return assignment


@transaction.atomic
def cancel(assignment, *, reason, by):
    """The task need not be done; owner and helpers who were told of it are told again. Raises Refused."""
    assignment = move(assignment, "cancel")
    assignment.cancel_reason = needed(reason, "Đồng chí ghi lý do rút nhiệm vụ.", "reason")
    assignment.save(update_fields=["cancel_reason"])
    row = write(assignment, Report.Kind.CANCELLED, by, assignment.cancel_reason)
    extending.drop(assignment)
    told = withdraw(assignment)
    for member in (assignment.owner, *assignment.helpers.all()):
        if member.pk in told and (by is None or member.pk != by.member_id):
            tell(assignment, member, "cancelled", "Đã rút nhiệm vụ")
    record(assignment, "assignment.cancelled", by=by, report=row.pk)
    return assignment


STEPS = {
    "receive": receive,
    "report": report,
    "finish": finish,
    "extend": extending.ask,
    "grant": extending.grant,
    "refuse": extending.refuse,
    "confirm": confirm,
    "return": return_,
    "cancel": cancel,
}
