"""The private calendar: read back by two parsers, one person's own, ended by one press."""

import datetime
import re
import threading

import ics
import pytest
from django.db import connections
from icalendar import Calendar

from members.models import Activity
from notices import calendar
from notices.models import Feed
from notices.services import feeds
from tests.notices.conftest import words
from tests.notices.test_links import rows_with

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::SyntaxWarning"),
]

ZONE = calendar.ZONE
MEETING = calendar.Entry(
    "meeting-17@chibo", 2, "Sinh hoạt thường kỳ tháng 12/2026",
    datetime.datetime(2026, 12, 5, 19, 30, tzinfo=ZONE), datetime.datetime(2026, 12, 5, 21, tzinfo=ZONE),
    place="Nhà văn hóa, tổ 5; ngõ 12", description="Chương trình:\nI. Ổn định tổ chức", url="/meetings/17/",
    alarms=calendar.MEETING_ALARMS,
)  # fmt: skip
TASK = calendar.Entry(
    "assignment-4@chibo", 0, "Hạn: Vận động 6 hộ", datetime.date(2026, 12, 4), datetime.date(2026, 12, 5),
    url="/assignments/4/", alarms=calendar.TASK_ALARMS,
)  # fmt: skip
NOW = datetime.datetime(2026, 12, 1, 2, 0, tzinfo=datetime.UTC)


@pytest.fixture
def source(monkeypatch):
    """What the apps of this test offer, by account: the test fills it."""
    rows = {}
    monkeypatch.setattr(calendar, "_sources", [lambda user, since: rows.get(user.pk, [])])
    return rows


def made(*entries):
    return calendar.calendar_file(entries, now=NOW, base_url="https://chibo.example")


# The file


