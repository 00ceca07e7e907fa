"""Calendar files: read back by two parsers, stable uid, alarms a day and an hour before."""

import datetime

import ics
import pytest
from icalendar import Calendar

from notices.invitations import calendar_file
from notices.services import delivery
from tests.factories import MemberFactory

ENTRY = {
    "kind": "calendar",
    "method": "REQUEST",
    "uid": "meeting-17@chibo.example",
    "sequence": 2,
    "title": "Sinh hoạt thường kỳ tháng 12",
    "starts_at": "2026-12-05T00:30:00+07:00",  # half past midnight breaks nothing
    "minutes": 105,
    "place": "Nhà văn hóa, tổ 5; ngõ 12",
    "description": "Chương trình:\nI. Ổn định tổ chức",
}
NOW = datetime.datetime(2026, 12, 1, 2, 0, tzinfo=datetime.UTC)


def made(**changes):
    return calendar_file({**ENTRY, **changes}, organiser="chibo@example.com", attendee="truong@example.com",
                         name="Ngô Xuân Trường", now=NOW)  # fmt: skip


def test_request_read_by_icalendar():
    calendar = Calendar.from_ical(made())
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("meeting-17@chibo.example", 2, "CONFIRMED")
    assert event.decoded("DTSTART").isoformat() == "2026-12-05T00:30:00+07:00"
    assert event["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert event.decoded("DTEND") - event.decoded("DTSTART") == datetime.timedelta(minutes=105)
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (ENTRY["title"], ENTRY["place"])
    assert (str(event["ORGANIZER"]), str(event["ATTENDEE"])) == (
        "mailto:chibo@example.com",
        "mailto:truong@example.com",
    )
    assert [alarm.decoded("TRIGGER") for alarm in event.walk("VALARM")] == [
        datetime.timedelta(days=-1),
        datetime.timedelta(hours=-1),
    ]
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Ho_Chi_Minh"]


def test_cancel_keeps_the_uid_and_has_no_alarm():
    (event,) = Calendar.from_ical(made(method="CANCEL", sequence=3)).walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("meeting-17@chibo.example", 3, "CANCELLED")
    assert event.walk("VALARM") == []


@pytest.mark.parametrize("method", ["PUBLISH", "CANCEL"])
def test_who_only_has_to_know_is_asked_for_nothing(method):
    """RFC 5546 §3.2.1: PUBLISH has no ATTENDEE and expects no reply."""
    calendar = Calendar.from_ical(made(method=method, invited=False))
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["UID"], str(event["ORGANIZER"])) == (
        method, "meeting-17@chibo.example", "mailto:chibo@example.com",
    )  # fmt: skip
    assert ("ATTENDEE" in event, event["TRANSP"], event.walk("VALARM")) == (False, "TRANSPARENT", [])


def test_a_name_with_marks_and_signs_breaks_no_line():
    name = 'Lê "Sáu": Hồng; Nhung, (Tư)'
    file = calendar_file(ENTRY, organiser="chibo@example.com", attendee="sau@example.com", name=name, now=NOW)
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert (str(event["ATTENDEE"]), event["ATTENDEE"].params["CN"]) == (
        "mailto:sau@example.com", name,
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::SyntaxWarning")
def test_request_read_by_a_second_parser():
    (event,) = ics.Calendar(made().decode()).events
    assert (event.uid, event.name, event.location) == ("meeting-17@chibo.example", ENTRY["title"], ENTRY["place"])
    assert event.begin.isoformat() == "2026-12-05T00:30:00+07:00"
    assert event.description == "Chương trình:\nI. Ổn định tổ chức"
    assert sorted(alarm.trigger for alarm in event.alarms) == [
        datetime.timedelta(days=-1),
        datetime.timedelta(hours=-1),
    ]


@pytest.mark.django_db
def test_calendar_goes_with_the_mail_as_a_request(cell, tell, postbox):
    tell(MemberFactory(cell=cell, email="truong@example.com"), attachments=[ENTRY])
    delivery.deliver_due()
    (message,) = postbox.messages
    (part,) = message.iter_attachments()
    assert (part.get_content_type(), part.get_param("method"), part.get_filename()) == (
        "text/calendar", "REQUEST", "cuoc-hop.ics",
    )  # fmt: skip
    (event,) = Calendar.from_ical(part.get_content()).walk("VEVENT")
    assert str(event["ATTENDEE"]) == "mailto:truong@example.com"
