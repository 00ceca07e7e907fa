"""What somebody types into the search box, taken apart: words, phrases, operators. Pure; marks and case never count.

Operators: ``@tôi`` (what is mine), ``@lan``, ``@"ngọc lan"`` (what is theirs), ``hạn:tháng 11``, ``hạn:11/2026``,
``hạn:05/12/2026``, ``hạn:tháng này``, ``hạn:hôm nay`` (what is due then), ``hạn:quá`` (what is late), ``chưa xong``
(what is not done).
"""

import calendar
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass

from core.vietnamese import fold

LONGEST = 200  # characters read of what was typed
MOST_WORDS = 12
SHORTEST = 2  # letters in all, below which nothing is searched
SHORT_WORD = 2  # up to so many letters a word is searched whole: "bí", "tổ", "2" begin too many others

QUOTED = re.compile(r'["“”«»„‟]([^"“”«»„‟]+)["“”«»„‟]')
EDGES = " \t.,;:!?()[]{}<>…'\"“”‘’«»„‟–—-/\\@"
NAMED = re.compile(r'(?<!\S)@["“”«»„‟]([^"“”«»„‟]+)["“”«»„‟]')
NAME = re.compile(r"(?<!\S)@([^\s@]+)")
MINE = re.compile(r"(?<!\S)@(?:toi|me)(?!\w)")
UNFINISHED = re.compile(r"(?<!\w)chua xong(?!\w)")
DUE = re.compile(
    r"(?<!\w)han ?: ?(?P<when>qua han|qua|tre|hom nay|thang nay"
    r"|thang ?\d{1,2}(?: ?/ ?\d{4})?|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/\d{4}|\S*)(?!\w)"
)

Days = tuple[datetime.date, datetime.date]


@dataclass(frozen=True)
class Query:
    """What is looked for. Words, phrases and names are folded; ``due`` is the first and the last day, both included."""

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    mine: bool = False
    due: Days | None = None
    unfinished: bool = False
    late: bool = False
    people: tuple[str, ...] = ()  # of any of these names
    unread: tuple[str, ...] = ()  # dates that could not be understood, as they are shown to who typed them

    @property
    def has_terms(self) -> bool:
        return bool(self.words or self.phrases)

    @property
    def has_operators(self) -> bool:
        return self.of_somebody or self.due is not None or self.unfinished or self.late

    @property
    def of_somebody(self) -> bool:
        """Whether it asks for what people answer for: oneself, or whoever is named."""
        return self.mine or bool(self.people)

    @property
    def is_empty(self) -> bool:
        return not self.has_terms and not self.has_operators

    @property
    def is_too_short(self) -> bool:
        """Only a letter, and no operator to narrow it."""
        return self.has_terms and not self.has_operators and len("".join(self.words + self.phrases)) < SHORTEST


def parse(text: str, today: datetime.date) -> Query:
    """The query in a text. Nothing is an error: what cannot be read stands in ``unread`` and is left out."""
    text = "".join(char if char.isprintable() else " " for char in text[:LONGEST])
    people = NAMED.findall(text)
    text = NAMED.sub(" ", text)
    phrases = [cleaned for found in QUOTED.findall(text) if (cleaned := fold(found).strip(EDGES))]
    rest = fold(QUOTED.sub(" ", text))
    rest, mine = _taken(MINE, rest)
    people += NAME.findall(rest)
    rest, _ = _taken(NAME, rest)
    named = tuple(dict.fromkeys(name for person in people[:MOST_WORDS] if (name := fold(person).strip(EDGES))))
    rest, unfinished = _taken(UNFINISHED, rest)
    days, late, unread = None, False, []
    for found in DUE.finditer(rest):
        when = found["when"]
        if when in ("qua", "qua han", "tre"):
            late = True
        elif (read := due_days(when, today)) is not None:
            days = read
        else:
            unread.append(f"hạn:{when.replace('thang', 'tháng')}")
    words = dict.fromkeys(word.strip(EDGES) for word in DUE.sub(" ", rest).split())
    kept = tuple(word for word in words if word)[:MOST_WORDS]
    return Query(kept, tuple(phrases[:MOST_WORDS]), mine, days, unfinished, late, named, tuple(unread))


def is_short(word: str) -> bool:
    """Searched as a whole word only."""
    return len(word) <= SHORT_WORD


def _taken(pattern: re.Pattern, text: str) -> tuple[str, bool]:
    """(text without what the pattern finds, whether it found anything)."""
    left, count = pattern.subn(" ", text)
    return " ".join(left.split()), count > 0


def due_days(when: str, today: datetime.date) -> Days | None:
    """First and last day of a folded date of the operator ``hạn:``; None for no date.

    A month without a year is the nearest one to today ("tháng 11" in January is that of last year).
    """
    if when == "hom nay":
        return today, today
    if when == "thang nay":
        return month_days(today.year, today.month)
    for pattern, reading in READINGS:
        if found := re.fullmatch(pattern, when):
            try:
                return reading([int(number) for number in found.groups()], today)
            except ValueError:  # a 13th month, a 31st of February, the year 0
                return None
    return None


def month_days(year: int, month: int) -> Days:
    """First and last day of a month."""
    first = datetime.date(year, month, 1)
    return first, first.replace(day=calendar.monthrange(year, month)[1])


def nearest_year(month: int, today: datetime.date) -> int:
    """The year whose month of that number lies nearest to today's month; of two the coming one."""
    this = today.year * 12 + today.month
    return min((today.year + 1, today.year, today.year - 1), key=lambda year: abs(year * 12 + month - this))


def _day(numbers: list[int], today: datetime.date) -> Days:
    day = datetime.date(*reversed(numbers))
    return day, day


def _month(numbers: list[int], today: datetime.date) -> Days:
    return month_days(numbers[1], numbers[0])


def _some_month(numbers: list[int], today: datetime.date) -> Days:
    return month_days(nearest_year(numbers[0], today), numbers[0])


Reading = Callable[[list[int], datetime.date], Days]
READINGS: tuple[tuple[str, Reading], ...] = (
    (r"(\d{1,2})/(\d{1,2})/(\d{4})", _day),
    (r"(?:thang ?)?(\d{1,2}) ?/ ?(\d{4})", _month),
    (r"thang ?(\d{1,2})", _some_month),
)
