"""What the committee has to do now: each line from a fact, none without one."""

import pytest
import time_machine

from assignments.models import Assignment
from assignments.owing import owed
from assignments.services import giving, progress
from chibo import overview, todo
from meetings.models import AgendaItem, Meeting, MeetingPaper, Question, Reply
from meetings.states import State
from tests.meetings import story


@pytest.fixture(autouse=True)
def _december(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(story.moment(9, day=1), tick=False):
        yield


@pytest.fixture
def draft(cell, secretary, committee):
    return Meeting.objects.create(cell=cell, starts_at=story.moment(14), place="Nhà văn hóa", chair=secretary.member)


@pytest.fixture
def due_long_ago():
    return story.DUE.replace(year=story.DUE.year - 1)


def steps(user):
    rows = overview.next_meetings(user, dress=todo.with_gaps)
    *_, waiting = overview.watched_tasks(user, user.home_cell)
    return [(step.title, step.verb) for step in todo.steps(user, rows, waiting, [])]


def test_draft_waits_for_the_committee_then_for_the_notice(draft, secretary):
    title = "sinh hoạt thường kỳ tháng 12/2026"
    assert steps(secretary) == [(f"Thống nhất chương trình {title}", "Mở chương trình")]
    Meeting.objects.update(state=State.AGREED)
    assert steps(secretary) == [(f"Gửi thông báo {title}", "Mở chương trình")]


def test_excuses_and_opinions_wait_for_secretary_and_deputy(draft, secretary, committee, member):
    Meeting.objects.update(state=State.NOTIFIED, notified_at=story.moment(8, day=1))
    Reply.objects.create(meeting=draft, member=member.member, answer="asks_excuse", reason="Đi viện")
    Question.objects.create(meeting=draft, member=member.member, text="Đường hoa thế nào?")
    assert steps(secretary) == [("Trả lời 1 đơn xin vắng", "Trả lời"), ("Trả lời 1 ý kiến gửi trước", "Trả lời")]
    assert steps(committee) == []


def test_reports_wait_for_whoever_may_confirm(cell, secretary, committee, member):
    task = giving.give(cell=cell, owner=member.member, title="Dọn mương", due_on=story.DUE, by=secretary)
    progress.finish(task, text="Xong.", by=member)
    assert steps(secretary) == [("Trả lời 1 báo cáo hoàn thành", "Xem và xác nhận")]
    assert steps(committee) == []


def test_no_report_is_left_out_however_much_is_late(cell, secretary, member, due_long_ago):
    """Seventy late tasks: five are shown with the right number, and the one report due after them is there too."""
    Assignment.objects.bulk_create(
        Assignment(cell=cell, owner=member.member, title=f"muộn {n}", due_on=due_long_ago) for n in range(70)
    )
    task = giving.give(cell=cell, owner=member.member, title="Dọn mương", due_on=story.DUE, by=secretary)
    progress.finish(task, text="Xong.", by=member)
    late, late_count, waiting = overview.watched_tasks(secretary, cell)
    assert ([row.title for row in late], late_count) == ([f"muộn {n}" for n in range(5)], 70)
    assert [row.title for row in waiting] == ["Dọn mương"]


def test_home_and_the_list_show_the_same(cell, draft, secretary, member, as_user):
    """One list of what a person owes: papers to prepare stand on both pages, and the list's chip counts them."""
    AgendaItem.objects.create(meeting=draft, title="Đường hoa", decide="Chọn đoạn", presenter=member.member)
    giving.give(cell=cell, owner=member.member, title="Sau họp", due_on=story.DUE, by=secretary)
    client = as_user(member)
    home, listed = client.get("/").context, client.get("/assignments/").context
    assert home["owed"] == list(listed["page"])
    assert [(row.title, row.group) for row in listed["page"]] == [("Đường hoa", "Cần làm"), ("Sau họp", "Cần làm")]
    assert (home["owed_count"], listed["filters"][0]["count"]) == (2, 2)


def test_lacks_counts_content_without_presenter_and_without_text(draft, secretary, member):
    values = {"meeting": draft, "decide": "Quyết định"}
    AgendaItem.objects.create(title="Trống", **values)
    AgendaItem.objects.create(title="Có lời", draft_text="Dự thảo", presenter=member.member, **values)
    with_paper = AgendaItem.objects.create(title="Có giấy", presenter=member.member, **values)
    MeetingPaper.objects.create(meeting=draft, item=with_paper, title="Giấy", size=1)
    AgendaItem.objects.create(title="Mở đầu", section="A", meeting=draft)
    found = overview.next_meetings(secretary, dress=todo.with_gaps)[0]
    assert [check.text for check in todo.lacks(found)] == [
        "1 nội dung chưa có người trình bày",
        "1 nội dung cần quyết định chưa có dự thảo, tài liệu",
        "Chưa chọn thư ký",
    ]


def test_owed_lists_papers_to_prepare_and_tasks_by_day(cell, draft, secretary, member, clerk):
    AgendaItem.objects.create(
        meeting=draft, title="Đường hoa", decide="Chọn đoạn", presenter=member.member, draft_text=""
    )
    giving.give(cell=cell, owner=member.member, title="Sau họp", due_on=story.DUE, by=secretary)
    giving.give(cell=cell, owner=member.member, title="Trước họp", due_on=story.moment(9, day=3).date(), by=secretary)
    assert [(row.title, row.step[1]) for row in owed(member)] == [
        ("Trước họp", "Báo cáo tiến độ"),
        ("Đường hoa", "Ghi dự thảo, tải tài liệu"),
        ("Sau họp", "Báo cáo tiến độ"),
    ]
    assert owed(clerk) == []
