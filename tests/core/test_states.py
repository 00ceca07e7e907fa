"""The one mechanism of every workflow: lock, check the table, store."""

import pytest

from core.states import WrongState, move
from meetings.models import Meeting
from meetings.states import State
from tests.factories import at


@pytest.fixture
def meeting(cell, secretary):
    return Meeting.objects.create(cell=cell, starts_at=at(5), place="Nhà văn hóa", needs_agreement=True)


def test_move_stores_the_new_state(meeting):
    assert move(meeting, "agree").state == State.AGREED
    meeting.refresh_from_db()
    assert meeting.state == State.AGREED


def test_move_from_a_stale_page_is_refused_with_a_sentence(meeting):
    move(meeting, "agree")
    with pytest.raises(WrongState) as refusal:
        move(meeting, "agree")
    assert refusal.value.message == (
        "Không thực hiện được “Chi ủy thống nhất chương trình”: hiện ở trạng thái “Chi ủy đã thống nhất”. "
        "Trang đã được tải lại với tình trạng mới nhất."
    )


def test_move_asks_the_condition_of_the_table(meeting):
    """A cell with a committee cannot notify from the draft (42-HD/BTCTW: the committee agrees the content first)."""
    with pytest.raises(WrongState):
        move(meeting, "notify")
