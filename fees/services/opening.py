"""What the clock does with the books of all cells: the months of the calendar open by themselves, open ones are
counted again at night. One transaction per cell: a run that is killed goes on where it stopped."""

import datetime
import logging
import time
from collections.abc import Callable
from contextlib import contextmanager

from django.db import connection
from django.db.models import Max

from fees.calculation import fee_due
from fees.models import Due, FeeMonth
from fees.queries.facts import facts_of, facts_of_cells, rules_of
from fees.services import months
from fees.services.copying import differing
from fees.states import MonthState
from members.models import Organisation
from members.queries import with_rules

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]  # (cells done, cells in all)
BATCH = 100  # cells whose facts are read at once; what changes meanwhile is found by the nightly count


def open_all(on: datetime.date, *, progress: Progress | None = None) -> int:
    """Open the months up to that of ``on`` in every book that was begun; returns how many months were opened.

    The first month of a book is opened by its collector. A cell whose book is up to date is not touched, so that a
    second run does only what is left. A cell that fails is logged and holds up no other; in the end RuntimeError says
    how many there were.
    """
    last = dict(FeeMonth.objects.order_by().values_list("cell").annotate(last=Max("month")))
    run = _Run("opening", [cell for cell, month in last.items() if month < on.replace(day=1)], progress)
    with _without_waiting():
        for cells in run.batches():
            facts = {}  # read at once for all cells that go on with the same month
            for month in {_next(last[cell.pk]) for cell in cells}:
                facts |= facts_of_cells([cell for cell in cells if _next(last[cell.pk]) == month], month)
            for cell in cells:
                run.act(cell, lambda cell, facts=facts: _open(cell, on, last[cell.pk], facts[cell.pk], by=None))
    return run.end()


def open_cell(cell, on: datetime.date, *, by) -> int:
    """Open the months that a begun book lacks up to that of ``on``, each in its own transaction; returns how many."""
    last = FeeMonth.objects.filter(cell=cell).aggregate(last=Max("month"))["last"]
    return _open(cell, on, last, None, by=by) if last else 0


def recompute_all(*, progress: Progress | None = None) -> int:
    """Count every open month again (a rule was laid, a place or a birth date corrected); returns how many rows changed.

    Cells in which nothing would change are not locked. Counted twice where the first time changed anything: whoever
    moved is let go by one cell before the other can count. Fails as ``open_all`` does.
    """
    changed = _recount_all(progress)
    return changed + (_recount_all(progress) if changed else 0)


def _recount_all(progress) -> int:
    open_ones = FeeMonth.objects.filter(state=MonthState.OPEN)
    run = _Run("counting", list(open_ones.order_by("cell").values_list("cell", flat=True).distinct()), progress)
    for cells in run.batches():
        stale = _stale(cells, open_ones)
        for cell in cells:
            run.act(cell, lambda cell, stale=stale: _recount(cell) if cell.pk in stale else 0)
    return run.end()


def _open(cell, on, last, facts, *, by) -> int:
    """``facts``: of the month after ``last``, where they were read already."""
    opened, month = 0, _next(last)
    while month <= on:
        known = facts if facts is not None else facts_of(cell, month)
        opened += months.begin(cell, month, known, by=by) is not None
        facts, month = None, _next(month)
    return opened


def _recount(cell) -> int:
    return months.recompute_open(cell, by=None)


def _stale(cells, open_ones) -> set:
    """Ids of the cells where an open month holds another due than is counted now."""
    by_pk, stale = {cell.pk: cell for cell in cells}, set()
    ours = open_ones.filter(cell__in=cells)
    for month in set(ours.values_list("month", flat=True)):
        stored: dict = {row.cell_id: {} for row in ours.filter(month=month)}
        for due in Due.objects.filter(fee_month__in=ours.filter(month=month)):
            stored[due.cell_id][due.member_id] = due
        facts = facts_of_cells([by_pk[pk] for pk in stored], month)
        for pk, dues in stored.items():
            rule = rules_of(by_pk[pk])
            if dues.keys() != facts[pk].keys() or any(
                differing(dues[member], fee_due(known, rule)) for member, known in facts[pk].items()
            ):
                stale.add(pk)
    return stale


@contextmanager
def _without_waiting():
    """No commit waits for the disk: what a power cut takes away, whole cells only, the next run does again."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO DEFAULT")


class _Run:
    """Acts on many cells, a batch at a time, with their rules read at once; counts, shows progress, notes failures."""

    def __init__(self, what, pks, progress):
        self.what, self.pks, self.progress = what, pks, progress
        self.total = self.failed = self.done = 0
        self.began = time.monotonic()

    def batches(self):
        for start in range(0, len(self.pks), BATCH):
            yield with_rules(Organisation.objects.filter(pk__in=self.pks[start : start + BATCH]).order_by("pk"))
            took = time.monotonic() - self.began
            log.info("%s fee books: %s of %s cells, %.0f s", self.what, self.done, len(self.pks), took)

    def act(self, cell, doing):
        try:
            self.total += doing(cell)
        except Exception:  # whatever is wrong with one cell, the books of the others go on
            log.exception("%s the fee book of cell %s", self.what, cell.pk)
            self.failed += 1
        self.done += 1
        if self.progress:
            self.progress(self.done, len(self.pks))

    def end(self) -> int:
        if self.failed:
            raise RuntimeError(f"{self.what}: {self.failed} of {len(self.pks)} fee books failed")
        return self.total


def _next(month: datetime.date) -> datetime.date:
    return (month + datetime.timedelta(days=31)).replace(day=1)
