"""Choosing the row that holds on a day; pure, rows are passed in."""

import datetime
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from core.errors import Refused


class NotConfigured(Refused):
    """The rule exists, its value is not known: the page says "chưa cấu hình"."""


@dataclass(frozen=True)
class Answer:
    """A rule as it holds for one organisation on one day. ``origin`` names who laid it down."""

    key: str
    title: str
    value: str
    unit: str
    source: str
    verified: bool
    origin: str = "Trung ương"

    @property
    def configured(self) -> bool:
        return self.value != ""

    def _need(self):
        if not self.configured:
            raise NotConfigured(
                f"Quy định “{self.title}” chưa cấu hình. Đề nghị cấp trên đặt giá trị ở trang Quy định."
            )
        return self.value

    @property
    def integer(self) -> int:
        """Whole number; raises NotConfigured when the value is not known."""
        return int(self._need())

    @property
    def decimal(self) -> Decimal:
        return Decimal(self._need())

    @property
    def fraction(self) -> Fraction:
        """ "2/3" -> Fraction(2, 3)."""
        return Fraction(self._need())

    @property
    def text(self) -> str:
        return self._need()

    @property
    def yes(self) -> bool:
        return self._need() == "có"


def holds(row, on: datetime.date) -> bool:
    """Whether a dated row holds on that day; both ends inclusive."""
    return row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)


def latest(rows, on: datetime.date):
    """The row that holds on the day, the newest if several do; None if none does."""
    found = [row for row in rows if holds(row, on)]
    return max(found, key=lambda row: row.valid_from) if found else None


def check_value(value: str, like: str):
    """Raise Refused unless the new value is of the same shape as the national one (number, fraction, có/không)."""
    try:
        if "/" in like:
            if not 0 < Fraction(value) <= 1:
                raise ValueError
        elif like in ("có", "không"):
            if value not in ("có", "không"):
                raise ValueError
        elif like.replace(".", "", 1).isdigit() and Decimal(value) < 0:
            raise ValueError
    except (ValueError, InvalidOperation, ZeroDivisionError):
        shape = "phân số như 2/3" if "/" in like else "“có” hoặc “không”" if like in ("có", "không") else "một số"
        raise Refused(f"Giá trị phải là {shape}, cùng dạng với quy định chung ({like}).", field="value") from None
