"""The cash book: what is left in a place, the vouchers with their running balance, the sums of a year by month."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Case, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from core.months import months_later
from fees.models import CashCount, Entry, FeeMonth, Remittance, Spending, Voucher
from fees.states import PLACES, Account, MonthState, VoucherKind

RECEIPTS = (VoucherKind.RECEIPT, VoucherKind.REVERSAL)


# What is left


def least(cell, account, on: datetime.date) -> tuple[int, datetime.date]:
    """The smallest balance of a place from the evening of ``on`` to the end of the book (đồng), and its day.

    No more than this can leave the place on that day: less would be there on a later one than was paid out.
    """
    rows = Entry.objects.filter(cell=cell, account=account)
    running = rows.filter(voucher__dated_on__lte=on).aggregate(total=Sum("amount"))["total"] or 0
    found = (running, on)
    later = rows.filter(voucher__dated_on__gt=on).order_by("voucher__dated_on")
    for day, amount in later.values_list("voucher__dated_on").annotate(total=Sum("amount")):
        running += amount
        found = min(found, (running, day), key=lambda pair: pair[0])
    return found


def standing_opening(cell):
    """The opening balance that holds: booked and not taken back; None before there is one."""
    rows = Voucher.objects.filter(cell=cell, kind=VoucherKind.OPENING, reversed_by=None)
    return rows.order_by("-pk").first()


def open_count(cell):
    """The newest count of the cash if its difference is not explained in the book yet, else None."""
    newest = CashCount.objects.filter(cell=cell).order_by("-counted_on", "-pk").first()
    return newest if newest and newest.difference and not newest.voucher_id else None


# The book


@dataclass(frozen=True)
class Line:
    """A voucher as the book shows it: đồng that came in and went out, and what was there afterwards."""

    voucher: Voucher
    amount: int  # change of the place, or of all places together
    balance: int | None = None

    @property
    def came(self) -> int:
        return max(self.amount, 0)

    @property
    def went(self) -> int:
        return max(-self.amount, 0)

    @property
    def inside(self) -> int:
        """What a voucher turns over that moves no money into or out of the places looked at: a split, a move."""
        return 0 if self.amount else sum(max(entry.amount, 0) for entry in self.voucher.entries.all())


def vouchers(user, cell, place=""):
    """Vouchers of a cell that the person may read, newest first; ``place``: only those that touch it."""
    rows = Voucher.objects.visible_to(user).filter(cell=cell)
    if place:
        rows = rows.filter(pk__in=Entry.objects.filter(cell=cell, account=place).values("voucher"))
    return (
        rows.order_by("-dated_on", "-pk").select_related("payment__member", "reversed_by").prefetch_related("entries")
    )


def lines(cell, rows, place="", *, whole: bool) -> list[Line]:
    """Lines of one page of vouchers, newest first; a balance only for who reads the ``whole`` book."""
    rows, accounts = list(rows), [place] if place else PLACES
    balance = _until(cell, rows[0], accounts) if rows and whole else None
    found = []
    for voucher in rows:
        amount = sum(entry.amount for entry in voucher.entries.all() if entry.account in accounts)
        found.append(Line(voucher, amount, balance))
        balance = None if balance is None else balance - amount
    return found


def _until(cell, voucher, accounts) -> int:
    before = Q(voucher__dated_on__lt=voucher.dated_on)
    rows = Entry.objects.filter(before | Q(voucher__dated_on=voucher.dated_on, voucher__lte=voucher.pk))
    return rows.filter(cell=cell, account__in=accounts).aggregate(total=Sum("amount"))["total"] or 0


# Sums of a year


@dataclass
class MonthSums:
    """One month of a cell's book in đồng; sums alone, nobody is named."""

    month: datetime.date
    is_open: bool = False
    is_split: bool = False  # the share was configured and the month divided
    retained: int = 0  # of what the month collected, whenever it was divided
    payable: int = 0
    opening: int = 0
    collected: int = 0
    remitted: int = 0
    spent: int = 0
    counted: int = 0  # found too much (or too little) at a count
    moved: int = 0  # all that entered and left the places

    @property
    def closing(self) -> int:
        return self.opening + self.moved


