"""Whoever leaves a cell is reminded no more. Days do that, nobody's act, so the clock looks."""

from django.utils import timezone

from members.queries import attending
from notices.models import Notice, Outcome
from notices.services.planning import withdraw


def withdraw_of_gone(kinds, now=None) -> int:
    """Withdraw what waits of these kinds for people who are not on the sheet of the notice's cell; returns how many.

    What is sent or in a worker's hands stays as it is.
    """
    today = timezone.localdate(now)
    waiting = Notice.objects.filter(outcome=Outcome.WAITING, kind__in=kinds)
    gone = waiting.exclude(attending("recipient", "cell", today)).order_by("pk")
    for notice in gone:
        withdraw(notice.key, recipients=[notice.recipient_id], reason="Không còn trong danh sách chi bộ.")
    return len(gone)
