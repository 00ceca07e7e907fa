"""Money comes in and is taken back: numbered receipts, what they pay for, and their vouchers.

Order of locks: the month of the book (all open ones to take a receipt back, as for all money that leaves a place), the
receipt book, the newest due of the payer (which orders two collectors who enter the same person), last the diary. A
receipt is never edited: a wrong one is reversed by one of its own.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from core.errors import Refused, needed
from core.months import first_day
from core.vietnamese import date_text, money, nfc, one_line
from fees.models import Allocation, Due, Payment, ReceiptBook
from fees.models.payments import REFERENCE_KEY, reference_key
from fees.queries.cash import least
from fees.queries.owing import owed
from fees.queries.receipts import said
from fees.services import warning
from fees.services.allotting import allot
from fees.services.cash import lock_open
from fees.services.ledger import lock_month, post
from fees.services.surplus import spread
from fees.states import PLACE_OF, Account, Method, Share, VoucherKind
from members.activity import record
from members.queries import attenders

MOST = 1_000_000_000  # đồng in one receipt: a number longer than this is a slip of the finger


@transaction.atomic
def pay(cell, member, amount, paid_on, method, *, by, months=None, reference="", voluntary=0, note="") -> Payment:
    """Write one receipt: ``member`` paid ``amount`` đồng to ``cell`` on ``paid_on``. Returns the Payment.

    ``amount`` is all that came in; ``voluntary`` the part of it given beyond the fee. The rest pays the oldest unpaid
    months, or the ``months`` chosen (dates in them; those not opened yet are paid in advance at the present rate).
    The receipt stands in the book of the month of ``paid_on``, which must be open, and takes the next number.
    Raises Refused; nothing is written then.
    """
    method, reference = Method(method), one_line(reference)
    _check(amount, voluntary, paid_on, method, reference)
    chosen = sorted({first_day(month) for month in months or ()})
    fee_month = lock_month(cell, paid_on)
    number = _next_number(cell, paid_on.year)
    _check_payer(cell, member)
    again = _times_taken_back(cell, method, reference)
    parts = allot(member, amount - voluntary, chosen, owed(cell, members=[member.pk]), paid_on)
    payment = Payment.objects.create(
        cell=cell, member=member, fee_month=fee_month, year=paid_on.year, number=number, paid_on=paid_on,
        amount=amount, method=method, reference=reference, again=again, note=nfc(note.strip())[:200], received_by=by,
    )  # fmt: skip
    rows = [(month, Share.DUE, part) for month, part in parts]
    rows += [(fee_month.month, Share.VOLUNTARY, voluntary)] if voluntary else []
    _book(payment, rows, VoucherKind.RECEIPT, f"Thu đảng phí, biên lai {payment.number_text}", by=by)
    warning.settled(cell, member)
    record(payment, "fee.paid", by=by, receipt=payment.number_text)
    return payment


@transaction.atomic
def reverse(payment, reason, *, by) -> Payment:
    """Take a receipt back by one of its own, dated today, in the open month of today; what it paid is owed again.

    The payer is told of closed months that are unpaid by it. Returns the negative Payment. Raises Refused without a
    reason, for a reversal, a second time, and when the money is no longer in the place that it came to.
    """
    back = _taken_back(payment, reason, by=by)
    _check_still_there(back)
    return back


@transaction.atomic
def rewrite(payment, reason, *, member, by, rest="") -> Payment:
    """Write a receipt again for who really paid: it is taken back and a new one, dated today, takes its place.

    No money moves: amount, way of paying, number of the transaction and voluntary part stay, so it may be done also
    after the money was passed up. The rest pays the oldest unpaid months of ``member``; what is more than owed becomes
    what ``rest`` (fees.states.Rest) says. Returns the new Payment. Raises Refused as ``reverse`` and ``pay`` do.
    """
    if member.pk == payment.member_id:
        raise Refused(f"Biên lai này đang ghi cho đồng chí {member.full_name}. Chọn người đã nộp.", field="member")
    back = _taken_back(payment, reason, by=by)
    given = sum(part.amount for part in payment.allocations.all() if part.share == Share.VOLUNTARY)
    standing = owed(payment.cell, members=[member.pk])
    months, more = spread(member, payment.amount - given, rest, standing, back.paid_on)
    note = f"Ghi lại biên lai {payment.number_text} ngày {date_text(payment.paid_on)}: {back.note}"
    new = pay(
        payment.cell, member, payment.amount, back.paid_on, payment.method, by=by, months=months,
        reference=payment.reference, voluntary=given + more, note=note,
    )  # fmt: skip
    record(new, "fee.rewritten", by=by, receipt=payment.number_text, by_receipt=new.number_text)
    return new


def _taken_back(payment, reason, *, by) -> Payment:
    """The receipt that takes another back; whether its money is still there the caller looks at."""
    reason = needed(nfc(reason), "Ghi lý do hủy biên lai.", field="reason")
    if payment.reverses_id:
        raise Refused("Biên lai hủy không hủy được nữa. Nếu hủy nhầm, ghi lại khoản thu bằng một biên lai mới.")
    today = timezone.localdate()
    lock_open(payment.cell)
    fee_month = lock_month(payment.cell, today)
    number = _next_number(payment.cell, today.year)
    earlier = Payment.objects.filter(reverses=payment).first()
    if earlier is not None:
        raise Refused(f"Biên lai {payment.number_text} đã được hủy bằng biên lai {earlier.number_text}.")
    back = Payment.objects.create(
        cell_id=payment.cell_id, member_id=payment.member_id, fee_month=fee_month, year=today.year, number=number,
        paid_on=today, amount=-payment.amount, method=payment.method, reference=payment.reference, note=reason[:200],
        reverses=payment, received_by=by,
    )  # fmt: skip
    rows = [(part.month, part.share, -part.amount) for part in payment.allocations.all()]
    text = f"Hủy biên lai {payment.number_text}, biên lai {back.number_text}"
    _book(back, rows, VoucherKind.REVERSAL, text, by=by, reverses=payment.voucher)
    months = [month for month, share, _ in rows if share == Share.DUE]
    warning.reopened(payment.cell, payment.member, months, f":{back.number_text}")
    record(back, "fee.reversed", by=by, receipt=payment.number_text, by_receipt=back.number_text)
    return back


def _check(amount, voluntary, paid_on: datetime.date, method, reference):
    if amount <= 0:
        raise Refused("Số tiền phải lớn hơn 0. Thu nhầm thì hủy biên lai, không ghi số âm.", field="amount")
    if amount > MOST:
        raise Refused(f"Số tiền quá lớn cho một biên lai, nhiều nhất {money(MOST)}. Kiểm tra lại số.", field="amount")
    if voluntary < 0:
        raise Refused("Phần tự nguyện đóng thêm không được âm.", field="voluntary")
    if voluntary > amount:
        raise Refused("Phần tự nguyện đóng thêm nằm trong số tiền nộp, không lớn hơn số tiền nộp.", field="voluntary")
    if paid_on > timezone.localdate():
        raise Refused(f"Ngày {date_text(paid_on)} chưa đến. Ghi ngày đã nhận tiền, muộn nhất hôm nay.", field="paid_on")
    if method == Method.CASH and reference:
        raise Refused("Tiền mặt không có số giao dịch. Để trống ô này hoặc chọn hình thức khác.", field="reference")


def _check_still_there(back):
    """No place falls below nothing: what was moved, passed up or spent since cannot be given back from there."""
    place = PLACE_OF[Method(back.method)]
    left, _ = least(back.cell, place, back.paid_on)
    if left < 0:
        raise Refused(
            f"{place.label}: sổ còn {money(max(left - back.amount, 0))}, không đủ {money(-back.amount)} của biên lai "
            "này. Nếu tiền đã chuyển sang nơi khác, đảo chứng từ chuyển đó trước; nếu chỉ ghi nhầm người nộp, chọn "
            "“Ghi lại cho người khác”."
        )


def _next_number(cell, year) -> int:
    """Locks the receipt book of the year: the number drawn in a transaction that fails is drawn again by the next."""
    key = {"cell": cell, "year": year}
    ReceiptBook.objects.bulk_create([ReceiptBook(**key)], ignore_conflicts=True)
    book = ReceiptBook.objects.select_for_update(no_key=True).get(**key)
    book.last += 1
    book.save(update_fields=["last"])
    return book.last


def _check_payer(cell, member):
    """Locks the payer's newest due, where there is one."""
    dues = Due.objects.filter(cell=cell, member=member).order_by("-month")
    known = dues.select_for_update(of=("self",), no_key=True).first()
    if known is None and not attenders(cell).filter(pk=member.pk).exists():
        raise Refused(f"Đồng chí {member.full_name} không có trong sổ đảng phí của {cell.name}.")


