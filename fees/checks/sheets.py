"""What the checks of an audit read: a cell's book over a period, each kind of row once, however many they are."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Sum

from core.months import months_later, months_through
from fees.calculation import Facts, fee_due
from fees.incomes import same_category
from fees.models import (
    CashCount,
    Declaration,
    Due,
    Entry,
    FeeMonth,
    Payment,
    ReceiptBook,
    Remittance,
    Spending,
    Voucher,
)
from fees.queries.facts import rules_of
from fees.queries.owing import owed
from fees.relief import Waived
from fees.states import Account, VoucherKind
from members.models import FeeCategory


@dataclass(frozen=True, slots=True)
class Found:
    """One row of a check. ``key`` stays the same from run to run; ``amount`` in đồng."""

    key: str
    text: str
    member_id: int | None = None
    month: datetime.date | None = None
    amount: int | None = None


class Sheets:
    """The book of ``cell`` from the month ``first`` to the month ``last`` (first days); each part read when asked."""

    def __init__(self, cell, first: datetime.date, last: datetime.date):
        self.cell, self.first, self.last = cell, first, last
        self.rule = rules_of(cell)

    @property
    def period(self) -> list[datetime.date]:
        """First days of the months looked at."""
        return months_through(self.first, self.last)

    @cached_property
    def all_months(self) -> dict:
        """{first day: FeeMonth} of the whole book, also after the period: what was split or paid since counts."""
        return {row.month: row for row in FeeMonth.objects.filter(cell=self.cell).order_by("month")}

    @property
    def closed(self) -> list[FeeMonth]:
        """Closed months of the period, the oldest first."""
        return [row for month, row in self.all_months.items() if self.first <= month <= self.last and not row.is_open]

    # what members owe

    @cached_property
    def dues(self) -> list[Due]:
        """By given name and month, each with its member, month of the book, waiver and corrections."""
        rows = Due.objects.filter(cell=self.cell, month__range=(self.first, self.last))
        rows = rows.select_related("member", "fee_month", "waiver").prefetch_related("corrections")
        return list(rows.order_by("member__sort_key", "member", "month"))

    @cached_property
    def names(self) -> dict:
        """{member id: name} of everybody with a due in the period."""
        return {due.member_id: due.member.full_name for due in self.dues}

    @cached_property
    def owing(self) -> dict:
        """{member id: [Owing]} from January of the first year on, the oldest month first."""
        start = self.first.replace(month=1)
        months = months_through(start, self.last)
        found = defaultdict(list)
        for row in owed(self.cell, months).values():
            if row.month in self.all_months and not self.all_months[row.month].is_open:
                found[row.member_id].append(row)
        return found

    @cached_property
    def long_dues(self) -> list[tuple]:
        """(member id, month, category, base) of everybody, over the period and the years before it."""
        rows = Due.objects.filter(cell=self.cell, month__lte=self.last, member__in=self.names)
        return list(rows.order_by("member", "month").values_list("member", "month", "category", "base"))

    # what is known of members

    @cached_property
    def _kinds(self) -> dict:
        found = defaultdict(list)
        for row in FeeCategory.objects.filter(member__in=self.names):
            found[row.member_id].append(row)
        return found

    @cached_property
    def _declarations(self) -> dict:
        found = defaultdict(list)
        for row in Declaration.objects.in_force().filter(member__in=self.names).order_by("-from_month", "-pk"):
            found[row.member_id].append(row)
        return found

    def declared(self, due, *, before_close=True):
        """The accepted declaration that counts for a due, or None; what came after the close did not count then."""
        closed_at = due.fee_month.closed_at if before_close else None
        for row in self._declarations[due.member_id]:
            late = closed_at and row.answered_at and row.answered_at > closed_at
            if row.from_month <= due.month and not late:
                return row
        return None

    def kind(self, due) -> str:
        """The category of the member in that month by the records; what was declared after the close counts not yet."""
        kind = next((row.kind for row in self._kinds[due.member_id] if row.holds(due.month)), "")
        newest, known = self.declared(due, before_close=False), self.declared(due)
        if newest is not None and newest != known and same_category(newest.category, kind):
            return due.category
        return kind

    def counted(self, due, kind: str, waiver=None):
        """fees.calculation.Result for the due as category ``kind``, with the waiver given taken as valid, or none."""
        row = self.declared(due)
        base = row.amount if row is not None and same_category(row.category, kind) else None
        member = due.member
        waivers = (waived(waiver, due.month),) if waiver else ()
        return fee_due(
            Facts(due.month, kind, base, "", member.birth_date, member.sex, member.admitted_on, waivers), self.rule
        )

    # receipts, vouchers, counts

    @cached_property
    def payments(self) -> list[Payment]:
        """Receipts of the years of the period, in the order of their numbers; with month and voucher."""
        rows = Payment.objects.filter(cell=self.cell, year__range=(self.first.year, self.last.year))
        return list(rows.select_related("fee_month", "voucher", "member").order_by("year", "number", "pk"))

    @cached_property
    def books(self) -> dict:
        """{year: last number given out}."""
        return dict(ReceiptBook.objects.filter(cell=self.cell).values_list("year", "last"))

    @cached_property
    def remittances(self) -> list[Remittance]:
        """All that stand, the oldest first."""
        return self._standing(Remittance)

    @cached_property
    def spendings(self) -> list[Spending]:
        return self._standing(Spending)

    def _standing(self, model):
        rows = model.objects.filter(cell=self.cell, voucher__reversed_by=None).select_related("voucher")
        return list(rows.order_by("voucher__dated_on", "pk"))

    @cached_property
    def opening_payable(self) -> tuple:
        """(đồng that the standing opening balance left to be passed up, its month or None)."""
        standing = {"voucher__kind": VoucherKind.OPENING, "voucher__reversed_by": None}
        rows = Entry.objects.filter(cell=self.cell, account=Account.PAYABLE, **standing)
        found = rows.values_list("amount", "voucher__dated_on").first()
        return (-found[0], found[1].replace(day=1)) if found else (0, None)

    @cached_property
    def booked(self) -> dict:
        """{(first day of the book's month, kind, account): đồng} of the whole book, debit positive."""
        names = ("voucher__fee_month__month", "voucher__kind", "account")
        rows = Entry.objects.filter(cell=self.cell).order_by().values_list(*names).annotate(total=Sum("amount"))
        return {tuple(key): total for *key, total in rows}

    @cached_property
    def unbalanced(self) -> list[Voucher]:
        """Vouchers of the period whose entries do not sum to zero."""
        rows = Voucher.objects.filter(cell=self.cell, fee_month__month__range=(self.first, self.last))
        return list(rows.annotate(total=Sum("entries__amount")).exclude(total=0).order_by("dated_on", "pk"))

    @cached_property
    def count(self) -> CashCount | None:
        """The newest count of the cash that is not older than the period."""
        rows = CashCount.objects.filter(cell=self.cell, counted_on__gte=self.first)
        return rows.order_by("-counted_on", "-pk").first()


def waived(waiver, month=None) -> Waived:
    """A waiver as the calculation takes it; ``month``: as if it held in that month alone."""
    return Waived(
        waiver.pk, waiver.kind, waiver.percent, waiver.ground, month or waiver.from_month, month or waiver.to_month,
        waiver.decision, waiver.decided_on or waiver.from_month,
    )  # fmt: skip


def spans(months) -> str:
    """ "tháng 01/2026 đến 03/2026, 07/2026"."""
    runs: list[list[datetime.date]] = []
    for month in sorted(set(months)):
        if runs and months_later(runs[-1][-1], 1) == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    words = [f"{run[0]:%m/%Y}" if len(run) == 1 else f"{run[0]:%m/%Y} đến {run[-1]:%m/%Y}" for run in runs]
    return f"tháng {', '.join(words)}"


def grouped(rows, key) -> dict:
    """{key(row): [rows]} in the order in which keys come."""
    found: dict = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found
