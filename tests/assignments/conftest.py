"""A task given by the secretary to an ordinary member."""

import datetime

import pytest
from django.utils import timezone

from assignments.services import giving, progress
from tests.factories import person


@pytest.fixture
def due():
    return timezone.localdate() + datetime.timedelta(days=10)


@pytest.fixture
def give(cell, secretary, member, due):
    def given(**changes):
        values = {"cell": cell, "owner": member.member, "title": "Vận động 6 hộ ngõ 12", "due_on": due, "by": secretary}
        return giving.give(**{**values, **changes})

    return given


@pytest.fixture
def helper(cell):
    """An ordinary member who helps with tasks."""
    return person(cell, name="Đinh Thị Lựu", username="phoihop")


@pytest.fixture
def task(give):
    return give()


@pytest.fixture
def in_state(give, member, secretary):
    """A task in a state, reached by its moves."""

    def build(state, **changes):
        task = give(**changes)
        if state == "doing":
            progress.report(task, text="Đã đến 2 hộ.", by=member)
        if state in ("reported", "done"):
            progress.finish(task, text="Đủ 6 hộ.", by=member)
        if state == "done":
            progress.confirm(task, by=secretary)
        if state == "cancelled":
            progress.cancel(task, reason="Không còn cần.", by=secretary)
        task.refresh_from_db()
        return task

    return build
