"""The whole table of moves of a paper."""

from types import SimpleNamespace

import pytest

from documents.states import MOVES, STATE_UI, PaperState


@pytest.mark.parametrize(
    ("action", "source", "target"),
    [
        ("adopt", {"draft"}, "adopted"),
        ("seal", {"adopted"}, "sealed"),
        ("sign", {"sealed"}, "signed"),
        ("withdraw", {"sealed"}, "withdrawn"),
    ],
)
def test_moves_start_and_end_where_the_design_says(action, source, target):
    assert ({str(state) for state in MOVES[action].source}, str(MOVES[action].target)) == (source, target)


def test_moves_are_the_only_ones():
    assert set(MOVES) == {"adopt", "seal", "sign", "withdraw"}


@pytest.mark.parametrize(
    ("signed", "complete", "withdraw", "sign"),
    [(False, False, True, False), (True, False, False, False), (True, True, False, True)],
)
def test_sealed_paper_signs_when_complete_and_withdraws_when_unsigned(signed, complete, withdraw, sign):
    paper = SimpleNamespace(state="sealed", has_signatures=signed, is_complete=complete)
    assert (MOVES["withdraw"].allows(paper), MOVES["sign"].allows(paper)) == (withdraw, sign)


def test_every_state_has_a_look():
    assert set(STATE_UI) == set(PaperState)
