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


SHAPES = {
    "fraction": "phân số không quá 1, như 2/3",
    "yes": "“có” hoặc “không”",
    "integer": "số nguyên",
    "integers": "các số nguyên cách nhau một dấu cách",
    "decimal": "số, như 1.5",
    "text": "lời, không để trống",
}
MOST = 999_999_999


def shape_of(like: str) -> str:
    """Which of SHAPES a value has; a new value must have that of the national row."""
    words = like.split()
    if like in ("có", "không"):
        return "yes"
    if "/" in like and all(part.isdecimal() for part in like.split("/")):
        return "fraction"
    if words and all(word.isdecimal() for word in words):
        return "integer" if len(words) == 1 else "integers"
    return "decimal" if like.replace(".", "", 1).isdecimal() else "text"


def check_value(value: str, like: str, shape: str = "") -> str:
    """The value in the form in which it is stored; Refused unless it has the shape of the national one.

    ``shape`` names it where the national row has no value yet.
    """
    shape = shape or shape_of(like)
    try:
        return _cleaned(" ".join(value.split()), shape, len(like.split()))
    except (ValueError, InvalidOperation, ZeroDivisionError):
        raise Refused(
            f"Giá trị phải là {SHAPES[shape]}, cùng dạng với quy định chung ({like})."
            if like
            else f"Giá trị phải là {SHAPES[shape]}.",
            field="value",
        ) from None


def _cleaned(value, shape, count):
    if shape == "yes":
        value = value.lower()
        right = value in ("có", "không")
    elif shape == "fraction":
        right = "/" in value and 0 < Fraction(value) <= 1
        value = value.replace(" ", "")
    elif shape in ("integer", "integers"):
        numbers = [int(word) for word in value.split()]
        right = len(numbers) == count and all(0 <= number <= MOST for number in numbers)
        value = " ".join(map(str, numbers))
    elif shape == "decimal":
        right = 0 <= Decimal(value) <= MOST
    else:
        right = value != ""
    if not right:
        raise ValueError
    return value
