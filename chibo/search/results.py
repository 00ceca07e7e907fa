"""What a result shows: its kind, title and excerpt with what was found marked, where it stands, its state, its page."""

import datetime
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import mark_safe

from assignments.models import Assignment
from core.marking import Piece, excerpt, has_found, marked
from core.states import Look
from core.vietnamese import date_text
from documents import states as papers
from documents.layout import number_line
from documents.states import PaperState, PaperType
from meetings.models import Meeting
from meetings.states import CLAUSE_UI, ClauseState, State

NO_PAPER = Look("Dự thảo", "line", "pencil")


@dataclass(frozen=True)
class Result:
    kind: str
    title: list[Piece]
    url: str
    text: list[Piece]
    where: list[str]
    look: Look | None = None

    @property
    def title_html(self):
        return with_marks(self.title)

    @property
    def text_html(self):
        return with_marks(self.text)


def with_marks(pieces):
    """The pieces escaped, what was found in <mark>."""
    found = (f"<mark>{escape(piece.text)}</mark>" if piece.found else escape(piece.text) for piece in pieces)
    return mark_safe("".join(found))  # each piece is escaped


def _moment(text):
    return datetime.datetime.fromisoformat(text) if text else None


def _meeting(row):
    return _meeting_name(row["meeting_kind"], row["meeting_opened_at"], row["meeting_starts_at"])


@lru_cache(256)  # the rows of a page come from few meetings
def _meeting_name(kind, opened_at, starts_at):
    """ "Sinh hoạt thường kỳ tháng 12/2026, 05/12/2026"; meetings named by their day stand alone."""
    opened, starts = _moment(opened_at), _moment(starts_at)
    meeting = Meeting(kind=kind, opened_at=opened, starts_at=starts)
    day = date_text(timezone.localtime(opened or starts))
    return meeting.title if day in meeting.title else f"{meeting.title}, {day}"


def _number(row):
    """ "10-NQ/CB"; empty for a draft."""
    return number_line(row["number"], PaperType.RESOLUTION, row["symbol"]).removeprefix("Số ")


def _people(*names):
    return [f"đ/c {name}" for name in names if name]


def _due(row):
    return f"hạn {date_text(datetime.date.fromisoformat(row['due_on']))}" if row["due_on"] else ""


def _where(*parts):
    return [part for part in parts if part]


def _best(texts, wanted):
    """The excerpt of the first text in which something was found; else of the first that says anything."""
    tried = [excerpt(text, wanted) for text in texts if text.strip()]
    return next((pieces for pieces in tried if has_found(pieces)), tried[0] if tried else [])


def item(pk, row, wanted):
    where = _where(_meeting(row), *_people(row["presenter"]))
    text = [Piece("Quyết định: "), *excerpt(row["decide"], wanted)] if row["decide"] else []
    look = None if row["state"] == State.CLOSED else Meeting.STATE_UI[row["state"]]
    url = reverse("meetings:item", args=[row["meeting"], pk])
    return Result("Nội dung chương trình", marked(row["title"], wanted), url, text, where, look)


def record(pk, row, wanted):
    """Where the words stand decides whether it is called a conclusion or what was presented."""
    narrated = excerpt(row["narrative"], wanted) if row["narrative"] else []
    concluded = excerpt(row["conclusion"], wanted) if row["conclusion"] else []
    told = (has_found(narrated) and not has_found(concluded)) or not concluded
    kind, text = ("Nội dung trình bày", narrated) if told else ("Kết luận", concluded)
    return Result(kind, marked(row["title"], wanted), _minutes(row["meeting"], pk), text, [_meeting(row)])


def speech(pk, row, wanted):
    speaker = f"Đ/c {row['member']}" if row["member"] else row["guest"]
    title = [Piece(f"{speaker}: "), *marked(row["title"], wanted)]
    url = _minutes(row["meeting"], row["item"])
    return Result("Phát biểu", title, url, excerpt(row["text"], wanted), [_meeting(row)])


def _minutes(meeting, item):
    return f"{reverse('meetings:minutes', args=[meeting])}#item-{item}"


def paper(pk, row, wanted):
    """To the page of its item, where its presenter may go too; a paper of no item stands on the list."""
    of_item = row["item"] is not None
    url = reverse("meetings:item" if of_item else "meetings:papers", args=[row["meeting"], row["item"]][: 1 + of_item])
    where = _where(_meeting(row), f"cho nội dung: {row['item_title']}" if of_item else "")
    return Result("Tài liệu họp", marked(row["title"], wanted), url, [], where)


def resolution(pk, row, wanted):
    number = _number(row)
    title = [Piece(f"Nghị quyết {number}: " if number else "Nghị quyết: "), *marked(row["subject"], wanted)]
    text = _best([row["assessment"], row["organisation_text"]], wanted)
    look = papers.STATE_UI[PaperState(row["state"])] if row["state"] else NO_PAPER
    return Result("Nghị quyết", title, reverse("resolutions:detail", args=[pk]), text, [_meeting(row)], look)


def clause(pk, row, wanted):
    number = _number(row)
    title = [Piece(f"Mục {row['position']}, Nghị quyết {number}" if number else f"Mục {row['position']}, nghị quyết")]
    where = _where(_meeting(row), *_people(row["owner"]), _due(row))
    passed = row["state"] not in (None, PaperState.DRAFT, PaperState.WITHDRAWN)
    look = CLAUSE_UI[ClauseState(row["state_key"])] if passed else NO_PAPER
    url = reverse("resolutions:clause", args=[pk])
    return Result("Mục nghị quyết", title, url, excerpt(row["text"], wanted), where, look)


def task(pk, row, wanted):
    given = Assignment(state=row["state"], due_on=datetime.date.fromisoformat(row["due_on"]))
    where = _where(*_people(row["owner"]), _due(row), row["source"])
    url = reverse("assignments:detail", args=[pk])
    return Result("Nhiệm vụ", marked(row["title"], wanted), url, _best([row["detail"]], wanted), where, given.look)


FACES = {
    "item": item,
    "record": record,
    "speech": speech,
    "paper": paper,
    "resolution": resolution,
    "clause": clause,
    "task": task,
}
