"""The months of the book: opened with what everybody owes, counted again while open, closed, split, corrected later.

Lock order: the month, its dues, last the diary.
"""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, Min, Sum
from django.utils import timezone

from core.errors import Refused
from core.months import first_day, months_between
from core.vietnamese import money, nfc
from fees.calculation import fee_due
from fees.models import Correction, Due, FeeMonth, Payment
from fees.queries.facts import facts_of, rules_of
from fees.queries.sums import is_split_rightly
from fees.services import corrected_told, warning
from fees.services.copying import SAID, copy_dues, differing
from fees.services.ledger import lock_month, post
from fees.states import NOT_COMPUTED, Account, DueKind, MonthState, VoucherKind
from fees.tariff import share_out
from members.activity import record
from members.queries import rule_for

BACK = 24  # months before the present one at which a book may begin
REASON = 130  # characters, so that it stands beside the problem


@transaction.atomic
def open_month(cell, month: datetime.date, *, by) -> FeeMonth:
    """The month of the book of a cell, opened with the dues of everybody on the roll of its first day.

    Opened twice is opened once. Months follow each other without a gap; before the first one an older month may be
    opened as long as the first is not closed. Raises Refused otherwise, and for a month that is still to come.
    """
    month = first_day(month)
    fee_month = FeeMonth.objects.filter(cell=cell, month=month).first()
    if fee_month is not None:
        return fee_month
    _check_turn(cell, month)
    return begin(cell, month, facts_of(cell, month), by=by) or FeeMonth.objects.get(cell=cell, month=month)


def begin(cell, month: datetime.date, facts, *, by) -> FeeMonth | None:
    """Write the month with the dues counted from ``facts``, its turn known to the caller; None if it is there."""
    try:
        with transaction.atomic():
            fee_month = FeeMonth.objects.create(cell=cell, month=month)
            rule = rules_of(cell)
            dues = copy_dues(fee_month, {member: fee_due(known, rule) for member, known in facts.items()})
            record(fee_month, "fee.month_opened", by=by, month=f"{month:%Y-%m}", dues=dues)
    except IntegrityError:
        if not FeeMonth.objects.filter(cell=cell, month=month).exists():
            raise
        return None
    return fee_month


@transaction.atomic
def recompute(fee_month, members=None, *, by) -> int:
    """Count the dues of an open month again, all or those of ``members``; returns how many rows changed.

    Whoever is on the roll by now gets a row, whoever is not loses it; equal rows stay as they are. Raises Refused for
    a closed month.
    """
    fee_month = _locked(fee_month)
    return _recount(fee_month, members, by=by)


@transaction.atomic
def recompute_open(cell, members=None, *, by) -> int:
    """The same for every open month of a cell; returns how many rows changed."""
    rows = FeeMonth.objects.select_for_update(no_key=True).filter(cell=cell, state=MonthState.OPEN)
    return sum(_recount(fee_month, members, by=by) for fee_month in rows.order_by("month", "pk"))


@transaction.atomic
def close_month(fee_month, *, by, reasons=None) -> FeeMonth:
    """Freeze a month: dues counted a last time, both sums kept, the collected money split if the share is configured.

    ``reasons``: {member id: why} for those whose due cannot be counted; the month waits until each has one. Raises
    Refused without them, for a closed month, and while an earlier one is open.
    """
    fee_month = _locked(fee_month)
    before = FeeMonth.objects.filter(cell=fee_month.cell_id, month__lt=fee_month.month, state=MonthState.OPEN)
    if earlier := before.order_by("month").first():
        raise Refused(f"Khóa sổ theo thứ tự: khóa tháng {earlier.month:%m/%Y} trước.")
    _recount(fee_month, None, by=by)
    _leave(fee_month, reasons or {})
    fee_month.state, fee_month.closed_at, fee_month.closed_by = MonthState.CLOSED, timezone.now(), by
    fee_month.due_total = _sum(Due.objects.filter(fee_month=fee_month))
    fee_month.collected_total = _sum(Payment.objects.filter(fee_month=fee_month))
    fee_month.save()
    if rule_for(fee_month.cell, "fee.retained_percent", fee_month.month).configured:
        _split(fee_month, fee_month, min(timezone.localdate(), _last_day(fee_month.month)), by=by)
    warning.month_closed(fee_month)
    record(fee_month, "fee.month_closed", by=by, due=fee_month.due_total, collected=fee_month.collected_total)
    return fee_month


