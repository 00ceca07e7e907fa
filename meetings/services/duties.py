"""The yearly assignment of work to every member (phân công công tác đảng viên; 06-HD/TW, mục 2.3)."""

from django.db import transaction
from django.db.models import Max

from core.errors import Refused
from core.states import WrongState
from core.vietnamese import nfc
from meetings.models import Duty, DutyPlan, Resolution
from meetings.queries.clauses import is_in_force
from meetings.queries.duties import in_force, is_adopted, unassigned
from meetings.services.clauses import lock_resolutions
from members.activity import record
from members.models import Organisation
from members.queries import attenders

FROZEN = "Bản phân công đã được chi bộ thông qua nên không sửa nữa. Muốn thay đổi, chi ủy lập bản điều chỉnh."
GONE = "Bản phân công này vừa được đồng chí khác bỏ."
EMPTY = "Chưa phân công cho đồng chí nào. Ghi nhiệm vụ cho từng đồng chí trước khi đưa vào nghị quyết."


@transaction.atomic
def start_plan(cell, *, year, by) -> DutyPlan:
    """A draft plan for every member of the roll and every visiting one, with the texts that hold now.

    The first of a year copies the year before; a later one is an adjustment of the plan in force. Raises Refused while
    another draft of that year exists.
    """
    _take_turn(cell.pk)  # two at once would draw one number
    drafts = list(DutyPlan.objects.filter(cell=cell, year=year).select_related("resolution__paper"))
    if any(not is_adopted(plan) for plan in drafts):
        raise Refused(f"Năm {year} đang có một bản phân công chưa thông qua. Soạn tiếp bản đó.", field="year")
    number = (DutyPlan.objects.filter(cell=cell, year=year).aggregate(last=Max("number"))["last"] or 0) + 1
    plan = DutyPlan.objects.create(cell=cell, year=year, number=number, created_by=by)
    before = in_force(cell, year) or in_force(cell, year - 1)
    held = {row.member_id: row for row in before.duties.all()} if before else {}
    rows = []
    for member in attenders(cell):
        old = held.get(member.pk)
        rows.append(Duty(plan=plan, member=member, text=old.text if old else "",
                         follower_id=old.follower_id if old else None))  # fmt: skip
    Duty.objects.bulk_create(rows)
    record(plan, "duties.started", by=by, year=year, number=number, members=len(rows))
    return plan


def _take_turn(cell_pk):
    Organisation.objects.select_for_update(no_key=True).get(pk=cell_pk)


def _open(plan, *resolutions) -> DutyPlan:
    """A plan that no resolution has put in force; raises Refused when it is gone.

    In one order: the cell, so that nobody lays the plan elsewhere meanwhile, then its resolution (and those named),
    so that nobody adopts it; what is read after that holds.
    """
    _take_turn(plan.cell_id)
    rows = DutyPlan.objects.filter(pk=plan.pk)
    lock_resolutions(*rows.values_list("resolution", flat=True), *resolutions)
    fresh = rows.select_related("resolution__paper", "cell").first()
    if fresh is None:
        raise Refused(GONE)
    if is_adopted(fresh):
        raise WrongState(FROZEN)
    return fresh


@transaction.atomic
def change_duty(*, duty, by) -> Duty:
    """Store what the form wrote for one member. Raises WrongState once a resolution adopted the plan."""
    _open(duty.plan)
    duty.text = nfc(duty.text.strip())
    duty.save(update_fields=["text", "follower"])
    record(duty, "duty.changed", by=by, plan=duty.plan_id)
    return duty


@transaction.atomic
def add_newcomers(plan, *, by) -> int:
    """Lines for members who joined the cell after the draft was begun; returns how many."""
    plan = _open(plan)
    rows = Duty.objects.bulk_create([Duty(plan=plan, member=member) for member in unassigned(plan)])
    if rows:
        record(plan, "duties.completed", by=by, members=len(rows))
    return len(rows)


@transaction.atomic
def lay_plan(plan, *, resolution, by) -> DutyPlan:
    """Put the plan into a draft resolution: its adoption puts the plan in force, and its text says so.

    Raises Refused for an empty plan, and for a resolution that is adopted already or belongs to another cell.
    """
    plan = _open(plan, resolution.pk)
    if not plan.duties.exclude(text="").exists():
        raise Refused(EMPTY)
    fresh = Resolution.objects.select_related("paper", "meeting").get(pk=resolution.pk)
    if is_in_force(fresh):
        raise Refused("Nghị quyết này đã thông qua. Chọn dự thảo nghị quyết khác.", field="resolution")
    if fresh.meeting.cell_id != plan.cell_id:
        raise Refused("Chọn dự thảo nghị quyết của chi bộ.", field="resolution")
    plan.resolution = fresh
    plan.save(update_fields=["resolution"])
    record(plan, "duties.laid", by=by, resolution=fresh.pk)
    return plan


@transaction.atomic
def remove_plan(plan, *, by) -> None:
    """Throw a draft away. Raises WrongState once a resolution adopted it."""
    plan = _open(plan)
    record(plan, "duties.removed", by=by, gone=True, year=plan.year, number=plan.number)
    plan.delete()
