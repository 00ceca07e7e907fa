"""A turn on the agenda: its item is taken from the offer, holds no text of its own, and comes anew from the rota."""

import datetime

import pytest

from core.errors import Refused
from meetings.models import AgendaItem, Meeting
from meetings.queries import carried
from meetings.services import agenda
from meetings.states import ItemStatus, State
from notices.models import Notice
from reviews.services import turning
from tests.meetings import story

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(meeting, turn, secretary):
    return agenda.accept_proposal(meeting, key=f"turn:{turn.pk}", by=secretary)


def test_item_of_a_turn_takes_no_text(item, member):
    """A hand-made POST neither: the whole cell would read there what is private until it is shown."""
    with pytest.raises(Refused) as refusal:
        agenda.change_draft(item, draft_text="Tôi còn nóng tính", by=member)
    assert refusal.value.message == "Nội dung này không ghi ở chương trình. Mở trang tự phê bình."
    assert AgendaItem.objects.get(pk=item.pk).draft_text == ""


@pytest.mark.parametrize("status", [ItemStatus.PENDING, ItemStatus.POSTPONED])
def test_item_of_a_turn_is_not_carried_over(item, cell, status):
    """The rota gives the turn anew; carried over as well, it would stand on the next agenda twice."""
    Meeting.objects.filter(pk=item.meeting_id).update(state=State.CLOSED)
    AgendaItem.objects.filter(pk=item.pk).update(status=status)
    assert item not in carried.undiscussed(cell)


def test_a_moved_meeting_renews_the_day_that_is_still_to_be_told(meeting, turn, november):
    days = [notice.context["day"] for notice in Notice.objects.filter(key=f"turn:{turn.pk}:coming")]
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=meeting.starts_at + datetime.timedelta(days=20))
    turning.plan(meeting)
    notice = Notice.objects.get(key=f"turn:{turn.pk}:coming")
    assert (days, notice.context["day"]) == (["05/12/2026"], "25/12/2026")
    assert notice.due_at.date() == story.moment(7, day=11).date()
