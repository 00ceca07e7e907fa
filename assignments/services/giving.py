"""Giving work to somebody."""

from django.db import transaction
from django.utils import timezone

from assignments.models import Assignment
from assignments.states import Audience
from core.errors import Refused
from core.vietnamese import date_text
from members.activity import record
from members.queries import attenders
from notices.services import planning


@transaction.atomic
def give(*, cell, owner, title, due_on, by, detail="", audience=Audience.CELL, source_label="", source_url=""):
    """Give a task to a member; the owner is told. Returns the Assignment.

    ``cell`` is the Organisation whose work it is, ``due_on`` a date not before today, ``source_label`` and
    ``source_url`` say where the task comes from and are kept as text. Raises Refused.
    """
    title = " ".join(title.split())
    _check(cell, owner, title, due_on)
    assignment = Assignment.objects.create(
        cell=cell, owner=owner, given_by=by, title=title, detail=detail.strip(), due_on=due_on,
        audience=audience, source_label=source_label[:200], source_url=source_url,
    )  # fmt: skip
    if by is None or owner.pk != by.member_id:
        tell_owner(assignment)
    record(assignment, "assignment.given", by=by, owner=owner.pk, due_on=due_on, audience=audience)
    return assignment


def _check(cell, owner, title, due_on):
    if not title:
        raise Refused("Đồng chí ghi tên nhiệm vụ.", field="title")
    if len(title) > 250:
        raise Refused("Tên nhiệm vụ dài quá 250 chữ. Đồng chí rút gọn và ghi phần còn lại vào yêu cầu cụ thể.", "title")
    if due_on < timezone.localdate():
        raise Refused(f"Hạn {date_text(due_on)} đã qua. Đồng chí chọn ngày từ hôm nay trở đi.", field="due_on")
    if not attenders(cell).filter(pk=owner.pk).exists():
        raise Refused(f"Đồng chí {owner.full_name} không có trong danh sách của {cell.name}.", field="owner")


def tell_owner(assignment):
    """Plan the notice of a new task; titles only, details stand on the page."""
    planning.plan(
        assignment.owner,
        "assignment.given",
        f"assignment:{assignment.pk}:given",
        cell=assignment.cell,
        subject=f"Nhiệm vụ mới, hạn {date_text(assignment.due_on)}: {assignment.title}",
        context={
            "title": assignment.title,
            "due_on": date_text(assignment.due_on),
            "source": assignment.source_label,
            "giver": assignment.given_by.get_full_name() if assignment.given_by else "",
        },
        url=assignment.get_absolute_url(),
        private=assignment.audience == Audience.OWNER,
    )
