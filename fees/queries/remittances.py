"""Money passed up: what one remittance pays for, by month with the share that stays, and those of a period."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum

from core.months import months_later
from core.vietnamese import number
from fees.models import Entry, FeeMonth, Remittance
from fees.periods import spans
from fees.queries.cash import KIND
from fees.states import Account, VoucherKind
from members.queries import rule_for
from regulations.lookup import Answer

SHARE = "fee.retained_percent"


@dataclass(frozen=True, slots=True)
class Divided:
    """One month of the book, đồng; ``percent`` is None while it is not divided, ``rule`` is the one that holds."""

    month: datetime.date
    is_open: bool
    collected: int | None  # None while the month is open
    percent: Decimal | None
    retained: int | None
    payable: int | None
    rule: Answer

    @property
    def percent_text(self) -> str:
        """ "30 %"."""
        return "" if self.percent is None else f"{number(self.percent)} %"

    @property
    def why(self) -> str:
        """What the share waits for."""
        if self.percent is not None:
            return ""
        if self.is_open:
            return "chưa khóa sổ"
        return "chưa trích" if self.rule.configured else "chưa cấu hình"


@dataclass(frozen=True, slots=True)
class Source:
    """The rule by which months were divided."""

    months: list[datetime.date]
    words: str
    verified: bool

    @property
    def months_words(self) -> str:
        return spans(self.months)


def divided(cell, first: datetime.date, last: datetime.date) -> list[Divided]:
    """The months of the book from one to another (first days, inclusive), the oldest first; one query and the rules."""
    rows = FeeMonth.objects.filter(cell=cell, month__range=(first, last)).order_by("month")
    return [
        Divided(
            row.month, row.is_open, row.collected_total, row.retained_percent, row.retained_total, row.payable_total,
            rule_for(cell, SHARE, row.month),
        )
        for row in rows
    ]  # fmt: skip


def sources(months: list[Divided]) -> list[Source]:
    """The rules behind the shares, each once; a share that was changed since says so instead of quoting the new one."""
    found: dict[tuple, list] = {}
    for row in months:
        if row.percent is None:
            continue
        same = row.rule.configured and row.rule.decimal == row.percent
        words = f"để lại {row.percent_text}: "
        words += f"{row.rule.source} ({row.rule.origin})" if same else "tỷ lệ ghi khi trích, quy định nay đã khác"
        found.setdefault((words, same and row.rule.verified), []).append(row.month)
    return [Source(rows, words, verified) for (words, verified), rows in found.items()]


def totals(months: list[Divided]) -> dict:
    """What the months that are known add up to."""
    return {name: sum(getattr(row, name) or 0 for row in months) for name in ("collected", "retained", "payable")}


@dataclass(frozen=True)
class Sheet:
    """One remittance with the months that it pays for, đồng. ``owed`` is all that was to go up to that month."""

    remittance: Remittance
    months: list[Divided]
    opening: int  # of ``owed``: what the opening balance said was still to go up
    owed: int
    sent: int  # by the remittances before this one that stand

    @property
    def undivided(self) -> list[datetime.date]:
        """Months without a share: what is owed for them is not known, so neither is what is left."""
        return [row.month for row in self.months if row.percent is None]

    @property
    def before(self) -> int:
        """What was still to go up before this remittance."""
        return self.owed - self.sent

    @property
    def left(self) -> int:
        """What is still to go up after it; negative where too much went up."""
        return self.before - self.remittance.amount

    @property
    def totals(self) -> dict:
        return totals(self.months)

    @property
    def sources(self) -> list[Source]:
        return sources(self.months)


def sheet(remittance) -> Sheet:
    """What stands on the paper of one remittance; five queries and the rules."""
    cell, through = remittance.cell, remittance.through_month
    before = list(_before(remittance))
    since = max((row.through_month for row in before), default=None)
    all_months = FeeMonth.objects.filter(cell=cell, month__lte=through)
    opening = -_sum(Entry.objects.annotate(what=KIND).filter(
        cell=cell, account=Account.PAYABLE, what=VoucherKind.OPENING, voucher__dated_on__lte=remittance.voucher.dated_on
    ), "amount")  # fmt: skip
    first = min(months_later(since, 1), through) if since else datetime.date.min
    return Sheet(
        remittance,
        divided(cell, first, through),
        opening,
        opening + _sum(all_months, "payable_total"),
        sum(row.amount for row in before),
    )


def _before(remittance):
    """The remittances of the cell booked before this one that stand."""
    day = remittance.voucher.dated_on
    earlier = Q(voucher__dated_on__lt=day) | Q(voucher__dated_on=day, pk__lt=remittance.pk)
    return Remittance.objects.filter(earlier, cell=remittance.cell_id, voucher__reversed_by=None)


def _sum(rows, name) -> int:
    return rows.aggregate(total=Sum(name))["total"] or 0


@dataclass(frozen=True)
class Passed:
    """The remittances in the books of a period that stand, the oldest first, beside the months of the period."""

    months: list[Divided]
    rows: list[Remittance]

    @property
    def amount(self) -> int:
        return sum(row.amount for row in self.rows)

    @property
    def totals(self) -> dict:
        return totals(self.months)

    @property
    def sources(self) -> list[Source]:
        return sources(self.months)


def passed(cell, period) -> Passed:
    """What went up in the books of a period (fees.periods.Period); two queries and the rules."""
    rows = Remittance.objects.filter(
        cell=cell, voucher__fee_month__month__range=(period.first, period.last), voucher__reversed_by=None
    ).select_related("voucher")
    return Passed(divided(cell, period.first, period.last), list(rows.order_by("voucher__dated_on", "pk")))
