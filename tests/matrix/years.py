"""Rows of the year plan, one that waits and one whose meeting is drafted; a day off that the superior laid."""

import datetime

from meetings.models import PlannedMeeting
from meetings.services import year
from members.services import days

NEXT = 2027


def some(cell, above, who, rows):
    """[year] with that many meetings drafted out of the plan and as many waiting, with theme and presenter."""
    for number in range(1, 2 * rows + 1):
        row = PlannedMeeting(cell=cell, on=datetime.date(NEXT, number, 7), time=datetime.time(14), kind="combined")
        row.theme, row.presenter, row.committee_on = "Nêu gương", who["dangvien"].member, row.on.replace(day=2)
        row = year.add_planned(plannedmeeting=row, by=who["bithu"])
        if number <= rows:
            year.draft_from(row, by=who["bithu"])
    first, last = datetime.date(NEXT, 12, 20), datetime.date(NEXT, 12, 20 + rows)
    days.lay_days(
        organisation=above, first=first, last=last, name="Nghỉ", is_off=True, source="QĐ 1", by=who["captren"]
    )
    return [NEXT]


def plan(cell, above, who):
    """The plan of the year after the scene's."""
    by = who["bithu"]
    year.plan_year(cell, year=NEXT, by=by)
    rows = list(PlannedMeeting.objects.filter(cell=cell, on__year=NEXT))
    year.draft_from(rows[8], by=by)
    day = datetime.date(NEXT, 12, 24)
    laid = days.lay_days(
        organisation=above, first=day, name="Nghỉ của phường", is_off=True, source="QĐ 1", by=who["captren"]
    )
    return {
        "year": {"year": NEXT},
        "year_above": {"year": NEXT, "?": f"noi={above.slug}"},
        "year_beside": {"year": NEXT, "?": "chi-bo=hai"},
        "year_far": {"year": 1999},
        "planned_open": {"pk": rows[9].pk},
        "planned_met": {"pk": rows[8].pk},
        "day_above": {"pk": laid[0].pk},
    }
