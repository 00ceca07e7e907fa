"""On which day of a month a cell meets: its rhythm, weekends, days off. Pure: days off are passed in."""

import calendar
import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from core.vietnamese import weekday as weekday_name

DAY = datetime.timedelta(days=1)
WEEKEND = 5  # date.weekday() of the first day of the weekend
LAST = 5  # "the last Monday" among Organisation.Week
COMMITTEE_BEFORE = 4  # days: the committee agrees, then the notice still goes out three days before
TET = "Tết Nguyên Đán"
COMMON_WORDS = ("Ngày ", "Mùng ", "Giao thừa")


@dataclass(frozen=True)
class Pattern:
    """The rhythm of a cell as its form says it: a fixed ``day``, or the ``week``-th ``weekday`` (5: the last one)."""

    rhythm: str = "day"
    day: int = 5
    week: int = 1
    weekday: int = 0
    weekends: bool = False


def nominal_day(pattern: Pattern, year: int, month: int) -> datetime.date:
    """The day that the rhythm names, whatever day it is."""
    if pattern.rhythm == "day":
        return datetime.date(year, month, pattern.day)
    first = datetime.date(year, month, 1)
    first += (pattern.weekday - first.weekday()) % 7 * DAY
    if pattern.week < LAST:
        return first + 7 * (pattern.week - 1) * DAY
    return first + (last_day(year, month) - first).days // 7 * 7 * DAY


def last_day(year: int, month: int) -> datetime.date:
    """The last day of a month."""
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def is_free(day, off: Mapping, weekends_ok: bool, worked: Collection = ()) -> bool:
    """Whether a meeting may stand on a day: no day off; at a weekend only if allowed or if that day is worked."""
    return day not in off and (weekends_ok or day.weekday() < WEEKEND or day in worked)


def falls_on(day, off: Mapping[datetime.date, Any]) -> str:
    """Why a day is not free: "rơi vào mùng hai Tết Nguyên Đán", "rơi vào Chủ nhật". ``off`` values have a ``name``."""
    if day not in off:
        return f"rơi vào {weekday_name(day)}"
    name = off[day].name
    return f"rơi vào {name[0].lower() + name[1:] if name.startswith(COMMON_WORDS) else name}"


def regular_day(nominal, off: Mapping, weekends_ok: bool, worked: Collection = ()) -> tuple[datetime.date, str]:
    """(day of the meeting, why it is not the nominal one, or "").

    The nominal day if it is free, else the next free day of the month, else the one before; the nominal one where the
    whole month is off. Never in another month: a cell meets once in each (Điều lệ Đảng, Điều 22 và 24).
    """
    if is_free(nominal, off, weekends_ok, worked):
        return nominal, ""
    end = last_day(nominal.year, nominal.month).day
    order = [*range(nominal.day + 1, end + 1), *range(nominal.day - 1, 0, -1)]
    days = (nominal.replace(day=number) for number in order)
    found = next((day for day in days if is_free(day, off, weekends_ok, worked)), None)
    return (found, falls_on(nominal, off)) if found else (nominal, "")


def committee_day(meeting, off: Mapping, weekends_ok: bool, worked: Collection = ()) -> datetime.date:
    """The day of the committee meeting: COMMITTEE_BEFORE days ahead, or the free day before that.

    Always earlier, never later: what the committee agreed has to reach everybody in time (42-HD/BTCTW).
    """
    wanted = meeting - COMMITTEE_BEFORE * DAY
    for back in range(31):
        if is_free(wanted - back * DAY, off, weekends_ok, worked):
            return wanted - back * DAY
    return wanted


@dataclass(frozen=True)
class Run:
    """Days off in a row."""

    first: datetime.date
    last: datetime.date
    name: str
    decreed: bool

    @property
    def days(self) -> str:
        """ "02/09" or "16/02 đến 20/02"."""
        return f"{self.first:%d/%m}" if self.first == self.last else f"{self.first:%d/%m} đến {self.last:%d/%m}"


def runs(off, month) -> list[Run]:
    """Days off of a month; neighbours of one feast are one run."""
    found: list[Run] = []
    for day, row in off.items():
        if day.month != month:
            continue
        if found and day - found[-1].last == DAY and _same_feast(found[-1].name, row.name):
            name = row.name if row.name == found[-1].name else TET
            found[-1] = Run(found[-1].first, day, name, row.decreed)
        else:
            found.append(Run(day, day, row.name, row.decreed))
    return found


def _same_feast(one, other) -> bool:
    return one == other or ("Tết" in one and "Tết" in other)
