"""Reminders around a meeting: planned, withdrawn and planned anew by whoever changes the fact (DESIGN §3 Notices)."""

import datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assignments.models import Assignment
from assignments.services import extending, giving, progress
from assignments.states import Audience
from chibo.tasks import let_go
from core.vietnamese import date_text
from documents.services.papers import adopt_paper, create_paper
from documents.states import PaperType
from meetings.models import AgendaItem, Clause, ClauseAssignment, ClauseDecision, Resolution
from meetings.services import agenda, lifecycle, minutes, papers, preparation
from meetings.states import Answer, Ending, Excuse, Kind, Section
from members.models import Membership
from notices.models import Notice, Outcome
from tests.factories import at
from tests.meetings.files import pdf
from tests.meetings.prep import new_meeting
from tests.meetings.racing import behind

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def draft(cast, cell):
    return new_meeting(cell, cast["bithu"], clerk=cast["thuky"].member)


def notify(meeting, by):
    if meeting.needs_agreement:
        lifecycle.agree_meeting(meeting, by=by)
    return lifecycle.notify_meeting(meeting, by=by)


@pytest.fixture
def notified(draft, cast):
    return notify(draft, cast["bithu"])


def waiting(kind, **where):
    return Notice.objects.filter(kind=kind, outcome=Outcome.WAITING, **where)


def told(kind):
    """Who waits to be told this, by username."""
    return set(waiting(kind).values_list("recipient__user__username", flat=True))


def send_all():
    Notice.objects.filter(outcome=Outcome.WAITING).update(outcome=Outcome.SENT)


def moved(meeting, by, **changes):
    values = {"starts_at": at(days=12), "place": "Hội trường", **changes}
    return lifecycle.reschedule_meeting(meeting, by=by, **values)


class TestTomorrow:
    def test_everybody_invited_is_reminded_a_day_before(self, notified, cast):
        found = waiting("meeting.tomorrow")
        assert {notice.due_at for notice in found} == {notified.starts_at - DAY}
        assert {notice.key for notice in found} == {f"meeting:{notified.pk}:tomorrow:0"}
        assert {(notice.action, notice.target) for notice in found} == {("meeting.reply", notified.pk)}
        invited = Notice.objects.filter(kind="meeting.notified", context__for_superior=False)
        assert found.count() == invited.count() == 12

    def test_it_says_place_time_and_what_one_presents(self, notified, cast):
        notice = waiting("meeting.tomorrow").get(recipient=cast["thuky"].member)
        assert notice.subject == f"Nhắc dự họp: {notified.title}, 14:00 ngày {date_text(notified.day)}"
        assert notice.context["place"] == "Nhà văn hóa"
        assert notice.context["presents"] == [
            f"A2. {notified.items.get(origin='standard:attendance').title}",
            "C2. Đọc, thông qua biên bản; chấm điểm buổi sinh hoạt; bế mạc",
        ]

    def test_a_notice_later_than_that_brings_none(self, cast, cell):
        notify(new_meeting(cell, cast["bithu"], starts_at=timezone.now() + DAY - HOUR), cast["bithu"])
        assert not waiting("meeting.tomorrow").exists()

    def test_accepted_excuse_withdraws_it_and_refusal_brings_it_back(self, notified, cast):
        by = cast["dangvien"]
        row = preparation.reply(notified, answer=Answer.ASKS_EXCUSE, reason="Đi công tác", by=by)
        assert waiting("meeting.tomorrow", recipient=by.member).count() == 1
        preparation.decide(row, decision=Excuse.ACCEPTED, by=cast["bithu"])
        assert waiting("meeting.tomorrow").count() == 11
        assert not waiting("meeting.tomorrow", recipient=by.member).exists()
        preparation.decide(row, decision=Excuse.REFUSED, by=cast["bithu"])
        notice = waiting("meeting.tomorrow").get(recipient=by.member)
        assert notice.due_at == notified.starts_at - DAY

    def test_who_comes_after_all_is_reminded_again(self, notified, cast):
        by = cast["dangvien"]
        row = preparation.reply(notified, answer=Answer.ASKS_EXCUSE, reason="Đi công tác", by=by)
        preparation.decide(row, decision=Excuse.ACCEPTED, by=cast["bithu"])
        preparation.reply(notified, answer=Answer.ATTENDS, by=by)
        assert waiting("meeting.tomorrow", recipient=by.member).count() == 1

    def test_rescheduled_it_is_planned_anew_but_not_for_the_excused(self, notified, cast):
        row = preparation.reply(notified, answer=Answer.ASKS_EXCUSE, reason="Ốm", by=cast["dangvien"])
        preparation.decide(row, decision=Excuse.ACCEPTED, by=cast["bithu"])
        meeting = moved(notified, cast["bithu"])
        found = waiting("meeting.tomorrow")
        assert {(n.key, n.due_at, n.context["place"]) for n in found} == {
            (f"meeting:{meeting.pk}:tomorrow:1", meeting.starts_at - DAY, "Hội trường")
        }
        assert found.count() == 11
        assert "dangvien" not in told("meeting.tomorrow")

    def test_moved_to_tomorrow_the_old_reminder_goes(self, notified, cast):
        moved(notified, cast["bithu"], starts_at=timezone.now() + HOUR)
        assert not waiting("meeting.tomorrow").exists()

    def test_a_committee_meeting_reminds_the_committee(self, cast, cell):
        notify(new_meeting(cell, cast["bithu"], kind=Kind.COMMITTEE), cast["bithu"])
        assert told("meeting.tomorrow") == {"bithu", "phobithu", "chiuy"}


