"""The parts of a task (phần việc): added and removed by whoever directs it, ticked off by those who work on it."""

from django.db import transaction
from django.utils import timezone

from assignments.models import Assignment, Part
from assignments.states import OPEN
from core.errors import Refused
from core.states import WrongState
from members.activity import record

LIMIT = 250
MOST = 30


def write(assignment, texts):
    """Store parts behind those that are there; empty lines are left out. Raises Refused at ``parts``."""
    texts = [line for text in texts if (line := " ".join(text.split()))]
    last = assignment.parts.order_by("-position").first()
    start = last.position + 1 if last else 1
    if any(len(text) > LIMIT for text in texts):
        raise Refused(f"Mỗi phần việc ghi trong một dòng, không dài quá {LIMIT} chữ.", field="parts")
    if assignment.parts.count() + len(texts) > MOST:
        raise Refused(f"Một nhiệm vụ chia không quá {MOST} phần việc.", field="parts")
    rows = [Part(assignment=assignment, position=start + place, text=text) for place, text in enumerate(texts)]
    return Part.objects.bulk_create(rows)


@transaction.atomic
def add(assignment, *, text, by):
    """Add one part. Raises Refused: no words, too many, or the task is not open."""
    fresh = _open(assignment)
    rows = write(fresh, [text])
    if not rows:
        raise Refused("Đồng chí ghi phần việc cần thêm.", field="text")
    record(fresh, "assignment.part_added", by=by, part=rows[0].pk)
    return rows[0]


@transaction.atomic
def remove(part, *, by):
    """Take a part out. Raises Refused when the task is not open, or somebody took the part out before."""
    fresh, part = _fresh(part)
    pk = part.pk
    part.delete()
    record(fresh, "assignment.part_removed", by=by, part=pk)


@transaction.atomic
def tick(part, *, done, by):
    """Mark a part as done by this person, or as not done after all. Raises Refused as ``remove`` does."""
    fresh, part = _fresh(part)
    if (part.done_at is not None) == done:
        return part
    part.done_at, part.done_by = (timezone.now(), by.member) if done else (None, None)
    part.save(update_fields=["done_at", "done_by"])
    record(fresh, "assignment.part_done" if done else "assignment.part_reopened", by=by, part=part.pk)
    return part


def _fresh(part):
    """(the task, the part) as they stand under the lock of the task."""
    fresh = _open(part.assignment)
    part = fresh.parts.filter(pk=part.pk).first()
    if part is None:
        raise Refused("Phần việc này vừa được bỏ ra khỏi nhiệm vụ.")
    return fresh, part


def _open(assignment):
    fresh = Assignment.objects.select_for_update(of=("self",), no_key=True).get(pk=assignment.pk)
    if fresh.state not in OPEN:
        raise WrongState(
            f"Nhiệm vụ đang ở trạng thái “{fresh.get_state_display()}” nên không sửa được phần việc. "
            "Trang đã được tải lại với tình trạng mới nhất."
        )
    return fresh