def test_file_read_by_icalendar():
    found = Calendar.from_ical(made(MEETING, TASK))
    assert {name: str(found[name]) for name in ("METHOD", "X-WR-CALNAME", "X-WR-TIMEZONE", "X-PUBLISHED-TTL")} == {
        "METHOD": "PUBLISH", "X-WR-CALNAME": "Chi bộ", "X-WR-TIMEZONE": "Asia/Ho_Chi_Minh", "X-PUBLISHED-TTL": "PT1H",
    }  # fmt: skip
    assert found.decoded("REFRESH-INTERVAL") == datetime.timedelta(hours=1)
    assert [str(zone["TZID"]) for zone in found.walk("VTIMEZONE")] == ["Asia/Ho_Chi_Minh"]
    meeting, task = found.walk("VEVENT")
    assert (meeting["UID"], meeting["SEQUENCE"], meeting.decoded("DTSTART")) == (
        "meeting-17@chibo", 2, MEETING.starts,
    )  # fmt: skip
    assert meeting["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert (str(meeting["LOCATION"]), str(meeting["DESCRIPTION"])) == (MEETING.place, MEETING.description)
    assert str(meeting["URL"]) == "https://chibo.example/meetings/17/"
    assert (task.decoded("DTSTART"), task.decoded("DTEND")) == (TASK.starts, TASK.ends)


def test_alarms_a_day_and_an_hour_before_a_meeting_the_morning_before_a_task():
    meeting, task = Calendar.from_ical(made(MEETING, TASK)).walk("VEVENT")
    rings = [[alarm.decoded("TRIGGER") for alarm in event.walk("VALARM")] for event in (meeting, task)]
    assert rings == [[datetime.timedelta(days=-1), datetime.timedelta(hours=-1)], [datetime.timedelta(hours=-15)]]


def test_file_read_by_a_second_parser():
    meeting, task = sorted(
        ics.Calendar(made(MEETING, TASK).decode()).events, key=lambda event: -event.begin.timestamp()
    )
    assert (meeting.uid, meeting.name, meeting.location) == (MEETING.uid, MEETING.title, MEETING.place)
    assert (meeting.begin.isoformat(), meeting.end.isoformat()) == (
        "2026-12-05T19:30:00+07:00", "2026-12-05T21:00:00+07:00",
    )  # fmt: skip
    assert len(meeting.alarms) == 2
    assert (task.uid, task.all_day, task.begin.date().isoformat()) == (TASK.uid, True, "2026-12-04")


def test_empty_calendar_is_a_calendar():
    assert Calendar.from_ical(made()).walk("VEVENT") == []
    assert ics.Calendar(made().decode()).events == set()


# The address


def feed_of(client, token, **headers):
    return client.get(f"/feed/{token}.ics", **headers)


def test_feed_shows_ones_own_and_never_anothers(client, source, member, committee):
    source |= {member.pk: [MEETING], committee.pk: [TASK]}
    token = feeds.make(member.member, by=member)
    response = feed_of(client, token)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert [event["UID"] for event in Calendar.from_ical(response.content).walk("VEVENT")] == [MEETING.uid]
    assert (response["Referrer-Policy"], response["Cache-Control"]) == ("no-referrer", "private, no-cache")


def test_feed_is_the_same_whoever_is_logged_in(source, member, committee, as_user):
    source |= {member.pk: [MEETING], committee.pk: [TASK]}
    token = feeds.make(member.member, by=member)
    assert b"meeting-17@chibo" in feed_of(as_user(committee), token).content
    assert b"assignment-4@chibo" not in feed_of(as_user(committee), token).content


def test_feed_is_not_sent_again_while_nothing_changed(client, source, member):
    source[member.pk] = [MEETING]
    token = feeds.make(member.member, by=member)
    etag = feed_of(client, token)["ETag"]
    same = feed_of(client, token, headers={"if-none-match": etag})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", etag)
    source[member.pk] = [TASK]
    assert feed_of(client, token, headers={"if-none-match": etag}).status_code == 200


def test_feed_of_a_closed_account_or_an_unknown_address_is_no_page(client, source, member):
    token = feeds.make(member.member, by=member)
    member.is_active = False
    member.save()
    assert [feed_of(client, each).status_code for each in (token, "khong-co", "%00")] == [404, 404, 404]


def test_feed_is_read_only(client, source, member):
    token = feeds.make(member.member, by=member)
    assert client.post(f"/feed/{token}.ics").status_code == 405
    assert client.head(f"/feed/{token}.ics").status_code == 200


def test_no_log_line_shows_the_address(client, caplog):
    client.get("/feed/khong-co-ai-biet.ics")
    assert caplog.messages == ["Not Found: /feed/….ics"]


# Made, renewed, taken back on one's own page


def test_address_is_shown_once_after_making_it(source, member, as_user, settings):
    settings.BASE_URL = "https://chibo.example"
    client = as_user(member)
    response = client.post("/me/calendar/new/")
    page = words(response)
    (token,) = set(re.findall(r"/feed/([\w-]+)\.ics", page))
    assert f"https://chibo.example/feed/{token}.ics" in page
    assert f'href="webcal://chibo.example/feed/{token}.ics"' in page
    assert (response["Cache-Control"], feed_of(client, token).status_code) == ("no-store", 200)
    assert token not in words(client.get("/me/"))
    assert rows_with(token) == []


def test_renewing_ends_the_old_address(client, source, member):
    first = feeds.make(member.member, by=member)
    second = feeds.make(member.member, by=member)
    assert [feed_of(client, token).status_code for token in (first, second)] == [404, 200]
    assert Feed.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_addresses_made_at_once_leave_one(client, source, member):
    """Two windows, one press each: nothing breaks, the later address is the one that works."""
    tokens, start = [], threading.Barrier(4)

    def make():
        try:
            start.wait()
            tokens.append(feeds.make(member.member, by=member))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(feed_of(client, token).status_code for token in tokens) == [200, 404, 404, 404]
    assert Feed.objects.count() == 1


def test_revoking_ends_the_address_and_says_what_else_to_do(source, member, as_user):
    token = feeds.make(member.member, by=member)
    client = as_user(member)
    assert "Thu hồi địa chỉ" in words(client.get("/me/"))
    page = words(client.post("/me/calendar/revoke/", follow=True))
    assert "Đã thu hồi địa chỉ lịch. Xóa lịch này trên điện thoại để không còn mục cũ." in page
    assert "Thu hồi địa chỉ</button>" not in page
    assert feed_of(client, token).status_code == 404
    again = words(client.post("/me/calendar/revoke/", follow=True))
    assert "Đồng chí chưa có địa chỉ lịch nào để thu hồi." in again
    assert list(Activity.objects.order_by("pk").values_list("verb", flat=True)) == ["feed.made", "feed.revoked"]


def test_second_click_does_not_end_the_address_just_shown(source, member, as_user):
    client, sent = as_user(member), {"submission": "8f6d1c9e-8f0f-4d3e-9a36-2f6a3f0c8f11"}
    page = words(client.post("/me/calendar/new/", sent))
    again = words(client.post("/me/calendar/new/", sent, follow=True))
    assert "Địa chỉ lịch đã hiện ở lần bấm trước." in again
    (token,) = set(re.findall(r"/feed/([\w-]+)\.ics", page))
    assert feed_of(client, token).status_code == 200


def test_buttons_take_a_post_only(member, as_user):
    client = as_user(member)
    assert [client.get(f"/me/calendar/{name}/").status_code for name in ("new", "revoke")] == [405, 405]
