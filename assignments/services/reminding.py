"""Reminders of tasks: three days before the day, then every week that a task is late."""

import datetime

from django.db import transaction
from django.utils import timezone

from assignments import queries
from assignments.models import Assignment
from assignments.services import telling
from assignments.states import OPEN, Audience
from members.queries import attenders, holder
from members.states import PostTitle
from notices.models import Notice, Outcome

DAYS_BEFORE = 3
MORNING = datetime.time(7)
DEPUTY_FROM_WEEK = 3  # after the second weekly reminder


def morning(day) -> datetime.datetime:
    """Seven o'clock of a day, local time."""
    return timezone.make_aware(datetime.datetime.combine(day, MORNING))


def plan_due(assignment):
    """The owner is reminded three days before the due day, if that morning is still to come."""
    due_at = morning(assignment.due_on - datetime.timedelta(days=DAYS_BEFORE))
    if due_at > timezone.now():
        telling.tell(
            assignment, assignment.owner, f"due_soon:{assignment.sequence}", f"Còn {DAYS_BEFORE} ngày đến hạn",
            action="assignment.report", due_at=due_at,
        )  # fmt: skip


def plan_due_again(assignment):
    """After another due day, or a report that came back: what waits for the old day is withdrawn."""
    telling.withdraw(assignment, *telling.REMINDERS)
    plan_due(assignment)


def weeks_late(assignment, today) -> int:
    """1 in the first seven days after the due day, 2 in the next seven; 0 while it is not late."""
    return max(0, -(-(today - assignment.due_on).days // 7))


def plan_late(now=None) -> int:
    """Plan this week's notice of every late task, at most one per person and task; returns how many were planned.

    Run by the clock every hour: what is planned already stays, weeks without the clock are not made up for.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    planned = 0
    for pk in _not_yet_told(today):
        with transaction.atomic():
            task = queries.with_people().select_for_update(of=("self",)).get(pk=pk)
            if task.state in OPEN and task.due_on < today:  # as it stands now that it is locked
                planned += _plan_week(task, now)
    return planned


def _not_yet_told(today):
    """Ids of late tasks for which the key of this week is missing or withdrawn."""
    tasks = list(Assignment.objects.late(today).order_by("pk").only("pk", "due_on", "sequence"))
    keys = {f"assignment:{task.pk}:{what}": task.pk for task in tasks for what in _whats(task, weeks_late(task, today))}
    told = set(Notice.objects.filter(key__in=keys).exclude(outcome=Outcome.WITHDRAWN).values_list("key", flat=True))
    return list(dict.fromkeys(pk for key, pk in keys.items() if key not in told))


def _whats(task, week):
    """Ends of the keys of a week: to the owner, from the third also to the deputy; a new due day begins anew."""
    turn = f"{task.sequence}:{week}" if task.sequence else f"{week}"
    return [f"late:{turn}", f"late_deputy:{turn}"][: 2 if week >= DEPUTY_FROM_WEEK else 1]


def _plan_week(task, now):
    """Tell owner and deputy once for this week; what waits of an earlier day is withdrawn, so that one mail goes."""
    today = timezone.localdate(now)
    days, week, seven = (today - task.due_on).days, weeks_late(task, today), morning(today)
    planned = 0
    for what, member in zip(_whats(task, week), (_owner_still_here(task), _deputy(task)), strict=False):
        if member is None or _told(task, what, member):
            continue
        own = member == task.owner
        telling.withdraw(task, what.partition(":")[0], *(["due_soon"] if own else []))
        telling.tell(
            task, member, what, f"Quá hạn {days} ngày", action="assignment.report" if own else "",
            due_at=seven if seven > now else None, days=days, weeks=week, owner=task.owner.full_name,
        )  # fmt: skip
        planned += 1
    return planned


def _told(task, what, member):
    rows = Notice.objects.filter(key=f"assignment:{task.pk}:{what}", recipient=member)
    return rows.exclude(outcome=Outcome.WITHDRAWN).exists()


def _owner_still_here(task):
    """The owner, unless no longer in the cell: whoever left or died is not reminded."""
    return task.owner if attenders(task.cell).filter(pk=task.owner_id).exists() else None


def _deputy(task):
    """Deputy secretary, else secretary; never the owner, and of a task of two people only who gave it."""
    found = [holder(task.cell, title) for title in (PostTitle.DEPUTY, PostTitle.SECRETARY)]
    member = next((each for each in found if each is not None), None)
    giver = task.given_by.member if task.given_by else None
    if member is None or member == task.owner or (task.audience == Audience.OWNER and member != giver):
        return None
    return member
