"""The search itself: first which rows, newest first, of all kinds in one query; then what one page of them shows."""

import datetime
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, CharField, DateTimeField, F, Value
from django.db.models.functions import Cast, Coalesce

from chibo.search import results
from chibo.search.matching import matching, one_of
from chibo.search.sources import BY_KIND, ORDER, SOURCES, facts
from chibo.search.walls import Reach
from core.marking import pattern

NO_DAY = datetime.date(2999, 12, 31)  # what has no due day comes last
MOST = 200  # rows of a kind; whoever finds more adds a word


class Hit(NamedTuple):
    kind: str
    pk: int
    at: datetime.datetime
    rank: int


@dataclass(frozen=True)
class Found:
    """``hits`` in order, at most MOST of a kind; ``counts`` up to MOST + 1; ``parts``: found inside of words only."""

    hits: list[Hit]
    counts: dict[str, int]
    parts: bool = False

    def of(self, kind):
        """The hits of a kind; of all without one."""
        return [hit for hit in self.hits if kind in ("", hit.kind)]


def search(user, query, today) -> Found:
    """What the person may see of what the query asks for.

    Words first by full text; only when that finds nothing at all, also inside of words. What is due comes in the
    order of the days, everything else side by side, whole words, beginnings, and the newest first.
    """
    reach, parts = Reach(user), False
    hits = _hits(reach, query, today)
    if not hits and query.has_terms:
        hits, parts = _hits(reach, query, today, parts=True), True
    counts = {source.kind: 0 for source in SOURCES}
    for hit in hits:
        counts[hit.kind] += 1
    kept, seen = [], dict.fromkeys(counts, 0)
    for hit in sorted(hits, key=_by_day if asks_days(query) else _newest):
        seen[hit.kind] += 1
        if seen[hit.kind] <= MOST:
            kept.append(hit)
    return Found(kept, counts, parts)


def asks_days(query) -> bool:
    """Whether the query is about what is due."""
    return query.due is not None or query.unfinished or query.late


def _newest(hit):
    return -hit.rank, -hit.at.timestamp(), ORDER[hit.kind], -hit.pk


def _by_day(hit):
    return -hit.rank, hit.at.timestamp(), ORDER[hit.kind], hit.pk


def _hits(reach, query, today, parts=False):
    rows = statement(reach, query, today, parts)
    return [] if rows is None else [Hit(*row) for row in rows]


def statement(reach, query, today, parts=False):
    """The one query behind a search, to be run or explained; None when there is nowhere to look."""
    return joined(branches(reach, query, today, parts))


def joined(sets):
    return sets[0].union(*sets[1:], all=True) if len(sets) > 1 else next(iter(sets), None)


def branches(reach, query, today, parts=False):
    """The rows of each kind that the query is about, each with its own limit; none where nobody bears the name."""
    people = reach.people(query)
    if query.of_somebody and not people:
        return []
    return [
        _branch(source.rows(reach), source, query, people, today, parts) for source in SOURCES if source.answers(query)
    ]


def _branch(rows, source, query, people, today, parts):
    rows = matching(_asked(rows, source, query, people, today), query, source.columns, source.number, parts)
    days = asks_days(query)
    at = Cast(Coalesce("due_on", Value(NO_DAY)), DateTimeField()) if days else F(source.at)
    rows = rows.annotate(kind=Value(source.kind, CharField()), key=Cast("pk", BigIntegerField()), at=at)
    return rows.order_by("at" if days else "-at", "-key").values_list("kind", "key", "at", "rank")[: MOST + 1]


def _asked(rows, source, query, people, today):
    """The operators as conditions."""
    if query.of_somebody:
        rows = rows.filter(source.of(people))
    if query.due:
        rows = rows.filter(due_on__range=query.due)
    if query.unfinished:
        rows = source.states(rows, today).filter(source.unfinished)
    if query.late:
        rows = source.states(rows, today).filter(source.late(today))
    return rows


def shown(hits, query, today, parts=False):
    """Hits of a search as results with what was found marked: one query for all kinds of a page."""
    found, wanted = _facts(hits, today), pattern(query, parts)
    return [
        results.FACES[hit.kind](hit.pk, found[hit.kind, hit.pk], wanted)
        for hit in hits
        if (hit.kind, hit.pk) in found  # not gone since
    ]


def _facts(hits, today) -> dict:
    """(kind, pk) -> what a result shows of the row; no walls: the hits stand within them."""
    pks: dict[str, list] = {}
    for hit in hits:
        pks.setdefault(hit.kind, []).append(hit.pk)
    if not pks:
        return {}
    sql, params = _facts_sql(tuple(sorted(pks)), today)
    with connection.cursor() as cursor:
        cursor.execute(sql, [pks[SOURCES[one[0]].kind] if isinstance(one, list) else one for one in params])
        return {(kind, pk): json.loads(row) for kind, pk, row in cursor}


@lru_cache(256)  # all sets of the kinds, on two days
def _facts_sql(kinds, today):
    """(SQL, parameters) for rows of these kinds, compiled once; [place of the kind] stands for the list of ids."""
    sets = []
    for kind in kinds:
        source = BY_KIND[kind]
        rows = source.states(source.model.objects.order_by(), today).filter(one_of("pk", [ORDER[kind]]))
        rows = rows.annotate(kind=Value(kind, CharField()), facts=facts(source))
        sets.append(rows.values_list("kind", "pk", "facts"))
    return joined(sets).query.sql_with_params()
