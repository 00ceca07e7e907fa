"""The record of a meeting as plain values: who came, what was said, voted and given. Pure; filled by queries.record."""

from dataclasses import dataclass, field
from datetime import date, datetime

from core.contributions import MinutesSection
from core.vietnamese import fold
from meetings.reviewing import Line, review_item
from meetings.states import ItemStatus, Presence, Section
from meetings.wording import comrade
from members.states import StatusKind

SILENT = "Chi bộ thực hiện theo chương trình."
POSTPONED = "Chưa bàn tại buổi họp này; chuyển sang buổi sau."


@dataclass(frozen=True)
class Person:
    """One line of the sheet with the standing of the day."""

    member_id: int
    name: str
    presence: str
    reason: str = ""
    status: str = StatusKind.OFFICIAL
    official: bool = True
    visitor: bool = False
    exempt: bool = False
    elsewhere: bool = False

    @property
    def present(self) -> bool:
        return self.presence == Presence.PRESENT

    @property
    def suspended(self) -> bool:
        return self.status == StatusKind.SUSPENDED


@dataclass(frozen=True)
class Officer:
    """Chair or clerk with the post held on the day."""

    member_id: int
    name: str
    post: str = ""

    def __str__(self):
        return comrade(self.name, self.post)


@dataclass(frozen=True)
class SpeechLine:
    pk: int
    speaker: str
    text: str
    at: datetime
    member_id: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of an item: an italic lead-in, then text."""

    text: str
    lead: str = ""


def split(text, lead="") -> list[Paragraph]:
    """One paragraph per typed line, the lead-in before the first."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [Paragraph(line, lead if place == 0 else "") for place, line in enumerate(lines)]


@dataclass(frozen=True)
class Item:
    """One item of the agenda as it was treated. ``place`` counts within its section: B2."""

    pk: int
    section: str
    place: int
    title: str
    status: str
    presenter: str = ""
    narrative: str = ""
    narrative_version: int = 0
    speeches: tuple[SpeechLine, ...] = ()
    conclusion: str = ""
    origin: str = ""
    is_carried: bool = False

    @property
    def number(self) -> str:
        return f"{self.section}{self.place}"

    @property
    def heading(self) -> str:
        """As printed: the items of the main part carry their number, opening and closing do not."""
        return f"{self.place}. {self.title}" if self.section == Section.CONTENT else self.title

    @property
    def is_silent(self) -> bool:
        """Nothing was written about it."""
        return not (self.narrative or self.speeches or self.conclusion)

    @property
    def opening(self) -> str:
        """Who presents, and what the clerk wrote about it."""
        if not self.presenter or fold(self.narrative).startswith(("dong chi", "đ/c", "d/c")):
            return self.narrative
        who = self.presenter[0].upper() + self.presenter[1:] + ("," if "," in self.presenter else "")
        if not self.narrative:
            return f"{who} trình bày."
        return f"{who} trình bày{':' if self.narrative[0].islower() else '.'} {self.narrative}"

    @property
    def paragraphs(self) -> list[Paragraph]:
        """Everything printed under the heading."""
        if self.status == ItemStatus.POSTPONED and self.is_silent:
            return [Paragraph(POSTPONED)]
        found = split(self.opening)
        for line in self.speeches:
            found += split(f"{line.speaker}: {line.text}" if line.text else f"{line.speaker} phát biểu.")
        found += split(self.conclusion, lead="Kết luận của chủ trì:")
        if self.status == ItemStatus.POSTPONED:
            found.append(Paragraph("Nội dung này chuyển sang buổi sau."))
        return found or [Paragraph(SILENT)]


@dataclass(frozen=True)
class VoteLine:
    """A vote; numbers are None until it is opened or closed."""

    pk: int
    item_id: int
    number: int
    matter: str
    ballot: str
    decision: str
    closed: bool
    two_thirds: bool = False
    is_secret: bool = False
    official: int = 0
    exempt_absent: int = 0
    elsewhere_absent: int = 0
    suspended: int = 0
    excused: int = 0
    denominator: int = 0
    need: int = 0
    agree: int = 0
    disagree: int = 0
    other: int = 0
    issued: int = 0
    returned: int = 0
    valid: int = 0
    invalid: int = 0
    tellers: tuple[str, ...] = ()
    passed: bool = False

    @property
    def result(self) -> str:
        return "Thông qua" if self.passed else "Không thông qua"

    @property
    def hands(self) -> int:
        return self.agree + self.disagree + self.other


