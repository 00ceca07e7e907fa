"""One-time addresses in mails (DESIGN §8): a GET shows, the POST acts, once; the database holds no usable token."""

import datetime
import re
import threading

import pytest
from django import forms
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from core.errors import Refused
from core.forms import Form
from members.models import Member
from notices import actions
from notices.models import MailLink, Notice
from notices.services import delivery, links, mail
from tests.factories import MemberFactory, UserFactory, at
from tests.notices.conftest import words

pytestmark = pytest.mark.django_db

PURPOSE = "test.write"
SECRET_WORD = "Bí-mật-của-việc"
LEFT = "Đồng chí không còn trong chi bộ này."
USED, EXPIRED, GONE = "Đường dẫn này đã dùng", "Đường dẫn này đã hết hạn", "Không còn làm được từ thư"


class WriteForm(Form):
    text = forms.CharField(label="Nội dung")


def describe(target, member):
    if Member.objects.get(pk=member.pk).occupation == "đã rời":
        raise Refused(LEFT)
    return actions.Page(f"{SECRET_WORD} {target}", "Ghi ngay", ["Hạn 05/12/2026"])


def act(target, member, text):
    if text == "sai":
        raise Refused("Ghi khác đi.", field="text")
    Notice.objects.filter(recipient=member).update(error=f"{text} {target}")
    member = Member.objects.get(pk=member.pk)
    member.occupation += f"[{text}]"
    member.save()
    return f"Đã ghi “{text}”."


@pytest.fixture(autouse=True)
def action(monkeypatch):
    monkeypatch.setitem(actions._actions, PURPOSE, actions.Action("Ghi nội dung", WriteForm, describe, act))


@pytest.fixture
def person(cell):
    return MemberFactory(cell=cell, full_name="Nguyễn Thị Kim Oanh", email="oanh@example.com")


@pytest.fixture
def notice(tell, person):
    return tell(person, action=PURPOSE, target=7)


def token_of(part):
    return re.search(r"/a/([\w-]+)/", part.text).group(1)


@pytest.fixture
def token(notice):
    return token_of(mail.part(notice))


def written(person):
    return Member.objects.get(pk=person.pk).occupation


def post(token, client=None, **data):
    return (client or Client(enforce_csrf_checks=True)).post(f"/a/{token}/", data or {"text": "xong"})


def says(response):
    return response.status_code, [word for word in (USED, EXPIRED, GONE) if word in words(response)]


# The mail


def test_mail_has_one_button_and_its_address_on_a_line_of_its_own(notice, settings):
    settings.BASE_URL = "https://chibo.example"
    part = mail.part(notice)
    address = f"https://chibo.example/a/{token_of(part)}/"
    assert [line for line in part.text.splitlines() if address in line] == [address]
    assert part.html.count(f'href="{address}"') == 1
    assert ">Ghi nội dung</a>" in part.html
    assert part.html.count('href="https://chibo.example/assignments/1/"') == 1
    assert part.html.count("background:#8c1d22") == 1  # one button: the page itself is a plain link


def test_mail_without_action_keeps_its_button_to_the_page(tell, person):
    part = mail.part(tell(person))
    assert ("/a/" in part.text + part.html, part.html.count("background:#8c1d22")) == (False, 1)
    assert MailLink.objects.count() == 0


@pytest.mark.parametrize("changes", [{"action": "no.such", "target": 7}, {"action": PURPOSE, "target": None}])
def test_mail_with_an_action_that_nobody_offers_goes_without_button(tell, person, changes):
    assert "/a/" not in mail.part(tell(person, **changes)).text


def test_each_rendering_makes_a_fresh_address_and_the_page_makes_none(notice, as_user):
    first, second = (token_of(mail.part(notice)) for _ in range(2))
    assert first != second
    user = UserFactory(member=notice.recipient)
    assert "/a/" not in words(as_user(user).get(notice.get_absolute_url()))
    assert MailLink.objects.count() == 2


def test_address_is_good_for_thirty_days(token):
    link = MailLink.objects.get()
    assert link.expires_at - link.created_at == datetime.timedelta(days=30)


