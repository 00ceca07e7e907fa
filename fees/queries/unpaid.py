"""Closed months of a year for which somebody has not paid. A month still open counts for nobody, nor does one without
any receipt: the collector has not entered it (issue 4, item 8)."""

import datetime

from django.db.models import Exists, OuterRef

from fees.models import Allocation, FeeMonth, Payment
from fees.queries.owing import owed
from fees.states import MonthState


def unpaid_months(cell, year: int, members=None, until=None) -> dict:
    """{member id: [first days of closed months of the year with something left, oldest first]}; two queries.

    ``members`` (ids) narrows it, ``until`` is the last month looked at. Exempt, elsewhere and paid in advance leave
    nothing to pay.
    """
    rows = entered(FeeMonth.objects.filter(cell=cell, state=MonthState.CLOSED, month__year=year))
    rows = rows if until is None else rows.filter(month__lte=until)
    closed = list(rows.order_by("month").values_list("month", flat=True))
    found: dict[int, list[datetime.date]] = {}
    for row in owed(cell, closed, members).values() if closed else ():
        if row.due_id is not None and row.left:
            found.setdefault(row.member_id, []).append(row.month)
    return found


def entered(rows):
    """Those of the months ``rows`` that have a receipt, in their book or for them and no advance; also one that was
    taken back since: the collector had entered the month."""
    receipts = Payment.objects.filter(reverses=None)
    theirs = {"cell": OuterRef("cell"), "month": OuterRef("month"), "payment__paid_on__gte": OuterRef("month")}
    return rows.filter(
        Exists(receipts.filter(fee_month=OuterRef("pk")))
        | Exists(Allocation.objects.filter(**theirs, payment__reverses=None))
    )
