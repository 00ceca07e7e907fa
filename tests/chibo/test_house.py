"""Pages of the house itself: health, size of print, errors, home by role."""

import pytest
from django.urls import reverse


@pytest.mark.django_db
def test_healthz_answers_200_when_servers_do(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"database": "ok", "cache": "ok", "broker": "ok"})


def test_healthz_says_which_server_is_down(client, settings, db):
    settings.REDIS_URL = "unix:///nowhere/at-all.sock"
    response = client.get("/healthz")
    assert (response.status_code, response.json()["broker"]) == (503, "down")


@pytest.mark.django_db
def test_text_size_switches_and_returns_to_the_page(client):
    response = client.post(reverse("text_size"), {"next": "/help/"})
    assert (response.status_code, response.url) == (302, "/help/")
    assert client.cookies["chibo_text"].value == "large"
    assert client.post(reverse("text_size"), {"next": "https://example.com/"}).url == "/"
    assert client.cookies["chibo_text"].value == "normal"


@pytest.mark.django_db
def test_text_size_changes_nothing_on_get(client):
    assert client.get(reverse("text_size")).status_code == 405


@pytest.mark.django_db
def test_a_request_larger_than_any_upload_is_refused_unread(client, settings):
    """Whoever may send to a page without login must not fill the disk."""
    length = str(settings.BODY_LIMIT + 1)
    answer = client.post(reverse("text_size"), data=b"x", content_type="a/b", CONTENT_LENGTH=length)
    assert (answer.status_code, answer.templates[0].name) == (413, "413.html")
    assert answer.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_every_page_carries_the_content_security_policy(client):
    policy = client.get(reverse("help")).headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["home", "me", "all", "styleguide", "floor"])
def test_house_pages_ask_to_log_in(client, name):
    response = client.get(reverse(name))
    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("who", ["secretary", "member", "probationary", "visitor", "superior", "sysadmin", "outsider"])
@pytest.mark.parametrize("name", ["home", "me", "all"])
def test_home_pages_open_for_everybody(request, as_user, who, name):
    user = request.getfixturevalue(who)
    assert as_user(user).get(reverse(name)).status_code == 200


def test_unknown_address_gets_a_plain_page(as_user, member):
    response = as_user(member).get("/khong-co/")
    assert response.status_code == 404
    assert "Chi bộ" in response.content.decode()


def test_floor_shows_names_that_one_sees_only(as_user, member, outsider):
    """A yardstick is a page too: no name from another cell, no birth date."""
    page = as_user(member).get(reverse("floor")).content.decode()
    assert page.count("<tr><td") == 30
    assert (member.member.full_name in page, outsider.member.full_name in page) == (True, False)
