"""The member's own fee: every month with what is owed and paid, the receipts, what was declared and waived.

In whichever cell's book it stands: who moved, or pays at a host, finds all of it here.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from core.states import Look
from fees.models import Due, Payment
from fees.standing import STANDING_UI, Standing, standing_of
from fees.states import DueKind, Share


@dataclass(frozen=True)
class Line:
    """One month of the member in one cell's book, in đồng; ``due`` is None for a month that is paid in advance."""

    month: datetime.date
    due: Due | None
    paid: int
    corrected: int
    standing: Standing

    @property
    def owes(self) -> int:
        return (self.due.amount if self.due else 0) + self.corrected

    @property
    def left(self) -> int:
        """What is still to be paid."""
        return max(0, self.owes - self.paid)

    @property
    def look(self) -> Look:
        return STANDING_UI[self.standing]

    @property
    def unverified(self) -> bool:
        """Whether the amount rests on a rule that nobody has confirmed."""
        return self.due is not None and not self.due.verified


def lines(member, cell=None) -> list[Line]:
    """All months of a member (or id), the newest first, of one ``cell``'s book or of every one's; three queries.

    A month that is paid at a host stands there; the row of the own cell, which says only that, is left out.
    """
    rows = Due.objects.filter(member=member).select_related("cell", "fee_month").prefetch_related("corrections")
    rows = rows if cell is None else rows.filter(cell=cell)
    paid, present = _paid(member, cell), timezone.localdate().replace(day=1)
    found, elsewhere = [], []
    for due in rows.order_by("-month", "pk"):
        line = _line(due, paid.pop((due.cell_id, due.month), 0), present)
        (elsewhere if line.standing == Standing.ELSEWHERE else found).append(line)
    counted = {line.month for line in found}
    found += [line for line in elsewhere if line.month not in counted]
    found += [Line(month, None, amount, 0, Standing.ADVANCE) for (_, month), amount in paid.items() if amount]
    return sorted(found, key=lambda line: line.month, reverse=True)


def _line(due, paid, present) -> Line:
    corrected = sum(row.amount for row in due.corrections.all())
    word = standing_of(DueKind(due.kind), due.amount + corrected, paid, is_over=due.month < present)
    return Line(due.month, due, paid, corrected, word)


def _paid(member, cell=None) -> dict:
    """(cell id, month) -> đồng paid for it."""
    found: dict = defaultdict(int)
    rows = Payment.objects.filter(member=member, allocations__share=Share.DUE)
    rows = rows if cell is None else rows.filter(cell=cell)
    for cell, month, amount in rows.values_list("cell", "allocations__month", "allocations__amount"):
        found[cell, month] += amount
    return found


def receipts(member, year):
    """Receipts of a member (or id) of a year, the newest first; a reversal and what it takes back both stand there."""
    rows = Payment.objects.filter(member=member, paid_on__year=year).select_related("reverses", "reversed_by")
    return rows.order_by("-paid_on", "-number")
