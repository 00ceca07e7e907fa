"""What the books print: the S01/ĐP book of a year or of months. Sums of receipts and vouchers, nothing stored."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, Sum

from fees.models import Due, Entry, FeeMonth
from fees.queries.owing import owed
from fees.queries.sums import collected, share_is_configured
from fees.states import Account, VoucherKind
from members.models import Member


@dataclass(frozen=True, slots=True)
class BookLine:
    """Part I: a member, the newest base (đồng, None where none was counted), what was paid for each month."""

    name: str
    base: int | None
    paid: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.paid)


@dataclass(frozen=True, slots=True)
class BookMonth:
    """Part II: a month of the book, đồng; ``retained`` is None where ``why`` says what it waits for."""

    month: datetime.date
    collected: int
    retained: int | None
    remitted: int
    why: str
    opened: bool = True


@dataclass(frozen=True, slots=True)
class Book:
    """The whole book; ``unverified``: a rule behind some amount is not a confirmed one."""

    lines: list[BookLine]
    months: list[BookMonth]
    unverified: bool

    @property
    def by_month(self) -> list[int]:
        """What all members paid for each month."""
        return [sum(line.paid[place] for line in self.lines) for place in range(len(self.months))]

    @property
    def paid(self) -> int:
        return sum(self.by_month)

    @property
    def collected(self) -> int:
        return sum(row.collected for row in self.months)

    @property
    def retained(self) -> int | None:
        """None while a month has no share yet: a sum of some months would be read as that of all."""
        parts = [row.retained for row in self.months]
        return None if None in parts else sum(parts)

    @property
    def remitted(self) -> int:
        return sum(row.remitted for row in self.months)


def book(cell, months: list[datetime.date]) -> Book:
    """S01/ĐP (141-CV/VPTW/nb, 2011) of a cell for months of one year. Names amounts: ask ``fees.view_book`` first."""
    rows = owed(cell, months)
    bases, unverified = {}, False
    dues = Due.objects.filter(cell=cell, month__in=months).order_by("month")
    for due in dues.only("member_id", "base", "rules"):
        unverified |= not due.verified
        if due.base is not None:
            bases[due.member_id] = due.base
    people = Member.objects.filter(pk__in={member for member, _ in rows}).order_by("sort_key", "pk")
    lines = [
        BookLine(name, bases.get(pk), tuple(rows[pk, month].paid if (pk, month) in rows else 0 for month in months))
        for pk, name in people.values_list("pk", "full_name")
    ]
    return Book(lines, _months(cell, months), unverified)


def _months(cell, months):
    opened = {row.month: row for row in FeeMonth.objects.filter(cell=cell, month__in=months)}
    came_in, handed_on = collected(cell, months[0].year), _remitted(cell, months)
    found = []
    for month in months:
        row = opened.get(month)
        retained = row.retained_total if row else 0
        why = _waits_for(cell, row) if retained is None else ""
        sums = (came_in.get(row.pk, 0) if row else 0, retained, handed_on.get(month, 0))
        found.append(BookMonth(month, *sums, why, row is not None))
    return found


def _waits_for(cell, row) -> str:
    if not share_is_configured(cell, row.month):
        return "chưa cấu hình"
    return "chưa khóa sổ" if row.is_open else "chưa trích"


def _remitted(cell, months):
    """{first day: đồng} handed to the superior in the book of each month, what was taken back taken off."""
    remittance = Q(voucher__kind=VoucherKind.REMITTANCE) | Q(voucher__reverses__kind=VoucherKind.REMITTANCE)
    rows = Entry.objects.filter(remittance, cell=cell, account=Account.PAYABLE, voucher__fee_month__month__in=months)
    return dict(rows.order_by().values_list("voucher__fee_month__month").annotate(total=Sum("amount")))