class TestPapersWanted:
    @pytest.fixture
    def item(self, draft, cast):
        """Of the standard agenda nobody owes anything any more; one item decides something."""
        draft.items.update(decide="")
        row = AgendaItem(title="Sửa nhà văn hóa", decide="Mức đóng góp", presenter=cast["dangvien"].member)
        return agenda.add_item(draft, agendaitem=row, by=cast["bithu"])

    def keys(self):
        return list(waiting("meeting.papers_wanted").values_list("key", "recipient__user__username"))

    def key(self, item):
        return f"meeting:{item.meeting_id}:papers:{item.pk}"

    def test_a_new_draft_asks_whoever_presents_what_the_standard_order_decides(self, draft):
        items = draft.items.filter(section=Section.CONTENT).exclude(decide="").exclude(presenter=None)
        items = items.exclude(origin="standard:review")  # writes itself
        assert sorted(key for key, _ in self.keys()) == sorted(self.key(item) for item in items)
        assert told("meeting.papers_wanted") == {"bithu"}

    def test_two_days_before_papers_should_be_there_at_seven(self, item, cast):
        # the dated rule meeting.notice_recommended_days is 3: papers on day 7 of 10, the reminder on day 5
        notice = waiting("meeting.papers_wanted").get(key=self.key(item))
        assert (notice.recipient, notice.due_at) == (cast["dangvien"].member, at(days=5, hour=7))
        day = date_text(timezone.localdate() + 7 * DAY)
        assert notice.subject == f"Gửi dự thảo hoặc tài liệu chậm nhất ngày {day}: Sửa nhà văn hóa"
        assert notice.url == f"/meetings/{item.meeting_id}/agenda/{item.pk}/"

    def test_near_the_meeting_it_waits_for_others_and_edits_do_not_put_it_off(self, cast, cell):
        with time_machine.travel(at(hour=10), tick=False) as clock:
            meeting = new_meeting(cell, cast["bithu"], starts_at=at(days=2))
            gathered = timezone.now() + datetime.timedelta(minutes=10)
            assert {notice.due_at for notice in waiting("meeting.papers_wanted")} == {gathered}
            clock.shift(300)
            item = waiting("meeting.papers_wanted").first()
            row = AgendaItem.objects.get(pk=item.key.rpartition(":")[2])
            row.title = "Tên khác"
            agenda.change_item(agendaitem=row, by=cast["bithu"])
            item.refresh_from_db()
            assert (item.due_at, item.subject) == (gathered, "Gửi dự thảo hoặc tài liệu trước buổi họp: Tên khác")
            assert meeting.starts_at == at(days=2)

    def test_draft_text_takes_it_back_and_its_removal_brings_it_again(self, item, cast):
        agenda.change_draft(item, draft_text="Dự thảo", by=cast["dangvien"])
        assert self.keys() == []
        agenda.change_draft(item, draft_text="  ", by=cast["dangvien"])
        assert self.keys() == [(self.key(item), "dangvien")]

    def test_a_paper_takes_it_back_and_its_removal_brings_it_again(self, item, cast):
        upload = SimpleUploadedFile("du-toan.pdf", pdf("Mức đóng góp"))
        values = {"upload": upload, "title": "Dự toán", "classification": "normal"}
        paper = papers.add_item_paper(item, by=cast["dangvien"], **values)
        assert self.keys() == []
        papers.remove_paper(paper, by=cast["bithu"])
        assert self.keys() == [(self.key(item), "dangvien")]

    def test_another_presenter_is_asked_in_place_of_the_first(self, item, cast):
        item.presenter = cast["dubi"].member
        agenda.change_item(agendaitem=item, by=cast["bithu"])
        assert self.keys() == [(self.key(item), "dubi")]

    def test_an_item_removed_or_without_decision_asks_nobody(self, item, cast):
        item.decide = ""
        agenda.change_item(agendaitem=item, by=cast["bithu"])
        assert self.keys() == []
        item.decide = "Mức đóng góp"
        agenda.change_item(agendaitem=item, by=cast["bithu"])
        assert self.keys() == [(self.key(item), "dangvien")]
        agenda.remove_item(item, by=cast["bithu"])
        assert self.keys() == []

    def test_once_agreed_papers_go_through_the_committee(self, item, cast):
        meeting = lifecycle.agree_meeting(item.meeting, by=cast["bithu"])
        assert waiting("meeting.papers_wanted").get().context["locked"] is True
        lifecycle.revise_meeting(meeting, by=cast["bithu"])
        assert waiting("meeting.papers_wanted").get().context["locked"] is False

    def test_another_day_moves_it(self, item, cast):
        meeting = item.meeting
        meeting.starts_at = at(days=20)
        lifecycle.update_meeting(meeting=meeting, by=cast["bithu"])
        assert waiting("meeting.papers_wanted").get().due_at == at(days=15, hour=7)
        moved(notify(meeting, cast["bithu"]), cast["bithu"], starts_at=at(days=30))
        assert waiting("meeting.papers_wanted").get().due_at == at(days=25, hour=7)

    def test_opening_and_cancelling_end_it(self, item, cast, cell):
        lifecycle.open_meeting(notify(item.meeting, cast["bithu"]), by=cast["bithu"])
        assert self.keys() == []
        other = new_meeting(cell, cast["bithu"])
        assert self.keys() != []
        lifecycle.cancel_meeting(other, cancel_reason="Lập nhầm", by=cast["bithu"])
        assert self.keys() == []

    def test_an_item_carried_to_an_earlier_draft_is_asked_for_there(self, item, cast, cell):
        by = cast["bithu"]
        later = new_meeting(cell, by, starts_at=at(days=40))
        lifecycle.cancel_meeting(item.meeting, cancel_reason="Bão", by=by)
        carried = later.items.get(carried_from=item)
        assert (self.key(carried), "dangvien") in self.keys()
        earlier = new_meeting(cell, by, starts_at=at(days=20))
        carried.refresh_from_db()
        assert carried.meeting == earlier
        assert [key for key in self.keys() if key[1] == "dangvien"] == [(self.key(carried), "dangvien")]

    def test_told_once_is_not_told_again(self, item, cast):
        send_all()
        agenda.change_item(agendaitem=item, by=cast["bithu"])
        assert self.keys() == []


