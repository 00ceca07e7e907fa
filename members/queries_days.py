"""Which days are off: the national ones, and over them those that the superiors of an organisation laid."""

import datetime
from dataclasses import dataclass

from django.db import models
from django.db.models import ExpressionWrapper, Q, Value

from members.models import LocalDay
from regulations.models import DayKind, OfficialDay

NATION = "Trung ương"
WEEKEND = 5  # date.weekday() of the first day that is none


@dataclass(frozen=True)
class DayOff:
    """An official day: why, on what ground, laid by whom. ``decreed`` False shows "dự kiến" wherever it counts."""

    name: str
    decreed: bool
    source: str = ""
    origin: str = NATION
    is_off: bool = True
    local_id: int | None = None
    laid_by: int | None = None  # id of the superior


@dataclass(frozen=True)
class OfficialDays:
    """Days off, and weekend days that are worked."""

    off: dict
    worked: dict


def upwards(organisation):
    """The organisation and those above it, nearest first."""
    while organisation is not None:
        yield organisation
        organisation = organisation.parent


def official_days(organisation, first, last) -> OfficialDays:
    """Days off and worked weekend days from ``first`` to ``last`` (inclusive); one query.

    A day laid by the nearest superior wins over one of a higher body, and every laid one over the national row.
    """
    found = dated(organisation, first, last)
    return OfficialDays(
        {day: row for day, row in found.items() if row.is_off},
        {day: row for day, row in found.items() if not row.is_off and day.weekday() >= WEEKEND},
    )


def days_off(organisation, first: datetime.date, last: datetime.date) -> dict:
    """{date: DayOff} from ``first`` to ``last`` (inclusive) as they hold for an organisation; one query."""
    return official_days(organisation, first, last).off


def dated(organisation, first, last) -> dict:
    """{date: DayOff} of every official day, worked ones too, by date."""
    chain = [each.pk for each in upwards(organisation)]
    rows = sorted(_rows(chain, first, last), key=lambda row: -chain.index(row[-1]) if row[-1] else -len(chain))
    found = {day: DayOff(*values) for day, *values in rows}  # the last of a day wins
    return dict(sorted(found.items()))


def _rows(chain, first, last):
    """(date, *fields of DayOff) of national and laid days in one query."""
    number = models.BigIntegerField()
    national = OfficialDay.objects.filter(date__range=(first, last)).values_list(
        "date", "name", "decreed", "source", Value(NATION),
        ExpressionWrapper(Q(kind=DayKind.OFF), models.BooleanField()), Value(None, number), Value(None, number),
    )  # fmt: skip
    laid = LocalDay.objects.filter(organisation__in=chain, date__range=(first, last)).values_list(
        "date", "name", Value(True), "source", "organisation__short_name", "is_off", "pk", "organisation_id"
    )
    return national.order_by().union(laid.order_by(), all=True)