def _times_taken_back(cell, method, reference) -> int:
    """How often this reference was booked and reversed; Refused while a receipt with it stands."""
    if not reference:
        return 0
    rows = Payment.objects.alias(key=REFERENCE_KEY).filter(cell=cell, method=method, reverses=None)
    rows = rows.filter(key=reference_key(reference))
    standing = rows.filter(reversed_by=None).first()
    if standing is not None:
        raise Refused(
            f"Số giao dịch {standing.reference} đã được ghi ở biên lai {standing.number_text}.", field="reference"
        )
    return rows.count()


def _book(payment, rows, kind, text, *, by, reverses=None):
    """Parts and voucher of a receipt: money in the place of its method, owed to nobody yet.

    Each part keeps how it was counted today: printed again, the receipt says the same.
    """
    kept = said(payment, [month for month, share, _ in rows if share == Share.DUE])
    Allocation.objects.bulk_create(
        Allocation(
            payment=payment, cell_id=payment.cell_id, member_id=payment.member_id, month=month, share=share,
            amount=amount, **kept.get((month, share), {"ahead": False}),
        )
        for month, share, amount in rows
    )  # fmt: skip
    sides = {PLACE_OF[Method(payment.method)]: payment.amount, Account.COLLECTED: -payment.amount}
    post(
        payment.fee_month, kind, dated_on=payment.paid_on, text=text, sides=sides, by=by, payment=payment,
        reverses=reverses,
    )  # fmt: skip
