"""The cell's table of a year as it is printed and exported: states and levels, no word of any deed."""

from dataclasses import dataclass

from core.vietnamese import date_text
from pledges import queries
from pledges.models import Pledge, PledgeYear
from pledges.queries import Row
from pledges.states import Level, Period, PledgeState

NOTHING = "Chưa gửi"


@dataclass(frozen=True)
class Line:
    """What stands in a row of the table."""

    name: str
    state: str
    deeds: int | None
    half: str
    whole: str


@dataclass(frozen=True)
class Summary:
    """``lines`` by given name, ``collective`` before them; ``sentences`` are the counts."""

    year: PledgeYear
    collective: Line
    lines: list[Line]
    sentences: list[str]


def summary(year: PledgeYear) -> Summary:
    """Everybody who registers today; six queries."""
    cell, people = year.cell, list(queries.who_pledges(year.cell))
    rows = queries.table(cell, year.year, people)
    own = queries.counted(Pledge.objects.filter(cell=cell, year=year.year, member=None)).first()
    lines = [_line(row.member.full_name, row) for row in rows]
    return Summary(year, _line("Tập thể chi bộ", Row(None, own)), lines, _sentences(year, rows))


def _line(name, row):
    pledge = row.pledge
    shown = pledge is not None and pledge.state != PledgeState.DRAFT
    return Line(
        name, pledge.look.label if shown else NOTHING, pledge.n_deeds if shown else None,
        _level(row.half), _level(row.whole),
    )  # fmt: skip


def _level(paper):
    return paper.look.label if paper else ""


def _sentences(year, rows):
    sent = [row for row in rows if row.pledge]
    registered = [row for row in sent if row.pledge.state == PledgeState.REGISTERED]
    found = [
        f"Hạn đăng ký ngày {date_text(year.due_on)}. Trong {len(rows)} đồng chí thuộc diện đăng ký có {len(sent)} "
        f"đồng chí đã gửi bản đăng ký, {len(registered)} đồng chí đã được xác nhận."
    ]
    for period in Period:
        if year.due_of(period):
            numbers = queries.levels(rows, period)
            words = ", ".join(f"{level.label.lower()} {numbers[level]}" for level in Level)
            found.append(f"{period.label}: {words}, chưa xếp mức {numbers['']}.")
    return found
