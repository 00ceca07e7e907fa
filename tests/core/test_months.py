"""Months as their first days."""

import datetime

import pytest

from core.months import first_day, months_between, months_later, months_through

DAY = datetime.date


@pytest.mark.parametrize(
    ("day", "count", "month"),
    [
        (DAY(2026, 11, 24), 0, DAY(2026, 11, 1)),
        (DAY(2026, 11, 30), 1, DAY(2026, 12, 1)),
        (DAY(2026, 12, 31), 1, DAY(2027, 1, 1)),
        (DAY(2026, 1, 31), -1, DAY(2025, 12, 1)),
        (DAY(2026, 3, 1), -27, DAY(2023, 12, 1)),
    ],
)
def test_months_are_counted_over_the_turn_of_a_year(day, count, month):
    assert months_later(day, count) == month
    assert months_between(day, month) == count


def test_first_day_of_a_month():
    assert first_day(DAY(2028, 2, 29)) == DAY(2028, 2, 1)


def test_months_from_one_to_another_hold_both():
    assert months_through(DAY(2026, 11, 5), DAY(2027, 1, 1)) == [DAY(2026, 11, 1), DAY(2026, 12, 1), DAY(2027, 1, 1)]
    assert months_through(DAY(2026, 11, 1), DAY(2026, 10, 1)) == []
