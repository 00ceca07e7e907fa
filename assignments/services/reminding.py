"""Reminders of tasks: three days before the day, then every week that a task is late."""

import datetime
import logging

from django.db import transaction
from django.utils import timezone

from assignments import queries
from assignments.services import telling
from assignments.states import Audience
from members.models import Member
from members.queries import attenders
from notices.models import Notice, Outcome

log = logging.getLogger(__name__)
DAYS_BEFORE = 3
MORNING = datetime.time(7)
DEPUTY_FROM_WEEK = 3  # after the second weekly reminder
KINDS = ("assignment.due_soon", "assignment.late")  # reminders of one's own work, which end with the membership
ASKERS: list = []


def morning(day) -> datetime.datetime:
    """Seven o'clock of a day, local time."""
    return timezone.make_aware(datetime.datetime.combine(day, MORNING))


def plan_due(assignment):
    """The owner is reminded three days before the due day, if that morning is still to come and finds them here."""
    day = assignment.due_on - datetime.timedelta(days=DAYS_BEFORE)
    if morning(day) > timezone.now() and attenders(assignment.cell, day).filter(pk=assignment.owner_id).exists():
        telling.tell(
            assignment, assignment.owner, f"due_soon:{assignment.sequence}", f"Còn {DAYS_BEFORE} ngày đến hạn",
            action="assignment.report", due_at=morning(day),
        )  # fmt: skip


def ask_along(ask):
    """Register ``ask(assignment)`` of an app above, which plans or withdraws what it asks about a task.

    It is called in the transaction that holds the task's lock, after another due day or a report that came back.
    """
    if ask not in ASKERS:
        ASKERS.append(ask)


def plan_due_again(assignment):
    """After another due day, or a report that came back: what waits for the old day is withdrawn."""
    telling.withdraw(assignment, *telling.REMINDERS)
    plan_due(assignment)
    for ask in ASKERS:
        ask(assignment)


def weeks_late(assignment, today) -> int:
    """1 in the first seven days after the due day, 2 in the next seven; 0 while it is not late."""
    return max(0, -(-(today - assignment.due_on).days // 7))


def plan_late(now=None) -> int:
    """Plan this week's notice of every late task, at most one per person and task; returns how many were planned.

    Run by the clock every hour: what is planned already stays, weeks without the clock are not made up for. A task
    that cannot be told is logged and holds up no other; in the end RuntimeError says how many there were.
    """
    now = now or timezone.now()
    planned, failed = 0, 0
    for pk in _not_yet_told(timezone.localdate(now)):
        try:
            planned += _plan_week(pk, now)
        except Exception:  # whatever is wrong with one task, the owners of the others are told
            log.exception("late notices of assignment %s", pk)
            failed += 1
    if failed:
        raise RuntimeError(f"{failed} late tasks could not be told, {planned} notices were planned")
    return planned


def _not_yet_told(today):
    """Ids of late tasks of which somebody is still to be told this week."""
    wanted = {
        (f"assignment:{task.pk}:{what}", member): task.pk
        for task in queries.late_tasks(today).order_by("pk")
        for what, member in _whom(task, today)
    }
    told = _told(key for key, _ in wanted)
    return list(dict.fromkeys(pk for pair, pk in wanted.items() if pair not in told))


def _told(keys):
    """(key, id of the recipient) of what was planned under these keys and not withdrawn."""
    rows = Notice.objects.filter(key__in=list(keys)).exclude(outcome=Outcome.WITHDRAWN)
    return set(rows.values_list("key", "recipient_id"))


def _whom(task, today):
    """(end of the key, id of the member) of a week of a row of ``queries.late_tasks``: who is told that it is late.

    The owner while in the cell; from the third week also the deputy. A new due day begins anew.
    """
    week = weeks_late(task, today)
    turn = f"{task.sequence}:{week}" if task.sequence else f"{week}"
    if task.owner_here:
        yield f"late:{turn}", task.owner_id
    if week >= DEPUTY_FROM_WEEK and (deputy := _deputy(task)):
        yield f"late_deputy:{turn}", deputy


def _deputy(task):
    """Deputy secretary, else secretary; never the owner, and of a task of two people only who gave it."""
    member = task.deputy_id or task.secretary_id
    giver = task.given_by.member_id if task.given_by else None
    if member == task.owner_id or (task.audience == Audience.OWNER and member != giver):
        return None
    return member


@transaction.atomic
def _plan_week(pk, now):
    """Tell who is still to be told this week; what waits of an earlier day is withdrawn, so that one mail goes."""
    today, planned = timezone.localdate(now), 0
    task = queries.late_tasks(today).select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    whom = list(_whom(task, today)) if task else []  # as it stands now that it is locked
    told = _told(f"assignment:{pk}:{what}" for what, _ in whom)
    seven, people = morning(today), Member.objects.in_bulk([member for _, member in whom])
    for what, member in whom:
        if (f"assignment:{pk}:{what}", member) in told:
            continue
        own, days = member == task.owner_id, (today - task.due_on).days
        telling.withdraw(task, what.partition(":")[0], *(["due_soon"] if own else []))
        telling.tell(
            task, people[member], what, f"Quá hạn {days} ngày", action="assignment.report" if own else "",
            due_at=seven if seven > now else None, days=days, weeks=weeks_late(task, today), owner=task.owner.full_name,
        )  # fmt: skip
        planned += 1
    return planned
