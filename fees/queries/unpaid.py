"""Closed months of a year for which somebody has not paid. A month still open counts for nobody."""

import datetime

from fees.models import FeeMonth
from fees.queries.owing import owed
from fees.states import MonthState


def unpaid_months(cell, year: int, members=None, until=None) -> dict:
    """{member id: [first days of closed months of the year with something left, oldest first]}; two queries.

    ``members`` (ids) narrows it, ``until`` is the last month looked at. Exempt, elsewhere and paid in advance leave
    nothing to pay.
    """
    rows = FeeMonth.objects.filter(cell=cell, state=MonthState.CLOSED, month__year=year)
    rows = rows if until is None else rows.filter(month__lte=until)
    closed = list(rows.order_by("month").values_list("month", flat=True))
    found: dict[int, list[datetime.date]] = {}
    for row in owed(cell, closed, members).values() if closed else ():
        if row.due_id is not None and row.left:
            found.setdefault(row.member_id, []).append(row.month)
    return found