class TestProgressAsked:
    def task(self, cell, owner, days=5, **fields):
        values = {"title": "Vận động 6 hộ", "audience": Audience.CELL, **fields}
        due_on = timezone.localdate() + days * DAY
        return Assignment.objects.create(cell=cell, owner=owner.member, due_on=due_on, **values)

    def keys(self):
        return sorted(waiting("meeting.progress_asked").values_list("key", flat=True))

    def key(self, task, meeting):
        return f"assignment:{task.pk}:progress:{meeting.pk}"

    def test_owner_is_asked_two_days_before(self, draft, cast, cell):
        task = self.task(cell, cast["dangvien"])
        meeting = notify(draft, cast["bithu"])
        notice = waiting("meeting.progress_asked").get()
        assert (notice.key, notice.recipient) == (self.key(task, meeting), cast["dangvien"].member)
        assert notice.due_at == meeting.starts_at - 2 * DAY
        assert (notice.action, notice.target) == ("assignment.report", task.pk)
        day = date_text(meeting.day)
        assert notice.subject == f"Báo cáo tiến độ trước buổi họp {day}: Vận động 6 hộ"

    def test_only_what_the_meeting_looks_back_on_and_the_cell_may_see(self, draft, cast, cell):
        late = self.task(cell, cast["dubi"], days=-3)
        self.task(cell, cast["dangvien"], days=11)  # due after the meeting
        self.task(cell, cast["dangvien"], audience=Audience.OWNER)
        self.task(cell, cast["dangvien"], audience=Audience.COMMITTEE)
        self.task(cell, cast["dangvien"], state="reported")
        self.task(cell, cast["dangvien"], state="done")
        meeting = notify(draft, cast["bithu"])
        assert self.keys() == [self.key(late, meeting)]

    def test_of_an_open_clause_whatever_its_day(self, draft, cast, cell):
        old = new_meeting(cell, cast["bithu"], starts_at=at(days=-20))
        by, signers = cast["bithu"], [("secretary", cast["bithu"].member, "Bí thư")]
        paper = create_paper(cell, PaperType.RESOLUTION, term=cell.term, subject="x", signers=signers, by=by)
        paper = adopt_paper(paper, on=old.day, by=by)
        resolution = Resolution.objects.create(meeting=old, subject="Nghị quyết tháng trước", paper=paper)
        tasks = [self.task(cell, cast["dangvien"], days=60), self.task(cell, cast["dubi"], days=60)]
        clauses = [Clause.objects.create(resolution=resolution, position=n, text="Việc") for n in (1, 2)]
        for clause, task in zip(clauses, tasks, strict=True):
            ClauseAssignment.objects.create(clause=clause, assignment=task)
        ClauseDecision.objects.create(clause=clauses[1], ending=Ending.DROPPED, text="Thôi")
        meeting = notify(draft, cast["bithu"])
        assert self.keys() == [self.key(tasks[0], meeting)]

    def test_near_the_meeting_it_is_asked_as_soon_as_notices_gather(self, cast, cell):
        self.task(cell, cast["dangvien"], days=0)
        with time_machine.travel(at(hour=10), tick=False):
            notify(new_meeting(cell, cast["bithu"], starts_at=at(days=1)), cast["bithu"])
            assert waiting("meeting.progress_asked").get().due_at == at(hour=10, minute=10)

    def test_not_when_the_meeting_begins_before_that(self, cast, cell):
        self.task(cell, cast["dangvien"], days=0)
        notify(new_meeting(cell, cast["bithu"], starts_at=timezone.now() + HOUR / 10), cast["bithu"])
        assert self.keys() == []

    @pytest.mark.parametrize("kind", [Kind.THEMATIC, Kind.EXTRAORDINARY, Kind.COMMITTEE])
    def test_only_a_regular_meeting_looks_back(self, cast, cell, kind):
        self.task(cell, cast["dangvien"])
        notify(new_meeting(cell, cast["bithu"], kind=kind, theme="Chuyên đề"), cast["bithu"])
        assert self.keys() == []

    def test_rescheduled_it_is_asked_for_the_new_day(self, draft, cast, cell):
        first, second = self.task(cell, cast["dangvien"], days=3), self.task(cell, cast["dubi"], days=8)
        meeting = notify(draft, cast["bithu"])
        assert self.keys() == sorted([self.key(first, meeting), self.key(second, meeting)])
        meeting = moved(meeting, cast["bithu"], starts_at=at(days=6))
        assert self.keys() == [self.key(first, meeting)]
        assert waiting("meeting.progress_asked").get().due_at == at(days=4)
        moved(meeting, cast["bithu"], starts_at=at(days=9))
        assert self.keys() == sorted([self.key(first, meeting), self.key(second, meeting)])

    def test_more_time_than_until_the_meeting_takes_it_back(self, draft, cast, cell):
        """The meeting looks back on what is due by its day."""
        task = self.task(cell, cast["dangvien"])
        meeting = notify(draft, cast["bithu"])
        for days, keys in ((9, [self.key(task, meeting)]), (12, [])):
            until = timezone.localdate() + days * DAY
            extending.ask(task, until=until, reason="Mưa", by=cast["dangvien"])
            extending.grant(task, by=cast["bithu"])
            task.refresh_from_db()
            assert self.keys() == keys

    def test_a_report_that_came_back_is_asked_for_again(self, draft, cast, cell):
        task = self.task(cell, cast["dangvien"])
        meeting = notify(draft, cast["bithu"])
        progress.finish(task, text="Xong", by=cast["dangvien"])
        assert self.keys() == []
        progress.return_(task, reason="Thiếu", by=cast["bithu"])
        assert self.keys() == [self.key(task, meeting)]
        assert waiting("meeting.progress_asked").get().due_at == meeting.starts_at - 2 * DAY

    def test_whose_membership_ends_before_it_goes_is_not_asked(self, draft, cast, cell):
        task = self.task(cell, cast["dangvien"])
        self.task(cell, cast["dubi"])
        last = timezone.localdate() + 7 * DAY  # it would go on day 8 of 10
        Membership.objects.filter(member=task.owner).update(ends_on=last)
        notify(draft, cast["bithu"])
        assert told("meeting.progress_asked") == {"dubi"}

    @pytest.mark.parametrize("what", ["open", "cancel"])
    def test_opening_and_cancelling_withdraw_it(self, draft, cast, cell, what):
        self.task(cell, cast["dangvien"])
        meeting = notify(draft, cast["bithu"])
        if what == "open":
            lifecycle.open_meeting(meeting, by=cast["bithu"])
        else:
            lifecycle.cancel_meeting(meeting, cancel_reason="Bão", by=cast["bithu"])
        assert self.keys() == []


