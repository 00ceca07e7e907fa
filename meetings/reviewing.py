"""The review of last month as plain values: its lines, their order, the item under which it is held. Pure."""

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from core.vietnamese import fold
from meetings.states import FINDING_UI, Finding, Section

ORDER = (Finding.LATE, Finding.NOT_BEGUN, Finding.DOING, Finding.DONE)
ORIGIN = "standard:review"
TITLE = re.compile(r"(kiem diem|danh gia).*(nghi quyet|nhiem vu|thang)|(nghi quyet|nhiem vu).*thang truoc")
SENTENCE = re.compile(r"(?<=[.!?…])\s+")
LONGEST = 300


@dataclass(frozen=True)
class Line:
    """One thing in a review; ``people`` names the owner and who works with them, ``times`` counts this review too."""

    key: str  # "clause:12", "task:5"
    finding: str
    title: str
    people: str = ""
    due_on: datetime.date | None = None
    source: str = ""
    note: str = ""  # first sentence of the last report
    why: str = ""  # typed: cause and remedy
    waits: bool = False  # reported as done, not confirmed yet
    times: int = 1
    url: str = ""

    @property
    def thing(self) -> dict:
        """The column of the row that keeps it."""
        kind, _, pk = self.key.partition(":")
        return {"clause_id" if kind == "clause" else "assignment_id": int(pk)}

    @property
    def look(self):
        return FINDING_UI[Finding(self.finding)]

    @property
    def said(self) -> str:
        """What page and minutes say about it: what was typed, else the last report."""
        return self.why or self.note

    @property
    def is_done(self) -> bool:
        return self.finding == Finding.DONE


@dataclass
class Review:
    """``lines`` of a meeting; ``elsewhere`` is the meeting to come in whose review the open things stand."""

    lines: list[Line] = field(default_factory=list)
    elsewhere: Any = None
    frozen: bool = False

    @property
    def counts(self) -> list:
        """(look, number) of each finding that there is, in the order of the list."""
        numbers = [(FINDING_UI[one], sum(line.finding == one for line in self.lines)) for one in ORDER]
        return [pair for pair in numbers if pair[1]]


def in_order(lines) -> list[Line]:
    """Late, not begun, under way, done; within each by due day."""
    return sorted(
        lines, key=lambda line: (ORDER.index(Finding(line.finding)), line.due_on or datetime.date.max, line.key)
    )


def is_review(item) -> bool:
    """Whether an item of an agenda is one under which the review is held."""
    return item.origin == ORIGIN or (item.section == Section.CONTENT and bool(TITLE.search(fold(item.title))))


def review_item(items):
    """The item of the review among the items of a meeting, the standard one first; None without."""
    return min(filter(is_review, items), key=lambda item: item.origin != ORIGIN, default=None)


def first_sentence(text) -> str:
    """The first sentence of a report on one line, cut at a word when it runs on."""
    return shortened(SENTENCE.split(" ".join(text.split()), maxsplit=1)[0])


def shortened(text) -> str:
    """On one line of at most 300 letters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def people_words(owners, helpers) -> str:
    """ "Ngô Xuân Trường; phối hợp: Lê Thị Hồng": each name once, in the order given."""
    names = [name for name in dict.fromkeys(owners) if name]
    others = [name for name in dict.fromkeys(helpers) if name and name not in names[:1]]
    others = list(dict.fromkeys([*names[1:], *others]))
    first = names[0] if names else ""
    return "; ".join(part for part in (first, f"phối hợp: {', '.join(others)}" if others else "") if part)