@transaction.atomic
def split_month(fee_month, *, by) -> FeeMonth:
    """Split what a closed month collected, once the share is known; booked today, in the open month of today.

    Split by a wrong share it is split again: the difference moves between retained and payable, which may fall below
    nothing where more was spent or passed up than was right. Raises Refused for an open month or one that is split by
    this share, and NotConfigured while the share is not known.
    """
    fee_month = FeeMonth.objects.select_for_update(no_key=True).select_related("cell").get(pk=fee_month.pk)
    if fee_month.is_open:
        raise Refused(f"Khóa sổ tháng {fee_month.month:%m/%Y} trước khi trích.")
    if is_split_rightly(fee_month):
        raise Refused(f"Tháng {fee_month.month:%m/%Y} đã trích phần để lại, phải nộp.")
    today = timezone.localdate()
    _split(fee_month, lock_month(fee_month.cell, today), today, by=by)
    record(fee_month, "fee.month_split", by=by, retained=fee_month.retained_total, payable=fee_month.payable_total)
    return fee_month


@transaction.atomic
def correct_due(due, amount: int, reason, *, by) -> Correction:
    """Raise or lower (negative) by ``amount`` đồng what is owed for a closed month; booked in the open month of today.

    Raises Refused for an open month (that is counted again instead), for nothing, without a reason, and below zero.
    """
    reason = nfc(reason.strip())
    fee_month = lock_month(due.cell, timezone.localdate())
    due = Due.objects.select_for_update(of=("self",), no_key=True).select_related("fee_month", "cell").get(pk=due.pk)
    if due.fee_month.is_open:
        raise Refused(f"Tháng {due.month:%m/%Y} chưa khóa sổ: sửa kê khai, đối tượng hoặc quyết định rồi tính lại.")
    if due.kind == DueKind.ELSEWHERE:
        raise Refused("Tháng này đồng chí đóng ở nơi khác, không điều chỉnh ở đây.")
    if not amount:
        raise Refused("Ghi số tiền tăng hoặc giảm, khác 0.", field="amount")
    if not reason:
        raise Refused("Ghi lý do điều chỉnh.", field="reason")
    owes = due.amount + _sum(due.corrections)
    if owes + amount < 0:
        raise Refused(f"Giảm nhiều nhất {money(owes)}, là số phải đóng của tháng.", field="amount")
    row = Correction.objects.create(
        cell_id=due.cell_id, due=due, fee_month=fee_month, amount=amount, reason=reason[:300], by=by
    )
    if amount < 0:
        warning.settled(due.cell, due.member)
    else:
        warning.reopened(due.cell, due.member, [due.month], f":c{row.pk}")
    corrected_told.corrected(row)
    record(row, "fee.due_corrected", by=by, due=due.pk, month=f"{due.month:%Y-%m}")
    return row


# ── opening and counting


def _check_turn(cell, month):
    present = timezone.localdate().replace(day=1)
    if month > present:
        raise Refused(f"Tháng {month:%m/%Y} chưa đến. Tiền đóng trước ghi vào sổ tháng {present:%m/%Y}.")
    ends = FeeMonth.objects.filter(cell=cell).aggregate(first=Min("month"), last=Max("month"))
    if ends["first"] is None:
        if months_between(month, present) > BACK:
            raise Refused(f"Sổ bắt đầu sớm nhất từ {BACK} tháng trước. Chọn tháng gần hơn.")
        return
    if months_between(ends["last"], month) == 1:
        return
    if month > ends["last"]:
        raise Refused(f"Mở sổ theo thứ tự: tháng cuối đang có là {ends['last']:%m/%Y}.")
    first = FeeMonth.objects.select_for_update(no_key=True).get(cell=cell, month=ends["first"])
    if not first.is_open:
        raise Refused(f"Tháng {first.month:%m/%Y} đã khóa sổ, không mở được tháng trước đó.")
    if months_between(month, first.month) != 1:
        raise Refused(f"Mở sổ theo thứ tự: trước tháng {first.month:%m/%Y} mở tháng liền trước.")


