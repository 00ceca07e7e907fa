"""Login: a hall behind one address gets in, a guesser does not; two steps, sessions, sign-up, password change."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from members.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

GOOD = "Đồng lúa mùa vàng 26"
BACKEND = "members.backends.MemberBackend"


@pytest.fixture
def quick(settings):
    """A quick hasher for tests that log in many people; the real one takes 0.3 s each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def log_in(client, username, password=GOOD):
    return client.post(reverse("account_login"), {"login": username, "password": password})


def current_code(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_sixty_right_and_twelve_wrong_logins_from_one_address(quick):
    """Issue 2: within a minute from one address every right login succeeds."""
    users = [UserFactory(username=f"hoitruong{n}") for n in range(60)]
    for user in users:
        user.set_password(GOOD)
    User.objects.bulk_update(users, ["password"])
    right, wrong = [], []
    for n, user in enumerate(users):
        if n % 5 == 0:
            wrong.append(log_in(Client(), f"hoitruong{n}", "sai mật khẩu").status_code)
        right.append(log_in(Client(), user.username).status_code)
    assert (right, wrong) == ([302] * 60, [200] * 12)


def test_guessing_one_name_is_stopped(quick, member):
    """5 wrong in 5 minutes for one name: then even the right one waits."""
    member.set_password(GOOD)
    member.save()
    for _ in range(5):
        log_in(Client(), "dangvien", "sai")
    assert log_in(Client(), "dangvien").status_code == 200


def test_wrong_password_and_unknown_name_get_the_same_sentence(member):
    sentences = [log_in(Client(), name, "sai").context["form"].non_field_errors() for name in ("dangvien", "khongco")]
    assert sentences[0] == sentences[1]


def test_sign_up_is_closed_for_get_and_post(client):
    address = reverse("account_signup")
    data = {"username": "moi", "password1": GOOD}
    answers = [client.get(address), client.post(address, data)]
    assert ["Không tự mở tài khoản được" in answer.content.decode() for answer in answers] == [True, True]
    assert User.objects.count() == 0


def enter(client, member):
    member.set_password(GOOD)
    member.save()
    log_in(client, "dangvien")
    return client


def test_two_steps_are_switched_on_with_recovery_codes(client, member):
    enter(client, member)
    asked = client.get(reverse("mfa_activate_totp"))  # the password once more before anything about security
    assert asked.url.split("?")[0] == reverse("account_reauthenticate")
    client.post(reverse("account_reauthenticate"), {"password": GOOD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": current_code(secret)})
    assert answer.status_code == 302
    kinds = set(Authenticator.objects.filter(user=member).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = re.findall(r'<li class="hash">([\w-]+)</li>', page)
    assert len(codes) == 10
    other = Client()
    first = log_in(other, "dangvien")
    assert (first.status_code, first.url) == (302, reverse("mfa_authenticate"))
    second = other.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert (second.status_code, other.session["_auth_user_id"]) == (302, str(member.pk))


def test_session_list_shows_other_machines_and_ends_them(client, member):
    enter(client, member)
    other = Client(headers={"user-agent": "Điện thoại"})
    log_in(other, "dangvien")
    assert other.get("/me/").status_code == 200
    page = client.get(reverse("usersessions_list"))
    assert (page.status_code, UserSession.objects.filter(user=member).count()) == (200, 2)
    client.post(reverse("usersessions_list"))
    assert (client.get("/me/").status_code, other.get("/me/").status_code) == (200, 302)


def test_password_is_changed_with_the_old_one(client, member):
    enter(client, member)
    new = "Một câu khác hẳn 27"
    client.post(reverse("account_change_password"), {"oldpassword": "sai", "password1": new, "password2": new})
    member.refresh_from_db()
    assert member.check_password(GOOD)
    client.post(reverse("account_change_password"), {"oldpassword": GOOD, "password1": new, "password2": new})
    member.refresh_from_db()
    assert member.check_password(new)


def test_password_is_not_reset_by_mail(client, member, mailoutbox):
    """A forgotten password is a new slip; allauth's mail page offers nothing."""
    answer = client.post(reverse("account_reset_password"), {"email": member.member.email})
    client.force_login(member, backend=BACKEND)
    other = client.post(reverse("account_email"), {"email": "moi@example.com", "action_add": ""})
    assert (answer.status_code, other.status_code, mailoutbox) == (200, 200, [])
    assert EmailAddress.objects.count() == 0


@pytest.mark.parametrize("name", ["members:list", "members:diary", "home", "me", "meetings:list"])
def test_pages_ask_for_login(client, name):
    answer = client.get(reverse(name))
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))
