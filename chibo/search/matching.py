"""How a query meets a folded text: whole words and their beginnings by full text, anything else by trigrams.

Full text (index ``…_words``) carries plain words and phrases; what holds signs ("10-nq/cb") and, where no word was
found at all, parts of words go by LIKE (index ``…_parts``).
"""

import re
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery
from django.db.models import BigIntegerField, BooleanField, Case, F, Func, IntegerField, Q, Value, When

from core.searching import EDGES, Query, is_short

NUMBER = re.compile(r"(?:(?:nghi quyet )?(?:so )?(\d{1,4})-nq(?:/\S+)?|nghi quyet (?:so )?(\d{1,4}))")
ADJACENT, WHOLE, BEGINNING = 2, 1, 0


class Columns(NamedTuple):
    """Where a text stands folded, and where its words stand."""

    text: str = "folded"
    words: str = "folded_words"


FOLDED = Columns()


def one_of(path: str, ids: list):
    """The id at the path is one of these, as a condition: one array, where ``__in`` turns over every id by itself."""
    if not ids:
        return Q(pk__in=[])  # so that nothing is asked at all
    array = Value(ids, ArrayField(BigIntegerField()))
    return Q(Func(F(path), array, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField()))


def matching(rows, query: Query, columns: Columns, number: str = "", parts: bool = False):
    """The rows that hold all of the query's terms, with their ``rank``: side by side, whole words, beginnings.

    ``number`` is the lookup of a resolution's number, also found when the query is nothing but "10-NQ/CB".
    """
    if not query.has_terms:
        return rows.annotate(rank=Value(BEGINNING, IntegerField()))
    condition, ranks = parts_in(query, columns) if parts else terms_in(query, columns), ranks_of(query, columns)
    if number and (asked := asked_number(query)) is not None:
        condition |= Q(**{number: asked})
        ranks.insert(0, When(**{number: asked}, then=Value(ADJACENT)))
    return rows.filter(condition).annotate(rank=Case(*ranks, default=BEGINNING, output_field=IntegerField()))


def terms_in(query: Query, columns: Columns) -> Q:
    """Plain terms by full text, the others as they stand."""
    plain = full_text(query, beginnings=True)
    condition = Q(**{columns.words: plain}) if plain else Q()
    for term in (*query.words, *query.phrases):
        if not tokens(term):
            condition &= Q(**{f"{columns.text}__contains": term})
    return condition


def parts_in(query: Query, columns: Columns) -> Q:
    """Each term anywhere, inside of words too; short words only side by side with the others."""
    together = any(is_short(word) for word in query.words)
    terms = (" ".join(query.words), *query.phrases) if together else (*query.words, *query.phrases)
    condition = Q()
    for term in terms:
        condition &= Q(**{f"{columns.text}__contains": term})
    return condition


def ranks_of(query: Query, columns: Columns) -> list[When]:
    """Side by side as typed before whole words before beginnings."""
    cases = []
    if len(query.words) > 1:
        cases.append(When(**{f"{columns.text}__contains": " ".join(query.words)}, then=Value(ADJACENT)))
    if whole := full_text(query, beginnings=False):
        cases.append(When(**{columns.words: whole}, then=Value(WHOLE)))
    return cases


def full_text(query: Query, *, beginnings: bool) -> SearchQuery | None:
    """'nghi':* & 'quyet':* & ('chuyen' <-> 'doi'); None when no term is plain."""
    found = [" <-> ".join(f"'{word}'" for word in words) for phrase in query.phrases if (words := tokens(phrase))]
    for word in query.words:
        if tokens(word):
            found.append(f"'{word}'" + ":*" * (beginnings and not is_short(word)))
    text = " & ".join(f"({term})" for term in found)
    return SearchQuery(text, config="simple", search_type="raw") if text else None


def tokens(term: str) -> list[str]:
    """The words of a term as full text stores them; empty where a sign inside makes that uncertain."""
    words = [word.strip(EDGES) for word in term.split()]
    return words if all(word.isalnum() for word in words) else []


def asked_number(query: Query) -> int | None:
    """10 for "10-NQ/CB", "nghị quyết số 10"; None for anything more or less."""
    found = NUMBER.fullmatch(" ".join((*query.words, *query.phrases)))
    return int(found[1] or found[2]) if found else None
