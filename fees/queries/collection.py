"""The collection of one month: who has not paid first, with what is left of earlier months."""

import datetime
from dataclasses import dataclass, field

from fees.queries.owing import Owing, debts, owed
from fees.standing import FREE, WAITS, Standing, look_of
from members.models import Member

OPEN, WAITING, SETTLED, OUTSIDE = "open", "waiting", "settled", "outside"
HEADINGS = {
    OPEN: "Chưa đóng đủ",
    WAITING: "Chưa tính được mức đóng",
    SETTLED: "Đã đóng đủ",
    OUTSIDE: "Không phải đóng ở chi bộ",
}


@dataclass
class Payer:
    """One member on the page of a month. ``row`` is None for who owes older months and is no longer on the roll."""

    member_id: int
    name: str
    row: Owing | None
    debts: list[Owing] = field(default_factory=list)  # with something left, oldest first, this month included
    error: str = ""  # why a payment was not taken

    @property
    def left(self) -> int:
        """What is owed up to and with this month (đồng)."""
        return sum(debt.left for debt in self.debts)

    @property
    def behind(self) -> int:
        """What is left of earlier months (đồng)."""
        return self.left - (self.row.left if self.row else 0)

    @property
    def earlier(self) -> list[datetime.date]:
        """Earlier months with something left."""
        return [debt.month for debt in self.debts if self.row is None or debt.month != self.row.month]

    @property
    def standing(self) -> Standing:
        if self.row is None:
            return Standing.LATE if self.debts else Standing.PAID
        return self.row.standing

    @property
    def look(self):
        return look_of(self.standing, self.debts)

    @property
    def group(self) -> str:
        if self.debts:
            return OPEN
        if self.standing in WAITS:
            return WAITING
        return OUTSIDE if self.standing in FREE else SETTLED


def payers(cell, month: datetime.date, members=None) -> list[Payer]:
    """Everybody of the month and who still owes an earlier one, by given name; three queries."""
    rows = {row.member_id: row for row in owed(cell, [month], members).values() if row.due_id is not None}
    behind = debts(cell, until=month, members=members)
    people = Member.objects.filter(pk__in={*rows, *behind}).order_by("sort_key", "pk").values_list("pk", "full_name")
    return [Payer(pk, name, rows.get(pk), behind.get(pk, [])) for pk, name in people]


def grouped(found) -> list:
    """[(key, heading, payers)] in the order in which something is asked; empty groups are left out."""
    groups = [(key, words, [payer for payer in found if payer.group == key]) for key, words in HEADINGS.items()]
    return [group for group in groups if group[2]]
