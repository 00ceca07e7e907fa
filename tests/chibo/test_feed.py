"""The private calendar and the calendar files of mails over the real apps, read by `icalendar` and by `ics`.

"a moved meeting updates, a cancelled one disappears"; "meetings, own tasks, own duties, with alarms; never another's".
"""

import datetime

import ics
import pytest
from django.test import Client
from icalendar import Calendar

from assignments.services import giving, progress
from meetings.models import Meeting
from meetings.services import lifecycle
from meetings.states import Body, Kind
from notices.models import Notice
from notices.services import feeds, mail
from tests.factories import at
from tests.meetings import prep

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::SyntaxWarning"),
]
PLACE = "Nhà văn hóa"


@pytest.fixture
def meeting(cast, cell, secretary):
    """Told to everybody, ten days ahead."""
    draft = lifecycle.agree_meeting(prep.new_meeting(cell, secretary), by=secretary)
    return lifecycle.notify_meeting(draft, by=secretary)


def feed(user):
    """{uid: (sequence, start)} of a person's calendar; both parsers agree on it."""
    token = feeds.make(user.member, by=user)
    content = Client().get(f"/feed/{token}.ics").content
    first = {
        str(event["UID"]): (int(event["SEQUENCE"]), event.decoded("DTSTART"))
        for event in Calendar.from_ical(content).walk("VEVENT")
    }
    second = {event.uid: event.begin.date() for event in ics.Calendar(content.decode()).events}
    assert {uid: getattr(start, "date", lambda day=start: day)() for uid, (_, start) in first.items()} == second
    return first


def move(meeting, by, days):
    starts_at = at(days=days)
    return lifecycle.reschedule_meeting(meeting, starts_at=starts_at, place=PLACE, by=by)


def test_moved_meeting_updates_and_a_cancelled_one_disappears(meeting, member, secretary):
    uid = f"meeting-{meeting.pk}@chibo"
    assert feed(member)[uid] == (0, meeting.starts_at)
    meeting = move(meeting, secretary, 12)
    assert feed(member)[uid] == (1, at(days=12))
    lifecycle.cancel_meeting(meeting, cancel_reason="Bão", by=secretary)
    assert uid not in feed(member)


def test_mails_carry_the_same_meeting_through_its_life(meeting, member, secretary):
    """RFC 5546: change and cancellation are those of the invitation by UID, ORGANIZER, ATTENDEE; SEQUENCE grows."""
    meeting = move(meeting, secretary, 12)
    lifecycle.cancel_meeting(meeting, cancel_reason="Bão", by=secretary)
    seen, others = [], set()
    for kind in ("meeting.notified", "meeting.changed", "meeting.cancelled"):
        content = attached(Notice.objects.get(recipient=member.member, kind=kind))
        found = Calendar.from_ical(content)
        (event,) = found.walk("VEVENT")
        seen.append((str(found["METHOD"]), int(event["SEQUENCE"]), str(event["STATUS"]), event.decoded("DTSTART")))
        others.add((str(event["UID"]), str(event["ORGANIZER"]), str(event["ATTENDEE"])))
        (again,) = ics.Calendar(content).events
        assert (again.uid, again.begin.datetime) == (f"meeting-{meeting.pk}@chibo", event.decoded("DTSTART"))
    assert seen == [
        ("REQUEST", 0, "CONFIRMED", at(days=10)), ("REQUEST", 1, "CONFIRMED", at(days=12)),
        ("CANCEL", 2, "CANCELLED", at(days=12)),
    ]  # fmt: skip
    assert others == {(f"meeting-{meeting.pk}@chibo", f"mailto:{mail.organiser()}", f"mailto:{member.member.email}")}


def attached(notice):
    """The calendar file of a notice's mail, as text."""
    message = mail.compose([mail.part(notice)], notice.recipient.email)
    (part,) = [part for part in message.message().walk() if part.get_content_type() == "text/calendar"]
    return part.get_payload(decode=True).decode()


def test_own_tasks_are_days_and_leave_when_done(cast, cell, member, committee, secretary):
    due = at(days=20).date()
    task = giving.give(cell=cell, owner=member.member, title="Vận động 6 hộ", due_on=due, by=secretary)
    assert feed(member) == {f"assignment-{task.pk}@chibo": (0, due)}
    assert feed(committee) == {}
    progress.finish(task, text="Đủ 6 hộ.", by=member)
    progress.confirm(task, by=secretary)
    assert feed(member) == {}


def test_meeting_of_the_committee_is_only_in_its_own_calendars(cast, cell, secretary, committee, member, outsider):
    draft = prep.new_meeting(cell, secretary, kind=Kind.COMMITTEE, body=Body.COMMITTEE)
    lifecycle.notify_meeting(draft, by=secretary)
    uid = f"meeting-{draft.pk}@chibo"
    assert [uid in feed(user) for user in (secretary, committee, member, outsider)] == [True, True, False, False]


def test_nobody_outside_the_cell_has_its_meetings(meeting, outsider, superior, sysadmin, visitor):
    assert [feed(user) for user in (outsider, superior, sysadmin)] == [{}, {}, {}]
    assert f"meeting-{meeting.pk}@chibo" in feed(visitor)


@pytest.mark.parametrize("rows", [1, 3])
def test_feed_asks_the_same_number_of_queries(cast, cell, secretary, member, rows, django_assert_num_queries):
    for number in range(rows):
        prep.new_meeting(cell, secretary, starts_at=at(days=10 + number))
        giving.give(cell=cell, owner=member.member, title="Dọn mương", due_on=at(days=9).date(), by=secretary)
    Meeting.objects.update(state="notified", notified_at=at())
    token = feeds.make(member.member, by=member)
    client = Client()
    with django_assert_num_queries(6):
        events = Calendar.from_ical(client.get(f"/feed/{token}.ics").content).walk("VEVENT")
    assert len(events) == 2 * rows


def test_an_old_meeting_leaves_after_ninety_days(meeting, member):
    uid = f"meeting-{meeting.pk}@chibo"
    there = []
    for days in (89, 91):
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=at() - datetime.timedelta(days=days))
        there.append(uid in feed(member))
    assert there == [True, False]
