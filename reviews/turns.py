"""What the rota is made from and what it says: people, turns, decisions of the committee. Pure (DOMAIN §4.4)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from core.vietnamese import date_text

Day = datetime.date
ABSENT = "vắng mặt"


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which a person cannot be asked (exempt, suspended, placed elsewhere); ``last`` None: open ended."""

    first: Day
    last: Day | None = None
    why: str = ""

    def covers(self, day: Day) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes turns. ``since``: first day reviewable in this cell; ``left``: the first day no longer."""

    id: int
    sort_key: str
    since: Day
    left: Day | None = None
    away: tuple[Away, ...] = ()

    def here(self, day: Day) -> bool:
        """Belongs to the cell and can be asked on the day."""
        inside = self.since <= day and (self.left is None or day < self.left)
        return inside and not any(period.covers(day) for period in self.away)


@dataclass(frozen=True, slots=True)
class Held:
    """A turn that took place."""

    person: int
    day: Day


@dataclass(frozen=True, slots=True)
class Missed:
    """A turn that did not take place, or of which it is known that it will not; ``why`` is read after "vì"."""

    person: int
    day: Day
    why: str = ABSENT


@dataclass(frozen=True, slots=True)
class Change:
    """A decision of the committee: the turn is in the meeting of ``day``, or with ``put_off`` anywhere but there."""

    person: int
    day: Day
    reason: str
    put_off: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a plan depends on.

    ``meetings``: days of the coming regular meetings; ``held`` and ``missed`` lie before them; ``absences`` are known
    beforehand; ``changes`` in the order in which they were decided; ``told``: coming turns the person was told of,
    which stay unless the person cannot come or the committee decides otherwise.
    """

    people: tuple[Person, ...]
    meetings: tuple[Day, ...]
    held: tuple[Held, ...] = ()
    missed: tuple[Missed, ...] = ()
    absences: tuple[Missed, ...] = ()
    changes: tuple[Change, ...] = ()
    told: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """A person and a sentence about their turn, without a full stop where it is a reason."""

    person: int
    reason: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One coming meeting. ``shifted``: whose turn it would have been; to be kept as missed once it is over."""

    day: Day
    turns: tuple[Turn, ...]
    shifted: tuple[Missed, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """``unplaced``: who waits and finds no place this year; ``ignored``: decisions that cannot be followed, and why."""

    slots: tuple[Slot, ...]
    unplaced: tuple[Turn, ...] = ()
    ignored: tuple[Turn, ...] = ()


def in_force(changes: Iterable[Change]) -> list[Change]:
    """The decisions that still hold: a newer one about the same meeting, or the same year's turn, replaces an older."""
    kept: list[Change] = []
    for change in changes:
        kept = [old for old in kept if not _replaces(change, old)] + [change]
    return kept


def _replaces(new: Change, old: Change) -> bool:
    both_pin = not new.put_off and not old.put_off
    return new.person == old.person and (new.day == old.day or (both_pin and new.day.year == old.day.year))


def pin_problem(facts: Facts, change: Change, *, most: int) -> str:
    """The sentence why a person cannot be put into a meeting; empty when nothing stands against it."""
    person = next((one for one in facts.people if one.id == change.person), None)
    day = date_text(change.day)
    if change.day not in facts.meetings:
        return f"Không có buổi sinh hoạt thường kỳ sắp tới nào vào ngày {day}. Chọn một buổi trong lịch của năm."
    if person is None or not person.here(change.day):
        why = next((period.why for period in person.away if period.covers(change.day)), "") if person else ""
        return f"Ngày {day} đồng chí không thuộc diện đến lượt{f' ({why})' if why else ''}. Chọn buổi khác."
    for absence in facts.absences:
        if (absence.person, absence.day) == (change.person, change.day):
            return f"Đồng chí đã báo vắng buổi ngày {day} ({absence.why}). Chọn buổi khác."
    if sum(one.day == change.day and not one.put_off for one in in_force([*facts.changes, change])) > most:
        return f"Chi ủy đã xếp đủ {most} đồng chí vào buổi ngày {day}. Chọn buổi khác."
    return ""