@dataclass(frozen=True)
class YearSums:
    """Months of one cell, and their totals; open months are left out of what was collected where ``closed_only``."""

    months: list
    closed_only: bool = False

    @property
    def told(self) -> list:
        """The months whose sums are shown: a sum that grows by one receipt would tell what its payer paid."""
        return [month for month in self.months if not (self.closed_only and month.is_open)]

    @property
    def balance(self) -> int | None:
        """What was there at the end of the last month told (đồng); None before there is one."""
        return self.told[-1].closing if self.told else None

    @property
    def until(self):
        """The last month told, a MonthSums; None before there is one."""
        return self.told[-1] if self.told else None

    def total(self, name: str) -> int:
        told = self.months if name in ("remitted", "spent") else self.told
        return sum(getattr(month, name) for month in told)

    @property
    def totals(self) -> dict:
        return {name: self.total(name) for name in ("collected", "retained", "payable", "remitted", "spent", "counted")}


KIND = Case(
    When(voucher__kind=VoucherKind.OPENING, then=Value(VoucherKind.OPENING.value)),
    default=Coalesce("voucher__reverses__kind", "voucher__kind"),  # what was taken back counts as it was booked
)
# (kind, account) -> (what it counts as, sign)
COUNTS = {
    (VoucherKind.RECEIPT, Account.COLLECTED): ("collected", -1),
    (VoucherKind.REMITTANCE, Account.PAYABLE): ("remitted", 1),
    (VoucherKind.SPENDING, Account.RETAINED): ("spent", 1),
    (VoucherKind.COUNT, Account.CASH): ("counted", 1),
}


def year_sums(cells, year: int, *, closed_only=False) -> dict:
    """{cell id: YearSums} for the cells given (objects or ids); three queries however many there are."""
    ids = [getattr(cell, "pk", cell) for cell in cells]
    first = datetime.date(year, 1, 1)
    found = {pk: {} for pk in ids}
    for row in FeeMonth.objects.filter(cell__in=ids, month__year=year).order_by("month"):
        shares = {"retained": row.retained_total or 0, "payable": row.payable_total or 0}
        is_split = row.retained_percent is not None
        found[row.cell_id][row.month] = MonthSums(row.month, row.is_open, is_split, **shares)
    flows = Entry.objects.filter(cell__in=ids, voucher__fee_month__month__year=year).annotate(what=KIND)
    flows = flows.values_list("cell", "voucher__fee_month__month", "what", "account").order_by()
    for cell, month, kind, account, total in flows.annotate(total=Sum("amount")):
        _add(found[cell][month], kind, account, total)
    before = _places(Entry.objects.filter(cell__in=ids, voucher__fee_month__month__lt=first))
    return {pk: YearSums(_carried(months, before[pk]), closed_only) for pk, months in found.items()}


def _add(sums, kind, account, amount):
    if kind == VoucherKind.OPENING and account in PLACES:
        sums.opening += amount
        return
    if account in PLACES:
        sums.moved += amount
    if (kind, account) in COUNTS:
        name, sign = COUNTS[kind, account]
        setattr(sums, name, getattr(sums, name) + sign * amount)


def _places(rows) -> dict:
    rows = rows.filter(account__in=PLACES).order_by().values_list("cell").annotate(total=Sum("amount"))
    return defaultdict(int, dict(rows))


def _carried(months, opening) -> list:
    """Months in order, each opening with what the one before left."""
    for sums in months.values():
        sums.opening += opening
        opening = sums.closing
    return list(months.values())


def passed_up(cell, year: int) -> list:
    """Remittances of a year that stand, newest first; those taken back are left out."""
    rows = Remittance.objects.filter(cell=cell, voucher__fee_month__month__year=year, voucher__reversed_by=None)
    return list(rows.select_related("voucher").order_by("-voucher__dated_on", "-pk"))


def spent_on(cell, year: int) -> list:
    """Spendings of a year that stand, newest first."""
    rows = Spending.objects.filter(cell=cell, voucher__fee_month__month__year=year, voucher__reversed_by=None)
    return list(rows.select_related("voucher").order_by("-voucher__dated_on", "-pk"))


def number_taken(cell, receiver: str, number: str):
    """The standing remittance to this receiver with this number of paper, or None."""
    rows = Remittance.objects.filter(cell=cell, receiver=receiver, paper_number=number, voucher__reversed_by=None)
    return rows.annotate(day=F("voucher__dated_on")).first()


def last_close(cell):
    """The last day of the newest closed month of a cell's book, or None: until then sums are frozen."""
    rows = FeeMonth.objects.filter(cell=cell, state=MonthState.CLOSED).order_by("-month")
    newest = rows.values_list("month", flat=True).first()
    return newest and months_later(newest, 1) - datetime.timedelta(days=1)


def first_open_month(cell):
    """The oldest month that takes bookings (its first day), or None."""
    rows = FeeMonth.objects.filter(cell=cell, state=MonthState.OPEN).order_by("month")
    return rows.values_list("month", flat=True).first()
