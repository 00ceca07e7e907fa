"""Carried items, topics and reviews of the scene and of the crowd."""

from django.utils import timezone

from assignments.models import Assignment
from meetings.models import AgendaItem, Meeting, ReviewLine, Speech
from meetings.services import carrying
from meetings.states import Finding, ItemStatus
from tests.matrix.evenings import SECRET

POSTPONED = ItemStatus.POSTPONED
REVIEWED = ("draft", "notified", "in_session", "signed", "committee")


def scenes(cell, who, found):
    """An item of a called-off meeting that came into "draft" by itself; a line in the review of some meetings."""
    left = AgendaItem.objects.create(meeting_id=found["cancelled"]["pk"], section="B", title=f"{SECRET} chưa bàn")
    carrying.settle(cell, by=who["bithu"])
    item = left.carried_to.get()
    for name in REVIEWED:
        line(found[name]["pk"], found["task_given"]["pk"])
    return {"carried": {"pk": item.meeting_id, "item": item.pk}}


def line(meeting, task):
    """What was written about a task, kept as at the close."""
    facts = {"finding": Finding.DOING, "title": f"{SECRET} việc", "why": f"{SECRET} nguyên nhân"}
    closed = Meeting.objects.get(pk=meeting).closed_at
    frozen_at = timezone.now() if closed else None
    return ReviewLine.objects.create(meeting_id=meeting, assignment_id=task, frozen_at=frozen_at, **facts)


def crowd(cell, who, meetings, rows):
    """``rows`` items that came into the draft, the first through as many closed meetings: arguments of both ends."""
    before = None
    for pk in meetings:
        before = _left(pk, who, "Việc chưa bàn", rows, before)
    for number in range(1, rows):
        _left(meetings[-1], who, f"Việc chưa bàn {number}", rows)
    carrying.settle(cell, by=who["bithu"])
    for task in Assignment.objects.filter(cell=cell)[:rows]:
        line(meetings[-1], task.pk)
    return [before.carried_to.get().pk], [before.pk]


def _left(meeting, who, title, rows, before=None):
    values = {"section": "B", "title": title, "carried_from": before, "status": POSTPONED}
    item = AgendaItem.objects.create(meeting_id=meeting, **values)
    for _ in range(rows):
        Speech.objects.create(item=item, member=who["dangvien"].member, text="Để buổi sau.")
    return item
