"""Who owes what for which month: dues with their corrections against the parts of the receipts. Nothing is stored."""

import datetime
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from fees.standing import Standing, standing_of

# One statement: the dues of a cell beside what was paid for the same member and month; months paid for that have no
# row yet (paid in advance) come as well. Voluntary parts pay for no month.
OWING = """
SELECT coalesce(d.member_id, a.member_id), coalesce(d.month, a.month), d.id, d.kind,
       coalesce(d.amount, 0), coalesce(c.amount, 0), coalesce(a.amount, 0)
  FROM (SELECT id, member_id, month, kind, amount FROM fees_due WHERE cell_id = %(cell)s {where}) d
  FULL JOIN (SELECT member_id, month, sum(amount)::bigint AS amount FROM fees_allocation
              WHERE cell_id = %(cell)s AND share = 'due' {where} GROUP BY 1, 2) a
         ON a.member_id = d.member_id AND a.month = d.month
  LEFT JOIN (SELECT due_id, sum(amount)::bigint AS amount FROM fees_correction WHERE cell_id = %(cell)s GROUP BY 1) c
         ON c.due_id = d.id
 {having}
 ORDER BY 2, 1"""
LEFT = "WHERE coalesce(d.amount, 0) + coalesce(c.amount, 0) > coalesce(a.amount, 0)"


@dataclass(frozen=True, slots=True)
class Owing:
    """One member and one month, in đồng. ``due_id`` and ``kind`` are None where the month has no row for the member."""

    member_id: int
    month: datetime.date
    due_id: int | None
    kind: str | None
    due: int  # as computed
    corrections: int
    paid: int
    standing: Standing

    @property
    def owes(self) -> int:
        """What is to be paid for the month altogether."""
        return self.due + self.corrections

    @property
    def left(self) -> int:
        """What is still to be paid; 0 where too much came in."""
        return max(0, self.owes - self.paid)


def owed(cell, months=None, members=None) -> dict:
    """{(member id, first day of month): Owing} of a cell, by month; one query.

    ``months`` are first days, None for all; ``members`` ids, None for everybody.
    """
    return {(row.member_id, row.month): row for row in _rows(cell, months, members)}


def debts(cell, until=None, members=None) -> dict:
    """{member id: [Owing with something left, oldest month first]} up to and with the month ``until``; one query."""
    found: dict[int, list[Owing]] = {}
    for row in _rows(cell, None, members, until=until, only_left=True):
        found.setdefault(row.member_id, []).append(row)
    return found


def statuses(cell, year: int) -> dict:
    """{(member id, first day of month): Standing} of a year: words without amounts, for who may see no amounts."""
    return {key: row.standing for key, row in owed(cell, months_of(year)).items()}


def months_of(year: int) -> list[datetime.date]:
    """The first days of the twelve months."""
    return [datetime.date(year, month, 1) for month in range(1, 13)]


def _rows(cell, months, members, until=None, only_left=False):
    where = ""
    if months is not None:
        where += " AND month = ANY(%(months)s)"
    if members is not None:
        where += " AND member_id = ANY(%(members)s)"
    if until is not None:
        where += " AND month <= %(until)s"
    values = {"cell": cell.pk, "until": until}
    values |= {"months": list(months or ()), "members": [getattr(one, "pk", one) for one in members or ()]}
    present = timezone.localdate().replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(OWING.format(where=where, having=LEFT if only_left else ""), values)
        for member, month, due_id, kind, due, corrections, paid in cursor.fetchall():
            word = standing_of(kind, due + corrections, paid, is_over=month < present)
            yield Owing(member, month, due_id, kind, due, corrections, paid, word)
