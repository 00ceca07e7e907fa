"""Numbers of a cell's year, for charts that stand beside their table; facts only, never who said what."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, F, Q, Value
from django.db.models.functions import ExtractMonth
from django.utils import timezone

from assignments.models import Assignment
from assignments.states import Audience
from assignments.states import State as TaskState
from meetings.models import Attendance
from meetings.states import REGULAR_KINDS, Body, Presence, State


@dataclass(frozen=True)
class Month:
    """A month's regular meetings (``held``) with who came of those who had to, and its tasks by whether in time."""

    number: int
    held: int = 0
    present: int = 0
    counted: int = 0
    in_time: int = 0
    late: int = 0

    @property
    def presence(self):
        """Percent present of those who had to come, rounded down: 100 means everybody; None without a meeting."""
        return 100 * self.present // self.counted if self.counted else None

    @property
    def timeliness(self):
        """Percent of the tasks due that month which were done in time, whole; None without tasks."""
        tasks = self.in_time + self.late
        return 100 * self.in_time // tasks if tasks else None


@dataclass(frozen=True)
class Year:
    """Twelve months and their sums; ``passed`` months of the year have begun."""

    year: int
    months: list
    passed: int

    def sum(self, name) -> int:
        return sum(getattr(month, name) for month in self.months)

    @property
    def held_months(self) -> int:
        """Months with at least one regular meeting (Điều lệ: one a month)."""
        return sum(month.held > 0 for month in self.months)

    @property
    def presence(self):
        counted = self.sum("counted")
        return 100 * self.sum("present") // counted if counted else None

    @property
    def in_time(self) -> int:
        return self.sum("in_time")

    @property
    def tasks(self) -> int:
        return self.sum("in_time") + self.sum("late")


def year_of(cell, year=None) -> Year:
    """The numbers of a calendar year of a cell, in one query."""
    today = timezone.localdate()
    year = year or today.year
    found = {number: {} for number in range(1, 13)}
    for month, kind, first, second, third in _meetings(cell, year).union(_tasks(cell, year), all=True):
        names = ("held", "present", "counted") if kind == "meetings" else ("in_time", "late", "")
        found[month] |= {name: value for name, value in zip(names, (first, second, third), strict=True) if name}
    months = [Month(number, **values) for number, values in found.items()]
    passed = 12 if year < today.year else today.month if year == today.year else 0
    return Year(year, months, passed)


def _meetings(cell, year):
    """Regular meetings by month; the exempt, those elsewhere and the excused are not counted (DOMAIN §1.5)."""
    rows = Attendance.objects.filter(
        meeting__cell=cell, meeting__body=Body.CELL, meeting__kind__in=REGULAR_KINDS, meeting__state=State.CLOSED,
        meeting__starts_at__date__range=_days(year),
    ).order_by()  # fmt: skip
    came, missed = Q(presence=Presence.PRESENT), Q(presence=Presence.ABSENT_UNEXCUSED)
    return _by_month(
        rows, "meetings", ExtractMonth("meeting__starts_at"),
        Count("meeting", distinct=True), Count("pk", filter=came), Count("pk", filter=came | missed),
    )  # fmt: skip


def _tasks(cell, year):
    """Tasks by the month they were due: finished by that day, or later and still not. Only what the whole cell may
    see is counted.
    """
    rows = Assignment.objects.filter(cell=cell, due_on__range=_days(year)).exclude(state=TaskState.CANCELLED)
    rows = rows.filter(audience=Audience.CELL).order_by()
    in_time = Q(finished_at__date__lte=F("due_on"))
    late = Q(finished_at__date__gt=F("due_on")) | Q(finished_at=None, due_on__lt=timezone.localdate())
    return _by_month(
        rows, "tasks", ExtractMonth("due_on"), Count("pk", filter=in_time), Count("pk", filter=late), Count("pk")
    )


def _by_month(rows, kind, month, first, second, third):
    counted = rows.annotate(month=month, kind=Value(kind)).values("month", "kind")
    return counted.annotate(first=first, second=second, third=third).values_list(
        "month", "kind", "first", "second", "third"
    )


def _days(year):
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
