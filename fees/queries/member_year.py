"""The fee of one member in one year: base, formula, rules, paid by which receipt. Ask who may read it."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Sum

from fees.models import Allocation
from fees.queries.mine import Line, lines
from fees.states import Share
from members.models import Member


@dataclass(frozen=True, slots=True)
class Month:
    """One month: its line, the numbers of the receipts that stand, and which of the rules listed below it rests on."""

    line: Line
    receipts: list[str]
    rules: str  # "1, 3"

    @property
    def away(self) -> str:
        """The cell that collected, where the member pays in more than one."""
        return self.line.due.cell.name if self.line.due else ""


@dataclass(frozen=True, slots=True)
class MemberYear:
    """The months of the year, the oldest first, in đồng; ``rules`` as a Due keeps them, each once."""

    member: Member
    year: int
    months: list[Month]
    rules: list[dict] = field(default_factory=list)
    voluntary: int = 0

    @property
    def owes(self) -> int:
        return sum(row.line.owes for row in self.months)

    @property
    def paid(self) -> int:
        return sum(row.line.paid for row in self.months)

    @property
    def left(self) -> int:
        return sum(row.line.left for row in self.months)

    @property
    def corrected(self) -> bool:
        return any(row.line.corrected for row in self.months)

    @property
    def uncounted(self) -> list[datetime.date]:
        """Months whose due could not be computed."""
        return [row.line.month for row in self.months if row.line.due and not row.line.due.computed]

    @property
    def unverified(self) -> bool:
        return any(row.line.unverified for row in self.months)

    @property
    def many_cells(self) -> bool:
        """Whether more than one cell collected in the year."""
        return len({row.line.due.cell_id for row in self.months if row.line.due}) > 1


def member_year(member, year: int, cell=None) -> MemberYear:
    """A member's year in one ``cell``'s book, or in whichever it stands; five queries."""
    found = [line for line in reversed(lines(member, cell)) if line.month.year == year]
    parts = Allocation.objects.filter(member=member, month__year=year)
    parts = parts if cell is None else parts.filter(cell=cell)
    numbers, known = _receipts(parts), []
    for line in found:
        known += [rule for rule in (line.due.rules if line.due else []) if rule not in known]
    months = [Month(line, numbers.get(_key(line), []), ", ".join(_places(line, known))) for line in found]
    given = parts.filter(share=Share.VOLUNTARY).aggregate(total=Sum("amount"))["total"] or 0
    return MemberYear(member, year, months, known, given)


def _key(line):
    return line.month, line.due.cell_id if line.due else None


def _places(line, known):
    return [str(place) for place, rule in enumerate(known, 1) if line.due and rule in line.due.rules]


def _receipts(parts) -> dict:
    """{(first day, cell id): numbers of the receipts that stand}; under cell None those of the month in every cell."""
    standing = parts.filter(share=Share.DUE, payment__reverses=None, payment__reversed_by=None)
    found: dict = {}
    for part in standing.select_related("payment").order_by("payment__paid_on", "payment"):
        for cell in (part.cell_id, None):
            found.setdefault((part.month, cell), []).append(part.payment.number_text)
    return found


def payers_of(cell, year: int):
    """Members with a due or a receipt's part in a year of a cell's book, by given name."""
    of_year = {"cell": cell, "month__year": year}
    paid = Allocation.objects.filter(**of_year).values("member")
    rows = Member.objects.filter(fee_dues__cell=cell, fee_dues__month__year=year) | Member.objects.filter(pk__in=paid)
    return rows.distinct().order_by("sort_key", "pk")