@pytest.mark.django_db(transaction=True)
def test_a_task_finished_while_the_notice_goes_out_is_not_asked_about(draft, cast, cell):
    """Whoever notifies waits for whoever finishes, and reads the task again."""
    by = cast["dangvien"]
    task = TestProgressAsked().task(cell, by)
    meeting = lifecycle.agree_meeting(draft, by=cast["bithu"])
    answer = behind(
        lambda: Assignment.objects.select_for_update(no_key=True).get(pk=task.pk) and finished(task),
        lambda: lifecycle.notify_meeting(meeting, by=cast["bithu"]),
    )
    assert answer.state == "notified"
    assert not waiting("meeting.progress_asked").exists()


def finished(task):
    """Only what the lock guards: the state; the diary's own lock comes last in both."""
    Assignment.objects.filter(pk=task.pk).update(state="reported")


class TestLeaving:
    """Whoever is no longer on the sheet of the cell is reminded of nothing there."""

    def test_what_waits_is_withdrawn_on_the_day_after_the_last(self, draft, cast, cell):
        leaver = cast["dangvien"].member
        row = AgendaItem(title="Sửa nhà văn hóa", decide="Mức đóng góp", presenter=leaver)
        agenda.add_item(draft, agendaitem=row, by=cast["bithu"])
        TestProgressAsked().task(cell, cast["dangvien"])
        given = {"cell": cell, "owner": leaver, "title": "Dọn mương", "by": cast["bithu"]}
        giving.give(due_on=timezone.localdate() + 9 * DAY, **given)
        notify(draft, cast["bithu"])
        mine = Notice.objects.filter(recipient=leaver, outcome=Outcome.WAITING)
        reminders = {"assignment.due_soon", "meeting.papers_wanted", "meeting.progress_asked", "meeting.tomorrow"}
        others = {"assignment.given", "meeting.notified"}
        assert set(mine.values_list("kind", flat=True)) == reminders | others
        everybody = Notice.objects.filter(outcome=Outcome.WAITING).count()
        Membership.objects.filter(member=leaver).update(ends_on=timezone.localdate())
        assert let_go() == 0
        Membership.objects.filter(member=leaver).update(ends_on=timezone.localdate() - DAY)
        assert let_go() == 5  # both tasks are asked about
        assert set(mine.values_list("kind", flat=True)) == others
        assert Notice.objects.filter(outcome=Outcome.WAITING).count() == everybody - 5

    def test_a_presenter_who_left_is_not_asked_for_papers(self, draft, cast):
        leaver = cast["dangvien"].member
        Membership.objects.filter(member=leaver).update(ends_on=timezone.localdate() - DAY)
        row = AgendaItem(title="Sửa nhà văn hóa", decide="Mức đóng góp", presenter=leaver)
        agenda.add_item(draft, agendaitem=row, by=cast["bithu"])
        assert not waiting("meeting.papers_wanted", recipient=leaver).exists()


