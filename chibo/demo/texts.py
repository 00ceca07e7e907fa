"""Reads the demo's data files and turns their relative dates into days; pure."""

import calendar
import datetime
import tomllib
from dataclasses import dataclass
from pathlib import Path

from core.months import months_later

FOLDER = Path(__file__).parent
PASSWORD = "chibo-demo"  # noqa: S105 -- the public password of the demo people, valid in demo mode only
HOLIDAYS = {(1, 1), (30, 4), (1, 5), (2, 9)}  # of the solar year: enough for texts of a demo


def read(name):
    """The content of ``<name>.toml``."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def working_day(day: datetime.date, step: int = 1) -> datetime.date:
    """The day itself, or the next on which offices are open; with ``step`` -1 the one before."""
    while day.weekday() > 4 or (day.day, day.month) in HOLIDAYS:
        day += datetime.timedelta(days=step)
    return day


@dataclass(frozen=True)
class Almanac:
    """Dates of the demo, counted from the day of the first start."""

    today: datetime.date
    regular_day: int = 5

    @property
    def base(self) -> datetime.date:
        """First day of the month of the next regular meeting."""
        month = self.today.replace(day=1)
        this_month = working_day(month.replace(day=self.regular_day))
        return month if self.today <= this_month else months_later(month, 1)

    def date(self, text):
        """ "2020-01-31", "-8m:10" (day 10, eight months before the base month) or "-40d"; None stays None."""
        if not text:
            return None
        if text.endswith("d"):
            return self.today + datetime.timedelta(days=int(text[:-1]))
        if "m:" in text:
            offset, day = text.split("m:")
            month = months_later(self.base, int(offset))
            return month.replace(day=min(int(day), calendar.monthrange(month.year, month.month)[1]))
        return datetime.date.fromisoformat(text)

    @property
    def soonest(self) -> datetime.date:
        """The next working day: the first on which something can still be held."""
        return working_day(self.today + datetime.timedelta(days=1))

    def meeting_day(self, offset: int, day: int) -> datetime.date:
        """Day of a meeting; one to come leaves room for the committee before it."""
        found = working_day(months_later(self.base, offset).replace(day=day))
        return max(found, working_day(self.soonest + datetime.timedelta(days=2))) if offset >= 0 else found

    def eve(self, day: datetime.date, days_before: int) -> datetime.date:
        """Day of the committee meeting so many days before a meeting, or the working day before that."""
        found = working_day(day - datetime.timedelta(days=days_before), step=-1)
        return max(found, self.soonest) if day > self.today else found


def fill(text: str, day: datetime.date) -> str:
    """The placeholders of the texts, from the day of their meeting."""
    before, after = months_later(day, -1), months_later(day, 1)
    values = {
        "{thang}": str(day.month),
        "{thang_truoc}": str(before.month),
        "{thang_sau}": str(after.month),
        "{nam}": str(day.year),
        "{ngay_hop}": day.strftime("%d/%m/%Y"),
    }
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text
