"""A regular meeting on 05/12/2026 with the turn of dangvien; before it, in session, after it."""

import datetime

import pytest
import time_machine

from meetings.models import Meeting
from meetings.services import lifecycle
from meetings.states import Presence, State
from reviews.models import Turn
from reviews.services import speaking, turning
from tests.meetings import prep, story

VN = datetime.timezone(datetime.timedelta(hours=7))
DAY = datetime.date
LATER = DAY(2027, 1, 20)


@pytest.fixture
def november():
    with time_machine.travel(datetime.datetime(2026, 11, 20, 9, tzinfo=VN), tick=False) as traveller:
        yield traveller


@pytest.fixture
def meeting(november, cell, secretary, clerk):
    """A draft of 05/12/2026, 14:00; chaired by the secretary."""
    return prep.new_meeting(cell, secretary, starts_at=story.moment(14), clerk=clerk.member)


@pytest.fixture
def turn(meeting, member, secretary):
    """Dangvien, put in by the chi ủy."""
    return turning.put_in(meeting, member.member, reason="Mới chuyển công tác", by=secretary)


def begin(meeting, chair, clerk, *, away=()):
    """In session; everybody is there but for ``away``."""
    Meeting.objects.filter(pk=meeting.pk).update(state=State.NOTIFIED, notified_at=story.moment(9, day=1))
    meeting = lifecycle.open_meeting(
        Meeting.objects.get(pk=meeting.pk), by=chair, chair=chair.member, clerk=clerk.member,
        opened_at=meeting.starts_at,
    )  # fmt: skip
    meeting.sheet.update(presence=Presence.PRESENT)
    meeting.sheet.filter(member__in=[user.member for user in away]).update(presence=Presence.ABSENT_UNEXCUSED)
    return meeting


@pytest.fixture
def session(november, meeting, turn, secretary, deputy, committee, clerk, collector, probationary):
    """The meeting in session with the turn; collector and chiuy are not there."""
    november.move_to(story.moment(14, 30))
    return begin(meeting, secretary, clerk, away=(collector, committee))


@pytest.fixture
def written(turn, member):
    """The turn with a draft."""
    speaking.write(turn, text="Tôi còn nóng tính.", version=0, by=member)
    return turn


@pytest.fixture
def shown(session, written, member):
    return speaking.show(written, by=member)


def fresh(turn):
    return Turn.objects.get(pk=turn.pk)
