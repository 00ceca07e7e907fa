"""What meetings put into a person's private calendar: their own meetings and duties, never another's."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.vietnamese import date_text, weekday
from meetings.diary_entries import entries
from meetings.models import AgendaItem, Meeting
from meetings.services import agenda, lifecycle
from meetings.states import Kind, State
from members.models import Membership, User
from members.states import StatusKind
from tests.factories import at
from tests.meetings.prep import new_meeting

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
PAST = datetime.timedelta(days=90)


def of(user, since=None):
    """The entries of a person as a new request sees them."""
    return entries(User.objects.get(pk=user.pk), since or timezone.now() - PAST)


def titles(user):
    return [entry.title for entry in of(user)]


def notify(meeting, by):
    if meeting.needs_agreement:
        lifecycle.agree_meeting(meeting, by=by)
    return lifecycle.notify_meeting(meeting, by=by)


@pytest.fixture
def draft(cast, cell):
    meeting = new_meeting(cell, cast["bithu"], clerk=cast["thuky"].member)
    meeting.items.update(decide="")
    return meeting


@pytest.fixture
def notified(draft, cast):
    return notify(draft, cast["bithu"])


def test_a_meeting_has_the_uid_and_sequence_of_its_mails(notified, cast):
    (entry,) = of(cast["dangvien"])
    assert (entry.uid, entry.sequence, entry.title) == (f"meeting-{notified.pk}@chibo", 0, notified.title)
    assert (entry.starts, entry.ends) == (notified.starts_at, notified.starts_at + datetime.timedelta(minutes=105))
    assert (entry.place, entry.url) == ("Nhà văn hóa", f"/meetings/{notified.pk}/")
    assert entry.alarms == (-DAY, -datetime.timedelta(hours=1))


def test_a_moved_one_grows_and_a_cancelled_one_is_absent(notified, cast):
    meeting = lifecycle.reschedule_meeting(notified, starts_at=at(days=12), place="Hội trường", by=cast["bithu"])
    (entry,) = of(cast["dangvien"])
    assert (entry.uid, entry.sequence) == (f"meeting-{meeting.pk}@chibo", 1)
    assert (entry.starts, entry.place) == (at(days=12), "Hội trường")
    lifecycle.cancel_meeting(meeting, cancel_reason="Bão", by=cast["bithu"])
    assert of(cast["dangvien"]) == []


def test_held_meetings_stay_until_they_are_older_than_asked_for(notified, cast):
    Meeting.objects.update(state=State.CLOSED, starts_at=at(days=-5))
    assert titles(cast["dangvien"]) == [Meeting.objects.get().title]
    assert of(cast["dangvien"], since=at(days=-4)) == []


def test_drafts_are_shown_to_nobody(draft, cast):
    assert [titles(cast[name]) for name in ("bithu", "dangvien")] == [[], []]


def test_own_items_are_said_first(draft, cast):
    item = AgendaItem(title="Sửa nhà văn hóa", presenter=cast["dangvien"].member, minutes=10)
    agenda.add_item(draft, agendaitem=item, by=cast["bithu"])
    notify(draft, cast["bithu"])
    place = draft.items.filter(section="B").count()
    lines = of(cast["dangvien"])[0].description.split("\n")
    assert lines[0] == f"Đồng chí trình bày: B{place} Sửa nhà văn hóa"
    assert lines[1] == "A1. Khai mạc, giới thiệu đại biểu, cử thư ký"
    assert of(cast["dubi"])[0].description.split("\n")[0] == lines[1]


def test_whose_meetings(cast, cell, other_cell, outsider, notified):
    committee = notify(new_meeting(cell, cast["bithu"], kind=Kind.COMMITTEE, clerk=cast["thuky"].member), cast["bithu"])
    notify(new_meeting(other_cell, outsider), outsider)
    both = [notified.title, committee.title]
    assert sorted(titles(cast["phobithu"])) == sorted(both)
    assert sorted(titles(cast["thuky"])) == sorted(both)  # keeps the minutes of the committee
    assert titles(cast["dangvien"]) == [notified.title]
    assert titles(cast["tamthoi"]) == [notified.title] * 2  # visits here, at home there: one of each cell
    assert titles(cast["captren"]) == titles(cast["quantri"]) == []


def test_who_is_suspended_or_came_later_is_not_invited(notified, cast, cell):
    cast["dangvien"].member.status_rows.update(kind=StatusKind.SUSPENDED)
    assert of(cast["dangvien"]) == []
    Membership.objects.filter(member=cast["dubi"].member).update(starts_on=timezone.localdate() - DAY)
    Meeting.objects.update(state=State.CLOSED, starts_at=at(days=-5))
    assert of(cast["dubi"]) == []


class TestPapersOwed:
    @pytest.fixture
    def item(self, draft, cast):
        row = AgendaItem(title="Sửa nhà văn hóa", decide="Mức đóng góp", presenter=cast["dangvien"].member)
        return agenda.add_item(draft, agendaitem=row, by=cast["bithu"])

    def test_a_whole_day_on_which_the_paper_is_due(self, item, cast):
        # the dated rule meeting.notice_recommended_days is 3, the meeting in ten days
        (entry,) = of(cast["dangvien"])
        day = timezone.localdate() + 7 * DAY
        assert (entry.uid, entry.title) == (f"item-{item.pk}@chibo", "Chuẩn bị tài liệu: Sửa nhà văn hóa")
        assert (entry.starts, entry.ends) == (day, day + DAY)
        when = at(days=10)
        assert entry.description == f"{item.meeting.title}, {weekday(when)}, {date_text(when)}, 14:00"
        assert entry.url == f"/meetings/{item.meeting_id}/agenda/{item.pk}/"

    def test_only_to_whoever_presents_it_and_only_while_it_is_owed(self, item, cast):
        assert titles(cast["bithu"]) == titles(cast["dubi"]) == []
        agenda.change_draft(item, draft_text="Dự thảo", by=cast["dangvien"])
        assert of(cast["dangvien"]) == []

    def test_stays_beside_the_meeting_until_it_opens(self, item, cast):
        meeting = notify(item.meeting, cast["bithu"])
        assert len(of(cast["dangvien"])) == 2
        lifecycle.open_meeting(meeting, by=cast["bithu"])
        assert titles(cast["dangvien"]) == [meeting.title]

    @pytest.mark.parametrize("more", [0, 3])
    def test_queries(self, item, cast, cell, more):
        for number in range(more):
            row = AgendaItem(title="Việc", decide="x", presenter=cast["dangvien"].member)
            agenda.add_item(item.meeting, agendaitem=row, by=cast["bithu"])
            notify(new_meeting(cell, cast["bithu"], starts_at=at(days=20 + number)), cast["bithu"])
        user = User.objects.get(pk=cast["dangvien"].pk)
        assert (len(user.cells), len(user.posts)) == (1, 0)  # known to every request
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(entries(user, timezone.now())) == 1 + 2 * more
        assert len(queries) == 4
