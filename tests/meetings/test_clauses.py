"""Clauses of a resolution in force: their state, more work for them, the decision that ends one, its whole life."""

import datetime
from itertools import product

import pytest
import time_machine
from django.db import connection, transaction

from assignments.models import Assignment
from assignments.services import progress
from core.errors import Refused
from core.states import move
from meetings.models import AgendaItem, Clause, ClauseAssignment, ClauseDecision, Meeting, Resolution, ReviewLine, Vote
from meetings.queries import clauses as queries
from meetings.queries.clause_life import life
from meetings.services import clauses, minutes, resolution
from meetings.services.clauses import NOT_ADOPTED
from meetings.states import ClauseState, Ending, Finding, Kind
from members.models import Activity, User
from notices.models import Notice, Outcome
from tests.meetings import story
from tests.meetings.clause_rule import state_of
from tests.meetings.racing import behind
from tests.meetings.test_voting import together

TODAY = datetime.date(2026, 12, 5)
DUE = datetime.date(2027, 1, 20)
PAST, AHEAD = TODAY - datetime.timedelta(days=1), TODAY + datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _december(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(story.NOW, tick=False):
        yield


@pytest.fixture
def paper(cell, secretary, clerk, member):
    """A resolution in force: clause 1 of member, clause 2 of the whole cell."""
    return adopted(cell, secretary, clerk, member)


def adopted(cell, secretary, clerk, member):
    meeting = story.told(cell, secretary, clerk, member)
    draft = resolution.start_resolution(meeting, by=secretary)
    rows = [
        Clause(text="Dọn tuyến mương", owner=member.member, due_on=DUE, item=meeting.items.get(position=2)),
        Clause(text="Nêu gương"),
    ]
    for clause in rows:
        clauses.add_clause(draft, clause=clause, by=secretary)
    return resolution.adopt_resolution(draft, vote=Vote.objects.get(item__meeting=meeting), by=secretary)


@pytest.fixture
def clause(paper):
    return paper.clauses.get(position=1)


@pytest.fixture
def plain(paper):
    return paper.clauses.get(position=2)


def refusal(function, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        function(*args, **kwargs)
    return caught.value.message, caught.value.field


def state(clause, on=None):
    return queries.with_state(Clause.objects.all(), on).get(pk=clause.pk).state_key


def task_of(clause):
    return clause.given.first().assignment


# State (the rule, then the same in SQL)

RULE = [  # ending, tasks, due day of the clause, state
    ("replaced", [("given", PAST)], PAST, "replaced"),
    ("dropped", [], None, "dropped"),
    ("done", [], None, "done"),
    ("", [], None, "open"),
    ("", [], AHEAD, "open"),
    ("", [], TODAY, "open"),  # on the due day it is not late yet
    ("", [], PAST, "late"),
    ("", [("cancelled", AHEAD)], AHEAD, "open"),  # withdrawn tasks do not count
    ("", [("cancelled", PAST)], PAST, "late"),
    ("", [("done", PAST)], PAST, "done"),
    ("", [("done", PAST), ("cancelled", PAST)], None, "done"),
    ("", [("given", AHEAD)], PAST, "not_begun"),  # the due day of the task counts, which may have been moved
    ("", [("given", TODAY)], None, "not_begun"),
    ("", [("given", PAST)], AHEAD, "late"),
    ("", [("doing", PAST)], AHEAD, "late"),
    ("", [("done", PAST), ("doing", PAST), ("reported", PAST)], None, "late"),
    ("", [("doing", AHEAD), ("given", PAST)], None, "late"),
    ("", [("reported", PAST)], PAST, "reported"),  # waits for the committee: not late
    ("", [("reported", PAST), ("done", PAST)], None, "reported"),
    ("", [("reported", AHEAD), ("given", AHEAD)], None, "open"),
    ("", [("doing", AHEAD)], None, "open"),
    ("", [("done", AHEAD), ("given", AHEAD)], None, "open"),  # somebody began
    ("", [("given", AHEAD), ("given", AHEAD)], None, "not_begun"),
]


@pytest.mark.parametrize(("ending", "tasks", "due", "expected"), RULE)
def test_state_is_read_from_decision_and_tasks(ending, tasks, due, expected):
    """Issue 3: "a state derived from its assignments (open, late, done, replaced by clause …)"."""
    assert state_of(ending, tasks, due, TODAY) == expected


def test_sql_says_the_same_as_the_rule(paper, cell, member):
    """Every row of the table, and every pair of tasks on either side of the day."""
    kinds = list(product(("given", "doing", "reported", "done", "cancelled"), (PAST, AHEAD)))
    pairs = [("", [one, other], due, None) for one, other in product(kinds, kinds) for due in (PAST, None)]
    cases = [case for case in [*RULE, *pairs] if case[0] != "replaced"]
    rows = Clause.objects.bulk_create(
        [Clause(resolution=paper, position=place, text="x", due_on=case[2]) for place, case in enumerate(cases)]
    )
    both = list(zip(rows, cases, strict=True))
    one = {"cell": cell, "owner": member.member, "title": "x"}
    tasks = [(row, Assignment(state=kind, due_on=due, **one)) for row, case in both for kind, due in case[1]]
    Assignment.objects.bulk_create([task for _, task in tasks])
    ClauseAssignment.objects.bulk_create([ClauseAssignment(clause=row, assignment=task) for row, task in tasks])
    ended = [ClauseDecision(clause=row, ending=case[0], text="x") for row, case in both if case[0]]
    ClauseDecision.objects.bulk_create(ended)
    made = Clause.objects.filter(pk__in=[row.pk for row in rows])
    found = dict(queries.with_state(made).values_list("pk", "state_key"))
    wrong = [(case, found[row.pk]) for row, case in both if found[row.pk] != state_of(*case[:3], TODAY)]
    assert (wrong, len(found)) == ([], 222)


def test_state_follows_the_task_to_its_end(clause, member, secretary):
    assert (state(clause), state(clause, DUE + datetime.timedelta(days=1))) == ("not_begun", "late")
    progress.report(task_of(clause), text="Đã dọn một nửa.", by=member)
    assert state(clause) == "open"
    progress.finish(task_of(clause), text="Xong.", by=member)
    assert (state(clause), state(clause, DUE + datetime.timedelta(days=1))) == ("reported", "reported")
    progress.confirm(task_of(clause), by=secretary)
    assert (state(clause), state(clause, DUE + datetime.timedelta(days=1))) == ("done", "done")


def test_open_clauses_of_a_cell_stand_the_late_ones_first(paper, clause, plain, cell, other_cell, secretary):
    def numbers(on):
        return [(row.position, row.state_key) for row in queries.open_clauses(cell, on)]

    assert numbers(TODAY) == [(1, "not_begun"), (2, "open")]
    clauses.give_more(plain, owner=secretary.member, title="Làm trước", due_on=AHEAD, by=secretary)
    assert numbers(AHEAD + datetime.timedelta(days=1)) == [(2, "late"), (1, "not_begun")]
    assert list(queries.open_clauses(other_cell)) == []
    assert queries.state_counts(queries.with_state(paper.clauses)) == {"not_begun": 2}


def test_clauses_of_a_draft_and_of_the_committee_are_not_the_cells_open_ones(paper, cell):
    Meeting.objects.update(body="committee", kind=Kind.COMMITTEE)
    assert list(queries.open_clauses(cell)) == []
    Meeting.objects.update(body="cell")
    Resolution.objects.update(paper=None)
    assert list(queries.open_clauses(cell)) == []


# From which item


def test_clause_of_an_item_of_another_meeting_is_refused(paper, cell, secretary, clerk):
    other = story.begun(cell, secretary, clerk, starts_at=story.moment(9))
    draft = resolution.start_resolution(other, by=secretary)
    stranger = AgendaItem.objects.exclude(meeting=other).first()
    assert refusal(clauses.add_clause, draft, clause=Clause(text="x", item=stranger), by=secretary) == (
        "Chọn nội dung trong chương trình của buổi họp này.",
        "item",
    )


# More work


def test_give_more_adds_a_task_that_says_where_it_comes_from(clause, secretary, deputy):
    task = clauses.give_more(clause, owner=deputy.member, title="Thuê xe", due_on=DUE, by=secretary, detail="Hai xe")
    assert (task.owner, task.source_label, task.source_url, task.detail) == (
        deputy.member, "Mục 1, Nghị quyết 01-NQ/CB", clause.get_absolute_url(), "Hai xe",
    )  # fmt: skip
    assert clause.given.count() == 2
    progress.confirm(progress.finish(task_of(clause), text="Xong.", by=None), by=secretary)
    assert state(clause) == "open"


def test_give_more_is_refused_for_what_is_not_open(clause, secretary, paper):
    progress.confirm(progress.finish(task_of(clause), text="Xong.", by=None), by=secretary)
    more = {"owner": secretary.member, "title": "x", "due_on": DUE, "by": secretary}
    assert refusal(clauses.give_more, clause, **more) == ("Mục này đã kết thúc: đã xong.", None)
    Resolution.objects.update(paper=None)
    assert refusal(clauses.give_more, clause, **more) == (NOT_ADOPTED, None)


# The decision


def test_a_decision_ends_the_clause_withdraws_its_tasks_and_tells_the_owners(clause, secretary, member, paper):
    """Issue 3: "Closing a clause needs its tasks done or a recorded decision"."""
    Notice.objects.filter(key__endswith=":given").update(outcome=Outcome.SENT)
    task = task_of(clause)
    decision = clauses.end_clause(
        clause, ending="dropped", text="  Phường  đã làm. ", meeting=paper.meeting, by=secretary
    )
    task.refresh_from_db()
    assert (decision.text, decision.meeting, state(clause)) == ("Phường đã làm.", paper.meeting, "dropped")
    assert (task.state, task.cancel_reason) == ("cancelled", "Không thực hiện nữa: Phường đã làm.")
    assert Notice.objects.filter(kind="assignment.cancelled", recipient=member.member).count() == 1
    line = Activity.objects.filter(verb="clause.ended").get()
    assert line.object_id == clause.pk


def test_where_the_meeting_found_it_done_what_waits_for_confirmation_is_confirmed(clause, secretary, deputy, member):
    progress.finish(task_of(clause), text="Xong.", by=member)
    other = clauses.give_more(clause, owner=deputy.member, title="Chụp ảnh", due_on=DUE, by=secretary)
    clauses.end_clause(clause, ending="done", text="Chi bộ đã đi xem.", by=secretary)
    other.refresh_from_db()
    assert (task_of(clause).state, other.state, state(clause)) == ("done", "cancelled", "done")


def test_nobody_confirms_the_own_task_by_ending_the_clause(clause, deputy, secretary):
    own = clauses.give_more(clause, owner=deputy.member, title="Chụp ảnh", due_on=DUE, by=secretary)
    progress.finish(own, text="Xong.", by=deputy)
    clauses.end_clause(clause, ending="done", text="Chi bộ đã đi xem.", by=deputy)
    own.refresh_from_db()
    assert own.state == "cancelled"


def test_replacement_is_an_open_clause_and_ends_the_first_only(clause, plain, secretary):
    clauses.end_clause(clause, ending="replaced", text="Gộp lại.", replaced_by=plain, by=secretary)
    assert (state(clause), state(plain)) == ("replaced", "open")
    only_open = ("Chọn một mục còn mở của nghị quyết cùng ngày hoặc ban hành sau.", "replaced_by")
    assert refusal(
        clauses.end_clause, plain, ending="replaced", text="x", replaced_by=clause, by=secretary
    ) == only_open  # no circle  # fmt: skip
    assert refusal(clauses.end_clause, plain, ending="replaced", text="x", replaced_by=plain, by=secretary) == only_open


def test_replacement_is_not_older(clause, cell, secretary, clerk, member):
    later = adopted(cell, secretary, clerk, member).clauses.get(position=2)
    type(later.resolution.paper).objects.filter(pk=later.resolution.paper_id).update(dated_on=AHEAD)
    later = Clause.objects.select_related("resolution__paper", "resolution__meeting").get(pk=later.pk)
    assert refusal(clauses.end_clause, later, ending="replaced", text="x", replaced_by=clause, by=secretary) == (
        "Chọn một mục còn mở của nghị quyết cùng ngày hoặc ban hành sau.",
        "replaced_by",
    )
    clauses.end_clause(clause, ending="replaced", text="Thay bằng mục mới.", replaced_by=later, by=secretary)
    assert state(clause) == "replaced"


@pytest.mark.parametrize(
    ("given", "sentence", "field"),
    [
        ({"text": " "}, "Ghi quyết định của chi bộ.", "text"),
        ({"text": "x" * 501}, "Quyết định dài quá 500 chữ. Ghi gọn lại.", "text"),
        ({"ending": "other"}, "Chọn cách kết thúc mục này.", "ending"),
        ({"ending": "replaced"}, "Chọn mục thay thế.", "replaced_by"),
        ({"replaced_by": "plain"}, "Chỉ chọn mục thay thế khi mục này được thay bằng mục khác.", "replaced_by"),
    ],
)
def test_decision_refuses_what_is_missing(clause, plain, secretary, given, sentence, field):
    values = {"ending": "dropped", "text": "x", "by": secretary} | given
    if values.get("replaced_by"):
        values["replaced_by"] = plain
    assert refusal(clauses.end_clause, clause, **values) == (sentence, field)
    assert ClauseDecision.objects.count() == 0


def test_decision_refuses_a_meeting_that_did_not_decide(clause, cell, other_cell, secretary, clerk, outsider):
    end = {"ending": "dropped", "text": "x", "by": secretary}
    held = ("Chọn buổi họp đã diễn ra của chi bộ.", "meeting")
    strange = story.begun(other_cell, outsider, clerk, present=False)
    assert refusal(clauses.end_clause, clause, meeting=strange, **end) == held
    coming = Meeting.objects.create(cell=cell, kind=Kind.REGULAR, starts_at=story.moment(14, day=20), place="x")
    assert refusal(clauses.end_clause, clause, meeting=coming, **end) == held
    committee = story.begun(cell, secretary, clerk, kind=Kind.COMMITTEE, body="committee", present=False)
    assert refusal(clauses.end_clause, clause, meeting=committee, **end) == held
    before = story.begun(cell, secretary, clerk, starts_at=story.moment(14, day=4), present=False)
    assert refusal(clauses.end_clause, clause, meeting=before, **end) == (
        "Chọn buổi họp từ ngày 05/12/2026, ngày thông qua nghị quyết, trở đi.",
        "meeting",
    )


def test_decision_refuses_what_has_ended_or_is_not_in_force(clause, plain, secretary, paper):
    end = {"ending": "dropped", "text": "x", "by": secretary}
    progress.confirm(progress.finish(task_of(clause), text="Xong.", by=None), by=secretary)
    assert refusal(clauses.end_clause, clause, **end) == ("Mục này đã kết thúc: đã xong.", None)
    clauses.end_clause(plain, **end)
    assert refusal(clauses.end_clause, plain, **end) == ("Mục này đã kết thúc: không thực hiện nữa.", None)
    Resolution.objects.update(paper=None)
    assert refusal(clauses.end_clause, clause, **end) == (NOT_ADOPTED, None)


def test_withdrawn_resolution_takes_its_decisions_back(clause, plain, cell, secretary, clerk, member, paper):
    later = adopted(cell, secretary, clerk, member)
    clauses.end_clause(clause, ending="replaced", text="x", replaced_by=later.clauses.get(position=2), by=secretary)
    clauses.end_clause(later.clauses.get(position=1), ending="dropped", text="x", by=secretary)
    clauses.end_clause(plain, ending="dropped", text="x", by=secretary)
    resolution.seal_resolution(later, way="p12", by=secretary)
    resolution.withdraw_resolution(later, reason="Sai", by=secretary)
    assert list(ClauseDecision.objects.values_list("clause", flat=True)) == [plain.pk]
    assert Activity.objects.filter(verb="clause.reopened").count() == 2
    assert state(clause) == "late" if clause.due_on < TODAY else "open"


# Life


def test_life_tells_one_chain_from_the_first_item_to_the_decision(clause, cell, secretary, clerk, member, paper):
    before = story.begun(cell, secretary, clerk, starts_at=story.moment(14, day=2), present=False)
    first = before.items.get(position=2)
    AgendaItem.objects.filter(pk=first.pk).update(status="postponed", title="Vệ sinh ngõ")
    AgendaItem.objects.filter(pk=clause.item_id).update(carried_from=first, title="Vệ sinh ngõ, lần hai")
    progress.report(task_of(clause), text="Được một nửa.", by=member)
    ReviewLine.objects.create(
        meeting=paper.meeting, clause=clause, finding=Finding.DOING, why="Mưa nhiều", frozen_at=story.NOW
    )
    clauses.end_clause(clause, ending="dropped", text="Phường làm.", meeting=paper.meeting, by=secretary)
    row = Clause.objects.select_related("resolution__paper__organisation", "resolution__meeting", "decision").get(
        pk=clause.pk
    )
    assert [(event.label, event.sub, event.text) for event in life(row, secretary)] == [
        ("Chuyển sang buổi sau: Vệ sinh ngõ", before.title, ""),
        ("Đã bàn: Vệ sinh ngõ, lần hai", paper.meeting.title, ""),
        ("Thông qua tại Nghị quyết 01-NQ/CB", "6/7 tán thành", ""),
        ("Giao nhiệm vụ: Dọn tuyến mương", "đ/c Ngô Xuân Trường, hạn 20/01/2027", ""),
        ("Tiến độ", "đ/c Ngô Xuân Trường", "Được một nửa."),
        ("Rút nhiệm vụ", "đ/c Trần Quốc Bình", "Không thực hiện nữa: Phường làm."),
        ("Kiểm điểm: đang làm", paper.meeting.title, "Mưa nhiều"),
        (
            "Không thực hiện nữa",
            "quyết định tại sinh hoạt thường kỳ tháng 12/2026",
            "Phường làm.",
        ),
    ]


def test_life_shows_no_task_that_the_person_may_not_see(clause, secretary, member, committee):
    hidden = clauses.give_more(clause, owner=secretary.member, title="Việc riêng", due_on=DUE, by=secretary)
    Assignment.objects.filter(pk=hidden.pk).update(audience="owner")
    row = Clause.objects.select_related("resolution__paper__organisation", "resolution__meeting").get(pk=clause.pk)
    assert [user for user in (secretary, member, committee) if "Giao nhiệm vụ: Việc riêng" in labels(row, user)] == [
        secretary
    ]
    assert [link.assignment.title for link in queries.tasks_of(row, member)] == ["Dọn tuyến mương"]


def test_life_shows_a_review_to_members_once_its_minutes_are_sealed(clause, secretary, clerk, member, paper):
    """What was found is part of the record: the committee and the clerk read it, members once it is sealed."""
    why = {"finding": Finding.DOING, "why": "Mưa nhiều", "frozen_at": story.NOW}
    ReviewLine.objects.create(meeting=paper.meeting, clause=clause, **why)
    row = Clause.objects.select_related("resolution__paper__organisation", "resolution__meeting").get(pk=clause.pk)

    def told():
        return [
            "Kiểm điểm: đang làm" in labels(row, User.objects.get(pk=each.pk)) for each in (secretary, clerk, member)
        ]

    assert told() == [True, True, False]
    minutes.adopt_minutes(paper.meeting, adopted_at=story.moment(15, 35), by=clerk)
    assert told() == [True, True, False]
    minutes.seal_minutes(paper.meeting, way="p12", by=secretary)
    assert told() == [True, True, True]


def labels(clause, user):
    return [event.label for event in life(clause, user)]


def test_replaced_clause_stands_in_the_life_of_the_one_that_took_its_place(clause, plain, secretary):
    clauses.end_clause(clause, ending=Ending.REPLACED, text="Gộp lại.", replaced_by=plain, by=secretary)
    row = Clause.objects.select_related("resolution__paper__organisation", "resolution__meeting").get(pk=plain.pk)
    assert labels(row, secretary)[-1] == "Thay cho Mục 1, Nghị quyết 01-NQ/CB"


def test_every_state_has_its_look():
    from meetings.states import CLAUSE_OPEN, CLAUSE_UI

    assert set(CLAUSE_UI) == set(ClauseState)
    assert {one for one in ClauseState if one not in CLAUSE_OPEN} == {"done", "replaced", "dropped"}


@pytest.mark.django_db(transaction=True)
def test_two_clauses_cannot_replace_each_other_at_the_same_moment(cell, secretary, clerk, member):
    """A chain of replacements always ends at an open clause, whoever is faster."""
    one, other = adopted(cell, secretary, clerk, member).clauses.all()

    def end(clause, by_which):
        return clauses.end_clause(clause, ending="replaced", text="Gộp.", replaced_by=by_which, by=secretary)

    found = together(lambda: end(one, other), lambda: end(other, one))
    assert [type(each) for each in found].count(ClauseDecision) == 1
    assert [each.field for each in found if isinstance(each, Refused)] == ["replaced_by"]
    assert ClauseDecision.objects.count() == 1


# The withdrawal of the resolution at the same moment


@pytest.mark.django_db(transaction=True)
class TestWithdrawnMeanwhile:
    """Neither waits in a circle, and nothing hangs on a resolution that is not in force."""

    @pytest.fixture
    def sealed(self, cell, secretary, clerk, member):
        return resolution.seal_resolution(adopted(cell, secretary, clerk, member), way="p12", by=secretary)

    def withdraw(self, paper, by):
        return resolution.withdraw_resolution(paper, reason="Sai", by=by)

    def end(self, clause, by, **values):
        return clauses.end_clause(clause, **({"ending": "dropped", "text": "Phường làm.", "by": by} | values))

    def test_no_clause_is_ended_behind_the_withdrawal(self, sealed, secretary):
        clause = sealed.clauses.get(position=1)
        found = behind(lambda: self.withdraw(sealed, secretary), lambda: self.end(clause, secretary))
        assert (str(found), ClauseDecision.objects.count()) == (NOT_ADOPTED, 0)

    def test_no_task_is_given_behind_the_withdrawal(self, sealed, secretary, deputy):
        clause = sealed.clauses.get(position=1)
        more = {"owner": deputy.member, "title": "Thuê xe", "due_on": DUE, "by": secretary}
        found = behind(lambda: self.withdraw(sealed, secretary), lambda: clauses.give_more(clause, **more))
        assert (str(found), ClauseAssignment.objects.count()) == (NOT_ADOPTED, 0)

    def test_withdrawal_behind_an_ending_takes_it_back(self, sealed, secretary):
        clause = sealed.clauses.get(position=1)
        found = behind(lambda: self.end(clause, secretary), lambda: self.withdraw(sealed, secretary))
        assert (type(found), ClauseDecision.objects.count()) == (Resolution, 0)

    def test_task_done_meanwhile_leaves_nothing_to_end(self, sealed, secretary):
        clause = sealed.clauses.get(position=1)
        task = progress.finish(task_of(clause), text="Xong.", by=None)
        found = behind(lambda: progress.confirm(task, by=secretary), lambda: self.end(clause, secretary))
        assert (str(found), ClauseDecision.objects.count()) == ("Mục này đã kết thúc: đã xong.", 0)

    def test_both_at_once_many_times(self, sealed, cell, secretary, clerk, member):
        """The clause of one is replaced by one of the other while both resolutions are withdrawn: no deadlock."""
        for _ in range(3):
            other = resolution.seal_resolution(adopted(cell, secretary, clerk, member), way="p12", by=secretary)
            one = resolution.seal_resolution(adopted(cell, secretary, clerk, member), way="p12", by=secretary)
            first, second = one.clauses.get(position=1), other.clauses.get(position=1)
            replace = {"ending": "replaced"}
            found = together(
                lambda: self.end(first, secretary, replaced_by=second, **replace),  # noqa: B023 - run in this round
                lambda: self.end(second, secretary, replaced_by=first, **replace),  # noqa: B023
                lambda: self.withdraw(one, secretary),  # noqa: B023
                lambda: self.withdraw(other, secretary),  # noqa: B023
            )
            assert [each for each in found if not isinstance(each, ClauseDecision | Resolution | Refused)] == []
            assert ClauseDecision.objects.count() == 0

    def test_meeting_that_is_moved_does_not_hold_up_a_row_that_points_to_it(self, sealed, secretary):
        """Its move changes no key: who records a decision of that meeting does not wait, so never in a circle."""
        clause, evening = sealed.clauses.get(position=1), sealed.meeting
        Meeting.objects.filter(pk=evening.pk).update(state="in_session", closed_at=None)
        with transaction.atomic():
            move(evening, "close")
            lock_wait = "SET lock_timeout = '3s'"
            found = together(lambda: run(lock_wait) or self.end(clause, secretary, meeting=evening))
        assert [type(each) for each in found] == [ClauseDecision]


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
