"""Cash counted note by note against the book, and the bank's statement against it; what differs is explained."""

import datetime

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from core.months import first_day
from core.vietnamese import date_text, one_line
from fees.models import CashCount, FeeMonth
from fees.queries.cash import open_count
from fees.queries.ledger import balances
from fees.services.cash import check_there, lock_book
from fees.services.ledger import post
from fees.states import Account, MonthState, VoucherKind
from members.activity import record

# notes and coins that are in use (đồng)
VALUES = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200)


def counted_total(pieces) -> int:
    """{value: number of pieces} -> đồng. Raises Refused for a value that is no money, or a number below nothing."""
    for value, number in pieces.items():
        if value not in VALUES:
            raise Refused(f"Không có mệnh giá {value} đồng.", field="pieces")
        if number < 0:
            raise Refused("Số tờ không được âm.", field=f"n{value}")
    return sum(value * number for value, number in pieces.items())


@transaction.atomic
def count_cash(cell, *, counted_on, pieces, by, bank_statement=None, explanation="", audit=None) -> CashCount:
    """Write down one count: ``pieces`` is {value: number}, ``bank_statement`` the bank's balance that evening (đồng).

    The book's balances of that day are frozen beside it. Nothing is booked: ``book_difference`` does that, or the
    difference stays open. Raises Refused for a day to come.
    """
    if counted_on > timezone.localdate():
        raise Refused(f"Ngày {date_text(counted_on)} chưa đến. Ghi ngày đã đếm tiền.", field="counted_on")
    if bank_statement is not None and bank_statement < 0:
        raise Refused("Số dư ngân hàng theo sao kê không được âm.", field="bank_statement")
    counted = counted_total(pieces)
    _lock(cell)
    book = balances(cell, counted_on)
    count = CashCount.objects.create(
        cell=cell, audit=audit, counted_on=counted_on, counted=counted, book=book[Account.CASH],
        pieces={str(value): number for value, number in sorted(pieces.items(), reverse=True) if number},
        bank_statement=bank_statement, bank_book=book[Account.BANK], explanation=one_line(explanation), counted_by=by,
    )  # fmt: skip
    record(count, "cash.counted", by=by)
    return count


@transaction.atomic
def book_difference(count, *, explanation, by) -> CashCount:
    """Book what was found too little or too much to DIFFERENCE, with its explanation; the book then says what was
    counted. On the day of the count if its month is open, else today.

    When the matter is settled (the money is made good), the voucher is reversed. Raises Refused without explanation,
    for a count that is not the newest, when the book agrees by now, and when less than what is short is left later.
    """
    explanation = one_line(explanation)
    if not explanation:
        raise Refused("Ghi giải thích vì sao chênh lệch và đã thống nhất xử lý thế nào.", field="explanation")
    day = _booking_day(count)
    fee_month = lock_book(count.cell, day)
    fresh = CashCount.objects.select_for_update(no_key=True, of=("self",)).get(pk=count.pk)
    if fresh.voucher_id:
        raise Refused("Chênh lệch của lần kiểm quỹ này đã ghi sổ.")
    if fresh.difference and fresh != open_count(count.cell):
        raise Refused("Đã có lần kiểm quỹ mới hơn. Ghi chênh lệch theo lần mới nhất.")
    difference = fresh.counted - balances(count.cell, fresh.counted_on)[Account.CASH]
    if not difference:
        raise Refused("Sổ nay đã khớp với số tiền đếm được, không còn chênh lệch để ghi.")
    if difference < 0:
        check_there(count.cell, Account.CASH, -difference, day, field=None)
    word = "thiếu" if difference < 0 else "thừa"
    text = f"Tiền mặt {word} khi kiểm quỹ ngày {date_text(fresh.counted_on)}: {explanation}"
    sides = {Account.CASH: difference, Account.DIFFERENCE: -difference}
    fresh.voucher = post(fee_month, VoucherKind.COUNT, dated_on=day, text=text, sides=sides, by=by)
    fresh.explanation = explanation[:300]
    fresh.save(update_fields=["voucher", "explanation"])
    record(fresh.voucher, "voucher.posted", by=by, kind=VoucherKind.COUNT.value, count=fresh.pk)
    record(fresh, "cash.settled", by=by, voucher=fresh.voucher_id)
    return fresh


def _booking_day(count) -> datetime.date:
    months = FeeMonth.objects.filter(cell=count.cell, state=MonthState.OPEN)
    is_open = months.filter(month=first_day(count.counted_on)).exists()
    return count.counted_on if is_open else timezone.localdate()


def _lock(cell):
    """Nothing is booked between reading the balance and writing it down."""
    list(FeeMonth.objects.select_for_update(no_key=True).filter(cell=cell, state=MonthState.OPEN).order_by("month"))
