"""What the home pages show."""

import pytest
from django.core.files.base import ContentFile

from chibo import overview
from meetings.models import Attendance, Meeting, MeetingPaper, PaperRead, Reply
from meetings.states import State
from tests.factories import at


@pytest.fixture
def meeting(cell, secretary):
    return Meeting.objects.create(
        cell=cell, starts_at=at(5), place="Nhà văn hóa", state=State.NOTIFIED, notified_at=at(0), chair=secretary.member
    )


def test_next_meeting_carries_papers_read_and_the_answer(meeting, member, clerk):
    for number in range(3):
        paper = MeetingPaper.objects.create(
            meeting=meeting, title=f"Tài liệu {number}", file=ContentFile(b"x", name="x.pdf"), size=1
        )
        PaperRead.objects.create(paper=paper, member=clerk.member)
    PaperRead.objects.create(paper=paper, member=member.member)
    Reply.objects.create(meeting=meeting, member=member.member, answer="asks_excuse", reason="Đi viện")
    found = [overview.next_meetings(user)[0] for user in (member, clerk)]
    assert [(row.paper_count, row.papers_read, row.my_answer, row.my_decision) for row in found] == [
        (3, 1, "asks_excuse", ""),
        (3, 3, None, None),
    ]


def test_members_think_of_the_notified_meeting_the_committee_also_of_drafts(meeting, member, secretary):
    drafts = [Meeting.objects.create(cell=meeting.cell, starts_at=at(days), place="Nhà văn hóa") for days in (2, 9, 12)]
    assert overview.next_meetings(member) == [meeting]
    assert overview.next_meetings(secretary) == [meeting, *drafts[:2]]


def test_meeting_in_session_comes_first_and_hides_no_invitation(meeting, member):
    running = Meeting.objects.create(
        cell=meeting.cell, starts_at=at(8), place="Nhà văn hóa", state=State.IN_SESSION, notified_at=at(0)
    )
    assert overview.next_meetings(member) == [running, meeting]


def test_home_page_takes_twelve_queries_at_most(as_user, meeting, secretary, django_assert_num_queries):
    client = as_user(secretary)
    client.get("/")
    with django_assert_num_queries(12):
        client.get("/")


def test_home_shows_the_meeting_and_asks_for_the_reply(as_user, meeting, member):
    page = as_user(member).get("/").content.decode()
    assert "Đồng chí có dự được không?" in page


def test_home_of_superior_counts_cells_in_one_query_each(as_user, meeting, superior, django_assert_num_queries):
    client = as_user(superior)
    client.get("/")
    with django_assert_num_queries(6):
        page = client.get("/").content.decode()
    assert "Chưa có buổi họp" in page or "Đã thông báo" in page


def test_own_attendance_is_said_in_full(cell, member, as_user):
    """Every line of the list is in the sentence above it: a figure like 11/11 hid those absent with a reason."""
    for days, presence in ((-90, "present"), (-60, "absent_excused"), (-30, "present"), (-9, "exempt")):
        held = Meeting.objects.create(cell=cell, starts_at=at(days), place="Nhà văn hóa", state=State.CLOSED)
        reason = "Đi viện" if presence == "absent_excused" else ""
        Attendance.objects.create(meeting=held, member=member.member, presence=presence, reason=reason)
    rows = overview.attendance_of(member.member_id)
    words = "Trong 4 buổi gần nhất: có mặt 2, vắng có lý do 1, miễn sinh hoạt 1"
    assert overview.presence_words(rows) == words
    assert f"{words}." in as_user(member).get("/me/").content.decode()
    assert overview.presence_words([]) == ""
