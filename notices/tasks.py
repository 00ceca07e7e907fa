"""The hands: the beat wakes them every ten seconds, the rows say what to do."""

import fcntl
import os
from contextlib import contextmanager

from celery import shared_task
from django.conf import settings

from notices.services import delivery

SLOTS = 2  # deliveries at once on one machine: while one waits for a slow server, the next goes on


@contextmanager
def slot(name, count=1):
    """Yields True to at most ``count`` processes of this machine at a time; the lock ends with the process."""
    folder = settings.VAR / "run"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for number in range(count):
        with (folder / f"{name}-{number}.lock").open("a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            handle.truncate(0)
            handle.write(str(os.getpid()))  # whoever looks for the process that delivers
            handle.flush()
            try:
                yield True
            finally:
                handle.truncate(0)
            return
    yield False


@shared_task
def deliver_due_notices():
    """Send what is due; returns the number of mails tried, None while enough processes of this machine are at it."""
    with slot("delivery", SLOTS) as mine:
        return delivery.deliver_together() if mine else None
