"""Grades of the year's review against DOMAIN §4.1, §4.3 and §11 item 15: cap, ballots, what they say."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulations.loading import read_rules
from regulations.lookup import Answer, latest
from reviews.grading import (
    AGREE,
    DISAGREE,
    LEVELS,
    Ballots,
    Cap,
    Choice,
    Majority,
    Row,
    agreed,
    ballots_problem,
    cap_for,
    cap_problem,
    choose,
    final_grades,
    level_of,
    level_words,
    majority_for,
    needs_reason,
    proposal_problem,
    reason_problem,
    round_problems,
    row_problem,
)
from reviews.states import GRADE_UI, Grade

EXCELLENT, GOOD, COMPLETED, NOT_COMPLETED = Grade
SECOND = (AGREE, DISAGREE)
HALF = Majority(20, Fraction(1, 2))
MANY = settings(max_examples=80, deadline=None)
TODAY = datetime.date(2026, 12, 15)


def rule(key, on):
    """The national rows as they hold on a day."""
    found = latest([row for row in read_rules() if row.key == key], on)
    return Answer(key, found.title, found.value, found.unit, found.source, found.verified)


# The cap


def test_cap_table_for_groups_of_one_to_fifty():
    """At most 20 % of those rated at least good, rounded down: groups of 1-4 have none (DOMAIN §11 item 15)."""
    table = [Cap(size, Decimal(20)).number for size in range(1, 51)]
    assert table == [
        *[0, 0, 0, 0],
        *[1, 1, 1, 1, 1],
        *[2, 2, 2, 2, 2],
        *[3, 3, 3, 3, 3],
        *[4, 4, 4, 4, 4],
        *[5, 5, 5, 5, 5],
        *[6, 6, 6, 6, 6],
        *[7, 7, 7, 7, 7],
        *[8, 8, 8, 8, 8],
        *[9, 9, 9, 9, 9],
        10,
    ]


@pytest.mark.parametrize("size", range(1, 51))
def test_cap_is_never_over_the_share_and_one_more_would_be(size):
    number = Cap(size, Decimal(20)).number
    assert number * 100 <= 20 * size < (number + 1) * 100


@pytest.mark.parametrize(
    ("size", "percent", "allowed", "number"),
    [
        (4, "20", 1, 1),  # the superior allows a small group one
        (3, "20", 9, 3),  # never more than there are
        (10, "20", 1, 2),  # what is allowed never takes away
        (10, "25", 0, 2),  # outstanding bodies
        (12, "25", 0, 3),
        (8, "12.5", 0, 1),
        (3, "33.3", 0, 0),
        (0, "20", 2, 0),
        (5, "100", 0, 5),
    ],
)
def test_share_and_allowance_are_given(size, percent, allowed, number):
    assert Cap(size, Decimal(percent), allowed).number == number


def test_cap_counts_those_at_least_good_of_the_group():
    grades = [EXCELLENT, *[GOOD] * 8, *[COMPLETED] * 4, NOT_COMPLETED, None]
    cap = cap_for(grades, TODAY, rule)
    assert (cap.at_least_good, cap.percent, cap.number) == (9, Decimal(20), 1)
    assert cap.words == "nhiều nhất 1 (20 % của 9 được xếp từ Hoàn thành tốt nhiệm vụ trở lên)"
    assert cap_problem("Đảng viên", grades, cap) == ""


def test_grade_over_the_cap_has_one_sentence():
    grades = [EXCELLENT, EXCELLENT, GOOD, GOOD]
    assert cap_problem("Cán bộ lãnh đạo", grades, cap_for(grades, TODAY, rule)) == (
        "Cán bộ lãnh đạo: 2 được xếp Hoàn thành xuất sắc nhiệm vụ, nhiều nhất 0 (20 % của 4 được xếp từ Hoàn thành tốt "
        "nhiệm vụ trở lên). Xếp lại, hoặc ghi số lượng và văn bản cấp trên cho phép."
    )
    allowed = cap_for(grades, TODAY, rule, allowed=2)
    assert allowed.words.endswith("; cấp trên cho phép 2)")
    assert cap_problem("Cán bộ lãnh đạo", grades, allowed) == ""


@MANY
@given(st.integers(0, 200), st.integers(0, 100), st.integers(0, 20))
def test_cap_stays_within_the_group_and_grows_with_it(size, percent, allowed):
    cap = Cap(size, Decimal(percent), allowed).number
    assert 0 <= cap <= size
    assert cap <= Cap(size + 1, Decimal(percent), allowed).number <= cap + 1
    assert cap >= Cap(size, Decimal(percent)).number


# Ballots and totals agree


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((19, 19, 19, 18, 1), ""),
        ((19, 18, 17, 17, 0), ""),  # one not issued, one not returned
        ((0, 0, 0, 0, 0), ""),
        ((19, 19, 19, 17, 1), "Thu về 19 phiếu, phải bằng 17 phiếu hợp lệ cộng 1 phiếu không hợp lệ. Đếm lại."),
        ((19, 20, 19, 18, 1), "Phát ra 20 phiếu, nhiều hơn 19 đảng viên được biểu quyết có mặt."),
        ((19, 18, 19, 18, 1), "Thu về 19 phiếu, nhiều hơn 18 phiếu phát ra."),
        ((19, 19, 19, 20, -1), "Số phiếu không thể là số âm."),
    ],
)
def test_papers_issued_collected_valid_invalid(counts, sentence):
    assert ballots_problem(Ballots(*counts)) == sentence


PAPERS = Ballots(19, 19, 19, 18, 1)


def marks(*counts):
    return dict(zip(LEVELS, counts, strict=True))


@pytest.mark.parametrize(
    ("row", "columns", "sentence"),
    [
        (Row(1, "Đ/c An", marks(15, 2, 0), 1), LEVELS, ""),
        (Row(1, "Đ/c An", {GOOD: 18}), LEVELS, ""),
        (Row(1, "Đ/c An", {AGREE: 10, DISAGREE: 6}, 2), SECOND, ""),
        (
            Row(1, "Đ/c An", marks(15, 2, 0)),
            LEVELS,
            "Đ/c An: 17 phiếu đánh dấu và 0 phiếu không đánh dấu hoặc đánh dấu nhiều ô, tổng 17, phải bằng 18 phiếu "
            "hợp lệ. Đếm lại.",
        ),
        (Row(1, "Đ/c An", {AGREE: 18}), LEVELS, "Đ/c An: số phiếu ghi không đúng cột của phiếu. Nhập lại."),
        (Row(1, "Đ/c An", {EXCELLENT: 18}), LEVELS, "Đ/c An: số phiếu ghi không đúng cột của phiếu. Nhập lại."),
        (Row(1, "Đ/c An", {GOOD: 19}, -1), LEVELS, "Đ/c An: số phiếu ghi không đúng cột của phiếu. Nhập lại."),
    ],
)
def test_marks_and_blanks_of_a_row_are_the_valid_papers(row, columns, sentence):
    assert row_problem(row, columns, PAPERS) == sentence
    assert round_problems(PAPERS, [row, Row(2, "Đ/c Bình", {columns[0]: 18})], columns) == [sentence] * bool(sentence)


counts = st.integers(-1, 12)


@MANY
@given(counts, counts, counts, counts, counts, st.lists(counts, min_size=4, max_size=4))
def test_accepted_counts_always_agree(voters, issued, collected, valid, invalid, row):
    ballots = Ballots(voters, issued, collected, valid, invalid)
    possible = voters >= issued >= collected == valid + invalid and min(valid, invalid) >= 0
    assert (ballots_problem(ballots) == "") == possible
    fits = sum(row) == valid and min(row) >= 0
    assert (row_problem(Row(1, "A", marks(*row[:3]), row[3]), LEVELS, ballots) == "") == fits


# What the ballots say


@pytest.mark.parametrize(
    ("share", "need", "words"),
    [(Fraction(1, 2), 11, "quá nửa, cần 11/20"), (Fraction(2, 3), 14, "ít nhất 2/3, cần 14/20")],
)
def test_majority_in_words(share, need, words):
    majority = Majority(20, share)
    assert (majority.need, majority.words) == (need, words)


def test_majority_is_a_dated_rule():
    assert majority_for(20, TODAY, rule) == HALF


@pytest.mark.parametrize(
    ("counted", "level", "words"),
    [
        ((12, 6, 0), GOOD, "Hoàn thành tốt nhiệm vụ: 12 phiếu (quá nửa, cần 11/20)"),
        ((6, 11, 1), COMPLETED, "Hoàn thành nhiệm vụ: 11 phiếu (quá nửa, cần 11/20)"),
        ((0, 1, 17), NOT_COMPLETED, "Không hoàn thành nhiệm vụ: 17 phiếu (quá nửa, cần 11/20)"),
        ((10, 8, 0), None, "chưa mức nào đủ phiếu (quá nửa, cần 11/20): chi bộ biểu quyết tiếp"),
        ((0, 0, 0), None, "chưa mức nào đủ phiếu (quá nửa, cần 11/20): chi bộ biểu quyết tiếp"),
        (
            (9, 9, 0),
            None,
            "bằng phiếu giữa hoàn thành tốt nhiệm vụ và hoàn thành nhiệm vụ (quá nửa, cần 11/20): "
            "chi bộ biểu quyết tiếp",
        ),
    ],
)
def test_first_round_gives_the_level_with_the_majority_or_none(counted, level, words):
    row = Row(1, "Đ/c An", marks(*counted), 18 - sum(counted))
    assert (level_of(row, HALF), level_words(row, HALF)) == (level, words)


def test_a_small_share_that_two_levels_reach_decides_nothing():
    assert level_of(Row(1, "A", marks(9, 8, 1)), Majority(18, Fraction(1, 3))) is None


def test_nobody_decides_nothing():
    assert level_of(Row(1, "A", marks(0, 0, 0)), Majority(0, Fraction(1, 2))) is None


@pytest.mark.parametrize(
    ("yes", "no", "answer"), [(11, 7, True), (7, 11, False), (9, 9, None), (10, 8, None), (0, 0, None)]
)
def test_second_round_agrees_refuses_or_stays_open(yes, no, answer):
    assert agreed(Row(1, "A", {AGREE: yes, DISAGREE: no}), HALF) is answer


@pytest.mark.parametrize("level", [COMPLETED, NOT_COMPLETED, None])
def test_only_those_rated_good_come_on_the_second_ballot(level):
    assert proposal_problem("Đ/c An", GOOD) == ""
    assert proposal_problem("Đ/c An", level) == (
        "Đ/c An chưa được xếp Hoàn thành tốt nhiệm vụ ở vòng một nên chưa đưa vào phiếu Hoàn thành xuất sắc nhiệm vụ."
    )


def votes(**agree):
    """Rows of the second round: a=15 is 15 for, the rest of 18 against; ids in the order given."""
    return [Row(place, name, {AGREE: yes, DISAGREE: 18 - yes}) for place, (name, yes) in enumerate(agree.items(), 1)]


@pytest.mark.parametrize(
    ("rows", "cap", "choice"),
    [
        (votes(a=15, b=12), 2, Choice(chosen=(1, 2))),
        (votes(a=12, b=15), 1, Choice(chosen=(2,), beyond=(1,))),
        (votes(a=15, b=12, c=12), 2, Choice(chosen=(1,), tied=(2, 3), places=1)),
        (votes(a=15, b=15, c=12), 1, Choice(tied=(1, 2), places=1, beyond=(3,))),
        (votes(a=15, b=12, c=12, d=12), 3, Choice(chosen=(1,), tied=(2, 3, 4), places=2)),
        (votes(a=15, b=15), 0, Choice(beyond=(1, 2))),
        (votes(a=15, b=7, c=9), 3, Choice(chosen=(1,), refused=(2,), undecided=(3,))),
        ([], 2, Choice()),
    ],
)
def test_most_votes_above_the_majority_fill_the_cap_and_a_tie_at_its_edge_stays_open(rows, cap, choice):
    assert choose(rows, HALF, cap) == choice


@MANY
@given(st.lists(st.integers(0, 18), max_size=12), st.integers(0, 6))
def test_choice_leaves_nobody_out_and_never_goes_over_the_cap(agree, cap):
    rows = [Row(place, "", {AGREE: yes, DISAGREE: 18 - yes}) for place, yes in enumerate(agree)]
    found = choose(rows, HALF, cap)
    everyone = [*found.chosen, *found.tied, *found.beyond, *found.refused, *found.undecided]
    assert sorted(everyone) == list(range(len(agree)))
    assert len(found.chosen) + found.places <= cap
    assert not found.tied or 0 < found.places < len(found.tied)
    for better, worse in ((found.chosen, found.tied), (found.chosen, found.beyond), (found.tied, found.beyond)):
        assert all(agree[one] > agree[other] for one in better for other in worse)
    if found.beyond:
        assert len(found.chosen) + found.places == cap


def test_final_grades_leave_open_what_the_ballots_left_open():
    """Round one: 1-5 good, 6 completed, 7 without a majority; round two: 1 chosen, 2 and 3 tied, 4 beyond, 5 open."""
    levels = {**dict.fromkeys(range(1, 6), GOOD), 6: COMPLETED, 7: None}
    choice = Choice(chosen=(1,), tied=(2, 3), places=1, beyond=(4,), undecided=(5,))
    assert final_grades(levels, choice) == {1: EXCELLENT, 2: None, 3: None, 4: GOOD, 5: None, 6: COMPLETED, 7: None}


@MANY
@given(st.lists(st.tuples(st.sampled_from(LEVELS), st.integers(0, 18)), max_size=25))
def test_both_rounds_together_stay_within_the_cap(people):
    """Whatever the ballots say, the grades that come out of them pass the check of the cap."""
    levels = dict(enumerate(level for level, _ in people))
    cap = Cap(sum(level == GOOD for level in levels.values()), Decimal(20))
    rows = [
        Row(place, "", {AGREE: yes, DISAGREE: 18 - yes})
        for place, (level, yes) in enumerate(people)
        if not proposal_problem("", level)
    ]
    grades = final_grades(levels, choose(rows, HALF, cap.number))
    assert cap_problem("x", list(grades.values()), cap) == ""


# Words


def test_grades_say_what_the_rule_says():
    """Bốn mức: hoàn thành xuất sắc, tốt, hoàn thành, không hoàn thành nhiệm vụ."""
    assert Grade.labels == [
        "Hoàn thành xuất sắc nhiệm vụ",
        "Hoàn thành tốt nhiệm vụ",
        "Hoàn thành nhiệm vụ",
        "Không hoàn thành nhiệm vụ",
    ]
    assert list(GRADE_UI) == list(Grade)


@pytest.mark.parametrize("grade", [*Grade, None])
def test_the_lowest_grade_needs_its_reason(grade):
    lowest = grade == NOT_COMPLETED
    assert needs_reason(grade) == lowest
    sentence = "Ghi lý do xếp Đ/c An mức Không hoàn thành nhiệm vụ." if lowest else ""
    assert reason_problem("Đ/c An", grade, " \n") == sentence
    assert reason_problem("Đ/c An", grade, "vi phạm kỷ luật") == ""
