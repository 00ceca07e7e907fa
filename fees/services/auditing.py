"""An audit of the fee (DOMAIN §3.5): planned or ordered, started, the book looked over, the cash counted, called off.

What is found, answered and demanded: ``findings``; the end and its record: ``concluding``.
Order of locks: open months of the book (a count), the audit, its findings, last the diary.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from core.errors import Refused, needed
from core.months import months_between, months_later, months_through
from core.states import WrongState, move
from core.vietnamese import date_text, one_line
from fees.checks import run
from fees.checks.sheets import spans
from fees.models import Audit, CashCount, FeeMonth, Finding, Inspector
from fees.queries.payers import collector
from fees.services import audit_told
from fees.services.counting import count_cash
from fees.states import INSPECTING, AuditKind, AuditState, MonthState
from members.activity import record
from members.models import Member, Post
from members.queries import superiors_following
from members.states import PostTitle

MOST = 3  # inspectors: as many places to sign as the record has
LONGEST = 36  # months of one period
DAYS, MOST_DAYS = 30, 60  # that the book lies open to the inspectors: unless said otherwise, at most


@transaction.atomic
def plan(
    cell, *, kind, decision, decided_on, from_month, to_month, planned_on, inspectors, head, by, ends_on=None
) -> Audit:
    """Plan an audit of the months from one to another: by the cell's programme, or ordered by its superior.

    ``inspectors`` are members, ``head`` one of them; after ``ends_on`` (None: 30 days later) they read no more. They
    and the collector are told. Raises Refused: nobody, more than three, who collects or collected the fee in the
    period, who belongs neither to the cell nor, when it is ordered, to the officers of the superior; a head who plans
    the audit of the cell; no number, a period out of order, an end out of bounds.
    """
    decision = needed(one_line(decision), "Ghi số kế hoạch hoặc quyết định kiểm tra.", "decision")
    if decided_on > timezone.localdate():
        raise Refused(f"Ngày {date_text(decided_on)} chưa đến. Ghi đúng ngày của văn bản.", field="decided_on")
    _check_period(from_month, to_month)
    ends_on = ends_on or planned_on + datetime.timedelta(days=DAYS)
    _check_end(planned_on, ends_on)
    if kind == AuditKind.PLANNED:
        _check_planner(head, by)
    holder = collector(cell)
    if holder is None:
        raise Refused("Chi bộ chưa có người thu đảng phí. Ghi chức vụ ở trang của đồng chí đó trước.")
    people = {member.pk: member for member in inspectors}
    people.setdefault(head.pk, head)
    _check_inspectors(cell, people, kind, from_month, to_month, holder)
    audit = Audit.objects.create(
        cell=cell, kind=kind, decision=decision[:60], decided_on=decided_on, from_month=from_month, to_month=to_month,
        planned_on=planned_on, ends_on=ends_on, collector=holder, planned_by=by,
    )  # fmt: skip
    Inspector.objects.bulk_create(
        Inspector(audit=audit, member=member, is_head=pk == head.pk) for pk, member in people.items()
    )
    audit_told.planned(audit)
    record(audit, "audit.planned", by=by, kind=kind, from_month=from_month, to_month=to_month, ends_on=ends_on)
    return audit


@transaction.atomic
def start(audit, *, by) -> Audit:
    """The inspectors open the book and the system looks it over; every row found is written once.

    The collector is told, and the diary says who reads which months until when. Raises Refused while a month of the
    period is not closed or not in the book, when an inspector collects by now, or the time is over.
    """
    audit = move(audit, "start")
    _check_time(audit)
    _check_months(audit)
    holder = collector(audit.cell)
    if holder is not None and audit.inspectors.filter(member=holder).exists():
        raise Refused(f"Đồng chí {holder.full_name} nay thu đảng phí nên không kiểm tra. Hủy và lập lại kế hoạch.")
    found = _look_over(audit)
    audit_told.started(audit)
    people = list(audit.inspectors.order_by("member").values_list("member", flat=True))
    record(
        audit, "audit.started", by=by, found=found, inspectors=people, from_month=audit.from_month,
        to_month=audit.to_month, ends_on=audit.ends_on,
    )  # fmt: skip
    return audit


@transaction.atomic
def extend(audit, *, ends_on, reason, by) -> Audit:
    """The inspectors read until another day, for a reason; they and the collector are told.

    Raises Refused: no reason, a day gone by or more than sixty days off, an audit that is over.
    """
    audit = locked(audit, AuditState.PLANNED, *INSPECTING)
    reason = needed(one_line(reason), "Ghi lý do gia hạn.", "reason")
    _check_end(timezone.localdate(), ends_on)
    audit.ends_on = ends_on
    audit.save(update_fields=["ends_on"])
    audit_told.extended(audit, reason[:300])
    record(audit, "audit.extended", by=by, ends_on=ends_on)
    return audit


@transaction.atomic
def check_again(audit, *, by) -> int:
    """Look the book over once more: only rows that are new are added; returns how many. Refused after its end."""
    audit = locked(audit, AuditState.RUNNING)
    _check_time(audit)
    found = _look_over(audit)
    record(audit, "audit.checked", by=by, found=found)
    return found


@transaction.atomic
def count(audit, *, counted_on, pieces, by, bank_statement=None, explanation="") -> CashCount:
    """Count the cash of an audit under way and hold it against the book; what differs is found at once.

    Raises Refused as ``counting.count_cash`` does, once the findings were sent to be answered, and after its end.
    """
    list(FeeMonth.objects.select_for_update(no_key=True).filter(cell=audit.cell_id, state=MonthState.OPEN))
    audit = locked(audit, AuditState.RUNNING)
    _check_time(audit)
    if counted_on < audit.from_month:
        raise Refused(f"Kiểm quỹ từ ngày {date_text(audit.from_month)} trở đi.", field="counted_on")
    row = count_cash(
        audit.cell, counted_on=counted_on, pieces=pieces, by=by, bank_statement=bank_statement,
        explanation=explanation, audit=audit,
    )  # fmt: skip
    found = _look_over(audit)
    record(audit, "audit.checked", by=by, found=found)
    return row


@transaction.atomic
def cancel(audit, *, reason, by) -> Audit:
    """Call an audit off, for a reason that stands on its page; who was told of it is told. The book closes to it."""
    reason = needed(one_line(reason), "Ghi lý do hủy cuộc kiểm tra.", "reason")
    audit = move(audit, "cancel")
    audit.cancel_reason = reason[:300]
    audit.save(update_fields=["cancel_reason"])
    audit_told.cancelled(audit)
    record(audit, "audit.cancelled", by=by)
    return audit


def locked(audit, *states) -> Audit:
    """The row with its cell, locked until the transaction ends. Raises WrongState in any other state."""
    rows = Audit.objects.select_for_update(of=("self",), no_key=True).select_related("cell__parent", "collector")
    fresh = rows.get(pk=audit.pk)
    if fresh.state not in (states or INSPECTING):
        word = fresh.get_state_display().lower()
        raise WrongState(f"Không thực hiện được: cuộc kiểm tra hiện ở tình trạng “{word}”.")
    return fresh


def _look_over(audit) -> int:
    """Write what the checks find and was not written before; returns how many rows are new."""
    old = set(audit.findings.exclude(check_key="").values_list("check_key", "key"))
    rows = [
        Finding(
            audit=audit, check_key=check, key=row.key, text=row.text[:500], member_id=row.member_id, month=row.month,
            amount=row.amount,
        )
        for check, found in run(audit.cell, audit.from_month, audit.to_month).items()
        for row in found
        if (check, row.key) not in old
    ]  # fmt: skip
    Finding.objects.bulk_create(rows)
    audit.checked_at = timezone.now()
    audit.save(update_fields=["checked_at"])
    return len(rows)


# What is allowed


def _check_period(first, last):
    if last < first:
        raise Refused("Kỳ kiểm tra: tháng cuối phải từ tháng đầu trở đi.", field="to_month")
    if months_between(first, last) + 1 > LONGEST:
        raise Refused(f"Mỗi cuộc kiểm tra nhiều nhất {LONGEST} tháng. Chia thành nhiều cuộc.", field="to_month")


def _check_end(first, ends_on):
    last = first + datetime.timedelta(days=MOST_DAYS)
    if ends_on < first:
        raise Refused("Ngày kết thúc phải từ ngày kiểm tra trở đi.", field="ends_on")
    if ends_on > last:
        raise Refused(f"Mỗi lần nhiều nhất {MOST_DAYS} ngày. Chọn ngày đến {date_text(last)}.", field="ends_on")


def _check_time(audit):
    if audit.ends_on < timezone.localdate():
        raise Refused(f"Thời hạn kiểm tra đã hết ngày {date_text(audit.ends_on)}. Đề nghị gia hạn rồi làm tiếp.")


def _check_planner(head, by):
    """Else a secretary opened all incomes to himself by his own plan: a second person starts it."""
    if by is not None and head.pk == by.member_id:
        raise Refused(
            "Người lập kế hoạch không làm tổ trưởng cuộc kiểm tra của mình. Chọn đồng chí khác; nếu chi bộ không đủ "
            "người, đề nghị cấp trên quyết định kiểm tra.",
            field="head",
        )


def _check_inspectors(cell, people, kind, first, last, holder):
    if not people:
        raise Refused("Chọn ít nhất một người kiểm tra.", field="inspectors")
    if len(people) > MOST:
        raise Refused(f"Tổ kiểm tra nhiều nhất {MOST} đồng chí, kể cả tổ trưởng.", field="inspectors")
    if holder.pk in people:
        raise Refused(f"Đồng chí {holder.full_name} đang thu đảng phí nên không tự kiểm tra. Chọn đồng chí khác.",
                      field="inspectors")  # fmt: skip
    held = Post.objects.filter(organisation=cell, title=PostTitle.FEE_COLLECTOR, member__in=people)
    held = held.filter(starts_on__lt=months_later(last, 1)).exclude(ends_on__lt=first).select_related("member")
    if earlier := held.first():
        raise Refused(f"Đồng chí {earlier.member.full_name} thu đảng phí trong kỳ kiểm tra nên không kiểm tra kỳ này.",
                      field="inspectors")  # fmt: skip
    known = set(candidates(cell, kind).filter(pk__in=people).values_list("pk", flat=True))
    for pk, member in people.items():
        if pk not in known:
            raise Refused(f"Đồng chí {member.full_name} không thuộc chi bộ hoặc cấp ra quyết định kiểm tra.",
                          field="inspectors")  # fmt: skip


def candidates(cell, kind):
    """Who may inspect: the roll of the cell without its collector; of an ordered audit the superior's officers too."""
    rows = Member.objects.on_roll(cell, timezone.localdate())
    if kind == AuditKind.ORDERED:
        rows = Member.objects.filter(pk__in=rows.values("pk")) | superiors_following(cell)
    holder = collector(cell)
    return rows.exclude(pk=holder.pk if holder else None).order_by("sort_key", "pk")


def _check_months(audit):
    wanted = months_through(audit.from_month, audit.to_month)
    rows = FeeMonth.objects.filter(cell=audit.cell_id, month__in=wanted)
    states = dict(rows.values_list("month", "state"))
    if missing := [month for month in wanted if month not in states]:
        raise Refused(f"Sổ không có {spans(missing)}. Hủy và lập lại kế hoạch với kỳ có trong sổ.")
    if still := [month for month in wanted if states[month] != MonthState.CLOSED]:
        raise Refused(f"Sổ {spans(still)} chưa khóa. Người thu khóa sổ các tháng của kỳ rồi mới bắt đầu kiểm tra.")
