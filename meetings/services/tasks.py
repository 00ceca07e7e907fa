"""Tasks that come out of a conclusion."""

from django.db import transaction

from assignments.services import giving
from assignments.states import Audience
from core.vietnamese import lower_first
from meetings.models import ItemAssignment
from meetings.queries.session import number_of
from meetings.services.attendance import ensure_open_record
from meetings.states import Body
from members.activity import record


def audience_of(meeting) -> Audience:
    """Who sees what a meeting gives."""
    return Audience.COMMITTEE if meeting.body == Body.COMMITTEE else Audience.CELL


@transaction.atomic
def give_from_item(item, *, owner, title, due_on, by, detail="", audience=None):
    """Give a task out of the item's conclusion; it carries where it comes from. Returns the Assignment.

    Seen by the body that met unless said otherwise: what the chi ủy gives is its own.
    Raises Refused: the record is closed, or what ``assignments`` refuses (a due day gone by, a stranger as owner).
    """
    meeting = ensure_open_record(item.meeting)
    title_of_meeting = lower_first(meeting.title)
    assignment = giving.give(
        cell=meeting.cell,
        owner=owner,
        title=title,
        detail=detail,
        due_on=due_on,
        audience=audience or audience_of(meeting),
        source_label=f"Kết luận {number_of(item)}, {title_of_meeting}",
        source_url=meeting.get_absolute_url(),
        by=by,
    )
    ItemAssignment.objects.create(item=item, assignment=assignment)
    record(item, "task.given", by=by, assignment=assignment.pk)
    return assignment