def test_delivered_mail_carries_an_address_that_works(notice, postbox, person):
    delivery.deliver_due()
    (message,) = postbox.messages
    (token,) = set(re.findall(r"/a/([\w-]+)/", message.get_body(("plain",)).get_content()))
    assert post(token).status_code == 200
    assert written(person) == "[xong]"


# The page


def test_page_shows_title_facts_short_name_and_one_button(token):
    page = words(Client().get(f"/a/{token}/"))
    assert f"<h1>{SECRET_WORD} 7</h1>" in page
    assert "Hạn 05/12/2026" in page
    assert "Dành cho đồng chí Kim Oanh" in page
    assert page.count("<button") == 1
    assert "Ghi ngay</button>" in page
    assert "<script" not in page


def test_page_is_kept_nowhere_and_tells_no_other_site(token):
    for response in (Client().get(f"/a/{token}/"), post(token), post(token)):
        assert {name: response[name] for name in ("Referrer-Policy", "Cache-Control", "X-Robots-Tag")} == {
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "X-Robots-Tag": "noindex, nofollow",
        }


def test_scanner_that_fetches_changes_nothing(token, person):
    """ "fetched by a mail scanner (GET only): nothing happens on GET"."""
    client = Client()
    answers = {getattr(client, method)(f"/a/{token}/").status_code for method in ("get", "head") for _ in range(20)}
    assert (answers, written(person)) == ({200}, "")
    assert MailLink.objects.get().used_at is None
    assert client.put(f"/a/{token}/").status_code == 405


def test_post_without_cookies_acts(token, person):
    """ "posted from a mail's web view without cookies"."""
    client = Client(enforce_csrf_checks=True)
    response = post(token, client)
    assert (response.status_code, "Đã ghi “xong”." in words(response)) == (200, True)
    assert written(person) == "[xong]"
    assert not client.cookies
    link = MailLink.objects.get()
    assert (link.purpose, link.target, link.used_at is not None) == (PURPOSE, 7, True)
    assert Notice.objects.get().seen_at == link.used_at


def test_wrong_form_comes_back_and_the_link_stays_good(token, person):
    empty, refused = post(token, x="1"), post(token, text="sai")
    assert (empty.status_code, "Ghi nội dung." in words(empty)) == (422, True)
    assert (refused.status_code, "Ghi khác đi." in words(refused)) == (422, True)
    assert post(token).status_code == 200
    assert written(person) == "[xong]"


def test_used_twice_acts_once_and_says_when(token, person):
    post(token)
    MailLink.objects.update(used_at=at(days=-1, hour=9, minute=5))
    again = post(token, text="lần hai")
    assert (says(again), written(person)) == ((410, [USED]), "[xong]")
    assert "Đã dùng lúc 09:05 ngày" in words(again)


def test_forwarded_after_use_tells_nothing_of_the_thing(token, person):
    post(token)
    page = Client().get(f"/a/{token}/")
    assert says(page) == (410, [USED])
    assert [word for word in (SECRET_WORD, "Oanh", "Hạn 05/12/2026", "Ghi ngay") if word in words(page)] == []


def test_two_copies_of_one_mail_are_one_link(notice, person):
    """A mail that may have been sent twice carries two tokens."""
    first, second = (token_of(mail.part(notice)) for _ in range(2))
    post(first)
    assert (says(post(second, text="lần hai")), written(person)) == ((410, [USED]), "[xong]")


def test_expired_does_nothing(token, person):
    MailLink.objects.update(expires_at=timezone.now())
    assert says(Client().get(f"/a/{token}/")) == (410, [EXPIRED])
    assert (says(post(token)), written(person)) == ((410, [EXPIRED]), "")


def test_rights_are_asked_again(token, person):
    Member.objects.filter(pk=person.pk).update(occupation="đã rời")
    page = post(token)
    assert (says(page), LEFT in words(page)) == ((410, [GONE]), True)
    assert written(person) == "đã rời"
    assert MailLink.objects.get().used_at is None


def test_closed_account_does_nothing_from_a_mail(token, person):
    user = UserFactory(member=person, is_active=False)
    assert (says(post(token)), written(person)) == ((410, [GONE]), "")
    user.is_active = True
    user.save()
    assert post(token).status_code == 200


