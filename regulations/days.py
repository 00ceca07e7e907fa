"""Public holidays, days off in lieu and working Saturdays, out of the library ``holidays`` and the file of decrees."""

import datetime
import tomllib
from functools import cache
from pathlib import Path

from holidays.countries.vietnam import Vietnam, VietnamStaticHolidays

from regulations.models import DayKind, OfficialDay

DATA = Path(__file__).parent / "data" / "decreed_years.toml"
LAW = "Bộ luật Lao động 2019, Điều 112"
AWAITED = "chưa có thông báo của năm"
SWAPPED = set(VietnamStaticHolidays.special_public_holidays)  # years for which the library carries a decreed swap
FIELDS = ("date", "name", "kind", "decreed", "source")


def years_from(today: datetime.date) -> range:
    """Years whose days are kept: from the last one to the third after the present."""
    return range(today.year - 1, today.year + 4)


@cache
def decrees() -> tuple[dict, dict]:
    """({year: paper that fixed its days}, {name of a day: paper that made it one}) of the data file."""
    rows = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return {row["year"]: row["source"] for row in rows["year"]}, {row["name"]: row["source"] for row in rows["day"]}


def is_decreed(year: int) -> bool:
    """Whether a paper has fixed the days off of a year; else they are "dự kiến"."""
    return year in decrees()[0] or year in SWAPPED


def official_days(years) -> list[OfficialDay]:
    """Unsaved rows of those years, by date."""
    return [OfficialDay(**dict(zip(FIELDS, row, strict=True))) for year in years for row in _known(year)]


@cache
def _known(year):
    """Values of FIELDS of one year; the library needs some milliseconds for each."""
    found = Vietnam(years=year, language="vi")
    fixed = is_decreed(year)
    rows = [(day, name, DayKind.OFF, fixed, _source(name, year)) for day, name in found.items() if day.year == year]
    rows += [(day, "Làm bù", DayKind.WORK, fixed, _paper(year)) for day in found.weekend_workdays if day.year == year]
    return sorted(rows)


def _source(name, year):
    """The law or the paper that made the day one, then the paper that fixed the year's, if it did that day."""
    own = next((source for known, source in decrees()[1].items() if name.startswith(known)), "")
    return own if own and is_decreed(year) else f"{own or LAW}; {_paper(year)}"


def _paper(year):
    if not is_decreed(year):
        return AWAITED
    return decrees()[0].get(year, "văn bản hoán đổi ngày làm việc của năm")
