"""Who sees a task, by its audience, and who may do what with it."""

import pytest

from assignments.models import Assignment
from assignments.states import MOVES
from core.states import permission
from members.models import Membership, Post, User

pytestmark = pytest.mark.django_db

SEES = {
    # audience: everybody who sees a task given by the deputy to dangvien
    "owner": {"dangvien", "phobithu"},
    "committee": {"dangvien", "bithu", "phobithu", "chiuy"},
    "cell": {"dangvien", "bithu", "phobithu", "chiuy", "thuky", "thuquy", "dubi", "tamthoi"},
}


@pytest.mark.parametrize("audience", SEES)
def test_audience_decides_who_sees_a_task(cast, give, deputy, as_user, audience):
    """Own cell by audience; another cell, the superior and the system's administrator never (DESIGN §2)."""
    task = give(audience=audience, by=deputy)
    assert {name for name, user in cast.items() if Assignment.objects.visible_to(user).exists()} == SEES[audience]
    for name, user in cast.items():
        expected = 200 if name in SEES[audience] else 404
        assert (name, as_user(user).get(task.get_absolute_url()).status_code) == (name, expected)


MAY = {
    "receive": {"dangvien"},
    "report": {"dangvien"},
    "finish": {"dangvien"},
    "extend": {"dangvien"},
    "grant": {"bithu", "phobithu", "chiuy"},
    "refuse": {"bithu", "phobithu", "chiuy"},
    "confirm": {"bithu", "phobithu", "chiuy"},
    "return": {"bithu", "phobithu", "chiuy"},
    "cancel": {"bithu", "phobithu", "chiuy"},
}


@pytest.mark.parametrize("action", MOVES)
def test_owner_reports_and_giver_secretary_deputy_decide(cast, give, committee, action):
    """Given by a committee member: that member, the secretary and the deputy decide."""
    task = give(by=committee)
    assert {name for name, user in cast.items() if user.has_perm(permission(task, action), task)} == MAY[action]


@pytest.mark.parametrize("action", ["confirm", "grant", "refuse"])
def test_decision_on_own_work_is_left_to_the_secretary(give, secretary, deputy, action):
    own = give(owner=deputy.member, by=deputy)
    assert deputy.has_perm(permission(own, action), own) is False
    assert secretary.has_perm(permission(own, action), own) is True
    last = give(owner=secretary.member, by=secretary)
    assert secretary.has_perm(permission(last, action), last) is True


def test_helper_sees_the_task_reports_and_decides_nothing(give, helper, clerk):
    task = give(audience="owner", helpers=[helper.member])
    assert [Assignment.objects.visible_to(user).exists() for user in (helper, clerk)] == [True, False]
    assert {action for action in MOVES if helper.has_perm(permission(task, action), task)} == {"receive", "report"}
    assert [helper.has_perm(f"assignments.{name}", task) for name in ("tick_part", "change_parts")] == [True, False]


def test_parts_are_changed_by_giver_and_committee_and_ticked_by_who_works(cast, give, clerk):
    task = give(by=clerk)
    assert {name for name, user in cast.items() if user.has_perm("assignments.change_parts", task)} == {
        "thuky", "bithu", "phobithu", "chiuy",
    }  # fmt: skip
    assert {name for name, user in cast.items() if user.has_perm("assignments.tick_part", task)} == {"dangvien"}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("action", MOVES)
def test_move_page_answers_by_right(cast, give, committee, as_user, method, action):
    task = give(by=committee)
    for name, user in cast.items():
        if name in MAY[action]:
            continue
        answer = getattr(as_user(user), method)(f"{task.get_absolute_url()}do/{action}/")
        assert (name, answer.status_code) == (name, 403 if name in SEES["cell"] else 404)
    assert Assignment.objects.get().state == "given"


@pytest.mark.parametrize("action", ["xoa", "view"])  # the second is the name of a right
def test_an_unknown_action_is_forbidden(task, secretary, as_user, action):
    assert as_user(secretary).get(f"{task.get_absolute_url()}do/{action}/").status_code == 403


def test_new_is_for_the_committee(cast, as_user):
    allowed = {name for name, user in cast.items() if as_user(user).get("/assignments/new/").status_code == 200}
    assert allowed == {"bithu", "phobithu", "chiuy", "chibokhac"}  # the last one for the own cell


def test_board_is_for_the_committee(cast, as_user):
    for url in ("/assignments/board/", "/assignments/board.pdf"):
        allowed = {name for name, user in cast.items() if as_user(user).get(url).status_code == 200}
        assert allowed == {"bithu", "phobithu", "chiuy", "chibokhac"}  # the last one that of the own cell


def test_nobody_comes_in_without_login(client, task):
    for url in (
        "/assignments/",
        "/assignments/new/",
        "/assignments/board/",
        task.get_absolute_url(),
        f"{task.get_absolute_url()}do/report/",
    ):
        assert client.get(url).status_code == 302


def test_a_giver_who_left_the_cell_sees_and_decides_nothing_there(give, committee, other_cell):
    task = give(by=committee)
    Post.objects.filter(member=committee.member).delete()
    Membership.objects.filter(member=committee.member).update(cell=other_cell)
    moved = User.objects.get(pk=committee.pk)
    assert Assignment.objects.visible_to(moved).count() == 0
    assert [moved.has_perm(f"assignments.{action}_assignment", task) for action in ("return", "cancel")] == [False] * 2
