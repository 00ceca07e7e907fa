"""Two people at one moment, in the worst order: the second begins before the first has finished, and waits."""

import threading
import time

from django.db import connection, connections, transaction

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def behind(first, second):
    """Run ``second`` on a connection of its own while the transaction of ``first`` is still open.

    Returns what the second gave or raised. It has read what it reads before its lock before the first one commits.
    """
    found = []

    def run():
        try:
            found.append(second())
        except Exception as error:  # handed to the test
            found.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        while thread.is_alive() and not _somebody_waits():
            time.sleep(0.02)
    thread.join()
    return found[0]


def wait_for(number):
    """Until so many connections wait for a lock; twenty seconds at most."""
    for _ in range(1_000):
        if _waiting() >= number:
            return
        time.sleep(0.02)
    raise AssertionError(f"{_waiting()} of {number} wait for a lock")


def _somebody_waits():
    return _waiting() > 0


def _waiting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else the transaction keeps its first view
        cursor.execute(WAITING)
        return cursor.fetchone()[0]
