"""The written matrix (tests/matrix/*.toml): every address, GET and POST, every role, one object of each state.

DESIGN §3 Access: "a test walks the URLconf and holds the answers against it".
"""

import pytest

from assignments.states import MOVES as TASK_MOVES
from chibo.urls import PUBLIC
from fees.states import AUDIT_MOVES, DECLARATION_MOVES, MONTH_MOVES, STATEMENT_MOVES, WAIVER_MOVES
from meetings.states import MOVES, VOTE_MOVES
from pledges.states import ASSESSMENT_MOVES
from pledges.states import MOVES as PLEDGE_MOVES
from reviews.turn_states import SHORTCOMING_MOVES, TURN_MOVES
from tests.matrix import table
from tests.matrix.asking import Asker
from tests.matrix.stage import stage

LINES = list(table.lines())
FILES = sorted({line.file for line in LINES})


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    with stage(django_db_blocker, ROOT_URLCONF="tests.matrix.urls") as made:
        yield made


@pytest.fixture(scope="module")
def asker(scene):
    return Asker(scene.who)


@pytest.mark.django_db
@pytest.mark.parametrize("file", FILES)
def test_every_line_of_the_matrix_holds(scene, asker, file):
    """Also: a GET changes nothing, and whoever is not let in changes nothing."""
    wrong = []
    for line in LINES:
        if line.file != file:
            continue
        url, data = line.url(scene.scenes), line.data(scene.scenes)
        answers = [asker.ask(role, line.method, url, data) for role in table.ROLES]
        letters = table.grouped(answer.letter for answer in answers)
        if letters != table.grouped(line.letters):
            wrong.append(f"{line}: {letters} instead of {table.grouped(line.letters)}")
        for role, answer in zip(table.ROLES, answers, strict=True):
            if answer.writes and (line.method == "GET" or answer.letter != "y"):
                wrong.append(f"{line} by {role} writes: {answer.writes[0][:120]}")
    assert wrong == []


def test_every_address_stands_in_the_matrix():
    assert {line.name for line in LINES} == set(table.parameters())


def test_every_address_is_asked_by_get_and_by_post():
    asked = {}
    for line in LINES:
        asked.setdefault(line.name, set()).add(line.method)
    assert {name for name, methods in asked.items() if methods != {"GET", "POST"}} == set()


@pytest.mark.parametrize(
    ("name", "moves"),
    [
        ("meetings:move", MOVES),
        ("meetings:vote_do", VOTE_MOVES),
        ("assignments:move", TASK_MOVES),
        ("fees:declaration_move", DECLARATION_MOVES),
        ("fees:waiver_move", WAIVER_MOVES),
        ("fees:statement_move", STATEMENT_MOVES),
        ("fees:audit_move", AUDIT_MOVES),
        ("fees:month_move", MONTH_MOVES),
        ("pledges:pledge_move", PLEDGE_MOVES),
        ("pledges:assessment_move", ASSESSMENT_MOVES),
        ("reviews:turn_move", TURN_MOVES),
        ("reviews:shortcoming_move", SHORTCOMING_MOVES),
    ],
)
def test_every_move_stands_in_the_matrix(name, moves):
    """And one that does not exist."""
    assert {line.extra for line in LINES if line.name == name} == {*moves, "other"}


def test_no_line_stands_twice():
    keys = [(line.name, line.extra, line.state, line.method) for line in LINES]
    assert [key for key in set(keys) if keys.count(key) > 1] == []


def test_public_addresses_are_those_that_answer_without_login():
    """PUBLIC of chibo/urls.py says which they are; everything else leads to the login page."""
    assert {line.name for line in LINES if line.letters[0] == "y"} == PUBLIC
    assert {line.letters[0] for line in LINES if line.name not in PUBLIC} == {"l"}


def test_superior_and_administrator_never_see_the_work_of_a_cell():
    """DESIGN §2: never agenda, papers, minutes, opinions, tasks; the administrator has no content at all."""
    plain = {"list", "new", "phone_list", "board", "board_pdf", "clauses", "book"}
    plain |= {"seen", "settings", "feed_new", "feed_revoke", "act", "feed"}  # one's own, or a secret in one's hand
    work = [line for line in LINES if line.name.split(":")[0] in ("meetings", "resolutions", "assignments", "notices")]
    seen = [line for line in work if line.name.split(":")[1] not in plain and set(line.letters[-2:]) & {"y", "f"}]
    assert seen == []
