"""The hands: the beat wakes them every ten seconds, the rows say what to do."""

import fcntl
from contextlib import contextmanager

from celery import shared_task
from django.conf import settings

from notices.services import delivery


@contextmanager
def alone(name):
    """Yields True for one process of this machine at a time, so that a slow server does not fill every worker."""
    folder = settings.VAR / "run"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / f"{name}.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


@shared_task
def deliver_due_notices():
    """Send what is due; returns the number of mails tried, None while another process of this machine is at it."""
    with alone("delivery") as mine:
        return delivery.deliver_due(limit=200, seconds=50) if mine else None