class TestReadBack:
    @pytest.fixture
    def held(self, notified, cast):
        opened = timezone.now() - 2 * HOUR
        return lifecycle.open_meeting(notified, by=cast["bithu"], opened_at=opened)

    def test_chair_clerk_and_secretary_but_not_whoever_closes(self, held, cast):
        lifecycle.close_meeting(held, closed_at=timezone.now() - HOUR / 60, by=cast["thuky"])
        assert told("minutes.read_back") == {"bithu"}  # chair and secretary in one person, once

    def test_the_secretary_too_when_the_deputy_chairs(self, notified, cast):
        opened = timezone.now() - 2 * HOUR
        held = lifecycle.open_meeting(
            notified, by=cast["phobithu"], chair=cast["phobithu"].member, clerk=cast["thuky"].member, opened_at=opened
        )
        lifecycle.close_meeting(held, closed_at=timezone.now() - HOUR / 60, by=cast["phobithu"])
        assert told("minutes.read_back") == {"bithu", "thuky"}
        notice = waiting("minutes.read_back").first()
        assert (notice.key, notice.url) == (f"meeting:{held.pk}:read_back", f"/meetings/{held.pk}/minutes/")

    def test_adoption_withdraws_it(self, held, cast):
        lifecycle.close_meeting(held, closed_at=timezone.now() - HOUR / 60, by=cast["bithu"])
        assert told("minutes.read_back") == {"thuky"}
        minutes.adopt_minutes(held, adopted_at=timezone.now() - HOUR / 60, by=cast["bithu"])
        assert told("minutes.read_back") == set()

    def test_adopted_in_session_nobody_is_asked(self, held, cast):
        minutes.adopt_minutes(held, adopted_at=timezone.now() - HOUR / 60, by=cast["bithu"])
        lifecycle.close_meeting(held, closed_at=timezone.now() - HOUR / 60, by=cast["bithu"])
        assert told("minutes.read_back") == set()


