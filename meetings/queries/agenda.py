"""The agenda as pages show it, and what waits to be put on it."""

import datetime
import hashlib
from dataclasses import dataclass, field

from django.utils import timezone

from core.columns import own
from core.vietnamese import date_text
from meetings import reviewing
from meetings.models import AgendaItem
from meetings.offers import OFFERS
from meetings.queries.carried import TIMES
from meetings.reviewing import Review, review_item
from meetings.states import HIDDEN, Body, Section

SHOWN = [  # what a row shows of its presenter and of the item it was carried from
    *own(AgendaItem),
    "presenter__full_name",
    "carried_from__meeting__starts_at",
    "carried_from__meeting__opened_at",
]
TOLD = ("kind", "theme", "place", "mode", "online_link", "chair_id", "clerk_id")
LABELS = {Section.OPENING: "Mở đầu", Section.CONTENT: "Nội dung", Section.CLOSING: "Kết thúc"}


@dataclass
class Row:
    """An item with its number ("B2"), place, planned start and what the page says about it.

    ``review`` is the review of the meeting, at the item under which it is held.
    """

    item: AgendaItem
    number: str
    starts_at: datetime.datetime
    first: bool
    last: bool
    review: Review | None = None

    @property
    def carried(self) -> str:
        """ "Chuyển từ 05/10/2026, lần 2"; empty for what is new."""
        old, times = self.item.carried_from, self.item.carried_times
        if old is None:
            return ""
        return f"Chuyển từ {date_text(old.meeting.day)}" + (f", lần {times}" if times > 1 else "")

    @property
    def papers(self):
        return papers_of(self.item)

    @property
    def misses_draft(self) -> bool:
        """Something is to be decided and neither text nor paper says what."""
        return bool(self.item.decide) and needs_paper(self.item)


@dataclass
class Part:
    """A section of the agenda: letter, label, rows, minutes in all, planned start."""

    letter: str
    starts_at: datetime.datetime
    rows: list = field(default_factory=list)

    @property
    def label(self) -> str:
        return LABELS[self.letter]

    @property
    def kind(self) -> str:
        return self.letter.lower()

    @property
    def minutes(self) -> int:
        return sum(row.item.minutes for row in self.rows)


def needs_paper(item) -> bool:
    """Whether a content item has neither draft text nor paper; the review of last month writes itself."""
    if item.section != Section.CONTENT or item.origin == reviewing.ORIGIN:
        return False
    return not item.draft_text.strip() and not papers_of(item)


def papers_of(item) -> list:
    """Papers of an item, from the list that ``items`` was given where there is one."""
    return item.paper_list if hasattr(item, "paper_list") else list(item.papers.all())


def items(meeting, papers=None):
    """Items in order with presenter, papers (all papers of the meeting, if at hand), where they were carried from and
    how many times: two queries, one if the papers are given.
    """
    rows = meeting.items.select_related("presenter", "carried_from__meeting").annotate(carried_times=TIMES)
    found = list(rows.only(*SHOWN))
    papers = list(meeting.papers.all()) if papers is None else papers
    for item in found:
        item.meeting = meeting
        item.paper_list = [paper for paper in papers if paper.item_id == item.pk]
    return found


def parts(meeting, rows=None, review=None) -> list[Part]:
    """Sections A, B, C with numbered rows and planned times (local); sections without items are left out."""
    rows = items(meeting) if rows is None else rows
    reviewed = review_item(rows) if review else None
    moment = timezone.localtime(meeting.starts_at)
    found = []
    for letter in Section.values:
        inside = [item for item in rows if item.section == letter]
        part = Part(letter, moment)
        for place, item in enumerate(inside, start=1):
            here = review if item is reviewed else None
            part.rows.append(Row(item, f"{letter}{place}", moment, place == 1, place == len(inside), here))
            moment += datetime.timedelta(minutes=item.minutes)
        if inside:
            found.append(part)
    return found


def fingerprint(meeting, rows=None, papers=None) -> str:
    """What the committee agrees and members are told, as one short text: another one as soon as anything of it changes.

    Two queries, none when rows (in order) and papers are at hand.
    """
    rows = meeting.items.all() if rows is None else rows
    papers = meeting.papers.all() if papers is None else papers
    head = [meeting.starts_at.timestamp(), *(str(getattr(meeting, name)) for name in TOLD)]
    seen = [(row.pk, row.section, row.title, row.decide, row.presenter_id, row.minutes, row.draft_text) for row in rows]
    laid = sorted((paper.pk, paper.item_id, paper.title) for paper in papers)
    return hashlib.sha256(repr((head, seen, laid)).encode()).hexdigest()[:20]


def total(rows) -> int:
    """Planned minutes of all items."""
    return sum(item.minutes for item in rows)


def ends_at(meeting, rows):
    """Planned end of the meeting, local."""
    return timezone.localtime(meeting.starts_at) + datetime.timedelta(minutes=total(rows))


def waiting(meeting, rows=None):
    """What the apps propose for this meeting and nobody has taken or put off yet, in the order of the offers."""
    if meeting.body != Body.CELL:
        return []
    rows = meeting.items.only("origin") if rows is None else rows
    known = {item.origin for item in rows} | set(meeting.put_off)
    offered = [row for offer in OFFERS for row in offer(meeting.cell, meeting.day)]
    return [row for row in offered if row.key not in known]


def given_to(user):
    """Content items that the person presents at meetings still being prepared."""
    rows = AgendaItem.objects.filter(presenter=user.member_id, section=Section.CONTENT, meeting__state__in=HIDDEN)
    rows = rows.filter(meeting__cell__in=user.cell_ids).select_related("meeting")
    return rows.order_by("meeting__starts_at", "section", "position")
