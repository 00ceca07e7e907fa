"""What will stop the booking of a statement, said on its page before anybody tries. Writes nothing.

The same questions that ``collecting.pay`` asks, in the order in which the lines are booked, with a few queries for all
lines: the month, the number of the transaction, what the payer still owes.
"""

import dataclasses
import datetime

from django.utils import timezone

from core.errors import Refused
from core.months import first_day
from core.vietnamese import date_text
from fees.models import FeeMonth, Payment
from fees.models.payments import reference_key
from fees.queries.owing import Owing, owed
from fees.services.allotting import allot
from fees.services.surplus import spread
from fees.standing import Standing
from fees.states import LineState, MonthState


def booked_on(cell, line, months=None) -> datetime.date:
    """The day of the receipt of a line: the bank's, or one in an open month where the collector chose so.

    That is today if its month is open, else the first day of the next open month. ``months``: {first day: state} of
    the cell where that is known. Raises Refused when no later month is open.
    """
    months = _months(cell) if months is None else months
    today, own = timezone.localdate(), first_day(line.paid_on)
    if not line.into_open or months.get(own) == MonthState.OPEN:
        return line.paid_on
    if months.get(first_day(today)) == MonthState.OPEN:
        return today
    later = [month for month, state in months.items() if state == MonthState.OPEN and own < month <= today]
    if not later:
        raise Refused("Chưa có tháng nào đang mở để ghi. Mở tháng tiếp theo rồi ghi.")
    return min(later)


def troubles(statement) -> dict:
    """{line id: the sentence that stops it} for the matched lines of a file that is not booked; four queries."""
    rows = statement.lines.filter(state=LineState.MATCHED).select_related("member").order_by("paid_on", "row")
    lines = list(rows)
    if not lines:
        return {}
    cell, months = statement.cell, _months(statement.cell)
    standing = owed(cell, members={line.member_id for line in lines})
    taken = _taken(statement)
    found = {}
    for line in lines:
        try:
            _try(cell, line, months, standing, taken)
        except Refused as refusal:
            found[line.pk] = refusal.message
    return found


def _try(cell, line, months, standing, taken):
    """Raises the Refused that booking would raise; else counts the line as paid."""
    day = booked_on(cell, line, months)
    if months.get(first_day(day)) != MonthState.OPEN:
        what = "đã khóa" if first_day(day) in months else "chưa mở"
        raise Refused(
            f"Sổ đảng phí tháng {day:%m/%Y} {what}. Chọn “Ghi vào tháng đang mở” cho dòng này, hoặc bỏ qua dòng."
        )
    if day > timezone.localdate():
        raise Refused(f"Ngày {date_text(day)} chưa đến. Bỏ qua dòng này.")
    key = reference_key(line.reference)
    if key and key in taken:
        raise Refused(f"Số giao dịch {line.reference} đã được ghi ở {taken[key]}. Bỏ qua dòng này.")
    chosen, more = spread(line.member, line.amount, line.rest, standing, day)
    _count(line.member_id, allot(line.member, line.amount - more, chosen, standing, day), standing)
    if key:
        taken[key] = f"dòng {line.row}"


def _count(member, parts, standing):
    for month, amount in parts:
        row = standing.get((member, month)) or Owing(member, month, None, None, 0, 0, 0, Standing.ADVANCE)
        standing[member, month] = dataclasses.replace(row, paid=row.paid + amount)


def _months(cell):
    return dict(FeeMonth.objects.filter(cell=cell).values_list("month", "state"))


def _taken(statement):
    """{number of a transaction, folded: where it stands} of the receipts that stand."""
    rows = Payment.objects.filter(cell=statement.cell, method=statement.source.method, reverses=None, reversed_by=None)
    return {reference_key(row.reference): f"biên lai {row.number_text}" for row in rows.exclude(reference="")}