# What may wait in each state of a meeting: nothing asks people to come to what is over or called off
PREPARING = {"meeting.papers_wanted"}
AHEAD = {"meeting.notified", "meeting.changed", "meeting.tomorrow", "meeting.papers_wanted", "meeting.progress_asked",
         "excuse.decided", "question.answered"}  # fmt: skip
MAY_WAIT = {
    "draft": PREPARING,
    "agreed": PREPARING,
    "notified": AHEAD,
    "in_session": {"excuse.decided", "question.answered"},  # what was answered before stays worth knowing
    "closed": {"excuse.decided", "question.answered", "minutes.read_back"},
    "cancelled": {"meeting.cancelled"},
}


@pytest.mark.parametrize("path", [
    "cancel", "agree cancel", "agree revise cancel", "agree notify cancel", "agree notify reply cancel",
    "agree notify reply reschedule cancel", "agree notify reschedule reschedule cancel",
    "agree notify reply reschedule open close", "agree notify send reschedule cancel",
    "agree notify reply send reschedule reply open close",
])  # fmt: skip
def test_no_notice_of_a_past_or_cancelled_meeting_waits(cast, cell, path):
    """Whatever way a meeting goes, what waits about it fits the state it is in and names the time it has."""
    by = cast["bithu"]
    Assignment.objects.create(cell=cell, owner=cast["dubi"].member, title="Việc", due_on=timezone.localdate())
    meeting = new_meeting(cell, by, clerk=cast["thuky"].member)
    for step, word in enumerate(path.split()):
        meeting = _walk(meeting, word, cast, step)
        meeting.refresh_from_db()
        rows = Notice.objects.filter(outcome=Outcome.WAITING).exclude(kind__startswith="assignment.")
        assert {notice.kind for notice in rows} <= MAY_WAIT[meeting.state]
        when = f"{timezone.localtime(meeting.starts_at):%H:%M}"
        assert {notice.context["when"][-5:] for notice in rows} <= {when}
        assert {notice.due_at < meeting.starts_at for notice in rows.exclude(kind__in=MAY_WAIT["closed"])} <= {True}


def _walk(meeting, word, cast, step):
    by = cast["bithu"]
    if word == "send":
        send_all()
    elif word == "reply":
        row = preparation.reply(meeting, answer=Answer.ASKS_EXCUSE, reason="Ốm", by=cast["dangvien"])
        preparation.decide(row, decision=Excuse.REFUSED, by=by)
        question = preparation.Question(text="Vì sao?")
        question = preparation.ask(meeting, question=question, by=cast["dubi"])
        preparation.answer(question, answer="Vì thế.", by=by)
    elif word == "reschedule":
        return moved(meeting, by, starts_at=at(days=11 + step, hour=14 + step))
    elif word == "open":
        return lifecycle.open_meeting(meeting, by=by, opened_at=timezone.now() - 2 * HOUR)
    elif word == "close":
        return lifecycle.close_meeting(meeting, closed_at=timezone.now() - HOUR / 60, by=by)
    elif word == "cancel":
        return lifecycle.cancel_meeting(meeting, cancel_reason="Bão", by=by)
    else:
        return lifecycle.STEPS[word](meeting, by=by)
    return meeting
