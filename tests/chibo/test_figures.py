"""Numbers of the year: each point of a chart equals what the rows say."""

import datetime

import pytest
import time_machine

from assignments.models import Assignment
from chibo import figures
from meetings.models import Attendance, Meeting
from meetings.states import Presence, State
from tests.meetings import story

TODAY = datetime.datetime(2026, 12, 10, 9, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _december():
    with time_machine.travel(TODAY, tick=False):
        yield


def held(cell, month, *presences, kind="regular", state=State.CLOSED):
    day = datetime.datetime(2026, month, 5, 7, tzinfo=datetime.UTC)
    meeting = Meeting.objects.create(
        cell=cell, kind=kind, state=state, starts_at=day, opened_at=day, place="Nhà văn hóa",
        closed_at=day + datetime.timedelta(hours=2),
    )  # fmt: skip
    members = list(cell.memberships.order_by("pk"))
    for presence, row in zip(presences, members, strict=False):
        reason = "Đi viện" if presence == Presence.ABSENT_EXCUSED else ""
        Attendance.objects.create(meeting=meeting, member_id=row.member_id, presence=presence, reason=reason)


def task(cell, due, finished=None, **fields):
    at = story.moment(9) if finished is None else datetime.datetime.combine(finished, datetime.time(3), datetime.UTC)
    owner = cell.memberships.order_by("pk").first().member_id
    values = {"state": "done" if finished else "given", "finished_at": at if finished else None} | fields
    Assignment.objects.create(cell=cell, owner_id=owner, title="Việc", due_on=due, **values)


def test_presence_leaves_out_who_was_excused_or_exempt(cell):
    """DOMAIN §1.5: exempt, elsewhere and excused lines do not count."""
    held(cell, 3, Presence.PRESENT, Presence.ABSENT_UNEXCUSED, Presence.ABSENT_EXCUSED, Presence.EXEMPT)
    march = figures.year_of(cell, 2026).months[2]
    assert (march.held, march.present, march.counted, march.presence) == (1, 1, 2, 50)


def test_only_closed_regular_meetings_count(cell):
    """Điều lệ: một tháng một lần; a thematic or cancelled one does not stand for the regular one."""
    held(cell, 4, Presence.PRESENT, kind="thematic")
    held(cell, 5, Presence.PRESENT, state=State.CANCELLED)
    held(cell, 6, Presence.PRESENT, kind="combined")
    held(cell, 6, Presence.PRESENT)
    year = figures.year_of(cell, 2026)
    assert ([month.held for month in year.months], year.held_months) == ([0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0], 1)


def test_tasks_by_the_month_they_were_due(cell):
    day = datetime.date
    task(cell, day(2026, 11, 20), finished=day(2026, 11, 20))
    task(cell, day(2026, 11, 20), finished=day(2026, 11, 21))
    task(cell, day(2026, 11, 30))  # still open, past its day
    task(cell, day(2026, 12, 31))  # not due yet
    task(cell, day(2026, 11, 1), state="cancelled")
    task(cell, day(2026, 11, 1), audience="owner")  # only owner and giver know of it
    november, december = figures.year_of(cell, 2026).months[10:]
    assert (november.in_time, november.late, november.timeliness) == (1, 2, 33)
    assert (december.in_time, december.late, december.timeliness) == (0, 0, None)


def test_year_is_one_query_and_knows_how_many_months_have_begun(cell, django_assert_num_queries):
    with django_assert_num_queries(1):
        years = [figures.year_of(cell, 2026)]
    years += [figures.year_of(cell, 2025), figures.year_of(cell, 2027)]
    assert [year.passed for year in years] == [12, 12, 0]


@pytest.mark.parametrize(("asked", "shown"), [("", 2026), ("2025", 2025), ("2027", 2026), ("x", 2026), ("1", 2026)])
def test_numbers_page_shows_no_year_to_come(cell, member, as_user, asked, shown):
    held(cell, 3, Presence.PRESENT)
    assert as_user(member).get("/numbers/", {"nam": asked}).context["year"].year == shown
