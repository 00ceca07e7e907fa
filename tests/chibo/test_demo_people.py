"""The demo's people: 21 on the roll of the ward office's cell, and every status and placement occurs."""

import datetime

import pytest

from chibo.demo.meetings import MeetingLoader
from chibo.demo.people import load_organisations, load_people
from chibo.demo.texts import Almanac, working_day
from members.models import Placement, Status
from members.queries import has_committee, roll
from members.states import PlacementKind, StatusKind


@pytest.mark.parametrize(
    ("today", "base"),
    [
        (datetime.date(2026, 12, 4), datetime.date(2026, 12, 1)),
        (datetime.date(2026, 12, 7), datetime.date(2026, 12, 1)),  # the 5th is a Saturday: Monday the 7th
        (datetime.date(2026, 12, 8), datetime.date(2027, 1, 1)),
        (datetime.date(2026, 11, 24), datetime.date(2026, 12, 1)),
    ],
)
def test_almanac_base_is_month_of_next_meeting(today, base):
    assert Almanac(today).base == base


def test_almanac_reads_relative_dates():
    almanac = Almanac(datetime.date(2026, 11, 24))
    assert almanac.date("-8m:10") == datetime.date(2026, 4, 10)
    assert almanac.date("-40d") == datetime.date(2026, 10, 15)
    assert almanac.date("2020-02-29") == datetime.date(2020, 2, 29)
    assert almanac.date(None) is None


def test_working_day_moves_weekend_to_monday():
    assert working_day(datetime.date(2026, 12, 5)) == datetime.date(2026, 12, 7)
    assert working_day(datetime.date(2026, 12, 6)) == datetime.date(2026, 12, 7)
    assert working_day(datetime.date(2026, 12, 7)) == datetime.date(2026, 12, 7)


@pytest.mark.django_db
@pytest.mark.parametrize("start", [datetime.date(2026, 11, 24) + datetime.timedelta(days=n) for n in range(40)])
def test_demo_meets_on_working_days_and_the_committee_before_the_cell(start):
    """Whatever day the demo is first started on: nobody meets on a Sunday, and drafts to come lie ahead."""
    loader = MeetingLoader({}, {}, Almanac(start), None)
    days = {(row["cell"], row["offset"], row["body"], row["kind"]): loader.day_of(row) for row in loader.rows}
    assert [day for day in days.values() if day.weekday() > 4] == []
    for offset in range(-12, 1):
        committee = days["vanphong", offset, "committee", "committee"]
        assert committee < loader.days["vanphong", offset]
        assert (committee > start) == (offset == 0)


@pytest.mark.django_db
def test_demo_people_fill_the_roll_and_every_state_occurs():
    today = datetime.date(2026, 11, 24)
    organisations = load_organisations()
    load_people(organisations, Almanac(today))
    office = organisations["vanphong"]
    people = list(roll(office, today))
    probationary = [person for person in people if person.status_kind == StatusKind.PROBATIONARY]
    exempt = [person for person in people if person.exemption_kind]
    assert (len(people), len(probationary), len(exempt)) == (21, 2, 1)
    assert has_committee(office, today) is True
    assert has_committee(organisations["truonghoc"], today) is False
    assert set(Status.objects.values_list("kind", flat=True)) == set(StatusKind.values)
    assert set(Placement.objects.values_list("kind", flat=True)) == set(PlacementKind.values)
