"""Months as their first days; whole months counted. Pure."""

import datetime


def first_day(day: datetime.date) -> datetime.date:
    """The first day of the month of a day."""
    return day.replace(day=1)


def months_later(day: datetime.date, count: int) -> datetime.date:
    """The first day of the month ``count`` months after that of a day (before it, if negative)."""
    place = day.year * 12 + day.month - 1 + count
    return datetime.date(place // 12, place % 12 + 1, 1)


def months_between(since: datetime.date, day: datetime.date) -> int:
    """From the month of one day to that of another; negative backwards."""
    return (day.year - since.year) * 12 + day.month - since.month


def months_through(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """First days of the months from that of ``first`` to that of ``last``, both inclusive; empty backwards."""
    return [months_later(first, number) for number in range(months_between(first, last) + 1)]
