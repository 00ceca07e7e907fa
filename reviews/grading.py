"""Grades of the year's review: the cap on the top one, two rounds of secret ballot.

Pure. DOMAIN §4.1 and §4.3; shares come from dated rules. What the ballots leave open is None: the cell decides it by a
further vote, no arithmetic guesses.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.vietnamese import lower_first, number
from meetings.counting import needed, secret_vote_problem, share_words
from regulations.lookup import Answer
from reviews.states import Grade

Rule = Callable[[str, datetime.date], Answer]

LEVELS = (Grade.GOOD, Grade.COMPLETED, Grade.NOT_COMPLETED)  # columns of the first ballot: mức 2, 3, 4; one X per row
AGREE, DISAGREE = "agree", "disagree"  # columns of the second ballot, on the top grade
FURTHER = "chi bộ biểu quyết tiếp"


# The cap on the top grade


@dataclass(frozen=True, slots=True)
class Cap:
    """How many of a group may have the top grade. ``allowed``: what the superior allows the group, 0 if nothing."""

    at_least_good: int
    percent: Decimal
    allowed: int = 0

    @property
    def number(self) -> int:
        """The share rounded down (groups of one to four at 20 % have none), or what the superior allows if more."""
        by_rule = int(self.at_least_good * Fraction(self.percent) / 100)
        return min(max(by_rule, self.allowed), self.at_least_good)

    @property
    def words(self) -> str:
        """ "nhiều nhất 1 (20 % của 9 được xếp từ Hoàn thành tốt nhiệm vụ trở lên)"."""
        share = f"{number(self.percent)} % của {self.at_least_good} được xếp từ {Grade.GOOD.label} trở lên"
        return f"nhiều nhất {self.number} ({share}{f'; cấp trên cho phép {self.allowed}' if self.allowed else ''})"


def cap_for(grades: Iterable[str | None], on: datetime.date, rule: Rule, *, allowed: int = 0) -> Cap:
    """The cap of one group whose grades these are (the group: people of like posts, DOMAIN §4.1); open rows are no
    "at least good" yet."""
    good = sum(grade in (Grade.EXCELLENT, Grade.GOOD) for grade in grades)
    return Cap(good, rule("review.excellent_share", on).decimal, allowed)


def cap_problem(group: str, grades: Collection[str | None], cap: Cap) -> str:
    """The sentence for more top grades than the cap; empty within it."""
    top = sum(grade == Grade.EXCELLENT for grade in grades)
    if top <= cap.number:
        return ""
    return (
        f"{group}: {top} được xếp {Grade.EXCELLENT.label}, {cap.words}. "
        "Xếp lại, hoặc ghi số lượng và văn bản cấp trên cho phép."
    )


# The ballots


@dataclass(frozen=True, slots=True)
class Ballots:
    """The papers of one round; ``voters``: present and entitled when it was opened."""

    voters: int
    issued: int
    collected: int
    valid: int
    invalid: int


@dataclass(frozen=True, slots=True)
class Row:
    """One name on the ballot. ``blank``: valid papers with no X, or more than one, in this row."""

    person: int
    name: str
    marks: Mapping[str, int]  # column -> number of X; a column left out counts none
    blank: int = 0

    def of(self, column: str) -> int:
        return self.marks.get(column, 0)


def ballots_problem(ballots: Ballots) -> str:
    """The sentence for papers that cannot be; empty when issued ≥ collected = valid + invalid."""
    counts = (ballots.voters, ballots.issued, ballots.collected, ballots.valid, ballots.invalid)
    if min(counts) < 0:
        return "Số phiếu không thể là số âm."
    if ballots.valid + ballots.invalid != ballots.collected:
        return (
            f"Thu về {ballots.collected} phiếu, phải bằng {ballots.valid} phiếu hợp lệ cộng "
            f"{ballots.invalid} phiếu không hợp lệ. Đếm lại."
        )
    return secret_vote_problem(
        ballots.voters, ballots.issued, ballots.collected, ballots.invalid, counted=ballots.valid
    )


def row_problem(row: Row, columns: Collection[str], ballots: Ballots) -> str:
    """The sentence for a row whose X and blanks are not the valid papers; empty when they are."""
    if row.marks.keys() - set(columns) or min([row.blank, *row.marks.values()]) < 0:
        return f"{row.name}: số phiếu ghi không đúng cột của phiếu. Nhập lại."
    total = sum(row.marks.values())
    if total + row.blank == ballots.valid:
        return ""
    return (
        f"{row.name}: {total} phiếu đánh dấu và {row.blank} phiếu không đánh dấu hoặc đánh dấu nhiều ô, "
        f"tổng {total + row.blank}, phải bằng {ballots.valid} phiếu hợp lệ. Đếm lại."
    )


def round_problems(ballots: Ballots, rows: Iterable[Row], columns: Collection[str]) -> list[str]:
    """Every sentence against the counts of a round: those of the papers first, then row by row."""
    found = [ballots_problem(ballots), *(row_problem(row, columns, ballots) for row in rows)]
    return [sentence for sentence in found if sentence]


# What the ballots say


@dataclass(frozen=True, slots=True)
class Majority:
    """How many X decide. ``total``: N of the vote; "quá nửa", any other share is "ít nhất"."""

    total: int
    share: Fraction

    @property
    def more_than(self) -> bool:
        return self.share == Fraction(1, 2)

    @property
    def need(self) -> int:
        return needed(self.total, self.share, more_than=self.more_than)

    @property
    def words(self) -> str:
        """ "quá nửa, cần 11/20"."""
        return f"{share_words(self.share, more_than=self.more_than)}, cần {self.need}/{self.total}"

    def reached(self, votes: int) -> bool:
        return self.total > 0 and votes >= self.need


def majority_for(total: int, on: datetime.date, rule: Rule) -> Majority:
    """The majority that holds on the day of the vote, of N members."""
    return Majority(total, rule("review.majority_share", on).fraction)


def level_of(row: Row, majority: Majority) -> Grade | None:
    """First round: the one level that has the majority; None without one, or where a small share lets two have it."""
    reached = [level for level in LEVELS if majority.reached(row.of(level))]
    return reached[0] if len(reached) == 1 else None


def level_words(row: Row, majority: Majority) -> str:
    """ "Hoàn thành tốt nhiệm vụ: 12 phiếu (quá nửa, cần 11/20)"; without a result, that the cell votes again."""
    level = level_of(row, majority)
    if level:
        return f"{level.label}: {row.of(level)} phiếu ({majority.words})"
    most = max(row.of(level) for level in LEVELS)
    tied = [lower_first(level.label) for level in LEVELS if row.of(level) == most]
    why = f"bằng phiếu giữa {' và '.join(tied)}" if len(tied) > 1 and most else "chưa mức nào đủ phiếu"
    return f"{why} ({majority.words}): {FURTHER}"


def agreed(row: Row, majority: Majority) -> bool | None:
    """Second round: whether the top grade is agreed to; None where neither side has the majority."""
    yes, no = majority.reached(row.of(AGREE)), majority.reached(row.of(DISAGREE))
    return None if yes == no else yes


def proposal_problem(name: str, level: str | None) -> str:
    """The sentence against putting somebody on the second ballot; empty for those the first one rated good."""
    if level == Grade.GOOD:
        return ""
    return f"{name} chưa được xếp {Grade.GOOD.label} ở vòng một nên chưa đưa vào phiếu {Grade.EXCELLENT.label}."


@dataclass(frozen=True, slots=True)
class Choice:
    """Who has the top grade after the second round, by id.

    ``tied`` have equal votes for the ``places`` left under the cap; ``undecided`` have no majority either way: the cell
    votes again on both. ``beyond`` were agreed to with fewer votes than the cap lets in; ``refused`` were not.
    """

    chosen: tuple[int, ...] = ()
    tied: tuple[int, ...] = ()
    places: int = 0
    beyond: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    undecided: tuple[int, ...] = ()


def choose(rows: Collection[Row], majority: Majority, cap: int) -> Choice:
    """Among those with the majority the ones with most votes, as many as the cap lets in."""
    answers = {row.person: agreed(row, majority) for row in rows}
    winners = sorted((row for row in rows if answers[row.person]), key=lambda row: -row.of(AGREE))
    edge = winners[cap].of(AGREE) if len(winners) > cap else -1  # votes of the first who finds no place
    chosen = [row.person for row in winners if row.of(AGREE) > edge]
    tied = [row.person for row in winners if row.of(AGREE) == edge] if len(chosen) < cap else []
    beyond = [row.person for row in winners if row.person not in chosen and row.person not in tied]
    return Choice(
        chosen=tuple(chosen),
        tied=tuple(tied),
        places=cap - len(chosen) if tied else 0,
        beyond=tuple(beyond),
        refused=tuple(person for person, answer in answers.items() if answer is False),
        undecided=tuple(person for person, answer in answers.items() if answer is None),
    )


def final_grades(levels: Mapping[int, Grade | None], choice: Choice) -> dict[int, Grade | None]:
    """The cell's grade of each person after both rounds; None waits for a further vote."""
    top = dict.fromkeys(choice.chosen, Grade.EXCELLENT)
    waiting = dict.fromkeys([*choice.tied, *choice.undecided])
    return {person: top.get(person, None if person in waiting else level) for person, level in levels.items()}


def needs_reason(grade: str | None) -> bool:
    """The lowest grade is given with its reason (DOMAIN §4.3)."""
    return grade == Grade.NOT_COMPLETED


def reason_problem(name: str, grade: str | None, reason: str) -> str:
    """The sentence for a low grade without its reason; empty otherwise."""
    if not needs_reason(grade) or reason.strip():
        return ""
    return f"Ghi lý do xếp {name} mức {Grade.NOT_COMPLETED.label}."