@pytest.mark.parametrize("now", ["moi@example.com", ""], ids=["changed", "taken away"])
def test_mail_at_a_former_address_does_nothing(token, person, now):
    """Whoever reads that box is somebody else, or soon will be."""
    Member.objects.filter(pk=person.pk).update(email=now)
    for page in (Client().get(f"/a/{token}/"), post(token)):
        assert (says(page), "Đồng chí mở thư ở địa chỉ hiện nay." in words(page)) == ((410, [GONE]), True)
        assert [word for word in (SECRET_WORD, "Oanh", "oanh@example.com", "moi@") if word in words(page)] == []
    assert written(person) == ""
    Member.objects.filter(pk=person.pk).update(email="Oanh@example.com")
    assert post(token).status_code == 200


def test_mail_that_may_have_arrived_at_a_former_address_does_nothing(notice, person):
    """Its notice went out again, to the present address; only that copy works."""
    former = token_of(mail.part(notice))
    Member.objects.filter(pk=person.pk).update(email="moi@example.com")
    present = token_of(mail.part(Notice.objects.get(pk=notice.pk)))
    assert [says(post(token)) for token in (former, present)] == [(410, [GONE]), (200, [])]


def test_purpose_that_no_app_offers_any_more(token, monkeypatch):
    monkeypatch.delitem(actions._actions, PURPOSE)
    assert says(Client().get(f"/a/{token}/")) == (410, [GONE])


def test_who_is_logged_in_makes_no_difference(token, person, secretary, as_user):
    client = as_user(secretary)
    page = words(client.get(f"/a/{token}/"))
    assert ("Kim Oanh" in page, secretary.get_full_name() in page) == (True, False)
    post(token, client)
    assert written(person) == "[xong]"


@pytest.mark.parametrize("garbage", ["khong-co", "A" * 43, "%00", "x'--"])
def test_unknown_token_is_no_page(client, garbage):
    assert [client.get(f"/a/{garbage}/").status_code, client.post(f"/a/{garbage}/").status_code] == [404, 404]


def test_many_tries_from_one_address_are_slowed_down(client, monkeypatch):
    monkeypatch.setattr("members.entrance.RATES", {"mailed": "2/m/ip"})
    assert [client.get("/a/khong-co/").status_code for _ in range(3)] == [404, 404, 429]


# What is kept


def test_database_holds_no_usable_token(notice, postbox, person):
    """ "the database holds no usable token": it is in no row of no table, before and after use."""
    delivery.deliver_due()
    (message,) = postbox.messages
    token = re.search(r"/a/([\w-]+)/", message.get_body(("plain",)).get_content()).group(1)
    found = rows_with(token)
    post(token)
    assert (found, rows_with(token)) == ([], [])
    assert rows_with("Nguyễn Thị Kim Oanh") == ["members_member"]  # the search finds what is there


def rows_with(text):
    """Tables in which some row, written out as in a dump, holds the text."""
    found = []
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT 1 FROM "{table}" AS t WHERE strpos(t::text, %s) > 0 LIMIT 1', [text])
            found += [table] if cursor.fetchone() else []
    return found


def test_no_log_line_shows_the_address(token, caplog):
    """Django logs the address of whatever it answers with 4xx."""
    post(token, x="1")
    post(token)
    post(token)
    Client().get("/a/khong-co-ai-biet/")
    assert caplog.messages == [
        "Unprocessable Entity: /a/…/", "Gone: /a/…/", "Not Found: /a/…/",
    ]  # fmt: skip


def test_old_links_are_forgotten(token):
    assert links.forget_old() == 0
    MailLink.objects.update(expires_at=at(days=-31))
    assert (links.forget_old(), MailLink.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_act_once(tell, person):
    """Two copies of the mail, three clicks on each: one acts, the others find the link used."""
    notice = tell(person, action=PURPOSE, target=7)
    tokens = [token_of(mail.part(notice)) for _ in range(2)]
    answers, start = [], threading.Barrier(6)

    def click(token):
        try:
            start.wait()
            answers.append(says(post(token)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click, args=[token]) for token in tokens * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [(200, []), *[(410, [USED])] * 5]
    assert written(person) == "[xong]"
