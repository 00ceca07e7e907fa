"""Nothing agreed is forgotten: clause of month 1, task, reminder, report from a phone, month 2, the book."""

import datetime
import email
import re
from concurrent.futures import ThreadPoolExecutor
from email import policy

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from assignments.models import Assignment
from meetings.models import Clause, Meeting, Resolution, Vote
from meetings.services import attendance, clauses, lifecycle, resolution, speeches, voting
from meetings.states import Ballot, Decision
from members.models import User
from notices.services.delivery import deliver_due
from tests.documents.reading import text as text_of
from tests.e2e.acting import DESK, PHONE

CLAUSE = "Rà soát sổ hộ khẩu điện tử của tổ dân phố số 7"
REPORTED = "Đã rà 120 hộ, còn 30 hộ đi vắng."
DAYS_AHEAD = 5  # month 2 has a day of its own


@pytest.fixture
def loop(stage, site, past):
    return Loop(stage)


class Loop:
    """Who takes part, and what they speak of."""

    def __init__(self, stage):
        self.stage = stage
        self.bithu = stage.person("bithu", DESK)
        self.today = timezone.localdate()
        self.users = {user.username: user for user in User.objects.select_related("member")}
        self.cell = self.users["bithu"].home_cell
        self.due = self.today + datetime.timedelta(days=2)

    def plays(self, function):
        """Through the services, in a thread without the browser's loop; returns what the function returns."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(_closing, function, self).result()


def _closing(function, loop):
    try:
        return function(loop)
    finally:
        connections.close_all()


def test_clause_lives_from_month_to_month_until_it_is_done(loop):
    clause, task = loop.plays(month_one)
    link = remind(loop, task)
    report_from_the_phone(loop, link)
    second = draft_of_month_two(loop, clause)
    finish_and_confirm(loop, task)
    loop.plays(lambda loop: hold_month_two(loop, second))
    review_stands_in_the_minutes(loop, second)
    print_the_register(loop, clause)


def month_one(loop):
    """An evening five weeks ago whose resolution, passed by vote, gives dangvien a clause."""
    by, clerk = loop.users["bithu"], loop.users["thuky"]
    start = timezone.now() - datetime.timedelta(days=35)
    with time_machine.travel(start - datetime.timedelta(days=4), tick=True):
        meeting = Meeting(cell=loop.cell, starts_at=start, place="Phòng họp", chair=by.member, clerk=clerk.member)
        meeting = lifecycle.create_meeting(meeting=meeting, by=by)
        draft = resolution.start_resolution(meeting, by=by)
        owner = loop.users["dangvien"].member
        clauses.add_clause(draft, clause=Clause(text=CLAUSE, owner=owner, due_on=loop.due), by=by)
        if meeting.needs_agreement:
            meeting = lifecycle.agree_meeting(meeting, by=by)
        meeting = lifecycle.notify_meeting(meeting, by=by)
    with time_machine.travel(start, tick=True):
        meeting = lifecycle.open_meeting(meeting, by=by)
        attendance.mark_all_present(meeting, by=clerk)
        item = meeting.items.get(origin="standard:resolution")
        matter = "Thông qua nghị quyết (vòng khép kín)"
        vote = Vote(matter=matter, decision=Decision.RESOLUTION, ballot=Ballot.HAND)
        vote = voting.open_vote(voting.propose_vote(item, vote=vote, by=clerk), by=clerk)
        voting.close_vote(vote, agree=vote.voters, disagree=0, other=0, by=clerk)
    with time_machine.travel(start + datetime.timedelta(minutes=100), tick=True):
        meeting = lifecycle.close_meeting(Meeting.objects.get(pk=meeting.pk), closed_at=timezone.now(), by=by)
        adopted = resolution.adopt_resolution(Resolution.objects.get(pk=draft.pk), vote=vote, by=by)
    clause = adopted.clauses.get()
    return clause, clause.given.get().assignment


def mails_to(loop, address, subject):
    """Mails of the catcher to somebody whose subject holds the words, as parsed messages."""
    from django.conf import settings

    found = [email.message_from_bytes(path.read_bytes(), policy=policy.default)
             for path in sorted(settings.MAIL_DIR.glob("*.eml"))]  # fmt: skip
    return [mail for mail in found if mail["To"] == address and subject in mail["Subject"]]


def remind(loop, task):
    """The task is due in two days: its reminder is due, and leaves with everything else that waits for the person."""
    soon = timezone.localtime() + datetime.timedelta(days=1)
    noon = soon.replace(hour=12, minute=0)  # outside the quiet hours, whenever this runs

    def deliver(loop):
        with time_machine.travel(noon, tick=True):
            while deliver_due():
                pass

    loop.plays(deliver)
    mails = [mail.get_body(("plain",)).get_content() for mail in mails_to(loop, "dangvien@example.com", "")]
    told = [text for text in mails if CLAUSE in text and "/a/" in text]
    assert told, "the reminder came"
    text = told[-1]
    return re.search(
        r"/a/[\w-]+/", text[text.rindex(CLAUSE) :] if "/a/" in text[text.rindex(CLAUSE) :] else text
    ).group()


def report_from_the_phone(loop, link):
    """On a phone, in a window where nobody is logged in: the address shows a page, acts on its POST, and once."""
    phone = loop.stage.window(PHONE, scripts=False)
    phone.goto(link)
    assert CLAUSE in phone.locator("main").inner_text()
    phone.get_by_label(re.compile("Kết quả|đã làm|Tiến độ", re.IGNORECASE)).first.fill(REPORTED)
    with phone.expect_navigation():
        phone.get_by_role("button").last.click()
    again = loop.stage.window(PHONE, scripts=False)
    again.goto(link)
    assert again.get_by_role("textbox").count() == 0
    assert CLAUSE not in again.locator("main").inner_text()


def draft_of_month_two(loop, clause):
    """The next regular meeting holds the open clause by itself, with what was reported."""
    bithu = loop.bithu
    day = loop.today + datetime.timedelta(days=DAYS_AHEAD)
    soonest = Meeting.objects.filter(cell=loop.cell, body="cell").upcoming().order_by("starts_at").first()
    if soonest is None or soonest.starts_at > timezone.now() + datetime.timedelta(days=DAYS_AHEAD):
        bithu.goes("/meetings/new/")
        bithu.fills(re.compile("^Ngày, ví dụ"), f"{day:%d/%m/%Y}")
        bithu.fills(re.compile("^Giờ, ví dụ"), "09:00")
        bithu.chooses("Thư ký", "Lương Hải Yến")
        bithu.presses("Lập cuộc họp")
        path = re.match(r"/meetings/\d+/", bithu.here).group()
    else:
        path = soonest.get_absolute_url()
    bithu.goes(f"{path}agenda/")
    bithu.follows(re.compile("^Mở phần kiểm điểm"))
    bithu.sees(CLAUSE)
    bithu.sees(re.compile(re.escape(REPORTED[:20])))
    return int(re.search(r"\d+", path).group())


def finish_and_confirm(loop, task):
    """The owner says it is done, the secretary confirms; the clause is closed by that alone."""
    dangvien = loop.stage.person("dangvien", PHONE)
    dangvien.goes(f"/assignments/{task.pk}/do/finish/")
    dangvien.fills("Kết quả đã làm", "Đã rà đủ 150 hộ.")
    dangvien.presses("Báo cáo hoàn thành")
    loop.bithu.goes(f"/assignments/{task.pk}/do/confirm/")
    loop.bithu.presses("Xác nhận hoàn thành")
    loop.bithu.sees("Đã xác nhận nhiệm vụ hoàn thành.")
    assert Assignment.objects.get(pk=task.pk).state == "done"


def hold_month_two(loop, pk):
    """Agreed, told, opened, closed: the review is frozen with what was found."""
    by, clerk = loop.users["bithu"], loop.users["thuky"]
    meeting = Meeting.objects.get(pk=pk)
    if meeting.state == "draft" and meeting.needs_agreement:
        meeting = lifecycle.agree_meeting(meeting, by=by)
    if meeting.state in ("draft", "agreed"):
        meeting = lifecycle.notify_meeting(meeting, by=by)
    start = max(meeting.starts_at, timezone.now() + datetime.timedelta(minutes=1))
    with time_machine.travel(start, tick=True):
        meeting = lifecycle.open_meeting(meeting, by=by, chair=by.member, clerk=clerk.member)
        attendance.mark_all_present(meeting, by=clerk)
        item = meeting.items.get(origin="standard:review")
        speeches.go_to(item, by=clerk)
    with time_machine.travel(start + datetime.timedelta(minutes=95), tick=True):
        meeting = lifecycle.close_meeting(Meeting.objects.get(pk=pk), closed_at=timezone.now(), by=by)
    return meeting


def review_stands_in_the_minutes(loop, pk):
    """ "Kiểm điểm việc thực hiện nghị quyết" lists the clause among what is done, on the page and in the PDF."""
    loop.bithu.goes(f"/meetings/{pk}/minutes/")
    loop.bithu.sees(CLAUSE)
    words = " ".join(text_of(loop.bithu.downloads(f"/meetings/{pk}/minutes.pdf")).split())
    assert CLAUSE in words


def print_the_register(loop, clause):
    """The clause is closed, and the book says so."""
    loop.bithu.goes(f"/resolutions/clauses/{clause.pk}/")
    loop.bithu.sees("Đã xong")
    book = " ".join(
        text_of(loop.bithu.downloads(f"/resolutions/book.pdf?nam={clause.resolution.meeting.day.year}")).split()
    )
    assert CLAUSE in book
