"""What the clock tidies up once a night."""

from datetime import timedelta

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from core.models import Submission
from notices.services import links

KEPT = timedelta(days=7)


@shared_task
def tidy():
    """Forget submissions older than a week, sessions that have ended, links of mails that expired a month ago."""
    Submission.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    call_command("clearsessions")
    links.forget_old()
