"""The hands of the clock for the fee book."""

from celery import shared_task
from django.utils import timezone

from fees.services import opening


@shared_task
def open_months():
    """Open the months of the calendar; returns how many. Twice or too late does no harm."""
    return opening.open_all(timezone.localdate())


@shared_task
def recount_open_months():
    """Count the open months again by the rules and facts as they stand now; returns how many rows changed."""
    return opening.recompute_all()
