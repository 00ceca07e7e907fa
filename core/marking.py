"""Where the words of a query stand in a text, found without marks and shown with them. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from core.searching import Query, is_short
from core.vietnamese import fold, nfc

SHOWN = 220  # characters of an excerpt
BEFORE = 60  # of them before the first word found
MORE = "…"
TRIED = 50  # places tried as the beginning of an excerpt
NO_LETTER_BEFORE, NO_LETTER_AFTER = r"(?<![^\W_])", r"(?![^\W_])"


@dataclass(frozen=True)
class Piece:
    """A run of text; ``found``: it is what was looked for."""

    text: str
    found: bool = False


class Span(NamedTuple):
    """Where a term stands: its first place, the one behind its last, the term as it was found there."""

    first: int
    last: int
    term: str


def pattern(query: Query, parts: bool = False) -> re.Pattern | None:
    """What marks the query's terms in a folded text: whole words and their beginnings; ``parts``: also their insides.

    None for a query without terms.
    """
    terms = sorted({*query.words, *query.phrases}, key=len, reverse=True)
    return re.compile("|".join(_pattern(term, parts) for term in terms)) if terms else None


def _pattern(term: str, parts: bool) -> str:
    before = NO_LETTER_BEFORE if term[0].isalnum() and not parts else ""
    after = NO_LETTER_AFTER if is_short(term) and not parts else ""
    return before + re.escape(term) + after


def marked(text: str, wanted: re.Pattern | None) -> list[Piece]:
    """The whole text in pieces."""
    text = nfc(text)
    return _cut(text, _spans(text, wanted), 0, len(text))


def excerpt(text: str, wanted: re.Pattern | None, size: int = SHOWN) -> list[Piece]:
    """About ``size`` characters around where most of the terms stand together, cut between words.

    From the beginning of the text where nothing was found.
    """
    text = " ".join(nfc(text).split())
    spans = _spans(text, wanted)
    first, last, _ = _densest(spans, size - BEFORE) if spans else (0, 0, "")
    start, end = 0, len(text)
    if len(text) > size and first > BEFORE:
        start = text.rfind(" ", 0, first - BEFORE) + 1
    if end - start > size:
        end = text.rfind(" ", start, start + size)
        end = max(end if end > start else start + size, last)  # a text without blanks is cut anywhere
    return [Piece(MORE)] * (start > 0) + _cut(text, spans, start, end) + [Piece(MORE)] * (end < len(text))


def _densest(spans: list[Span], size: int) -> Span:
    """The span from which on most different terms stand within ``size`` characters; of equals the first."""
    return max(spans[:TRIED], key=lambda one: len({each.term for each in spans if 0 <= each.first - one.first < size}))


def has_found(pieces: list[Piece]) -> bool:
    """Whether anything is marked."""
    return any(piece.found for piece in pieces)


def _spans(text: str, wanted: re.Pattern | None) -> list[Span]:
    """Where the terms stand in the text; marks stay with their letter."""
    if wanted is None:
        return []
    plain, places = _folded_places(text)
    spans = []
    for found in wanted.finditer(plain):
        end = places[found.end() - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        spans.append(Span(places[found.start()], end, found.group()))
    return spans


_plain = lru_cache(4096)(fold)


@lru_cache(1)
def _one_to_one() -> dict[int, str]:
    """Letters and signs of the West, Vietnamese ones among them, that fold to one character each."""
    plain = {code: " " if chr(code).isspace() else _plain(chr(code)) for code in range(0x2100)}
    return {code: letter for code, letter in plain.items() if len(letter) == 1}


def _folded_places(text: str) -> tuple[str, Sequence[int]]:
    """(the text folded, for each of its characters the place in ``text`` that it comes from)."""
    table = _one_to_one()
    if all(map(table.__contains__, map(ord, set(text)))):
        plain = text.translate(table)
        if "  " not in plain:
            return plain, range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        plain = " " if char.isspace() else _plain(char)
        if plain == " " and letters and letters[-1] == " ":
            continue
        letters += plain
        places += [place] * len(plain)
    return "".join(letters), places


def _cut(text: str, spans: list[Span], start: int, end: int) -> list[Piece]:
    pieces, at = [], start
    for first, last, _ in spans:
        if first >= at and last <= end:
            pieces += [Piece(text[at:first]), Piece(text[first:last], found=True)]
            at = last
    return [piece for piece in [*pieces, Piece(text[at:end])] if piece.text]
