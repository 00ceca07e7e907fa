"""The year 2026 in January, with its registration open."""

import datetime

import pytest
import time_machine

from pledges.services import deciding, opening, writing

DAY = datetime.date
NOW = datetime.datetime(2026, 1, 10, 9, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))


@pytest.fixture
def january():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def opened(january, cell, secretary):
    return opening.open_year(cell, 2026, due_on=DAY(2026, 1, 31), theme="Nêu gương", by=secretary)


def deed(title="Đọc một cuốn sách về Bác mỗi quý", **other):
    return {
        "pk": None, "title": title, "area": "ideology", "measure": "Số cuốn đã đọc", "target": "4 cuốn",
        "due_on": DAY(2026, 12, 15), "evidence": "Sổ ghi chép",
    } | other  # fmt: skip


DEEDS = [deed(), deed("Tắt điện khi ra khỏi phòng"), deed("Giúp một hộ khó khăn")]


def write(pledge, by, deeds=None, commitment="Giữ gìn kỷ luật"):
    """What the author types, kept over what stands there."""
    deeds = DEEDS if deeds is None else deeds
    pledge.refresh_from_db()
    return writing.save(pledge, commitment=commitment, deeds=deeds, version=pledge.version, by=by)


@pytest.fixture
def draft(opened, cell, member):
    """The member's pledge, three complete deeds, not handed in."""
    return write(writing.start(cell, 2026, member=member.member, by=member), member)


@pytest.fixture
def registered(draft, member, secretary):
    return deciding.register(deciding.submit(draft, by=member), by=secretary)
