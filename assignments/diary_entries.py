"""Own tasks in a person's calendar: a whole day, on the due day."""

import datetime

from django.utils import timezone

from assignments import queries
from assignments.states import OPEN
from notices.calendar import TASK_ALARMS, Entry

DAY = datetime.timedelta(days=1)


def entries(user, since: datetime.datetime) -> list[Entry]:
    """Tasks that the person answers for and has still to do, due from the day of ``since``; one that ends is gone."""
    tasks = queries.owed(user.member_id).filter(
        owner=user.member_id, state__in=OPEN, due_on__gte=timezone.localdate(since)
    )
    return [
        Entry(
            uid=f"assignment-{task.pk}@chibo",
            sequence=task.sequence,
            title=f"Hạn: {task.title}",
            starts=task.due_on,
            ends=task.due_on + DAY,
            description=f"Giao từ: {task.source_label}" if task.source_label else "",
            url=task.get_absolute_url(),
            alarms=TASK_ALARMS,
        )
        for task in tasks
    ]
