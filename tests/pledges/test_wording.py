"""What a pledge must hold before it is handed in (issue: "fewer than three deeds, a deed without measure")."""

import datetime
from types import SimpleNamespace

import pytest

from pledges.wording import missing_of, problems

DAY = datetime.date(2026, 12, 15)


def deed(**other):
    facts = {"title": "Việc", "measure": "Đo", "target": "Đích", "area": "work", "due_on": DAY} | other
    return SimpleNamespace(**facts)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, ""),
        ({"measure": ""}, "Việc 2 chưa ghi cách đo kết quả."),
        ({"title": "", "target": ""}, "Việc 2 chưa ghi nội dung, mục tiêu."),
        ({"area": "", "due_on": None}, "Việc 2 chưa ghi lĩnh vực, hạn hoàn thành."),
    ],
)
def test_deed_says_what_it_lacks(facts, sentence):
    assert missing_of(deed(**facts), 2) == sentence


@pytest.mark.parametrize(
    ("deeds", "found"),
    [
        ([deed()] * 3, []),
        ([], ["Đã ghi 0 việc; cần đăng ký ít nhất 3 việc."]),
        ([deed()] * 2, ["Đã ghi 2 việc; cần đăng ký ít nhất 3 việc."]),
        ([deed(), deed(measure=""), deed()], ["Việc 2 chưa ghi cách đo kết quả."]),
        ([deed(), deed(), deed(due_on=datetime.date(2027, 1, 1))], ["Hạn của việc 3 phải trong năm 2026."]),
    ],
)
def test_pledge_of_three_complete_deeds_can_be_handed_in(deeds, found):
    """The practice of cells: every member and the collective register at least three deeds."""
    assert problems(deeds, 3, 2026) == found
