"""Sums of a period that name nobody: what B01 asks (DOMAIN §3.4), and how the year of the cell went, month by month."""

import datetime
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone

from core.months import months_later
from fees.queries.cash import MonthSums, year_sums
from fees.queries.sums import share_is_configured
from fees.states import DueKind, Share
from members.models import Member


@dataclass(frozen=True)
class Summary:
    """A period of the book in đồng. ``months`` are told, ``untold`` are open ones whose sums the reader may not see."""

    months: list[MonthSums]
    untold: list[datetime.date]
    unopened: list[datetime.date]
    members: int  # on the roll on ``counted_on``
    counted_on: datetime.date
    share_unknown: bool  # the superior laid down no share for some month that is not divided

    @property
    def open(self) -> list[datetime.date]:
        """Months told whose sums still grow."""
        return [row.month for row in self.months if row.is_open]

    @property
    def undivided(self) -> list[datetime.date]:
        return [row.month for row in self.months if not row.is_split]

    @property
    def collected(self) -> int:
        return sum(row.collected for row in self.months)

    @property
    def retained(self) -> int | None:
        """None while a month is not divided: a sum of some months would be read as that of all."""
        return None if self.undivided else sum(row.retained for row in self.months)

    @property
    def payable(self) -> int | None:
        return None if self.undivided else sum(row.payable for row in self.months)

    @property
    def remitted(self) -> int:
        return sum(row.remitted for row in self.months)

    @property
    def why(self) -> str:
        """The word where the shares are not known."""
        if not self.undivided:
            return ""
        return "chưa cấu hình" if self.share_unknown else "chưa đủ"

    @property
    def reason(self) -> str:
        """What the shares wait for."""
        if not self.undivided:
            return ""
        if self.share_unknown:
            return "cấp trên chưa đặt tỷ lệ để lại"
        return "còn tháng chưa khóa sổ" if self.open else "còn tháng chưa trích"


def summary(cell, period, *, closed_only) -> Summary:
    """The sums of a period; with ``closed_only`` an open month is left out whole. Four queries."""
    known = [row for row in year_sums([cell], period.year)[cell.pk].months if period.first <= row.month <= period.last]
    told = [row for row in known if not (closed_only and row.is_open)]
    counted_on = min(timezone.localdate(), months_later(period.last, 1) - datetime.timedelta(days=1))
    seen = {row.month for row in known}
    return Summary(
        told,
        [row.month for row in known if row not in told],
        [month for month in period.months if month not in seen],
        Member.objects.on_roll(cell, counted_on).count(),
        counted_on,
        any(not row.is_split and not share_is_configured(cell, row.month) for row in told),
    )


@dataclass(frozen=True)
class CellMonth:
    """One month of the year of the cell: its sums, and how many of who had to pay paid all of it within the month."""

    sums: MonthSums
    payers: int
    in_time: int

    @property
    def percent(self) -> int | None:
        """Rounded down: 100 means everybody; None where nobody had to pay."""
        return 100 * self.in_time // self.payers if self.payers else None


@dataclass(frozen=True)
class CellYear:
    """The months that the reader may see, the oldest first; ``untold`` are open ones they may not."""

    months: list[CellMonth]
    untold: list[datetime.date] = field(default_factory=list)

    def total(self, name: str) -> int:
        return sum(getattr(row.sums, name) for row in self.months)

    @property
    def payers(self) -> int:
        return sum(row.payers for row in self.months)

    @property
    def in_time(self) -> int:
        return sum(row.in_time for row in self.months)


# A due is paid in time when the receipts of its month that stand, up to the last day of the month, cover it with
# its corrections. Reversed receipts brought nothing.
IN_TIME = """
SELECT d.month, count(*), count(*) FILTER (WHERE coalesce(p.amount, 0) >= d.amount + coalesce(c.amount, 0))
  FROM fees_due d
  LEFT JOIN (SELECT due_id, sum(amount) AS amount FROM fees_correction WHERE cell_id = %(cell)s GROUP BY 1) c
         ON c.due_id = d.id
  LEFT JOIN (SELECT a.member_id, a.month, sum(a.amount) AS amount
               FROM fees_allocation a JOIN fees_payment p ON p.id = a.payment_id
              WHERE a.cell_id = %(cell)s AND a.share = %(share)s AND p.reverses_id IS NULL
                AND p.paid_on < a.month + interval '1 month'
                AND NOT EXISTS (SELECT 1 FROM fees_payment r WHERE r.reverses_id = p.id)
              GROUP BY 1, 2) p
         ON p.member_id = d.member_id AND p.month = d.month
 WHERE d.cell_id = %(cell)s AND (d.kind = %(kind)s OR c.amount > 0) AND d.month = ANY(%(months)s)
 GROUP BY 1"""


def paid_in_time(cell, months) -> dict:
    """{first day: (who had to pay, who paid all of it within that month)}; one query."""
    values = {"cell": cell.pk, "months": list(months), "share": Share.DUE.value, "kind": DueKind.PAYABLE.value}
    with connection.cursor() as cursor:
        cursor.execute(IN_TIME, values)
        return {month: (payers, in_time) for month, payers, in_time in cursor.fetchall()}


def cell_year(cell, year: int, *, closed_only) -> CellYear:
    """The year by month; with ``closed_only`` open months are left out. Four queries."""
    known = year_sums([cell], year)[cell.pk].months
    told = [row for row in known if not (closed_only and row.is_open)]
    in_time = paid_in_time(cell, [row.month for row in told])
    untold = [row.month for row in known if row.is_open and closed_only]
    return CellYear([CellMonth(row, *in_time.get(row.month, (0, 0))) for row in told], untold)
