"""The months of one year that a book or a report is about, and how they are called. Pure."""

import datetime
from dataclasses import dataclass

from core.months import months_through

YEAR = (1, 12)
NAMED = {
    YEAR: "năm",
    (1, 6): "6 tháng đầu năm",
    (7, 12): "6 tháng cuối năm",
    (1, 3): "quý I năm",
    (4, 6): "quý II năm",
    (7, 9): "quý III năm",
    (10, 12): "quý IV năm",
}


@dataclass(frozen=True, slots=True)
class Period:
    """From the month ``start`` to the month ``end`` of a year, both inclusive."""

    year: int
    start: int = 1
    end: int = 12

    @property
    def first(self) -> datetime.date:
        return datetime.date(self.year, self.start, 1)

    @property
    def last(self) -> datetime.date:
        """The first day of the last month."""
        return datetime.date(self.year, self.end, 1)

    @property
    def months(self) -> list[datetime.date]:
        return months_through(self.first, self.last)

    @property
    def words(self) -> str:
        """ "năm 2026", "quý I năm 2026", "tháng 03/2026", "từ tháng 02 đến tháng 05/2026"."""
        if name := NAMED.get((self.start, self.end)):
            return f"{name} {self.year}"
        if self.start == self.end:
            return f"tháng {self.first:%m/%Y}"
        return f"từ tháng {self.first:%m} đến tháng {self.last:%m/%Y}"

    @property
    def query(self) -> dict:
        """What an address carries; nothing for the whole year."""
        return {} if (self.start, self.end) == YEAR else {"tu": self.start, "den": self.end}

    @property
    def file(self) -> str:
        """ "2026-01-03", as names of files end."""
        return f"{self.first:%Y-%m}-{self.last:%m}"


def asked(year: int, values) -> Period:
    """The period of ``tu`` and ``den`` (months 1 to 12); what is missing or backwards gives the whole year."""
    start, end = (_month(values.get(name, ""), otherwise) for name, otherwise in zip(("tu", "den"), YEAR, strict=True))
    return Period(year, start, end) if start <= end else Period(year)


def _month(text, otherwise) -> int:
    return int(text) if text in {str(number) for number in range(1, 13)} else otherwise


def spans(months) -> str:
    """First days, the oldest first, as they are said: "01/2026, 03/2026 đến 10/2026"."""
    runs: list[list] = []
    for month in months:
        if runs and months_through(runs[-1][-1], month)[1:] == [month]:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(_run(run) for run in runs)


def _run(run) -> str:
    if len(run) < 3:
        return ", ".join(f"{month:%m/%Y}" for month in run)
    return f"{run[0]:%m/%Y} đến {run[-1]:%m/%Y}"
