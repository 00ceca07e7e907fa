"""The only way into the cash book: a voucher with its entries, in an open month, summing to zero."""

import datetime

from django.db import transaction

from core.errors import Refused
from core.months import first_day
from core.vietnamese import nfc
from fees.models import Entry, FeeMonth, Voucher
from fees.states import MonthState


def lock_month(cell, day: datetime.date) -> FeeMonth:
    """The open month of the book that holds ``day``, locked until the transaction ends.

    Everything booked takes this lock first, so that a close waits for it and nothing slips in behind the close.
    Raises Refused when the month is closed, or was never opened.
    """
    month = first_day(day)
    row = FeeMonth.objects.select_for_update(no_key=True).filter(cell=cell, month=month).first()
    if row is None:
        raise Refused(f"Sổ đảng phí tháng {month:%m/%Y} chưa mở. Mở tháng này trước khi ghi.")
    if row.state != MonthState.OPEN:
        present = FeeMonth.objects.filter(cell=cell, state=MonthState.OPEN).order_by("month").first()
        where = f"Ghi vào tháng đang mở: {present.month:%m/%Y}." if present else "Mở tháng tiếp theo rồi ghi."
        raise Refused(f"Sổ đảng phí tháng {month:%m/%Y} đã khóa. {where}")
    return row


@transaction.atomic
def post(fee_month, kind, *, dated_on, text, sides, by, payment=None, reverses=None) -> Voucher:
    """Book one voucher; ``sides`` is {Account: đồng}, debit positive; sides of nothing are left out.

    ``fee_month`` is locked by the caller (``lock_month``). Raises ValueError when the sides do not sum to zero:
    that is a fault of the caller, not of a person.
    """
    sides = {account: amount for account, amount in sides.items() if amount}
    if sum(sides.values()) or not sides:
        raise ValueError(f"unbalanced voucher: {sides}")
    voucher = Voucher.objects.create(
        cell_id=fee_month.cell_id,
        fee_month=fee_month,
        kind=kind,
        dated_on=dated_on,
        text=nfc(text)[:300],
        payment=payment,
        reverses=reverses,
        by=by,
    )
    Entry.objects.bulk_create(
        Entry(voucher=voucher, cell_id=fee_month.cell_id, account=account, amount=amount)
        for account, amount in sides.items()
    )
    return voucher
