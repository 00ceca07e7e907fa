"""Who finds what: the search keeps the walls, row by row, over the cast of the matrix and one object of each state."""

import datetime
from collections import Counter

import pytest

from assignments.models import Assignment
from chibo.search.queries import search, shown
from chibo.search.sources import SOURCES
from chibo.search.walls import Reach
from core.searching import parse
from meetings.models import AgendaItem, Clause, Meeting, MeetingPaper, Question, Reply, Resolution, Speech
from members.models import User
from tests.matrix.asking import Asker
from tests.matrix.evenings import SECRET
from tests.matrix.stage import stage

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 12, 5)
EVERYBODY = (
    "bithu", "phobithu", "chiuy", "thuky", "thuquy", "dangvien", "dubi", "tamthoi", "trinhbay",
    "chibokhac", "captren", "quantri",
)  # fmt: skip
OUTSIDE = ("chibokhac", "captren", "quantri")


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    with stage(django_db_blocker, ROOT_URLCONF="tests.matrix.urls") as made:
        yield made


def person(scene, name):
    """Afresh: what they hold today is kept on the object."""
    return User.objects.select_related("member").get(pk=scene.who[name].pk)


def reads_record(user, item):
    seen = Meeting.objects.visible_to(user).filter(pk=item.meeting_id).exists()
    return seen and user.has_perm("meetings.view_minutes", item.meeting)


@pytest.mark.parametrize("name", EVERYBODY)
def test_records_are_found_by_those_who_may_read_the_minutes(scene, name):
    """``Reach.recorded`` says as a condition on rows what ``meetings.view_minutes`` says of one meeting."""
    user = person(scene, name)
    items = list(AgendaItem.objects.select_related("meeting__minutes__paper", "meeting__cell"))
    open_to = {item.pk for item in items if reads_record(user, item)}
    written = {item.pk for item in items if item.narrative or item.conclusion}
    said = Speech.objects.exclude(text="").filter(item__in=open_to)
    reach = Reach(user)
    assert {row.pk for row in reach.records()} == open_to & written
    assert {row.pk for row in reach.speeches()} == {row.pk for row in said}


@pytest.mark.parametrize("name", EVERYBODY)
def test_everything_else_is_found_by_those_who_see_it(scene, name):
    user = person(scene, name)
    reach = Reach(user)
    for model, rows in (
        (AgendaItem, reach.items()),
        (MeetingPaper, reach.papers()),
        (Resolution, reach.resolutions()),
        (Clause, reach.clauses()),
        (Assignment, reach.tasks()),
    ):
        assert Counter(row.pk for row in rows) == Counter({row.pk: 1 for row in model.objects.visible_to(user)})


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("asked", [SECRET, f'"{SECRET}"', "kin-cua-chi-bo", "mot nhiem vu"])
def test_nobody_outside_finds_a_text_of_the_cell(scene, name, asked):
    """DESIGN §2: a superior sees facts, never opinions; the administrator no content at all."""
    assert search(person(scene, name), parse(asked, TODAY), TODAY).hits == []


@pytest.mark.parametrize("name", [name for name in EVERYBODY if name not in OUTSIDE])
def test_every_result_leads_where_one_is_let_in(scene, name):
    user, asker = person(scene, name), Asker(scene.who)
    query = parse(SECRET, TODAY)
    hits = search(user, query, TODAY).hits
    urls = {result.url.partition("#")[0] for result in shown(hits, query, TODAY)}
    assert len(urls) > 10
    assert {url for url in urls if asker.ask(name, "GET", url).letter != "y"} == set()


def test_secretary_finds_every_kind(scene):
    """The secret word stands in titles and texts, the other in conclusions and subjects."""
    found = search(person(scene, "bithu"), parse(SECRET, TODAY), TODAY).counts
    found |= {kind: found[kind] or number for kind, number in counts_of(scene, "chữ lớn").items()}
    found |= {kind: found[kind] or number for kind, number in counts_of(scene, "tháng 12").items()}
    assert {kind for kind, number in found.items() if not number} == set()


def counts_of(scene, asked):
    return search(person(scene, "bithu"), parse(asked, TODAY), TODAY).counts


@pytest.mark.parametrize(("state", "finds"), [("in_session", 0), ("closed", 0), ("sealed", 1), ("signed", 1)])
def test_speech_is_found_by_members_once_the_minutes_are_sealed(scene, state, finds):
    reach = Reach(person(scene, "dangvien"))
    assert reach.speeches().filter(pk=scene.scenes[state]["speech"]).count() == finds


def test_record_of_the_committee_is_never_found_by_members(scene):
    """Also when its minutes are sealed."""
    meeting = scene.scenes["committee"]["pk"]
    for name in ("thuky", "thuquy", "dangvien", "dubi", "tamthoi", "trinhbay"):
        reach = Reach(person(scene, name))
        assert (meeting in reach.seen, meeting in reach.recorded) == (False, False)
    assert meeting in Reach(person(scene, "chiuy")).recorded


def test_task_between_two_is_found_by_these_two(scene):
    task = scene.scenes["task_owner"]["pk"]
    finds = {name for name in EVERYBODY if Reach(person(scene, name)).tasks().filter(pk=task).exists()}
    assert finds == {"bithu", "dangvien"}


def test_opinions_and_excuses_are_not_searched(scene):
    """They are between the member and the heads."""
    assert not {Question, Reply} & {source.model for source in SOURCES}
    assert search(person(scene, "bithu"), parse(f'"{SECRET} lý do"', TODAY), TODAY).hits == []
    assert search(person(scene, "bithu"), parse(f'"{SECRET} ý kiến"', TODAY), TODAY).hits == []
