"""The grid of a year: members × months, and the same as a list for phones."""

import datetime
from dataclasses import dataclass, field

from fees.queries.owing import Owing, months_of, owed
from fees.standing import FREE, OWES, WAITS, Standing, look_of
from fees.states import DueKind
from members.models import Member


@dataclass(slots=True)
class Spot:
    """One place of the grid; ``span`` months wide, more than one where a member pays nothing here for long."""

    standing: Standing
    paid: int = 0
    left: int = 0
    span: int = 1
    is_current: bool = False
    month: datetime.date | None = None  # the first of the band


@dataclass(slots=True)
class Line:
    """A member's year. Amounts (``rate``, ``paid``) are for who may read the book."""

    member_id: int
    name: str
    spots: list[Spot]
    now: Standing  # of the month the page is about
    rate: int = 0  # newest due, đồng
    paid: int = 0  # for months of this year, đồng
    done: int = 0  # months paid
    months: int = 0  # months to be paid
    behind: list[datetime.date] = field(default_factory=list)  # earlier months with something left

    @property
    def look(self):
        return look_of(self.now, self.behind)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about this member."""
        return bool(self.behind) or self.now in OWES or self.now in WAITS


def year_lines(cell, year: int, current: datetime.date) -> tuple[list[Line], list[Owing]]:
    """Lines by given name, and all rows they stand on; two queries. ``current`` is the month the page is about."""
    months = months_of(year)
    rows = owed(cell, months)
    of_member: dict[int, dict] = {}
    for (member, month), row in rows.items():
        of_member.setdefault(member, {})[month] = row
    people = Member.objects.filter(pk__in=of_member).order_by("sort_key", "pk").values_list("pk", "full_name")
    lines = [_line(pk, name, of_member[pk], months, current) for pk, name in people]
    return lines, list(rows.values())


def _line(pk, name, rows, months, current):
    found = Line(pk, name, _spots(rows, months, current), _standing(rows, current))
    for month, row in rows.items():
        found.paid += row.paid
        found.rate = row.owes if row.kind == DueKind.PAYABLE else 0  # the last month says: 0 for who is exempt by then
        if row.due_id is not None and row.standing not in FREE:
            found.months += 1
            found.done += row.left == 0 and row.standing not in WAITS
        if row.left and month < current:
            found.behind.append(month)
    return found


def _standing(rows, month) -> Standing:
    return rows[month].standing if month in rows else Standing.NONE


def _spots(rows, months, current) -> list[Spot]:
    """Months side by side; neighbours of a member who pays nothing here are one band."""
    spots: list[Spot] = []
    for month in months:
        row = rows.get(month)
        word = row.standing if row else Standing.NONE
        if word in FREE and spots and spots[-1].standing == word:
            spots[-1].span += 1
            continue
        spots.append(Spot(word, row.paid if row else 0, row.left if row else 0, 1, month == current, month))
    return spots
