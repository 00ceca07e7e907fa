"""The demo's yearly assignment of work and the calendar of its coming year."""

from django.utils import timezone

from chibo.demo.texts import read
from meetings.models import PlannedMeeting
from meetings.services import duties, year
from meetings.states import Kind
from members.queries import attenders


def lay_duties(loader, resolution, row, by):
    """The first resolution of the year carries the assignment of work to every member of the main cell."""
    day = loader.day_of(row)
    if row["cell"] != "vanphong" or row["kind"] not in (Kind.REGULAR, Kind.COMBINED) or day.month != 1:
        return
    plan = duties.start_plan(loader.cells["vanphong"], year=day.year, by=by)
    lines = {line.member_id: line for line in plan.duties.all()}
    for entry in read("duties")["duty"]:
        line = lines.get(loader.members[entry["member"]].pk)
        if line:
            line.text, line.follower = entry["text"], loader.members[entry["follower"]]
            duties.change_duty(duty=line, by=by)
    duties.lay_plan(plan, resolution=resolution, by=by)


def plan_coming_year(cell, members, by):
    """The months still to come; late in the year those of the next one too, with a few themes."""
    today = timezone.localdate()
    for number in {today.year, today.year + (today.month >= 11)}:
        year.plan_year(cell, year=number, by=by)
    known = {member.pk for member in attenders(cell)}
    waiting = PlannedMeeting.objects.filter(cell=cell, kind=Kind.COMBINED, theme="", on__gt=today)
    for planned, entry in zip(waiting.order_by("on"), read("duties")["theme"], strict=False):
        presenter = members[entry["presenter"]]
        planned.theme, planned.presenter = entry["title"], presenter if presenter.pk in known else None
        year.change_planned(plannedmeeting=planned, by=by)
