"""Whose turn it is to review their pledge and themselves, meeting by meeting; pure (DOMAIN §4.4).

The round is the year: nobody has another turn in it before all who could come have had one. The order in a round is
that of the last turn, the longest ago first; a newcomer counts from the day of coming, hence joins at the end. Whoever
misses a turn is the first in line at the next meeting. The same facts always give the same plan, and after a meeting
held as planned the rest of the plan stays as it was.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from core.vietnamese import date_text
from regulations.lookup import Answer
from reviews.fitting import Fitting
from reviews.turns import Change, Day, Facts, Held, Missed, Person, Plan, Slot, Turn, in_force, pin_problem

FULL = "buổi đã đủ người"
ORDINALS = {1: "hai", 2: "ba", 3: "tư", 4: "năm", 5: "sáu"}


def limits(on: Day, rule: Callable[[str, Day], Answer]) -> tuple[int, int]:
    """(least, most) turns in one meeting, as the cell laid them down."""
    return rule("review.turns_per_meeting_min", on).integer, rule("review.turns_per_meeting_max", on).integer


def plan(facts: Facts, *, most: int, least: int = 0) -> Plan:
    """The turns of the coming meetings, with the reason of each.

    Who waits is spread evenly over the meetings left of the year, at most ``most`` in one; as many as possible of
    them are heard, also where known absences leave them few meetings. Once all who could come have had their turn,
    further rounds fill each meeting up to ``least`` (0: no second round in a year).
    """
    line = _Line(facts, most, least)
    days = sorted(set(facts.meetings))
    slots = tuple(line.hold(day, [later for later in days if later > day and later.year == day.year]) for day in days)
    return Plan(slots, tuple(line.unplaced(days)), tuple(line.ignored))


@dataclass(slots=True)
class _Standing:
    """Where a person stands in the line."""

    last: Day  # of the last turn, or of coming if that was later
    total: int = 0
    years: dict[int, int] = field(default_factory=dict)  # turns in each year
    owed: Missed | None = None  # the first turn missed since the last one held


class _Line:
    """The queue as it moves from meeting to meeting."""

    def __init__(self, facts: Facts, most: int, least: int):
        self.most, self.least = most, min(least, most)
        self.people = sorted(facts.people, key=lambda person: (person.sort_key, person.id))
        self.by_id = {person.id: person for person in self.people}
        self.standing = {person.id: _Standing(person.since) for person in self.people}
        for turn in sorted(facts.held, key=lambda row: row.day):
            self._took(turn)
        for missed in sorted(facts.missed, key=lambda row: row.day):
            self._missed(missed)
        changes = in_force(facts.changes)
        self.cannot = {
            (row.person, row.day): f"chi ủy quyết định dời ({row.reason})" for row in changes if row.put_off
        } | {(row.person, row.day): row.why for row in facts.absences}
        self.ignored: list[Turn] = []
        self.fixed: dict[Day, dict[int, str]] = {day: {} for day in facts.meetings}  # the reason: empty where only told
        self.excused: dict[Day, list[int]] = {day: [] for day in facts.meetings}  # told, and now kept away
        for change in changes:
            if not change.put_off and facts.meetings and change.day >= min(facts.meetings):
                self._pin(facts, change)
        for turn in sorted(facts.told, key=lambda row: (row.day, row.person)):
            if turn.day in self.fixed and turn.person in self.by_id:
                self._keep(turn)

    def _took(self, turn: Held):
        if (standing := self.standing.get(turn.person)) is not None:
            standing.last, standing.owed = max(standing.last, turn.day), None
            standing.total += 1
            standing.years[turn.day.year] = standing.years.get(turn.day.year, 0) + 1

    def _missed(self, missed: Missed):
        standing = self.standing.get(missed.person)
        if standing is not None and standing.owed is None and (missed.day > standing.last or not standing.total):
            standing.owed = missed

    def _pin(self, facts: Facts, change: Change):
        there = self.fixed.get(change.day, {})
        before = tuple(Change(person, change.day, reason) for person, reason in there.items())
        problem = pin_problem(replace(facts, changes=before), change, most=self.most)
        if problem:
            self.ignored.append(Turn(change.person, problem))
        else:
            there[change.person] = f"chi ủy xếp vào buổi này: {change.reason}"

    def _keep(self, turn: Held):
        person, there = self.by_id[turn.person], self.fixed[turn.day]
        same_year = [people for day, people in self.fixed.items() if day.year == turn.day.year]
        if any(turn.person in people for people in same_year):
            return
        if self.can(person, turn.day) and len(there) < self.most:
            there[turn.person] = ""
        elif person.here(turn.day):
            self.excused[turn.day].append(turn.person)

    def can(self, person: Person, day: Day) -> bool:
        """Can have a turn in that meeting as far as is known."""
        return person.here(day) and (person.id, day) not in self.cannot

    def place(self, person: Person, year: int) -> tuple:
        """Sort key of the line: fewest turns this year, turns missed first, then the longest since the last one."""
        standing = self.standing[person.id]
        owed = standing.owed.day if standing.owed else Day.max
        return standing.years.get(year, 0), owed, standing.last, standing.total, person.sort_key, person.id

    def waiting(self, year: int, coming: list[Day]) -> list[Person]:
        """In order those with the fewest turns of the year among all who can come to a meeting left."""
        able = [one for one in self.people if any(self.can(one, day) for day in coming)]
        able.sort(key=lambda one: self.place(one, year))
        turns = [self.standing[one.id].years.get(year, 0) for one in able]
        return [one for one, count in zip(able, turns, strict=True) if count == turns[0]]

    def hold(self, day: Day, later: list[Day]) -> Slot:
        """Choose for one meeting and move the line on as if it had been held."""
        order = {person.id: self.place(person, day.year) for person in self.people}
        fixed = {self.by_id[person]: reason for person, reason in self.fixed[day].items()}
        turns = {one.id: reason or self._reason(one, day.year) for one, reason in fixed.items()}
        shifted = {one: Missed(one, day, self.cannot.get((one, day), FULL)) for one in self.excused[day]}
        counted: set[int] = set()
        while True:
            chosen = self._choose(day, later, turns, shifted)
            turns |= chosen
            for person in turns:
                if person not in counted:
                    self._took(Held(person, day))
            counted = set(turns)
            if not chosen or len(turns) >= self.least:
                break
        for missed in shifted.values():
            self._missed(missed)
        rows = tuple(Turn(person, turns[person]) for person in sorted(turns, key=lambda one: order[one]))
        return Slot(day, rows, tuple(shifted.values()))

    def _choose(self, day: Day, later: list[Day], turns: dict[int, str], shifted: dict[int, Missed]) -> dict[int, str]:
        """Who comes on besides ``turns``, with the reason; notes in ``shifted`` whom an absence kept out."""
        line = self.waiting(day.year, [day, *later])
        elsewhere = {person for other in later for person in self.fixed[other]}
        free = [one for one in line if one.id not in turns and one.id not in elsewhere]
        if not free:
            return {}
        first_round = not self.standing[free[0].id].years.get(day.year, 0)
        pressing = self._pressing(free, day, later)[: self.most - len(turns)] if first_round else []
        even = math.ceil(len(line) / (1 + len(later))) if first_round else 0
        quota = min(self.most, max(even, self.least)) - len(turns)
        chosen = {one.id for one in pressing}
        told = {person for person, reason in self.fixed[day].items() if not reason}
        ahead = {one.id for one in line if one.id in told and self.standing[one.id].last < day}  # not yet passed
        for one in line:
            ahead.discard(one.id)
            full = len(chosen) >= quota
            if full and not ahead:
                break
            if one.id in turns or one.id in chosen or one.id in elsewhere:
                continue
            if self.can(one, day):
                if full:
                    break
                chosen.add(one.id)
            elif one.here(day):
                shifted[one.id] = Missed(one.id, day, self.cannot[one.id, day])
        last = {one.id for one in pressing if not any(self.can(one, other) for other in later)} if later else set()
        return {one.id: self._reason(one, day.year, last_chance=one.id in last) for one in free if one.id in chosen}

    def _pressing(self, free: list[Person], day: Day, later: list[Day]) -> list[Person]:
        """Those who must come on now if as many as possible are to be heard in the meetings left."""
        fitting = Fitting({other: self.most - len(self.fixed[other]) for other in later})
        here = [one for one in free if self.can(one, day)]
        for one in free:
            if one not in here:
                self._fits(fitting, one, later)
        return [one for one in reversed(here) if not self._fits(fitting, one, later)][::-1]

    def _fits(self, fitting: Fitting, person: Person, later: list[Day]) -> bool:
        return fitting.add(person.id, [day for day in later if self.can(person, day)])

    def _reason(self, person: Person, year: int, *, last_chance: bool = False) -> str:
        standing = self.standing[person.id]
        had = standing.years.get(year, 0)
        if standing.owed:
            return f"lượt dời từ ngày {date_text(standing.owed.day)} vì {standing.owed.why}"
        if had:
            return f"lượt thứ {ORDINALS.get(had, had + 1)} trong năm {year}, các đồng chí khác đều đã có lượt"
        if last_chance:
            return f"chưa có lượt trong năm {year}, không dự được các buổi sau"
        if person.since.year == year and not standing.total:
            return f"mới tham gia từ ngày {date_text(person.since)}, chưa có lượt trong năm {year}"
        return f"chưa có lượt trong năm {year}"

    def unplaced(self, days: list[Day]) -> Iterable[Turn]:
        """Who belongs to the cell at a meeting of the plan and yet has no turn in that year, and why."""
        for year in sorted({day.year for day in days}):
            rest = [day for day in days if day.year == year]
            for one in self.people:
                if self.standing[one.id].years.get(year, 0) or not any(one.here(day) for day in rest):
                    continue
                if any(self.can(one, day) for day in rest):
                    yield Turn(one.id, f"các buổi còn lại của năm {year} đã đủ người, mỗi buổi nhiều nhất {self.most}")
                else:
                    yield Turn(one.id, f"không dự được buổi nào còn lại trong năm {year}")
