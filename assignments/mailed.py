"""What may be done about a task from a mail, without a password: say that it is received, report how far it is.

Registered with notices.actions by chibo/wiring.py. Whoever has no account acts as member alone.
"""

from django import forms

from assignments import queries
from assignments.services import progress
from assignments.states import OPEN
from core.errors import Refused
from core.forms import ConfirmForm, Form
from core.vietnamese import date_text
from members.models import User
from members.queries import attenders
from notices.actions import Action, Page


class ReportForm(Form):
    """How far it is, in words; files are for the page of the task."""

    text = forms.CharField(
        label="Kết quả đã làm", max_length=3000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Muốn gửi kèm ảnh hoặc tệp, đồng chí đăng nhập và báo cáo trong trang của nhiệm vụ.",
        error_messages={"required": "Đồng chí ghi kết quả đã làm."},
    )  # fmt: skip


def _task(target, member):
    """The task if this member still works on it; raises Refused with the reason why not."""
    task = queries.whole().filter(pk=target).first()
    if task is None or member.pk not in {task.owner_id, *task.helper_ids}:
        raise Refused("Nhiệm vụ này không còn giao cho đồng chí.")
    if not attenders(task.cell).filter(pk=member.pk).exists():
        raise Refused(f"Đồng chí không còn trong danh sách của {task.cell.name} nên không làm được việc này từ thư.")
    if task.state not in OPEN:
        raise Refused(f"Nhiệm vụ này đang ở trạng thái “{task.get_state_display()}”, đồng chí không phải báo gì thêm.")
    return task


def _facts(task):
    facts = [f"Hạn hoàn thành: {date_text(task.due_on)}"]
    if task.source_label:
        facts.append(f"Giao từ: {task.source_label}")
    elif task.given_by:
        facts.append(f"Người giao: đồng chí {task.given_by.get_full_name()}")
    return facts


def _account(member):
    """The open account of a member; None for who has none."""
    return User.objects.filter(member=member, is_active=True).first()


def describe_receipt(target, member) -> Page:
    task = _task(target, member)
    if queries.has_received(task, member):
        raise Refused("Đồng chí đã báo nhận nhiệm vụ này rồi.")
    return Page(task.title, "Báo đã nhận", _facts(task))


def receive(target, member) -> str:
    task = progress.receive(_task(target, member), by=_account(member), member=member)
    return f"Đã ghi đồng chí nhận nhiệm vụ. Hạn hoàn thành: {date_text(task.due_on)}."


def describe_report(target, member) -> Page:
    task = _task(target, member)
    return Page(task.title, "Gửi báo cáo tiến độ", _facts(task))


def report(target, member, *, text) -> str:
    progress.report(_task(target, member), text=text, by=_account(member), member=member)
    return "Đã ghi báo cáo tiến độ của đồng chí. Người giao việc đọc được báo cáo này."


RECEIVE = Action("Báo đã nhận", ConfirmForm, describe_receipt, receive)
REPORT = Action("Báo cáo tiến độ", ReportForm, describe_report, report)
