"""Rows for measuring the search: 2,000 cells, 200,000 searched rows, sentences taken from the demo's own texts.

Only for a database that is thrown away afterwards (``manage.py bench``).
"""

import datetime
import random
import re
import secrets
from itertools import islice

from django.db import connection
from django.utils import timezone

from assignments.models import Assignment
from documents.models import Paper
from meetings.models import AgendaItem, Clause, Meeting, MeetingPaper, Minutes, Resolution, Speech
from members.models import Member, Organisation

CELLS = 2000
LONG = 120  # meetings of the cell that is measured: ten years of them
MEETINGS = 4448  # in all; each brings the 45 rows below: 200,160
ITEMS, PAPERS, SPEECHES, CLAUSES, TASKS = 9, 3, 22, 5, 5
SEARCHED = (AgendaItem, MeetingPaper, Speech, Resolution, Clause, Assignment)
COMMON = "theo tinh thần nghị quyết của chi bộ"  # in half of the rows
RARE = "nạo vét rãnh thoát nước"  # in one of 4,000
SYMBOL = "Công văn 317-CV/ĐU"
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE '%\\_words' OR indexname LIKE '%\\_parts'"


def fill(cell):
    """Write the rows; ``cell`` gets ten years of meetings, the other cells two or three meetings each."""
    dice = random.Random(3)  # noqa: S311 the same rows in every run
    lines = sentences()
    with connection.cursor() as cursor:
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    cells = [cell, *other_cells(cell)]
    owners = dict(zip([one.pk for one in cells], people(cells), strict=True))
    owners[cell.pk] = Member.objects.filter(user__username="dangvien").get()
    pool = iter(meetings(cells))
    while chunk := list(islice(pool, 200)):
        write(chunk, owners, Texts(lines, dice))
    with connection.cursor() as cursor:
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE")


def sentences() -> list[str]:
    """Every sentence of the demo's narratives and conclusions."""
    rows = AgendaItem.objects.values_list("narrative", "conclusion")
    found = {line.strip() for row in rows for text in row for line in re.split(r"[.;]", text)}
    return sorted(line for line in found if 20 < len(line) < 120)


class Texts:
    """Texts of a few sentences at random."""

    def __init__(self, lines, dice):
        self.lines, self.dice = lines, dice

    def text(self, count):
        """So many sentences, half of the texts with COMMON, one in 4,000 with RARE, one in 2,000 with SYMBOL."""
        found = self.dice.choices(self.lines, k=count)
        if self.dice.random() < 0.5:
            found.append(COMMON)
        for odds, words in ((4000, RARE), (2000, SYMBOL)):
            if self.dice.randrange(odds) == 0:
                found.insert(0, words)
        return ". ".join(found)


def other_cells(cell):
    """The cells besides those of the demo."""
    values = {"kind": "cell", "parent": cell.parent, "place": "Thử", "symbol": "CB", "term": "2025-2030"}
    rows = [
        Organisation(name=f"Chi bộ {n}", short_name=f"{n}", slug=f"do-{n}", document_name=f"CHI BỘ {n}", **values)
        for n in range(1, CELLS)
    ]
    return Organisation.objects.bulk_create(rows)


def people(cells):
    """One member for each cell, whose tasks its tasks are."""
    rows = [Member(full_name="Nguyễn Văn Thử", sort_key="-", folded_name="nguyen van thu") for _ in cells]
    return Member.objects.bulk_create(rows)


def meetings(cells):
    """Unsaved meetings, closed, one a month back from last month."""
    first, rest = cells[0], cells[1:]
    now = timezone.now()
    for number in range(MEETINGS):
        cell, age = (first, number) if number < LONG else (rest[number % len(rest)], number // len(rest))
        start = now - datetime.timedelta(days=30 * (age + 2))
        yield Meeting(
            cell=cell, state="closed", starts_at=start, notified_at=start, opened_at=start, place="Nhà văn hóa",
            closed_at=start + datetime.timedelta(hours=2),
        )  # fmt: skip


def write(chunk, owners, texts):
    """Save meetings and all that belongs to them."""
    held = Meeting.objects.bulk_create(chunk)
    minutes = papers_of(held, "minutes")
    Minutes.objects.bulk_create(Minutes(meeting=one, paper=paper) for one, paper in zip(held, minutes, strict=True))
    say = texts.text
    items = AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=one, section="B", position=n, title=say(1)[:250], decide=say(1)[:300], status="discussed",
            narrative=say(3), conclusion=say(2),
        )
        for one in held for n in range(ITEMS)
    )  # fmt: skip
    MeetingPaper.objects.bulk_create(
        MeetingPaper(meeting=one, title=say(1)[:200], file="a.pdf", filename="a.pdf", size=1, sha256="")
        for one in held for _ in range(PAPERS)
    )  # fmt: skip
    of_meeting = {one.pk: items[n * ITEMS : (n + 1) * ITEMS] for n, one in enumerate(held)}
    Speech.objects.bulk_create(
        Speech(item=of_meeting[one.pk][n % ITEMS], member=owners[one.cell_id], text=say(2), spoken_at=one.starts_at)
        for one in held for n in range(SPEECHES)
    )  # fmt: skip
    decide(held, owners, say)


def decide(held, owners, say):
    """Resolutions with their clauses, and tasks, of which the newest third is still open."""
    papers = papers_of(held, "resolution")
    resolutions = Resolution.objects.bulk_create(
        Resolution(meeting=one, paper=paper, subject=say(1)[:250], assessment=say(6), organisation_text=say(2))
        for one, paper in zip(held, papers, strict=True)
    )
    due = datetime.timedelta(days=45)
    Clause.objects.bulk_create(
        Clause(resolution=row, position=n, text=say(1), owner=owners[one.cell_id], due_on=(one.starts_at + due).date())
        for one, row in zip(held, resolutions, strict=True) for n in range(CLAUSES)
    )  # fmt: skip
    Assignment.objects.bulk_create(
        Assignment(
            cell=one.cell, owner=owners[one.cell_id], title=say(1)[:250], detail=say(1), given_at=one.starts_at,
            due_on=(one.starts_at + due).date(), state="given" if n == 0 else "done",
        )
        for one in held for n in range(TASKS)
    )  # fmt: skip


def papers_of(held, kind):
    """Signed papers without numbers."""
    return Paper.objects.bulk_create(
        Paper(
            organisation=one.cell, type=kind, term="2025-2030", subject="-", state="signed", sealed_sha256="0" * 64,
            code=secrets.token_hex(12),
        )
        for one in held
    )  # fmt: skip
