"""Reads the whole diary and every covered row in one snapshot and hands them to ``members.chain``.

Rows are streamed; what stays in memory is a batch of objects.
"""

from collections import Counter
from contextlib import contextmanager
from itertools import islice

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from members import activity, chain
from members.models import Activity, ChainHead, Organisation

LINES = 2000
OBJECTS = 500


@contextmanager
def snapshot():
    """One view of the database while people go on writing; inside a caller's transaction, that transaction's view."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def verify(counted=None):
    """Every Finding, organisation by organisation, then object by object, then the papers' anchors.

    ``counted`` is a Counter that is filled on the way: ("lines", organisation id), ("objects", label), "anchors".
    """
    counted = Counter() if counted is None else counted
    with snapshot():
        for organisation_id in _chains():
            yield from _check_chain(organisation_id, counted)
        for label in activity.COVERED:
            yield from _check_covered(label, counted)
        for printed in activity.ANCHORS:
            yield from _check_anchors(printed(), counted)


def _chains():
    """Organisations that have lines or a head."""
    lines = Exists(Activity.objects.filter(organisation=OuterRef("pk")))
    head = Exists(ChainHead.objects.filter(pk=OuterRef("pk")))
    return list(Organisation.objects.filter(Q(lines) | Q(head)).order_by("pk").values_list("pk", flat=True))


def _check_chain(organisation_id, counted):
    rows = Activity.objects.filter(organisation=organisation_id).order_by("seq").values_list(*chain.Line._fields)
    head = ChainHead.objects.filter(pk=organisation_id).values_list("seq", "hash").first()

    def lines():
        for row in rows.iterator(chunk_size=LINES):
            counted["lines", organisation_id] += 1
            yield chain.Line(*row)

    yield from chain.check_lines(organisation_id, lines(), head, activity.line_hash)


def _check_covered(label, counted):
    model = apps.get_model(label)
    counted["objects", label] += 0
    rows = model._base_manager.order_by("pk").prefetch_related(*activity.RELATED[label])
    rows = rows.iterator(chunk_size=OBJECTS)
    while batch := list(islice(rows, OBJECTS)):
        last = _last_lines(Activity.objects.filter(object_label=label, object_id__in=[row.pk for row in batch]))
        for row in batch:
            counted["objects", label] += 1
            where = getattr(row, "cell_id", None)
            yield from chain.check_object(_words(model, row.pk), last.get(row.pk), activity.digest_of(row), where)
    yield from _check_removed(label, model)


def _check_removed(label, model):
    """Covered objects that the diary knows and the table does not."""
    there = model._base_manager.filter(pk=OuterRef("object_id"))
    rows = Activity.objects.filter(object_label=label).exclude(Exists(there))
    missing = rows.order_by("object_id").values_list("object_id", flat=True).distinct().iterator(chunk_size=OBJECTS)
    while batch := list(islice(missing, OBJECTS)):
        last = _last_lines(Activity.objects.filter(object_label=label, object_id__in=batch))
        for pk in batch:
            yield from chain.check_object(_words(model, pk), last.get(pk), None)


def _last_lines(rows):
    """object id -> Last: the newest line of each, whichever organisation's diary it stands in."""
    newest = rows.order_by("object_id", "organisation_id", "-seq").distinct("object_id", "organisation_id")
    found = {}
    for pk, organisation_id, seq, at, digest, text in newest.values_list(
        "object_id", "organisation_id", "seq", "at", "digest", "text"
    ):
        last = chain.Last(organisation_id, seq, at, digest, chain.is_gone(text))
        if pk not in found or found[pk].at < at:
            found[pk] = last
    return found


def _check_anchors(printed, counted):
    rows = iter(printed)
    while batch := list(islice(rows, OBJECTS)):
        wanted = Activity.objects.filter(
            organisation__in={row[0] for row in batch}, seq__in={row[1] for row in batch}
        ).values_list("organisation_id", "seq", "hash")
        stored = {(organisation_id, seq): line_hash for organisation_id, seq, line_hash in wanted}
        for row in batch:
            counted["anchors"] += 1
            yield from chain.check_anchor(row, stored.get((row[0], row[1])))


def _words(model, pk):
    return f"{model._meta.verbose_name} {pk} ({model._meta.label_lower})"
