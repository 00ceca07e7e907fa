"""The demo's year of party fees, on whatever day the demo is first started."""

import datetime

import pytest
import time_machine

from chibo.demo.fees import load_fees
from chibo.demo.people import load_organisations, load_people
from chibo.demo.texts import Almanac
from core.months import months_later
from fees.checks import run
from fees.models import FeeMonth
from fees.services.opening import recompute_all
from notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def played(today):
    almanac = Almanac(today)
    with time_machine.travel(datetime.datetime.combine(today, datetime.time(12)), tick=True):
        organisations = load_organisations()
        members = load_people(organisations, almanac)
        load_fees(organisations, members, almanac)
    return organisations["vanphong"], members


@pytest.mark.parametrize("today", [datetime.date(2026, 11, 25), datetime.date(2027, 1, 1), datetime.date(2027, 8, 31)])
def test_year_of_the_demo_is_right_but_for_the_one_who_has_not_paid(today):
    """Eleven months closed and the present one open; nothing is found but the month that stayed unpaid."""
    cell, members = played(today)
    present = today.replace(day=1)
    first, last = months_later(present, -11), months_later(present, -1)
    states = list(FeeMonth.objects.filter(cell=cell).order_by("month").values_list("state", flat=True))
    assert states == ["closed"] * 11 + ["open"]
    assert recompute_all() == 0
    found = {key: rows for key, rows in run(cell, first, last).items() if rows}
    about = {key: [row.member_id for row in rows] for key, rows in found.items()}
    assert about == {"arrears": [members["nghia"].pk]}


def test_who_was_late_was_told_and_only_the_two():
    """Early warning at the first unpaid month, to the member first (issue 4, item 8); the demo keeps what was sent."""
    _, members = played(datetime.date(2026, 11, 25))
    told = Notice.objects.filter(kind__startswith="fee.unpaid").order_by("due_at")
    said = [(row.recipient_id, row.kind, row.outcome) for row in told]
    giang, nghia = members["giang"].pk, members["nghia"].pk
    assert said == [(giang, "fee.unpaid_first", "sent"), (nghia, "fee.unpaid_first", "sent")]
