"""Undiscussed items, where they go next, and where each came from."""

from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import F, Func, IntegerField, Q

from meetings.models import AgendaItem
from meetings.offers import SOURCES
from meetings.states import REGULAR_KINDS, Body, ItemStatus, Section, State

LEFT = Q(status=ItemStatus.POSTPONED) | Q(status=ItemStatus.PENDING) & ~Q(origin__startswith="standard:")
OURS = Q(section=Section.CONTENT, meeting__body=Body.CELL) | Q(carried_from__isnull=False)


class Times(Func):
    """How many times an item was carried, from its ``carried_from``: 0 for a new one; any depth, in the same query."""

    template = (
        "(WITH RECURSIVE up(id) AS (SELECT %(expressions)s UNION SELECT one.carried_from_id "
        "FROM meetings_agendaitem one JOIN up ON one.id = up.id) SELECT count(up.id) FROM up)"
    )
    output_field = IntegerField()


TIMES = Times(F("carried_from"))


def undiscussed(cell):
    """Items of closed and cancelled meetings of a cell that were left and went nowhere yet, the oldest first.

    Left is what was postponed, and what was never reached; what the standard order brings to every meeting anyway
    only when it was postponed expressly. What the committee dropped for good is not left any more, nor what the app
    that it came from proposes anew.
    """
    anew = reduce(or_, (Q(origin__startswith=f"{source}:") for source in sorted(SOURCES)), Q(pk__in=[]))
    over = Q(meeting__state__in=[State.CLOSED, State.CANCELLED])
    rows = AgendaItem.objects.filter(LEFT, OURS, ~anew, over, meeting__cell=cell)
    rows = rows.filter(carried_to__isnull=True, dropped__isnull=True).select_related("meeting")
    return rows.order_by("meeting__starts_at", "position", "pk")


def is_regular_draft(meeting) -> bool:
    """Whether undiscussed items come into it: a draft of a regular meeting of the cell."""
    return meeting.state == State.DRAFT and meeting.body == Body.CELL and meeting.kind in REGULAR_KINDS


def key_of(pk) -> str:
    """The origin of what was carried from an item, and its key in ``Meeting.put_off``."""
    return f"item:{pk}"


def next_draft(meetings, chain):
    """The earliest regular draft that has put off none of the items of the chain (pks); None if there is none."""
    keys = {key_of(pk) for pk in chain}
    fits = [meeting for meeting in meetings if is_regular_draft(meeting) and not keys & set(meeting.put_off)]
    return min(fits, key=lambda meeting: (meeting.starts_at, meeting.pk), default=None)


UP = """
WITH RECURSIVE up(start, id) AS (
    SELECT id, id FROM meetings_agendaitem WHERE id = ANY(%s)
    UNION
    SELECT up.start, one.carried_from_id FROM meetings_agendaitem one JOIN up ON one.id = up.id
    WHERE one.carried_from_id IS NOT NULL
)
SELECT start, id FROM up
"""
FAMILY = """
WITH RECURSIVE up(id) AS (
    SELECT id FROM meetings_agendaitem WHERE id = %s
    UNION
    SELECT one.carried_from_id FROM meetings_agendaitem one JOIN up ON one.id = up.id
    WHERE one.carried_from_id IS NOT NULL
), down(id) AS (
    SELECT id FROM up
    UNION
    SELECT one.id FROM meetings_agendaitem one JOIN down ON one.carried_from_id = down.id
)
SELECT id FROM down
"""


def chains(pks) -> dict:
    """{pk: pks of the item and of all it was carried from}, in one query; none for no items."""
    found: dict[int, list[int]] = {pk: [] for pk in pks}
    if found:
        with connection.cursor() as cursor:
            cursor.execute(UP, [list(found)])
            for start, pk in cursor.fetchall():
                found[start].append(pk)
    return found


def family(pk) -> list[int]:
    """Pks of the item, of all it was carried from and of all that was carried from those: any depth, one query."""
    with connection.cursor() as cursor:
        cursor.execute(FAMILY, [pk])
        return [row[0] for row in cursor.fetchall()]
