"""Money that is no receipt: the opening balance, what goes up, what is spent, what moves; and taking it back.

Order of locks: all open months of the book from the oldest on, last the diary. So nothing else leaves the places
meanwhile, and no balance is promised twice.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from core.errors import Refused, needed
from core.months import first_day
from core.vietnamese import date_text, lower_first, money, one_line
from fees.models import FeeMonth, Remittance, Spending, Voucher
from fees.queries.cash import least, number_taken, standing_opening
from fees.queries.ledger import balances
from fees.services.ledger import lock_month, post
from fees.services.papers import inspected, keep
from fees.states import PLACES, Account, MonthState, VoucherKind
from members.activity import record

MOST = 100_000_000_000  # đồng in one voucher: more is a slip of the finger
SPENDABLE = (Account.CASH, Account.BANK)  # what lies with the portal comes to the bank before it is spent
REVERSIBLE = (
    VoucherKind.OPENING,
    VoucherKind.REMITTANCE,
    VoucherKind.SPENDING,
    VoucherKind.MOVE,
    VoucherKind.COUNT,
)


def lock_open(cell):
    """All open months of a cell, locked in order: nothing leaves a place until the transaction ends."""
    list(FeeMonth.objects.select_for_update(no_key=True).filter(cell=cell, state=MonthState.OPEN).order_by("month"))


def lock_book(cell, day: datetime.date) -> FeeMonth:
    """All open months of a cell locked, and of them the one of ``day``. Raises Refused for a day to come,
    a closed month, or one that was never opened."""
    if day > timezone.localdate():
        raise Refused(f"Ngày {date_text(day)} chưa đến. Ghi ngày trên chứng từ, muộn nhất hôm nay.", field="dated_on")
    lock_open(cell)
    try:
        return lock_month(cell, day)
    except Refused as refusal:
        raise Refused(refusal.message, field="dated_on") from refusal


@transaction.atomic
def open_book(cell, *, dated_on, source, by, cash=0, bank=0, portal=0, retained=0, payable=0) -> Voucher:
    """Book once what the last closed book left (đồng): money by place, and whose it is. What that book had not divided
    is divided by its own share first: a share of this book divides what its months collect, nothing else.

    ``source`` names that book. Raises Refused when both sides differ, all are nothing, one is negative, or an
    opening balance stands already; one that was taken back is replaced.
    """
    sides = {
        Account.CASH: cash, Account.BANK: bank, Account.PORTAL: portal,
        Account.RETAINED: -retained, Account.PAYABLE: -payable,
    }  # fmt: skip
    _check_opening(sides)
    source = needed(
        one_line(source), "Ghi số dư lấy từ sổ nào, ví dụ: sổ thu, nộp đảng phí khóa ngày 31/12/2025.", "source"
    )
    fee_month = lock_book(cell, dated_on)
    if standing := standing_opening(cell):
        raise Refused(
            f"Số dư đầu đã ghi ngày {date_text(standing.dated_on)}. Nếu ghi sai, đảo chứng từ đó rồi ghi lại."
        )
    earlier = Voucher.objects.filter(cell=cell, kind=VoucherKind.OPENING).order_by("-pk").first()
    voucher = post(
        fee_month, VoucherKind.OPENING, dated_on=dated_on, text=f"Số dư đầu theo {lower_first(source)}", sides=sides,
        by=by, reverses=earlier.reversed_by if earlier else None,
    )  # fmt: skip
    record(voucher, "voucher.posted", by=by, kind=voucher.kind)
    return voucher


def _check_opening(sides):
    there, whose = (sum(abs(sides[account]) for account in part) for part in (PLACES, sides.keys() - set(PLACES)))
    if any(sides[place] < 0 for place in PLACES) or any(sides[owner] > 0 for owner in sides.keys() - set(PLACES)):
        raise Refused("Số dư đầu không được âm.")
    if there != whose:
        raise Refused(
            f"Tiền ở các nơi cộng lại là {money(there)}, phần để lại và phải nộp cộng lại là {money(whose)}: "
            f"lệch {money(abs(there - whose))}. Hai bên phải bằng nhau."
        )
    if not there:
        raise Refused("Số dư đầu bằng 0 thì không phải ghi; sổ bắt đầu từ khoản thu đầu tiên.")


@transaction.atomic
def remit(cell, *, dated_on, amount, place, paper_number, receiver, through_month, by, upload=None) -> Remittance:
    """Pass money up to the superior: out of what is payable and out of a place; with the number of its paper.

    ``through_month``: the months up to this one are paid up (its first day). Raises Refused for more than is payable
    or there, without number or receiver, and for a paper that is booked already.
    """
    _check_amount(amount)
    number = needed(one_line(paper_number), "Ghi số của giấy nộp tiền hoặc biên lai cấp trên.", "paper_number")
    receiver = needed(one_line(receiver), "Ghi nơi nhận tiền.", "receiver")
    if through_month > first_day(dated_on):
        raise Refused("Tháng nộp đến chưa tới vào ngày nộp. Chọn lại tháng.", field="through_month")
    found = inspected(upload)
    fee_month = lock_book(cell, dated_on)
    if earlier := number_taken(cell, receiver, number):
        raise Refused(f"Chứng từ {number} đã ghi ngày {date_text(earlier.day)}.", field="paper_number")
    _check_payable(cell, amount)
    check_there(cell, place, amount, dated_on)
    text = f"Nộp {receiver} đến hết tháng {through_month:%m/%Y}, chứng từ {number}"
    sides = {Account.PAYABLE: amount, place: -amount}
    voucher = post(fee_month, VoucherKind.REMITTANCE, dated_on=dated_on, text=text, sides=sides, by=by)
    row = Remittance.objects.create(
        cell=cell, voucher=voucher, through_month=first_day(through_month), amount=amount, place=place,
        paper_number=number, receiver=receiver,
    )  # fmt: skip
    said = keep(row, found)
    record(voucher, "voucher.posted", by=by, kind=voucher.kind, **said)
    return row


@transaction.atomic
def spend(cell, *, dated_on, amount, place, purpose, decision, decided_on, by, receiver="", upload=None) -> Spending:
    """Spend from the retained share by a decision of the cell or its chi ủy (Quyết định 99-QĐ/TW).

    Raises Refused without decision, for one made after the spending, and for more than is retained or there.
    """
    _check_amount(amount)
    purpose = needed(one_line(purpose), "Ghi nội dung chi.", "purpose")
    decision = needed(
        one_line(decision), "Chi từ phần để lại phải có nghị quyết hoặc quyết định. Ghi số của văn bản đó.", "decision"
    )
    if decided_on is None:
        raise Refused("Ghi ngày của nghị quyết hoặc quyết định.", field="decided_on")
    if decided_on > dated_on:
        raise Refused(
            f"Quyết định ngày {date_text(decided_on)} sau ngày chi {date_text(dated_on)}. Có quyết định rồi mới chi.",
            field="decided_on",
        )
    if place not in SPENDABLE:
        raise Refused("Tiền qua Cổng Dịch vụ công chuyển về ngân hàng hoặc tiền mặt trước khi chi.", field="place")
    found = inspected(upload)
    fee_month = lock_book(cell, dated_on)
    _check_retained(cell, amount)
    check_there(cell, place, amount, dated_on)
    text = f"{purpose}, theo {decision} ngày {date_text(decided_on)}"
    sides = {Account.RETAINED: amount, place: -amount}
    voucher = post(fee_month, VoucherKind.SPENDING, dated_on=dated_on, text=text, sides=sides, by=by)
    row = Spending.objects.create(
        cell=cell, voucher=voucher, amount=amount, place=place, purpose=purpose, decision=decision,
        decided_on=decided_on, receiver=one_line(receiver),
    )  # fmt: skip
    said = keep(row, found)
    record(voucher, "voucher.posted", by=by, kind=voucher.kind, **said)
    return row


@transaction.atomic
def transfer(cell, *, dated_on, amount, source, target, by, reference="") -> Voucher:
    """Move money between places; to the portal nothing is moved. Raises Refused for more than is there."""
    _check_amount(amount)
    if source == target:
        raise Refused("Nơi đi và nơi đến phải khác nhau.", field="target")
    if target not in SPENDABLE:
        raise Refused("Không chuyển tiền sang Cổng Dịch vụ công; chọn tiền mặt hoặc ngân hàng.", field="target")
    fee_month = lock_book(cell, dated_on)
    check_there(cell, source, amount, dated_on, "source")
    there, here = (lower_first(Account(place).label) for place in (source, target))
    text = f"Chuyển từ {there} sang {here}" + (f", số {ref}" if (ref := one_line(reference)) else "")
    sides = {target: amount, source: -amount}
    voucher = post(fee_month, VoucherKind.MOVE, dated_on=dated_on, text=text, sides=sides, by=by)
    record(voucher, "voucher.posted", by=by, kind=voucher.kind)
    return voucher


@transaction.atomic
def reverse_voucher(voucher, *, reason, dated_on, by) -> Voucher:
    """Take back a voucher that is no receipt by its own sides negated, in an open month; once.

    Raises Refused without reason, for receipts, splits and reversals, and where a balance would fall below nothing.
    """
    reason = needed(one_line(reason), "Ghi lý do đảo chứng từ.", "reason")
    _check_kind(voucher)
    if dated_on < voucher.dated_on:
        raise Refused(f"Không đảo trước ngày của chứng từ, {date_text(voucher.dated_on)}.", field="dated_on")
    fee_month = lock_book(voucher.cell, dated_on)
    earlier = Voucher.objects.filter(reverses=voucher).first()
    if earlier is not None:
        raise Refused(f"Chứng từ này đã được đảo ngày {date_text(earlier.dated_on)}.")
    sides = {Account(entry.account): -entry.amount for entry in voucher.entries.all()}
    _check_reversal(voucher.cell, sides, dated_on)
    back = post(
        fee_month, VoucherKind.CORRECTION, dated_on=dated_on, text=f"Đảo: {voucher.text}. Lý do: {reason}",
        sides=sides, by=by, reverses=voucher,
    )  # fmt: skip
    record(back, "voucher.reversed", by=by, voucher=voucher.pk)
    return back


# Refusals


def _check_amount(amount):
    if amount <= 0:
        raise Refused("Số tiền phải lớn hơn 0. Ghi nhầm thì đảo chứng từ, không ghi số âm.", field="amount")
    if amount > MOST:
        raise Refused(f"Số tiền quá lớn cho một chứng từ, nhiều nhất {money(MOST)}. Kiểm tra lại số.", field="amount")


def _check_payable(cell, amount):
    payable = -balances(cell)[Account.PAYABLE]
    if payable <= 0:
        raise Refused("Chưa có số phải nộp. Khóa sổ tháng và trích theo tỷ lệ để lại rồi mới nộp.", field="amount")
    if amount > payable:
        raise Refused(f"Số phải nộp còn {money(payable)}. Không nộp nhiều hơn số phải nộp.", field="amount")


def _check_retained(cell, amount):
    retained = -balances(cell)[Account.RETAINED]
    if amount > retained:
        raise Refused(
            f"Phần đảng phí để lại chi bộ còn {money(max(retained, 0))}. Không chi nhiều hơn phần để lại.",
            field="amount",
        )


def check_there(cell, place, amount, on, field="place"):
    """Refused when ``amount`` đồng cannot leave a place on a day: not there then, or gone on a later one."""
    there, day = least(cell, place, on)
    if amount > there:
        raise Refused(
            f"{Account(place).label}: đến ngày {date_text(day)} sổ còn {money(max(there, 0))}, không đủ "
            f"{money(amount)}. Kiểm tra số tiền, ngày và nơi lấy tiền.",
            field=field,
        )


def _check_kind(voucher):
    if voucher.payment_id:
        raise Refused("Biên lai thì hủy ở trang của biên lai, không đảo ở đây.")
    if voucher.kind == VoucherKind.CORRECTION:
        raise Refused("Bút toán đảo không đảo được nữa. Nếu đảo nhầm, ghi lại chứng từ đúng.")
    if voucher.kind not in REVERSIBLE:
        raise Refused("Bút toán trích theo khóa sổ tháng, không đảo riêng.")


def _check_reversal(cell, sides, on):
    now = balances(cell)
    for account, amount in sides.items():
        if account in PLACES and amount < 0:
            check_there(cell, account, -amount, on, field=None)
        if account in (Account.RETAINED, Account.PAYABLE) and amount > 0 and amount > -now[account]:
            raise Refused(
                f"{account.label} còn {money(max(-now[account], 0))}, ít hơn {money(amount)} của chứng từ này. "
                "Đảo khoản nộp hoặc chi ghi sau trước đã."
            )
