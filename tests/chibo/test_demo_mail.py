"""The demo mailbox: mails as their readers see them, without letting anything in them run."""

import pytest

from meetings.services import lifecycle
from notices.models import Notice
from notices.services import mail
from tests.factories import at
from tests.meetings import prep
from tests.notices.conftest import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def caught(settings, tmp_path, cast, cell):
    """An invitation in the mailbox of demo mode; its name."""
    settings.DEMO, settings.MAIL_DIR = True, tmp_path
    meeting = prep.new_meeting(cell, cast["bithu"], starts_at=at(days=10, hour=19, minute=30))
    lifecycle.agree_meeting(meeting, by=cast["bithu"])
    lifecycle.notify_meeting(meeting, by=cast["bithu"])
    notice = Notice.objects.get(kind="meeting.notified", recipient=cast["dangvien"].member)
    message = mail.compose([mail.part(notice)], "dangvien@example.com").message()
    (tmp_path / "20261124-1.eml").write_bytes(message.as_bytes())
    return "20261124-1"


def test_page_frames_the_picture_and_tells_the_calendar_file(client, caught):
    page = client.get(f"/demo/mail/{caught}/")
    text = words(page)
    assert text.count(f'<iframe class="mail-frame" src="/demo/mail/{caught}/html/" sandbox=') == 1
    facts = dict(page.context["calendars"][0]["facts"])
    assert (facts["Việc"], facts["Bắt đầu"], facts["Địa điểm"], facts["Người được mời"]) == (
        "Mời họp, đưa vào lịch", f"19:30, {at(days=10):%d/%m/%Y}", "Nhà văn hóa",
        Notice.objects.get(kind="meeting.notified", context__title=facts["Tiêu đề"],
                           recipient__user__username="dangvien").recipient.full_name,
    )  # fmt: skip
    assert all(line[:1].isalpha() for line in page.context["calendars"][0]["text"].splitlines())  # no folded line


def test_the_picture_stands_in_a_frame_of_this_site_only_and_runs_nothing(client, caught):
    answer = client.get(f"/demo/mail/{caught}/html/")
    policy = dict(rule.partition(" ")[::2] for rule in answer["Content-Security-Policy"].split("; "))
    allowed = {name: words for name, words in policy.items() if words != "'none'"}
    assert allowed == {
        "style-src": "'unsafe-inline'",
        "frame-ancestors": "'self'",
        "sandbox": "allow-top-navigation-by-user-activation",
    }
    assert {"default-src", "script-src", "img-src", "form-action", "base-uri", "object-src"} < set(policy)
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert 'style="' in words(answer)
    assert '<base target="_top">' in words(answer)


def test_list_is_newest_first_and_other_mails_break_nothing(client, caught, settings):
    (settings.MAIL_DIR / "20261125-1.eml").write_text("Subject: Khac\nContent-Type: text/calendar\n\nkhong phai lich")
    (settings.MAIL_DIR / "20261126-1.eml").write_text("\n")
    names = [row["name"] for row in client.get("/demo/mail/").context["mails"]]
    assert names == ["20261126-1", "20261125-1", caught]
    assert [client.get(f"/demo/mail/{name}/").status_code for name in names] == [200, 200, 200]
    assert client.get("/demo/mail/20261126-1/html/").status_code == 404


def test_no_mailbox_outside_demo_mode(client, caught, settings):
    settings.DEMO = False
    pages = ("/demo/mail/", f"/demo/mail/{caught}/", f"/demo/mail/{caught}/html/")
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
