"""Who is expected at a meeting."""

from meetings.states import Body
from members.queries import attenders, committee
from members.states import StatusKind


def invited(meeting):
    """Members told of the meeting: the roll and the visitors of its day, for a committee meeting the chi ủy.

    The exempt and those placed elsewhere may come and are told; who is suspended from activities is not.
    """
    if meeting.body == Body.COMMITTEE:
        return committee(meeting.cell, meeting.day)
    return [member for member in attenders(meeting.cell, meeting.day) if member.status_kind != StatusKind.SUSPENDED]
