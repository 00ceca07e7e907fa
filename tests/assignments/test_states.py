"""Late and near dates are computed from the day, never stored (BRIEF §4)."""

import datetime

import pytest

from assignments.models import Assignment
from assignments.states import State

TODAY = datetime.date(2026, 12, 2)


@pytest.mark.parametrize(
    ("state", "due_on", "label", "css"),
    [
        ("given", "2026-12-10", "Chưa bắt đầu", ""),
        ("doing", "2026-12-10", "Đang làm", "info"),
        ("doing", "2026-12-05", "Còn 3 ngày", "warn"),
        ("given", "2026-12-02", "Hạn hôm nay", "warn"),
        ("given", "2026-11-23", "Quá 9 ngày", "danger"),
        ("reported", "2026-11-23", "Chờ duyệt", "warn"),
        ("done", "2026-11-23", "Hoàn thành", "ok"),
        ("cancelled", "2026-11-23", "Đã rút", "line"),
    ],
)
def test_look_of_a_task(time_machine, state, due_on, label, css):
    time_machine.move_to(datetime.datetime(2026, 12, 1, 18, 0, tzinfo=datetime.UTC))  # 01:00 of the 2nd in Hà Nội
    look = Assignment(state=state, due_on=datetime.date.fromisoformat(due_on)).look
    assert (look.label, look.css) == (label, css)


@pytest.mark.django_db
@pytest.mark.parametrize("state", State.values)
def test_late_is_what_the_owner_still_holds(in_state, state):
    task = in_state(state)
    Assignment.objects.update(due_on=TODAY)
    assert (task in Assignment.objects.late(on=TODAY)) is False
    assert (task in Assignment.objects.late(on=TODAY + datetime.timedelta(days=1))) is (state in ("given", "doing"))
