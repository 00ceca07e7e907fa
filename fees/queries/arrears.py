"""Who has not paid up to a month: the months for the heads, with amounts for who may read the book."""

import datetime
from dataclasses import dataclass

from fees.models import Due, FeeMonth
from fees.periods import spans
from fees.queries.owing import Owing, debts
from fees.standing import STANDING_UI, Standing
from fees.states import NOT_COMPUTED, MonthState
from members.models import Member


@dataclass(frozen=True, slots=True)
class Debtor:
    """A member with months of which something is left, the oldest first."""

    member_id: int
    name: str
    rows: list[Owing]

    @property
    def left(self) -> int:
        """đồng; for who may read the book."""
        return sum(row.left for row in self.rows)

    @property
    def words(self) -> str:
        """ "09/2026, 10/2026; đóng thiếu 11/2026": words only, no amount."""
        unpaid, part = ([row.month for row in self.rows if (row.paid > 0) == some] for some in (False, True))
        return "; ".join([spans(unpaid)] * bool(unpaid) + [f"đóng thiếu {spans(part)}"] * bool(part))


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A member with months whose due could not be computed, and the word why."""

    name: str
    months: dict[str, list]  # word -> first days

    @property
    def words(self) -> str:
        """ "chờ kê khai 09/2026, 10/2026"."""
        return "; ".join(f"{word} {spans(months)}" for word, months in self.months.items())


@dataclass(frozen=True, slots=True)
class Arrears:
    """Up to and with the month ``until``, earlier years included; ``open``: months of them that still take payments."""

    until: datetime.date
    debtors: list[Debtor]
    uncounted: list[Uncounted]
    open: list[datetime.date]

    @property
    def left(self) -> int:
        return sum(debtor.left for debtor in self.debtors)


def arrears(cell, until: datetime.date) -> Arrears:
    """Who still owes something up to a month (its first day), by given name; four queries."""
    found = debts(cell, until=until)
    waiting = Due.objects.filter(cell=cell, month__lte=until, kind__in=NOT_COMPUTED, corrections=None)
    words: dict[int, dict] = {}
    for member, month, kind in waiting.order_by("month").values_list("member_id", "month", "kind"):
        word = STANDING_UI[Standing(kind)].label.lower()
        words.setdefault(member, {}).setdefault(word, []).append(month)
    people = Member.objects.filter(pk__in={*found, *words}).order_by("sort_key", "pk")
    names = list(people.values_list("pk", "full_name"))
    months = FeeMonth.objects.filter(cell=cell, state=MonthState.OPEN, month__lte=until).order_by("month")
    return Arrears(
        until,
        [Debtor(pk, name, found[pk]) for pk, name in names if pk in found],
        [Uncounted(name, words[pk]) for pk, name in names if pk in words],
        list(months.values_list("month", flat=True)),
    )
