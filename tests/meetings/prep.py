"""Meetings to prepare, for the tests of this folder."""

from meetings.models import Meeting
from meetings.services import lifecycle
from meetings.states import Kind
from tests.factories import at


def new_meeting(cell, by, *, kind=Kind.REGULAR, starts_at=None, clerk=None, **fields):
    """A draft as the form makes it: chaired by ``by``, ten days ahead, with its standard agenda."""
    meeting = Meeting(
        cell=cell,
        kind=kind,
        starts_at=starts_at or at(days=10),
        place="Nhà văn hóa",
        chair=by.member,
        clerk=clerk,
        **fields,
    )
    return lifecycle.create_meeting(meeting=meeting, by=by)
