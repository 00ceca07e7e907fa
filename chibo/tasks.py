"""What the clock does over all apps."""

from datetime import timedelta

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from assignments.services import reminding as task_reminders
from core.models import Submission
from meetings.services import reminding as meetings_reminders
from notices.services import leaving, links

KEPT = timedelta(days=7)


@shared_task
def tidy():
    """Forget submissions older than a week, sessions that have ended, links of mails that expired a month ago."""
    Submission.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    call_command("clearsessions")
    links.forget_old()


@shared_task
def let_go():
    """Withdraw what waits to remind people who have left their cell; returns how many."""
    return leaving.withdraw_of_gone((*task_reminders.KINDS, *meetings_reminders.KINDS))
