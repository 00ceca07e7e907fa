"""The review of last month: done, late, under way, not begun, with who and why; kept when the meeting closes."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from assignments.services import giving, progress
from core.errors import Refused
from meetings import reviewing, wording
from meetings.models import AgendaItem, Clause, Meeting, ReviewLine
from meetings.queries import agenda, review
from meetings.queries.official import minutes_context
from meetings.queries.record import record_of
from meetings.reviewing import Line
from meetings.services import carrying, clauses, lifecycle, minutes, resolution, speeches, tasks
from meetings.states import Body, Ending, Finding, Kind, State
from tests.meetings import story
from tests.meetings.prep import new_meeting

NEXT_DAY = datetime.timedelta(days=1)


class TestWords:
    @pytest.mark.parametrize(
        ("text", "first"),
        [
            ("Đã đến 2 hộ. Còn 4 hộ.", "Đã đến 2 hộ."),
            ("Xong rồi", "Xong rồi"),
            ("Chưa có kinh phí;\n phường trả lời sau! Chờ", "Chưa có kinh phí; phường trả lời sau!"),
            ("", ""),
        ],
    )
    def test_first_sentence_of_a_report(self, text, first):
        assert reviewing.first_sentence(text) == first

    def test_long_texts_are_cut_at_a_word(self):
        text = reviewing.shortened("dọn mương " * 60)
        assert (len(text) <= 300, text.endswith("mương…") or text.endswith("dọn…")) == (True, True)

    @pytest.mark.parametrize(
        ("owners", "helpers", "words"),
        [
            (["Lê A"], [], "Lê A"),
            (["Lê A", "Lê A", "Vũ B"], ["Lê A", "Đỗ C"], "Lê A; phối hợp: Vũ B, Đỗ C"),
            ([None], ["Đỗ C"], "phối hợp: Đỗ C"),
            ([None], [], ""),
        ],
    )
    def test_people_stand_once_the_owner_first(self, owners, helpers, words):
        assert reviewing.people_words(owners, helpers) == words

    def test_late_comes_first_then_not_begun_under_way_done(self):
        lines = [Line(f"task:{place}", finding, "x") for place, finding in enumerate(reversed(reviewing.ORDER))]
        assert [line.finding for line in reviewing.in_order(lines)] == list(reviewing.ORDER)

    def test_sentence_of_the_minutes_counts_each_finding(self):
        findings = (Finding.LATE, Finding.DONE, Finding.DONE)
        lines = [Line(f"task:{place}", finding, "x") for place, finding in enumerate(findings)]
        assert wording.review_line(lines) == "Kiểm điểm 03 việc: quá hạn 01, đã xong 02."

    def test_review_stands_under_the_standard_item_before_one_of_that_name(self):
        named = AgendaItem(section="B", title="Kiểm điểm việc thực hiện nghị quyết tháng 11/2026")
        standard = AgendaItem(section="B", title="Việc tháng trước", origin="standard:review")
        other = AgendaItem(section="B", title="Thông tin thời sự")
        assert reviewing.review_item([other, named, standard]) is standard
        assert reviewing.review_item([other, named]) is named
        assert reviewing.review_item([other]) is None


pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    with time_machine.travel(story.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def november(now, cast, cell):
    """A closed meeting of 05/12 that passed a resolution of two clauses, one with owner and task."""
    meeting = story.told(cell, cast["bithu"], cast["thuky"], cast["dangvien"])
    draft = resolution.start_resolution(meeting, by=cast["bithu"])
    due = datetime.date(2026, 12, 20)
    for text, owner in (("Dọn mương cụm 5", cast["dangvien"].member), ("Giữ nếp học tập", None)):
        clause = Clause(text=text, owner=owner, due_on=due if owner else None)
        clauses.add_clause(draft, clause=clause, by=cast["bithu"])
    vote = meeting.items.get(title="Nhiệm vụ tháng 01/2027").votes.get()
    resolution.adopt_resolution(draft, vote=vote, by=cast["bithu"])
    return meeting


@pytest.fixture
def draft(november, cast, cell):
    """The next regular meeting, 05/01."""
    return new_meeting(cell, cast["bithu"], starts_at=story.moment(14) + 31 * NEXT_DAY, clerk=cast["thuky"].member)


def found(meeting):
    return {line.title: line.finding for line in review.lines(meeting)}


def task_of(november):
    return november.resolution.clauses.get(position=1).given.get().assignment


def give(cell, cast, title, days=5, audience="cell", **more):
    due = story.NOW.date() + days * NEXT_DAY
    return giving.give(cell=cell, owner=cast["dangvien"].member, title=title, due_on=due, audience=audience,
                       by=cast["bithu"], **more)  # fmt: skip


def open_it(draft, cast, now):
    meeting = lifecycle.notify_meeting(lifecycle.agree_meeting(draft, by=cast["bithu"]), by=cast["bithu"])
    now.move_to(draft.starts_at)
    return lifecycle.open_meeting(meeting, by=cast["bithu"], opened_at=draft.starts_at)


def close_it(draft, cast, now):
    meeting = open_it(draft, cast, now)
    now.move_to(draft.starts_at + datetime.timedelta(hours=2))
    end = draft.starts_at + datetime.timedelta(minutes=95)
    return lifecycle.close_meeting(meeting, closed_at=end, by=cast["bithu"])


class TestLines:
    def test_every_open_clause_and_due_task_is_there(self, draft):
        # the task given from the conclusion is due 04/01, the day before the meeting
        assert found(draft) == {
            "Dọn mương cụm 5": Finding.NOT_BEGUN,
            "Giữ nếp học tập": Finding.DOING,
            "In tài liệu chữ lớn": Finding.NOT_BEGUN,
        }

    def test_a_line_says_who_when_where_from_and_how_far(self, draft, november, cast):
        progress.report(task_of(november), text="Đã dọn 200 m. Còn 100 m.", by=cast["dangvien"])
        line = next(line for line in review.lines(draft) if line.key.startswith("clause") and line.due_on)
        number = november.resolution.paper.number_text
        assert (line.people, line.due_on, line.note) == (
            "Ngô Xuân Trường", datetime.date(2026, 12, 20), "Đã dọn 200 m.",
        )  # fmt: skip
        assert (line.source, line.times, line.finding) == (f"Mục 1, Nghị quyết {number}", 1, Finding.DOING)

    def test_helpers_are_named(self, draft, cast, cell):
        give(cell, cast, "Lắp camera", helpers=[cast["thuky"].member])
        people = {line.title: line.people for line in review.lines(draft)}
        assert people["Lắp camera"] == "Ngô Xuân Trường; phối hợp: Đỗ Mai Anh"

    def test_late_is_seen_on_the_day(self, draft, now):
        now.move_to(story.moment(8, day=21))
        assert found(draft)["Dọn mương cụm 5"] == Finding.LATE

    def test_what_waits_for_confirmation_is_under_way(self, draft, november, cast, now):
        progress.finish(task_of(november), text="Đã xong.", by=cast["dangvien"])
        now.move_to(story.moment(8, day=28))
        line = next(line for line in review.lines(draft) if line.title == "Dọn mương cụm 5")
        assert (line.finding, line.waits) == (Finding.DOING, True)

    def test_done_since_the_last_meeting_stands_as_done(self, draft, november, cast):
        task = progress.finish(task_of(november), text="Đã xong.", by=cast["dangvien"])
        progress.confirm(task, by=cast["bithu"])
        clauses.end_clause(
            november.resolution.clauses.get(position=2), ending=Ending.DROPPED, text="Thôi", by=cast["bithu"]
        )
        assert found(draft) == {"Dọn mương cụm 5": Finding.DONE, "In tài liệu chữ lớn": Finding.NOT_BEGUN}

    def test_tasks_due_later_wait_and_withdrawn_ones_are_gone(self, draft, cast, cell):
        give(cell, cast, "Việc quý sau", days=60)
        progress.cancel(give(cell, cast, "Việc rút"), reason="Không cần", by=cast["bithu"])
        assert {"Việc quý sau", "Việc rút"}.isdisjoint(found(draft))

    @pytest.mark.parametrize("audience", ["committee", "owner"])
    def test_tasks_of_a_narrower_audience_never_stand_in_a_cells_review(self, draft, cast, cell, audience):
        # they would leak into minutes that every member reads
        give(cell, cast, "Việc của chi ủy", audience=audience)
        assert "Việc của chi ủy" not in found(draft)

    def test_committee_meeting_reviews_what_is_its_own(self, draft, cast, cell):
        give(cell, cast, "Việc của chi ủy", audience="committee")
        give(cell, cast, "Việc riêng", audience="owner")
        meeting = new_meeting(cell, cast["bithu"], kind=Kind.COMMITTEE, starts_at=story.moment(14, day=20))
        assert found(meeting) == {"Việc của chi ủy": Finding.NOT_BEGUN}

    def test_another_cells_things_stay_there(self, draft, other_cell, cast):
        assert found(new_meeting(other_cell, cast["chibokhac"], starts_at=story.moment(14, day=20))) == {}

    def test_withdrawn_resolution_is_not_reviewed(self, draft, november, cast):
        draft_of = resolution.seal_resolution(november.resolution, way="ink", by=cast["bithu"])
        resolution.withdraw_resolution(draft_of, reason="Sai số", by=cast["bithu"])
        assert found(draft) == {"In tài liệu chữ lớn": Finding.NOT_BEGUN}

    def test_what_the_meeting_itself_agrees_is_reviewed_by_the_next(self, draft, cast, cell, now):
        meeting = open_it(draft, cast, now)
        item = meeting.items.get(origin="standard:next")
        today = draft.starts_at.date()
        tasks.give_from_item(item, owner=cast["thuky"].member, title="Việc trong ngày", due_on=today, by=cast["bithu"])
        Meeting.objects.get(pk=draft.pk).sheet.update(presence="present")
        written = resolution.start_resolution(meeting, by=cast["bithu"])
        clauses.add_clause(written, clause=Clause(text="Mục mới"), by=cast["bithu"])
        resolution.adopt_resolution(written, vote=story.vote_on(item, cast["bithu"]), by=cast["bithu"])
        assert {"Việc trong ngày", "Mục mới"}.isdisjoint(found(Meeting.objects.get(pk=draft.pk)))
        now.move_to(draft.starts_at + datetime.timedelta(hours=2))
        lifecycle.close_meeting(meeting, closed_at=draft.starts_at + datetime.timedelta(minutes=90), by=cast["bithu"])
        later = new_meeting(cell, cast["bithu"], starts_at=draft.starts_at + 31 * NEXT_DAY)
        assert {"Việc trong ngày", "Mục mới"} <= found(later).keys()
        assert {line.times for line in review.lines(later) if line.title == "Mục mới"} == {1}


class TestWhere:
    def test_open_things_stand_in_one_meeting_and_the_others_say_which(self, draft, cast, cell):
        later = new_meeting(cell, cast["bithu"], starts_at=draft.starts_at + 30 * NEXT_DAY)
        assert review.next_regular(cell) == draft
        sheet = review.sheet(later)
        assert (sheet.lines, sheet.elsewhere) == ([], draft)

    def test_members_are_not_told_of_a_draft_that_is_hidden_from_them(self, draft, cast, cell):
        later = new_meeting(cell, cast["bithu"], starts_at=draft.starts_at + 30 * NEXT_DAY)
        assert review.sheet(later, cast["dangvien"]).elsewhere is None

    def test_meeting_in_session_goes_before_an_earlier_draft(self, draft, cast, cell, now):
        meeting = open_it(draft, cast, now)
        forgotten = new_meeting(cell, cast["bithu"], starts_at=story.moment(14, day=10))
        assert review.next_regular(cell) == meeting
        assert found(forgotten) == {}

    @pytest.mark.parametrize("kind", [Kind.THEMATIC, Kind.EXTRAORDINARY])
    def test_other_kinds_hold_no_review(self, draft, cast, cell, kind):
        sheet = review.sheet(new_meeting(cell, cast["bithu"], kind=kind, starts_at=story.moment(14, day=10)))
        assert (sheet.lines, sheet.elsewhere) == ([], None)

    def test_cancelled_meeting_hands_the_review_on(self, draft, cast, cell):
        later = new_meeting(cell, cast["bithu"], starts_at=draft.starts_at + 30 * NEXT_DAY)
        before = found(draft)
        meeting = lifecycle.cancel_meeting(draft, cancel_reason="Bão", by=cast["bithu"])
        assert (found(meeting), found(later)) == ({}, before)


class TestWhy:
    def key(self, draft, title="Dọn mương cụm 5"):
        return next(line.key for line in review.lines(draft) if line.title == title)

    def test_cause_and_remedy_stand_instead_of_the_report(self, draft, november, cast):
        progress.report(task_of(november), text="Đã dọn 200 m.", by=cast["dangvien"])
        carrying.save_why(draft, key=self.key(draft), why="Mưa; xong trước 10/01", by=cast["bithu"])
        line = next(line for line in review.lines(draft) if line.title == "Dọn mương cụm 5")
        assert (line.why, line.said) == ("Mưa; xong trước 10/01", "Mưa; xong trước 10/01")

    def test_another_text_takes_its_place(self, draft, cast):
        for why in ("Mưa", "Thiếu xe"):
            carrying.save_why(draft, key=self.key(draft), why=why, by=cast["bithu"])
        assert ReviewLine.objects.get().why == "Thiếu xe"

    @pytest.mark.parametrize("key", ["clause:999", "task:999", "x", ""])
    def test_what_is_not_reviewed_is_refused(self, draft, cast, key):
        with pytest.raises(Refused, match="không còn trong phần kiểm điểm"):
            carrying.save_why(draft, key=key, why="x", by=cast["bithu"])

    def test_kept_lines_may_be_mended_until_the_minutes_are_adopted(self, draft, cast, now):
        key = self.key(draft)
        meeting = close_it(draft, cast, now)
        carrying.save_why(meeting, key=key, why="Mưa", by=cast["thuky"])
        assert ReviewLine.objects.get(meeting=meeting, clause__position=1).why == "Mưa"
        minutes.adopt_minutes(meeting, adopted_at=meeting.closed_at, by=cast["bithu"])
        with pytest.raises(Refused, match="Biên bản đã được thông qua"):
            carrying.save_why(meeting, key=key, why="Nắng", by=cast["thuky"])

    def test_page_takes_what_is_written(self, draft, cast, as_user):
        client, key = as_user(cast["chiuy"]), self.key(draft)
        url = reverse("meetings:review", args=[draft.pk])
        answer = client.post(url, {"key": key, "why": "Mưa"})
        assert answer.headers["Location"] == f"{url}#{key.replace(':', '-')}"
        assert "Nguyên nhân, hướng xử lý: Mưa" in client.get(url).content.decode()

    def test_too_long_a_text_comes_back_with_everything_typed(self, draft, cast, as_user):
        url = reverse("meetings:review", args=[draft.pk])
        answer = as_user(cast["chiuy"]).post(url, {"key": self.key(draft), "why": "mưa " * 200})
        assert answer.status_code == 422
        assert "mưa mưa" in answer.content.decode()


class TestKept:
    def test_close_keeps_every_line_with_its_facts(self, draft, cast, now):
        before = review.lines(draft)
        meeting = close_it(draft, cast, now)
        rows = list(meeting.review_lines.all())
        facts = {(row.title, row.owner_name, row.due_on, row.source) for row in rows}
        assert facts == {(line.title, line.people, line.due_on, line.source) for line in before}
        assert [row.position for row in rows] == [1, 2, 3]
        assert {row.finding for row in rows if row.due_on} == {Finding.LATE}
        assert {row.frozen_at for row in rows} == {draft.starts_at + datetime.timedelta(hours=2)}

    def test_last_report_is_kept_where_nothing_was_written(self, draft, november, cast, now):
        progress.report(task_of(november), text="Đã dọn 200 m. Còn 100 m.", by=cast["dangvien"])
        meeting = close_it(draft, cast, now)
        assert meeting.review_lines.get(clause__position=1).why == "Đã dọn 200 m."

    def test_kept_twice_is_once(self, draft, november, cast, now):
        meeting = close_it(draft, cast, now)
        rows = list(meeting.review_lines.values())
        progress.cancel(task_of(november), reason="Thôi", by=cast["bithu"])
        carrying.freeze_review(meeting, by=cast["bithu"])
        assert list(meeting.review_lines.values()) == rows

    def test_history_does_not_change_with_the_thing(self, draft, november, cast, now):
        meeting = close_it(draft, cast, now)
        before = found(meeting)
        clauses.end_clause(
            november.resolution.clauses.get(position=2), ending=Ending.DONE, text="Xong", by=cast["bithu"]
        )
        assert found(meeting) == before

    def test_the_next_review_counts_the_times(self, draft, cast, cell, now):
        meeting = close_it(draft, cast, now)
        later = new_meeting(cell, cast["bithu"], starts_at=draft.starts_at + 31 * NEXT_DAY)
        assert {line.times for line in review.lines(later)} == {2}
        assert {line.times for line in review.lines(meeting)} == {1}

    def test_what_was_told_as_done_is_not_told_again(self, draft, november, cast, cell, now):
        task = progress.finish(task_of(november), text="Đã xong.", by=cast["dangvien"])
        progress.confirm(task, by=cast["bithu"])
        close_it(draft, cast, now)
        later = new_meeting(cell, cast["bithu"], starts_at=draft.starts_at + 31 * NEXT_DAY)
        assert "Dọn mương cụm 5" not in found(later)

    def test_what_is_done_between_adoption_and_close_is_told_by_the_next(self, draft, november, cast, cell, now):
        meeting = open_it(draft, cast, now)
        now.move_to(draft.starts_at + datetime.timedelta(minutes=80))
        minutes.adopt_minutes(meeting, adopted_at=draft.starts_at + datetime.timedelta(minutes=70), by=cast["bithu"])
        now.move_to(draft.starts_at + datetime.timedelta(minutes=85))
        progress.confirm(progress.finish(task_of(november), text="Xong.", by=cast["dangvien"]), by=cast["bithu"])
        assert found(Meeting.objects.get(pk=draft.pk))["Dọn mương cụm 5"] == Finding.LATE
        now.move_to(draft.starts_at + datetime.timedelta(minutes=90))
        lifecycle.close_meeting(meeting, closed_at=draft.starts_at + datetime.timedelta(minutes=90), by=cast["bithu"])
        later = new_meeting(cell, cast["bithu"], starts_at=draft.starts_at + 31 * NEXT_DAY)
        assert found(later)["Dọn mương cụm 5"] == Finding.DONE


class TestPages:
    def page(self, client, name, *args):
        return client.get(reverse(f"meetings:{name}", args=args)).content.decode()

    def test_agenda_shows_it_under_its_item(self, draft, cast, as_user):
        rows = [row for part in agenda.parts(draft, review=review.sheet(draft)) for row in part.rows]
        assert [row.item.origin for row in rows if row.review] == ["standard:review"]
        assert "3 việc kiểm điểm: 2 chưa bắt đầu, 1 đang làm" in self.page(as_user(cast["bithu"]), "agenda", draft.pk)

    def test_without_such_an_item_it_is_a_sheet_of_its_own(self, draft, cast, as_user):
        draft.items.filter(origin="standard:review").delete()
        draft.items.filter(title__startswith="Nhiệm vụ tháng").delete()
        page = self.page(as_user(cast["bithu"]), "agenda", draft.pk)
        assert page.count("Kiểm điểm việc đã giao") == 1

    def test_member_reads_it_on_the_notified_meeting(self, draft, cast, as_user):
        lifecycle.notify_meeting(lifecycle.agree_meeting(draft, by=cast["bithu"]), by=cast["bithu"])
        page = self.page(as_user(cast["dangvien"]), "detail", draft.pk)
        assert "3 việc kiểm điểm" in page
        assert "nguyên nhân" not in self.page(as_user(cast["dangvien"]), "review", draft.pk)

    def test_console_shows_it_at_its_item_only(self, draft, cast, now, as_user):
        meeting = open_it(draft, cast, now)
        client = as_user(cast["thuky"])
        item = meeting.items.get(origin="standard:review")
        url = reverse("meetings:session", args=[meeting.pk])
        assert "3 việc kiểm điểm" in client.get(f"{url}?item={item.pk}").content.decode()
        other = meeting.items.get(origin="standard:news")
        assert "việc kiểm điểm" not in client.get(f"{url}?item={other.pk}").content.decode()

    def test_minutes_carry_it_under_its_item(self, draft, cast, now, as_user):
        meeting = close_it(draft, cast, now)
        record = record_of(meeting)
        assert record.review_item.origin == "standard:review"
        assert minutes_context(record)["review_line"] == "Kiểm điểm 03 việc: quá hạn 02, đang làm 01."
        assert "Quá hạn: Dọn mương cụm 5" in self.page(as_user(cast["thuky"]), "minutes", meeting.pk)

    def test_committee_tasks_stay_out_of_the_cells_minutes(self, draft, cast, cell, now):
        give(cell, cast, "Việc của chi ủy", audience="committee")
        record = record_of(close_it(draft, cast, now))
        assert [line.title for line in record.review if "chi ủy" in line.title] == []


def test_two_meetings_in_session_freeze_one_review(november, cast, cell, now):
    """Two regular meetings open at once: the first holds the review, the other none."""
    first = story.begun(cell, cast["bithu"], cast["thuky"], starts_at=story.moment(17))
    second = story.begun(cell, cast["bithu"], cast["thuky"], starts_at=story.moment(18))
    now.move_to(second.starts_at + datetime.timedelta(hours=1))
    for meeting in (second, first):
        for item in meeting.items.all():
            speeches.go_to(item, by=cast["bithu"])
        meeting.refresh_from_db()
        lifecycle.close_meeting(meeting, closed_at=second.starts_at + datetime.timedelta(minutes=30), by=cast["bithu"])
    assert (second.review_lines.count(), first.review_lines.count()) == (0, 2)
    assert (first.body, Meeting.objects.get(pk=first.pk).state) == (Body.CELL, State.CLOSED)