@dataclass(frozen=True)
class TaskLine:
    pk: int
    title: str
    owner: str
    follower: str
    due_on: date


@dataclass(frozen=True)
class Roll:
    """Counts of the sheet by class, in whole people (DOMAIN §2.2: total, official, probationary, …)."""

    people: tuple[Person, ...]

    def _count(self, test) -> int:
        return sum(bool(test(person)) for person in self.people)

    @property
    def total(self) -> int:
        return self._count(lambda p: not p.visitor)

    @property
    def official(self) -> int:
        return self._count(lambda p: not p.visitor and p.status == StatusKind.OFFICIAL)

    @property
    def probationary(self) -> int:
        return self._count(lambda p: not p.visitor and p.status == StatusKind.PROBATIONARY)

    @property
    def suspended(self) -> int:
        return self._count(lambda p: not p.visitor and p.suspended)

    @property
    def exempt(self) -> int:
        return self._count(lambda p: not p.visitor and p.exempt)

    @property
    def elsewhere(self) -> int:
        return self._count(lambda p: not p.visitor and p.elsewhere)

    @property
    def here(self) -> int:
        return self._count(lambda p: p.visitor)

    @property
    def present(self) -> int:
        return self._count(lambda p: p.present)

    @property
    def expected(self) -> int:
        """Everybody on the sheet but those exempt or elsewhere who did not come."""
        away = (Presence.EXEMPT, Presence.EXEMPT_TEMPORARY, Presence.TEMP_ELSEWHERE)
        return self._count(lambda p: p.presence not in away)

    @property
    def present_official(self) -> int:
        return self._count(lambda p: p.present and not p.visitor and p.status == StatusKind.OFFICIAL)

    @property
    def present_probationary(self) -> int:
        return self._count(lambda p: p.present and not p.visitor and p.status == StatusKind.PROBATIONARY)

    @property
    def present_here(self) -> int:
        return self._count(lambda p: p.present and p.visitor)

    def absent(self, presence) -> list[tuple[str, str]]:
        """(name, reason) of everybody with that mark, in the order of the sheet."""
        return [(person.name, person.reason) for person in self.people if person.presence == presence]


@dataclass(frozen=True)
class Record:
    """Everything the minutes say."""

    meeting_id: int
    subject: str
    opened_at: datetime
    closed_at: datetime | None
    was_opened: bool
    mode: str
    place: str
    people: tuple[Person, ...] = ()
    guests: tuple[str, ...] = ()
    chair: Officer | None = None
    clerk: Officer | None = None
    items: tuple[Item, ...] = ()
    votes: tuple[VoteLine, ...] = ()
    tasks: tuple[TaskLine, ...] = ()
    review: tuple[Line, ...] = ()
    sections: tuple[MinutesSection, ...] = ()  # what other apps say
    opening: str = ""
    opening_version: int = 0
    closing: str = ""
    closing_version: int = 0
    adopted_at: datetime | None = None
    quality_score: int | None = None
    quality_grade: str = ""
    explanations: dict = field(default_factory=dict)

    @property
    def roll(self) -> Roll:
        return Roll(self.people)

    @property
    def review_item(self) -> Item | None:
        """The item under which the review stands; None where the agenda has none."""
        return review_item(self.items)

    @property
    def closed_votes(self) -> list[VoteLine]:
        return [vote for vote in self.votes if vote.closed]

    @property
    def last_speech_at(self) -> datetime | None:
        return max((line.at for item in self.items for line in item.speeches), default=None)

    def person(self, member_id) -> Person | None:
        """The line of the sheet of a member; None for somebody who is not on it."""
        return next((person for person in self.people if person.member_id == member_id), None)

    def section(self, letter) -> list[Item]:
        return [item for item in self.items if item.section == letter]
