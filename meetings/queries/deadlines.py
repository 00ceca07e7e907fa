"""What is wanted before a meeting, and until when: papers and drafts of its items, progress of open tasks."""

import datetime

from django.db.models import Q

from assignments.models import Assignment
from assignments.states import OPEN, Audience
from meetings.models import Clause
from meetings.queries import agenda
from meetings.queries.clauses import in_force
from meetings.states import REGULAR_KINDS, Body
from members.queries import rule_for


def paper_day(meeting) -> datetime.date:
    """The day on which papers should be there: as many days ahead as notices should be sent (dated rule)."""
    rule = rule_for(meeting.cell, "meeting.notice_recommended_days", on=meeting.day)
    return meeting.day - datetime.timedelta(days=rule.integer if rule.configured else 0)


def papers_wanted(meeting):
    """Items whose presenter still owes a draft or paper, in their order."""
    return [item for item in agenda.items(meeting) if item.presenter_id and owes_paper(item)]


def owes_paper(item) -> bool:
    """Something is to be decided and neither text nor paper says what; the same as the warning beside the agenda."""
    return bool(item.decide) and agenda.needs_paper(item)


def tasks_reviewed(meeting):
    """Open tasks in view of the cell that a regular meeting looks back on (``queries.review``).

    Those of its open clauses whatever their day, and those behind no clause that are due by the day of the meeting.
    """
    if meeting.body != Body.CELL or meeting.kind not in REGULAR_KINDS:
        return Assignment.objects.none()
    agreed = Clause.objects.filter(resolution__meeting__cell=meeting.cell_id, resolution__meeting__body=Body.CELL)
    standing = in_force(agreed).filter(decision__isnull=True).values("pk")
    rows = Assignment.objects.filter(cell=meeting.cell_id, audience=Audience.CELL, state__in=OPEN)
    listed = Q(of_clause__clause__in=standing) | Q(of_clause__isnull=True, due_on__lte=meeting.day)
    return rows.filter(listed).select_related("owner").order_by("due_on", "pk")
