"""Sums of the months that name nobody: what was owed, paid, collected."""

import datetime
from dataclasses import dataclass

from django.db.models import Sum

from fees.models import FeeMonth, Payment
from fees.standing import DONE, FREE, WAITS
from members.queries import rule_for


def opened(cell) -> dict:
    """{first day: FeeMonth} of all months of a cell's book, oldest first."""
    return {row.month: row for row in FeeMonth.objects.filter(cell=cell).order_by("month")}


def years_of(cell) -> list[int]:
    """The years that have a month in the book, newest first."""
    return sorted({day.year for day in FeeMonth.objects.filter(cell=cell).dates("month", "year")}, reverse=True)


def collected(cell, year: int) -> dict:
    """{id of the FeeMonth: đồng} that came in while each month of the book of a year was open, reversals taken off."""
    rows = Payment.objects.filter(cell=cell, fee_month__month__year=year).order_by()
    return dict(rows.values_list("fee_month").annotate(total=Sum("amount")))


@dataclass(slots=True)
class MonthSum:
    """One month over all members, in đồng and heads. ``paid`` is what was paid for it, whenever it came in."""

    month: datetime.date
    owes: int = 0
    paid: int = 0
    left: int = 0
    payers: int = 0  # who owe something for the month, or will once it is computed
    done: int = 0  # who paid all of it
    waiting: int = 0  # whose due is not computed

    def add(self, row):
        """Count one Owing."""
        self.owes += row.owes
        self.paid += row.paid
        self.left += row.left
        if row.due_id is None or row.standing in FREE:
            return
        self.payers += 1
        self.done += row.standing in DONE
        self.waiting += row.standing in WAITS

    @property
    def progress(self) -> str:
        """ "đã đóng đủ 21/24 đồng chí"."""
        return f"đã đóng đủ {self.done}/{self.payers} đồng chí"


def by_month(owing) -> dict:
    """{first day: MonthSum} of the Owing rows given."""
    found: dict[datetime.date, MonthSum] = {}
    for row in owing:
        found.setdefault(row.month, MonthSum(row.month)).add(row)
    return found


def is_split_rightly(fee_month) -> bool:
    """Whether a month is divided by the share that is laid down for it; False while it is not divided at all.

    Raises NotConfigured while the share is not known.
    """
    share = rule_for(fee_month.cell, "fee.retained_percent", fee_month.month).decimal
    return fee_month.retained_percent is not None and fee_month.retained_percent == round(share, 2)


def share_is_configured(cell, on: datetime.date) -> bool:
    """Whether the superior laid down which share of the fee stays in the cell."""
    return rule_for(cell, "fee.retained_percent", on).configured
