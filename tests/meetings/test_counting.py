"""The arithmetic of votes against DOMAIN §1.6 (Quy định 294-QĐ/TW, mục 9.3)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.counting import (
    Denominator,
    Person,
    can_resolve,
    denominator,
    needed,
    open_vote_problem,
    passes,
    percent,
    secret_vote_problem,
    share_words,
)

HALF, TWO_THIRDS = Fraction(1, 2), Fraction(2, 3)
PRESENT = Person(official=True, present=True, came=True)
UNMARKED = Person(official=True, present=False)
EXEMPT = Person(official=True, present=False, exempt=True)
ELSEWHERE = Person(official=True, present=False, elsewhere=True)
EXCUSED = Person(official=True, present=False, excused=True)
SUSPENDED = Person(official=True, present=False, suspended=True)
PROBATIONARY = Person(official=False, present=True, came=True)
VISITOR = Person(official=False, present=True, came=True)  # sinh hoạt tạm thời tại đây: no vote


def example():
    """Roll 24 official: 2 exempt and absent, 1 temporarily elsewhere, 1 excused for the whole session."""
    return [PRESENT] * 19 + [UNMARKED] + [EXEMPT] * 2 + [ELSEWHERE, EXCUSED]


def test_worked_example_gives_twenty():
    parts = denominator(example())
    assert (parts.official, parts.total, parts.voters) == (24, 20, 19)
    assert parts.words == "24 − 2 − 1 − 1 = 20"


@pytest.mark.parametrize(
    ("agree", "share", "more_than", "passed"),
    [(11, HALF, True, True), (10, HALF, True, False), (13, TWO_THIRDS, False, False), (14, TWO_THIRDS, False, True)],
)
def test_worked_example_passes(agree, share, more_than, passed):
    """11 yes passes a resolution; 13 yes fails and 14 yes passes an admission."""
    assert passes(agree, 20, share, more_than=more_than) == passed


@pytest.mark.parametrize(
    ("total", "half", "two_thirds"),
    [(2, 2, 2), (3, 2, 2), (4, 3, 3), (5, 3, 4), (6, 4, 4), (7, 4, 5), (9, 5, 6), (20, 11, 14), (21, 11, 14)],
)
def test_needed_votes(total, half, two_thirds):
    """More than half; at least two thirds, also where N does not divide by three (DOMAIN §11, 6)."""
    assert needed(total, HALF, more_than=True) == half
    assert needed(total, TWO_THIRDS, more_than=False) == two_thirds


def test_nothing_passes_among_nobody():
    assert passes(0, 0, HALF, more_than=True) is False
    assert passes(0, 0, TWO_THIRDS, more_than=False) is False


@pytest.mark.parametrize(
    ("people", "total", "voters"),
    [
        ([PRESENT, Person(official=True, present=True, came=True, exempt=True)], 2, 2),  # exempt who came counts
        ([PRESENT, Person(official=True, present=True, came=True, elsewhere=True)], 2, 2),
        ([PRESENT, VISITOR, PROBATIONARY], 1, 1),  # temp_here and probationary never
        ([PRESENT, SUSPENDED], 1, 1),
        ([PRESENT, Person(official=True, present=True, came=True, suspended=True)], 1, 1),  # came: no vote
        ([PRESENT, UNMARKED], 2, 1),  # absent without a reason stays inside N
        ([PRESENT, Person(official=True, present=False, came=True, excused=True)], 2, 1),  # left early
        ([PRESENT, Person(official=True, present=False, exempt=True, elsewhere=True, excused=True)], 1, 1),
        ([PRESENT, Person(official=True, present=False, suspended=True, exempt=True, excused=True)], 1, 1),
        ([], 0, 0),
    ],
)  # fmt: skip
def test_who_counts(people, total, voters):
    parts = denominator(people)
    assert (parts.total, parts.voters) == (total, voters)


def test_strict_reading_deducts_the_suspended_only():
    """The setting vote.deduct_absent = không: absent members stay inside N at monthly meetings."""
    parts = denominator([*example(), SUSPENDED], deduct_absent=False)
    assert (parts.official, parts.suspended, parts.total) == (25, 1, 24)


people = st.builds(
    Person,
    official=st.booleans(),
    present=st.booleans(),
    came=st.booleans(),
    exempt=st.booleans(),
    elsewhere=st.booleans(),
    suspended=st.booleans(),
    excused=st.booleans(),
)


@given(st.lists(people, max_size=60), st.booleans())
def test_nobody_is_deducted_twice_and_voters_are_inside(rows, deduct):
    """eligible_present <= N, and N is never negative, whatever the sheet says."""
    parts = denominator(rows, deduct_absent=deduct)
    kept = parts.exempt_absent + parts.elsewhere_absent + parts.suspended + parts.excused + parts.total
    assert kept == parts.official
    assert 0 <= parts.voters <= parts.total <= parts.official


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_open_vote_is_accepted_exactly_when_the_sum_is_the_voters(voters, agree, disagree, other):
    assert (open_vote_problem(voters, agree, disagree, other) == "") == (agree + disagree + other == voters)


@given(*[st.integers(0, 40)] * 5)
def test_accepted_ballots_never_exceed_the_voters(voters, issued, returned, invalid, counted):
    if secret_vote_problem(voters, issued, returned, invalid, counted) == "":
        assert counted + invalid == returned <= issued <= voters


@given(st.integers(1, 500), st.integers(0, 500))
def test_two_thirds_is_harder_than_half(total, agree):
    if passes(agree, total, TWO_THIRDS, more_than=False) and total > 2:
        assert passes(agree, total, HALF, more_than=True)


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((19, 17, 1, 1), ""),
        ((19, 17, 1, 0), "Tổng 18, còn thiếu 1 so với 19 đảng viên có mặt được biểu quyết. Đếm lại."),
        ((19, 20, 1, 0), "Tổng 21, thừa 2 so với 19 đảng viên có mặt được biểu quyết. Đếm lại."),
    ],
)
def test_sentence_of_an_open_vote(counts, sentence):
    assert open_vote_problem(*counts) == sentence


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((19, 19, 19, 1, 18), ""),
        ((19, 20, 19, 1, 18), "Phát ra 20 phiếu, nhiều hơn 19 đảng viên được biểu quyết có mặt."),
        ((19, 18, 19, 1, 18), "Thu về 19 phiếu, nhiều hơn 18 phiếu phát ra."),
        ((19, 19, 19, 20, 0), "Có 20 phiếu không hợp lệ, nhiều hơn 19 phiếu thu về."),
        (
            (19, 19, 19, 1, 17),
            "Tổng các lựa chọn là 17, phải bằng 18 phiếu hợp lệ (19 thu về, 1 không hợp lệ).",
        ),
    ],
)
def test_sentence_of_secret_ballots(counts, sentence):
    assert secret_vote_problem(*counts) == sentence


@pytest.mark.parametrize(
    ("share", "more_than", "words"),
    [(HALF, True, "quá nửa"), (TWO_THIRDS, False, "ít nhất 2/3"), (Fraction(3, 4), False, "ít nhất 3/4")],
)
def test_share_in_words(share, more_than, words):
    assert share_words(share, more_than=more_than) == words


@pytest.mark.parametrize(("voters", "need", "able"), [(10, 11, False), (11, 11, True)])
def test_nothing_can_be_resolved_by_half_or_less(voters, need, able):
    assert can_resolve(voters, need) == able


@pytest.mark.parametrize(("part", "total", "shown"), [(17, 20, 85), (2, 3, 67), (1, 3, 33), (0, 0, 0), (1, 200, 1)])
def test_percent_is_rounded(part, total, shown):
    assert percent(part, total) == shown


def test_words_leave_out_zero_deductions():
    assert Denominator(9, 0, 0, 0, 0, 9).words == "9 = 9"
