"""The clock of the turns: planned for the next meetings, settled when a meeting is over."""

import logging

from celery import shared_task

from meetings.models import Meeting
from meetings.states import OPEN_ENDED, REGULAR_KINDS, Body
from reviews.queries import line
from reviews.services import turning

log = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def plan_turns():
    """Hourly: turns of meetings that are over become missed, those of the next regular meetings are given.

    What fails is logged and the others go on; the run fails in the end.
    """
    failed = [turn.pk for turn in line.settled() if not _done(turning.settle, turn)]
    cells: set = set()
    rows = Meeting.objects.filter(body=Body.CELL, kind__in=REGULAR_KINDS, state__in=OPEN_ENDED)
    for meeting in rows.order_by("starts_at"):
        if meeting.cell_id not in cells and not _done(turning.plan, meeting):
            failed.append(meeting.pk)
        cells.add(meeting.cell_id)  # the nearest of each cell; a later one is planned when its time comes
    if failed:
        raise RuntimeError(f"{len(failed)} turns or meetings were not settled")


def _done(act, row) -> bool:
    try:
        act(row)
    except Exception:
        log.exception("turn or meeting %s", row.pk)
        return False
    return True
