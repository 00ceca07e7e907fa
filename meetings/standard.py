"""The standard order of each kind of meeting, read from data/standard.toml. Pure."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.months import months_later

FILE = Path(__file__).resolve().parent / "data" / "standard.toml"
NO_THEME = "(ghi tên chuyên đề)"


@dataclass(frozen=True)
class StandardItem:
    """One line of the standard order; ``presenter`` is "chair", "clerk" or empty, ``minutes`` planned."""

    key: str
    section: str
    title: str
    minutes: int
    decide: str = ""
    presenter: str = ""

    @property
    def origin(self) -> str:
        return f"standard:{self.key}"


@cache
def _kinds():
    with FILE.open("rb") as file:
        return tomllib.load(file)


def month_text(day, shift=0) -> str:
    """Month and year of a date, moved by whole months: (2026-12-05, 1) -> "01/2027"."""
    return f"{months_later(day, shift):%m/%Y}"


def items(kind, day, theme="") -> list[StandardItem]:
    """The standard order of a kind of meeting held on a day; empty for a kind without one."""
    words = {
        "month": month_text(day),
        "last_month": month_text(day, -1),
        "next_month": month_text(day, 1),
        "theme": theme or NO_THEME,
    }
    rows = []
    for row in _kinds().get(kind, []):
        texts = {name: row[name].format(**words) for name in ("title", "decide") if name in row}
        rows.append(StandardItem(**{**row, **texts}))
    return rows
