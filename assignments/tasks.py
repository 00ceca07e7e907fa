"""The hands of the clock: rows say what is late, this plans what is said about it."""

from celery import shared_task

from assignments.services import reminding


@shared_task
def plan_late_notices():
    """Plan this week's reminders of late tasks; returns how many. Twice or too late does no harm."""
    return reminding.plan_late()
