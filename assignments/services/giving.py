"""Giving work to somebody."""

from django.db import transaction
from django.utils import timezone

from assignments.models import Assignment
from assignments.services import parts as pieces
from assignments.services import reminding, telling
from assignments.states import Audience
from core.errors import Refused
from core.vietnamese import date_text
from members.activity import record
from members.queries import attenders


@transaction.atomic
def give(*, cell, owner, title, due_on, by, detail="", audience=Audience.CELL, source_label="", source_url="",
         helpers=(), parts=()):  # fmt: skip
    """Give a task to a member, who answers for it; owner and helpers are told. Returns the Assignment.

    ``cell`` is the Organisation whose work it is, ``due_on`` a date not before today, ``helpers`` members who work
    with the owner, ``parts`` texts of the pieces of the work. ``source_label`` and ``source_url`` say where the task
    comes from and are kept as text. Raises Refused.
    """
    title = " ".join(title.split())
    helpers = [helper for helper in helpers if helper.pk != owner.pk]
    _check(cell, owner, title, due_on)
    _check_people(cell, [(owner, "owner"), *((helper, "helpers") for helper in helpers)])
    assignment = Assignment.objects.create(
        cell=cell, owner=owner, given_by=by, title=title, detail=detail.strip(), due_on=due_on,
        audience=audience, source_label=source_label[:200], source_url=source_url,
    )  # fmt: skip
    assignment.helpers.set(helpers)
    pieces.write(assignment, parts)
    telling.tell_given(assignment)
    reminding.plan_due(assignment)
    record(assignment, "assignment.given", by=by, owner=owner.pk, due_on=due_on, audience=audience)
    return assignment


def _check(cell, owner, title, due_on):
    if not title:
        raise Refused("Đồng chí ghi tên nhiệm vụ.", field="title")
    if len(title) > 250:
        raise Refused("Tên nhiệm vụ dài quá 250 chữ. Đồng chí rút gọn và ghi phần còn lại vào yêu cầu cụ thể.", "title")
    if due_on < timezone.localdate():
        raise Refused(f"Hạn {date_text(due_on)} đã qua. Đồng chí chọn ngày từ hôm nay trở đi.", field="due_on")


def _check_people(cell, people):
    present = set(attenders(cell).filter(pk__in=[member.pk for member, _ in people]).values_list("pk", flat=True))
    for member, field in people:
        if member.pk not in present:
            raise Refused(f"Đồng chí {member.full_name} không có trong danh sách của {cell.name}.", field=field)
