"""The minutes carry what the fee book says, as it stood when they were adopted (issue 4, "life")."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents import queries as documents
from fees.contributions import minutes as fee_section
from fees.models import FeeMonth
from fees.services.collecting import pay
from fees.states import Method
from meetings.models import Meeting, Minutes
from meetings.offers import SECTIONS
from meetings.queries.record import record_of
from meetings.services import minutes
from meetings.states import Body, Kind, State
from tests.documents.reading import text
from tests.fees.conftest import add_due
from tests.meetings import story

pytestmark = pytest.mark.django_db
MONTH = datetime.date(2026, 12, 1)
DAY = datetime.date(2026, 12, 5)
BEFORE, AFTER = (f"Sổ tháng 12/2026 đang thu: đã đóng đủ {paid}/1 đồng chí." for paid in (0, 1))
NOT_YET = "Từ đầu năm 2026 chưa nộp cấp trên lần nào."


@pytest.fixture(autouse=True)
def _december(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.BASE_URL = "https://chibo.example.vn"
    with time_machine.travel(story.NOW, tick=False):
        yield


@pytest.fixture
def book(cell, member):
    month = FeeMonth.objects.create(cell=cell, month=MONTH)
    add_due(month, member.member, 142_000)
    return month


@pytest.fixture
def meeting(cell, secretary, clerk, member):
    return story.told(cell, secretary, clerk, member)


def adopt(meeting, by):
    return minutes.adopt_minutes(meeting, adopted_at=story.moment(15, 38), by=by)


def lines(meeting):
    """What the record says of the fee book, read anew."""
    return [line for section in record_of(Meeting.objects.get(pk=meeting.pk)).sections for line in section.lines]


def take(cell, member, by):
    pay(cell, member.member, 142_000, DAY, Method.CASH, by=by)


def test_minutes_ask_the_fee_book():
    assert fee_section in SECTIONS


def test_draft_follows_the_book_adopted_minutes_do_not(book, cell, meeting, member, collector, clerk, secretary):
    assert lines(meeting) == [BEFORE, NOT_YET]
    take(cell, member, collector)
    assert lines(meeting) == [AFTER, NOT_YET]
    adopt(meeting, secretary)
    book.dues.all().delete()
    assert lines(meeting) == [AFTER, NOT_YET]


def test_page_draft_file_and_sealed_file_say_the_same(book, cell, meeting, member, collector, secretary, as_user):
    page = as_user(secretary).get(f"/meetings/{meeting.pk}/minutes/").content.decode()
    assert page.count(BEFORE) == 1
    draft = as_user(secretary).get(f"/meetings/{meeting.pk}/minutes.pdf")
    assert BEFORE in text(draft.content)
    adopt(meeting, secretary)
    minutes.seal_minutes(meeting, way="p12", by=secretary)
    take(cell, member, collector)
    sealed = as_user(member).get(f"/meetings/{meeting.pk}/minutes/").content.decode()
    assert (sealed.count(BEFORE), sealed.count(AFTER)) == (1, 0)
    with documents.current_file(Minutes.objects.get(meeting=meeting).paper).file.open() as stored:
        assert BEFORE in text(stored.read())


def test_withdrawn_minutes_follow_the_book_again(book, cell, meeting, member, collector, secretary):
    adopt(meeting, secretary)
    minutes.seal_minutes(meeting, way="p12", by=secretary)
    take(cell, member, collector)
    minutes.withdraw_minutes(meeting, reason="In lại", by=secretary)
    assert lines(meeting) == [AFTER, NOT_YET]


def test_since_the_meeting_before(book, cell, meeting):
    """The one held last by the whole cell: not a meeting of the chi ủy, not one that was called off."""
    for day, body, opened, state in (
        (3, Body.CELL, True, State.CLOSED), (4, Body.COMMITTEE, True, State.CLOSED), (4, Body.CELL, False, "cancelled"),
    ):  # fmt: skip
        at = story.moment(19, day=day)
        Meeting.objects.create(
            cell=cell, body=body, kind=Kind.COMMITTEE if body == Body.COMMITTEE else Kind.REGULAR, starts_at=at,
            opened_at=at if opened else None, state=state, place="Nhà văn hóa",
        )  # fmt: skip
    assert lines(meeting)[-1] == "Từ sau buổi họp ngày 03/12/2026 chưa nộp cấp trên lần nào."


def test_meeting_of_the_committee_and_cell_without_book_have_none(cell, meeting, secretary, clerk, member):
    assert lines(meeting) == []
    add_due(FeeMonth.objects.create(cell=cell, month=MONTH), member.member, 142_000)
    assert lines(meeting) == [BEFORE, NOT_YET]
    Meeting.objects.filter(pk=meeting.pk).update(body=Body.COMMITTEE, kind=Kind.COMMITTEE)
    assert lines(meeting) == []


def test_adopted_minutes_ask_the_book_nothing(book, meeting, secretary):
    counts = []
    for step in (lambda: None, lambda: adopt(meeting, secretary)):
        step()
        with CaptureQueriesContext(connection) as queries:
            lines(meeting)
        counts.append(sum('FROM "fees_feemonth"' in query["sql"] for query in queries))
    assert [count > 0 for count in counts] == [True, False]
