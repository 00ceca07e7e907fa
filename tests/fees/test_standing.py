"""The word for one member and one month (BRIEF §4, states of the fee)."""

import pytest

from fees.standing import GRID_WORDS, STANDING_UI, Standing, standing_of
from fees.states import DueKind


@pytest.mark.parametrize(
    ("kind", "owes", "paid", "is_over", "word"),
    [
        ("payable", 10, 0, False, "unpaid"),
        ("payable", 10, 0, True, "late"),
        ("payable", 10, 4, False, "part"),
        ("payable", 10, 4, True, "late"),
        ("payable", 10, 10, True, "paid"),
        ("payable", 10, 11, True, "over"),
        ("payable", 0, 0, False, "paid"),  # a correction took the whole due away
        (None, 0, 10, False, "advance"),
        (None, 0, 0, False, "none"),
        ("exempt", 0, 0, True, "exempt"),
        ("exempt", 0, 10, True, "over"),  # paid in advance, exempt since
        ("exempt", 10, 0, True, "late"),  # a correction of a closed month
        ("elsewhere", 0, 0, False, "elsewhere"),
        ("undeclared", 0, 0, True, "undeclared"),
        ("undeclared", 0, 10, True, "undeclared"),
        ("undeclared", 10, 4, True, "late"),  # its amount was found after the close
        ("incomplete", 0, 0, False, "incomplete"),
        ("unconfigured", 0, 0, False, "unconfigured"),
    ],
)
def test_word_of_a_month(kind, owes, paid, is_over, word):
    assert standing_of(kind, owes, paid, is_over=is_over) == word


def test_every_word_has_its_look_and_its_place_in_the_grid():
    assert set(STANDING_UI) == set(GRID_WORDS) == set(Standing)


def test_every_result_of_the_calculation_has_a_word():
    assert {standing_of(kind, 0, 0, is_over=False) for kind in DueKind.values} <= set(Standing)
