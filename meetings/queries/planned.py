"""The rhythm of a cell and the rows of its year plan that no meeting has met yet; what a new meeting proposes."""

import datetime
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from core.months import months_later
from meetings import almanac
from meetings.models import Meeting, PlannedMeeting
from meetings.states import REGULAR_KINDS, Body, State
from members.queries import official_days

AHEAD = 24  # months


def pattern_of(cell) -> almanac.Pattern:
    """The rhythm that the cell's form holds."""
    return almanac.Pattern(
        cell.rhythm, cell.regular_day, cell.regular_week, cell.regular_weekday, cell.meets_on_weekends
    )


def moment(day, time):
    """An aware local moment."""
    return timezone.make_aware(datetime.datetime.combine(day, time))


def unmet(cell, first, last):
    """Rows of the plan between two days without a meeting, or with one that was called off."""
    rows = PlannedMeeting.objects.filter(cell=cell, on__range=(first, last))
    return rows.filter(Q(meeting=None) | Q(meeting__state=State.CANCELLED)).select_related("presenter")


def regular_months(cell, first, last) -> set:
    """(year, month) of regular meetings that are planned or held, in local time."""
    rows = Meeting.objects.filter(
        cell=cell, body=Body.CELL, kind__in=REGULAR_KINDS, starts_at__date__range=(first, last)
    )
    moments = rows.exclude(state=State.CANCELLED).values_list("starts_at", flat=True)
    return {(local.year, local.month) for local in map(timezone.localtime, moments)}


@dataclass(frozen=True)
class Proposal:
    """When the next regular meeting is to be; ``planned`` the row of the year plan that says so."""

    starts_at: datetime.datetime
    planned: PlannedMeeting | None = None


def proposed(cell, today=None) -> Proposal:
    """The next regular meeting: the first month to come that has none, on its planned day or that of the rhythm.

    Raises nothing: where the next two years are full, the day of the last month is given.
    """
    today = today or timezone.localdate()
    months = [shift(today, place) for place in range(AHEAD)]
    first, last = today.replace(day=1), almanac.last_day(*months[-1])
    taken = regular_months(cell, first, last)
    rows = {}
    for row in unmet(cell, today + almanac.DAY, last).filter(kind__in=REGULAR_KINDS):
        rows.setdefault((row.on.year, row.on.month), row)
    days, pattern = official_days(cell, first, last), pattern_of(cell)
    for year, month in months:
        row = rows.get((year, month))
        day = row.on if row else rhythm_day(pattern, days, year, month)
        if day > today and (year, month) not in taken:
            break
    return Proposal(moment(day, row.time if row else cell.regular_time), row)


def new_meeting(cell) -> tuple[Meeting, PlannedMeeting | None]:
    """(unsaved meeting as the form proposes it, the row of the year plan it comes from)."""
    found = proposed(cell)
    meeting = Meeting(cell=cell, starts_at=found.starts_at, place=cell.meeting_place)
    if found.planned:
        meeting.kind, meeting.theme = found.planned.kind, found.planned.theme
    return meeting, found.planned


def rhythm_day(pattern, days, year, month) -> datetime.date:
    """The day of a month by the rhythm; ``days``: members.queries.official_days."""
    nominal = almanac.nominal_day(pattern, year, month)
    return almanac.regular_day(nominal, days.off, pattern.weekends, days.worked)[0]


def day_of_month(cell, year, month) -> datetime.date:
    """On which day the regular meeting of a month is to be: the planned one, else that of the rhythm."""
    first, last = datetime.date(year, month, 1), almanac.last_day(year, month)
    row = unmet(cell, first, last).filter(kind__in=REGULAR_KINDS).first()
    return row.on if row else rhythm_day(pattern_of(cell), official_days(cell, first, last), year, month)


def shift(day, months) -> tuple[int, int]:
    """(year, month) that many months after that of a day."""
    later = months_later(day, months)
    return later.year, later.month


def row_for(meeting):
    """The row of the plan that a new meeting meets: of the same month and sort, its own day first; None if none."""
    day = meeting.day
    kinds = REGULAR_KINDS if meeting.kind in REGULAR_KINDS else (meeting.kind,)
    rows = unmet(meeting.cell, day.replace(day=1), almanac.last_day(day.year, day.month)).filter(kind__in=kinds)
    return min(rows, key=lambda row: abs(row.on - day), default=None)