def _locked(fee_month) -> FeeMonth:
    """The row, locked until the transaction ends; Refused when closed."""
    row = FeeMonth.objects.select_for_update(of=("self",), no_key=True).select_related("cell").get(pk=fee_month.pk)
    if not row.is_open:
        raise Refused(f"Sổ đảng phí tháng {row.month:%m/%Y} đã khóa.")
    return row


def _recount(fee_month, members, *, by) -> int:
    """Make the dues of a locked month equal to the calculation; a line in the diary if any changed."""
    cell, rule = fee_month.cell, rules_of(fee_month.cell)
    facts = facts_of(cell, fee_month.month, members)
    rows = Due.objects.select_for_update(of=("self",), no_key=True).filter(fee_month=fee_month).order_by("pk")
    if members is not None:
        rows = rows.filter(member__in=[getattr(one, "pk", one) for one in members])
    old = {row.member_id: row for row in rows}
    wanted = {member: fee_due(known, rule) for member, known in facts.items()}
    gone = [row.pk for member, row in old.items() if member not in wanted]
    changed = [old[member] for member, result in wanted.items() if member in old and _take_over(old[member], result)]
    Due.objects.filter(pk__in=gone).delete()
    Due.objects.bulk_update(changed, SAID)
    new = copy_dues(fee_month, {member: result for member, result in wanted.items() if member not in old})
    count = len(gone) + len(changed) + new
    if count:
        record(fee_month, "fee.month_recounted", by=by, month=f"{fee_month.month:%Y-%m}", changed=count)
    return count


def _take_over(row, result) -> bool:
    """Give a stored due the values counted now; whether any differs."""
    differs = differing(row, result)
    for name in differs:
        setattr(row, name, list(result.rules) if name == "rules" else getattr(result, name))
    return bool(differs)


# ── closing


def _leave(fee_month, reasons):
    """Write beside each due that cannot be counted why the month closes without it; Refused while one has no reason."""
    rows = list(fee_month.dues.filter(kind__in=NOT_COMPUTED).select_related("member"))
    said = {member: nfc(text.strip()) for member, text in reasons.items()}
    if lacking := [row.member.full_name for row in rows if not said.get(row.member_id)]:
        names = ", ".join(lacking[:5]) + (f" và {len(lacking) - 5} đồng chí khác" if len(lacking) > 5 else "")
        raise Refused(f"Chưa tính được mức đóng của: {names}. Bổ sung thông tin, hoặc ghi lý do để lại từng đồng chí.")
    for row in rows:
        if len(said[row.member_id]) > REASON:
            raise Refused(f"Lý do để lại của {row.member.full_name} dài quá {REASON} ký tự. Viết ngắn hơn.")
        row.problem = f"{row.problem} Khóa sổ khi chưa tính: {said[row.member_id]}"[:300]
    Due.objects.bulk_update(rows, ["problem"])


def _split(fee_month, book, day, *, by):
    """Dr collected, Cr retained and payable, in the book of ``book``; the shares stand in the row of the month."""
    share = rule_for(fee_month.cell, "fee.retained_percent", fee_month.month)
    percent = share.decimal
    if percent > 100:
        raise Refused(f"Tỷ lệ để lại đang ghi là {share.value} %, nhiều hơn 100 %. Đề nghị cấp trên sửa.")
    retained, payable = share_out(fee_month.collected_total, percent)
    text = f"Trích để lại {share.value} %, phần còn lại phải nộp, đảng phí tháng {fee_month.month:%m/%Y}"
    sides = {Account.COLLECTED: fee_month.collected_total, Account.RETAINED: -retained, Account.PAYABLE: -payable}
    if (old := fee_month.retained_percent) is not None:
        text = f"Trích lại theo {share.value} % thay {old.normalize():f} %, đảng phí tháng {fee_month.month:%m/%Y}"
        moved = retained - fee_month.retained_total
        sides = {Account.RETAINED: -moved, Account.PAYABLE: moved}
    if any(sides.values()):
        voucher = post(book, VoucherKind.SPLIT, dated_on=day, text=text, sides=sides, by=by)
        record(voucher, "voucher.posted", by=by, kind=voucher.kind)
    fee_month.retained_percent, fee_month.retained_total, fee_month.payable_total = percent, retained, payable
    fee_month.save(update_fields=["retained_percent", "retained_total", "payable_total"])


def _sum(rows) -> int:
    return rows.aggregate(total=Sum("amount"))["total"] or 0


def _last_day(month) -> datetime.date:
    return (month + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
