"""Collective first, then individuals; head first, then deputies and members (DOMAIN §4.1)."""

import pytest

from members.states import PostTitle
from reviews.order import Subject, not_yet_reviewed, order_of, too_early, vote_problem

CELL = Subject(1, "Tập thể chi bộ", collective=True)
HEAD = Subject(2, "Đ/c Hà", "h", (PostTitle.SECRETARY,))
DEPUTY = Subject(3, "Đ/c Chi", "c", (PostTitle.INSPECTOR, PostTitle.DEPUTY))
COMMITTEE = Subject(4, "Đ/c Bình", "b", (PostTitle.COMMITTEE_MEMBER, PostTitle.FEE_COLLECTOR))
MEMBER = Subject(5, "Đ/c An", "a", (PostTitle.FEE_COLLECTOR,))
OTHER = Subject(6, "Đ/c Dung", "d")
ALL = (OTHER, MEMBER, COMMITTEE, DEPUTY, HEAD, CELL)
COLLECTIVE_FIRST = "Kiểm điểm tập thể trước, cá nhân sau: Tập thể chi bộ chưa kiểm điểm."


def test_collective_head_deputies_committee_members():
    assert order_of(ALL) == [CELL, HEAD, DEPUTY, COMMITTEE, MEMBER, OTHER]
    assert not_yet_reviewed(ALL, {1, 2, 4}) == [DEPUTY, MEMBER, OTHER]


@pytest.mark.parametrize(
    ("subject", "reviewed", "sentence"),
    [
        (CELL, set(), ""),
        (HEAD, set(), COLLECTIVE_FIRST),
        (OTHER, {2, 3, 4}, COLLECTIVE_FIRST),
        (HEAD, {1}, ""),
        (DEPUTY, {1}, "Kiểm điểm người đứng đầu, cấp phó và chi ủy viên trước: Đ/c Hà chưa kiểm điểm."),
        (MEMBER, {1, 2, 3}, "Kiểm điểm người đứng đầu, cấp phó và chi ủy viên trước: Đ/c Bình chưa kiểm điểm."),
        (OTHER, {1, 2, 3, 4}, ""),  # members in any order
        (OTHER, {1, 2, 3, 4, 5, 6}, ""),
    ],
)
def test_nobody_before_those_of_an_earlier_rank(subject, reviewed, sentence):
    assert too_early(subject, ALL, reviewed) == sentence


@pytest.mark.parametrize(
    ("subjects", "reviewed", "sentence"),
    [
        (
            ALL,
            {2, 3, 4, 5, 6},
            "Chưa bỏ phiếu xếp loại được: Tập thể chi bộ chưa kiểm điểm. Kiểm điểm tập thể trước.",
        ),
        (ALL, {1}, ""),
        ((HEAD, MEMBER), set(), ""),  # a cell whose collective is not reviewed
    ],
)
def test_a_vote_before_the_collectives_review_is_refused(subjects, reviewed, sentence):
    assert vote_problem(subjects, reviewed) == sentence
