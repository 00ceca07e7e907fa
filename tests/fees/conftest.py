"""A fee book by hand, for tests of what happens with dues that are already counted."""

import datetime

import pytest
import time_machine

from fees.models import Due, FeeMonth
from fees.services.collecting import pay
from fees.states import DueKind, Method, MonthState
from members.models import Member
from tests.fees.cashbook import opened

NOW = datetime.datetime(2026, 11, 20, 20, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))
TODAY = NOW.date()


def first(month, year=2026):
    return datetime.date(year, month, 1)


def open_by_hand(cell, month):
    """An open month without any due."""
    return FeeMonth.objects.get_or_create(cell=cell, month=month)[0]


def add_due(fee_month, member, amount=0, kind=DueKind.PAYABLE):
    return Due.objects.create(
        cell_id=fee_month.cell_id, fee_month=fee_month, month=fee_month.month, member=member, amount=amount, kind=kind
    )


def enter(fee_month):
    """A receipt of somebody who owes nothing: the collector has entered the month."""
    giver = Member.objects.get(full_name="Nguyễn Thị Ánh")
    pay(fee_month.cell, giver, 1_000, fee_month.month, Method.CASH, by=None, voluntary=1_000)


def shut(fee_month):
    """Closed without asking, as a close leaves the row."""
    FeeMonth.objects.filter(pk=fee_month.pk).update(
        state=MonthState.CLOSED, closed_at=NOW, collected_total=0, due_total=0
    )


@pytest.fixture
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def book(frozen, cell, member, clerk):
    """September to November 2026 open; member owes 142.000 a month, clerk 15.930. By month number."""
    months = {}
    for number in (9, 10, 11):
        months[number] = open_by_hand(cell, first(number))
        add_due(months[number], member.member, 142_000)
        add_due(months[number], clerk.member, 15_930)
    return months


@pytest.fixture
def stocked(book, cell, collector):
    """The months of the book with an opening balance of 1.000.000 in cash and 500.000 in the bank."""
    opened(cell, collector)
    return book


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Papers that a test uploads go with it."""
    settings.MEDIA_ROOT = tmp_path
