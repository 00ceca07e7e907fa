"""A meeting being held, for the tests of the session: what a test does not say is plain and valid."""

import datetime

from django.utils import timezone

from meetings.models import AgendaItem, Meeting, Vote
from meetings.services import attendance, voting
from meetings.states import Ballot, Body, Decision, Kind, Presence, State


def held(cell, *, chair=None, clerk=None, state=State.IN_SESSION, body=Body.CELL, minutes_ago=60, **fields):
    """A meeting in session since an hour with three items and its sheet."""
    start = timezone.now() - datetime.timedelta(minutes=minutes_ago)
    kind = Kind.COMMITTEE if body == Body.COMMITTEE else Kind.REGULAR
    values = {"kind": kind, "place": "Nhà văn hóa", "notified_at": start, "opened_at": start} | fields
    if state == State.CLOSED:
        values["closed_at"] = timezone.now()
    meeting = Meeting.objects.create(
        cell=cell, body=body, state=state, starts_at=start, chair=chair and chair.member, clerk=clerk and clerk.member,
        **values,
    )  # fmt: skip
    for place, title in enumerate(("Thông tin thời sự", "Kiểm điểm nghị quyết", "Nhiệm vụ tháng tới")):
        AgendaItem.objects.create(meeting=meeting, section="B", position=place, title=title, minutes=10)
    if state in (State.IN_SESSION, State.CLOSED):
        attendance.start_sheet(meeting)
    return meeting


def row_of(meeting, user):
    return meeting.sheet.get(member=user.member)


def everybody_present(meeting):
    meeting.sheet.update(presence=Presence.PRESENT)


def proposed(item, *, decision=Decision.RESOLUTION, ballot=Ballot.CARD, by=None):
    vote = Vote(matter="Thông qua nghị quyết tháng", decision=decision, ballot=ballot)
    return voting.propose_vote(item, vote=vote, by=by)


def opened(item, *, by=None, **kwargs):
    return voting.open_vote(proposed(item, by=by, **kwargs), by=by)
