"""Accounts are given from the member's page with a printed slip, which also serves a forgotten password."""

import datetime
import re
import uuid

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from members.activity import digest_of
from members.models import AccessSlip, Activity, Post, User
from members.services import accounts
from members.states import PostTitle
from tests.factories import MemberFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db

GOOD = "Đồng lúa mùa vàng 26"
BACKEND = "members.backends.MemberBackend"


def post(client, name, member, action, **data):
    return client.post(reverse(name, args=[member.pk, action]), {"submission": uuid.uuid4(), **data})


def token_of(answer):
    return re.search(r"/l/([\w-]{43})/", answer.content.decode()).group(1)


def use(client, token, password=GOOD, again=None, key=None):
    data = {"password": password, "again": password if again is None else again, "submission": key or uuid.uuid4()}
    return client.post(reverse("members:slip", args=[token]), data)


@pytest.mark.parametrize(
    ("name", "username"),
    [
        ("Nguyễn Thị Kim Oanh", "oanhntk"),
        ("Đỗ Đức", "ducd"),
        ("NGUYỄN VĂN ANH", "anhnv"),
        ("Y' Moan", "moany"),
        ("Nguyễn " * 14 + "Ý", "ynnnnnnnnnnnnnn"),
        ("???", "dangvien"),
    ],
)
def test_username_is_proposed_from_given_name_and_initials(name, username):
    assert accounts.propose_username(name) == username


def test_proposed_username_is_free(cell):
    UserFactory(username="oanhntk")
    UserFactory(username="oanhntk2")
    assert accounts.propose_username("Nguyễn Thị Kim Oanh") == "oanhntk3"


def test_giving_an_account_shows_the_slip_once(as_user, secretary, cell):
    member = MemberFactory(full_name="Lý Thị Mới", cell=cell)
    answer = post(as_user(secretary), "members:account", member, "give", username="moilt")
    assert (answer.status_code, answer["Cache-Control"], answer["Referrer-Policy"]) == (200, "no-store", "same-origin")
    token = token_of(answer)
    slip = AccessSlip.objects.get()
    assert (slip.digest, slip.user.username) == (accounts.digest(token), "moilt")
    assert token not in slip.digest
    verbs = list(Activity.objects.filter(organisation=cell).order_by("seq").values_list("verb", "object_label"))
    assert verbs == [("account.given", "members.user"), ("account.slip", "members.user")]


def test_giving_twice_with_one_submission_makes_one_account(as_user, secretary, cell):
    member = MemberFactory(cell=cell)
    key = uuid.uuid4()
    client = as_user(secretary)
    first = post(client, "members:account", member, "give", username="moi", submission=key)
    second = post(client, "members:account", member, "give", username="moi", submission=key)
    assert (first.status_code, second.status_code, AccessSlip.objects.count()) == (200, 302, 1)


def test_slip_lives_as_long_as_the_setting_says(secretary, member, settings):
    settings.SLIP_DAYS = 3
    slip = accounts.find_slip(accounts.issue_slip(member, by=secretary))
    assert slip.expires_at - slip.created_at == datetime.timedelta(days=3)


def test_slip_page_names_the_person_and_keeps_the_address_to_itself(client, secretary, member):
    token = accounts.issue_slip(member, by=secretary)
    answer = client.get(reverse("members:slip", args=[token]))
    assert (answer.status_code, answer["Cache-Control"], answer["Referrer-Policy"]) == (200, "no-store", "same-origin")
    assert "Xuân\xa0Trường" in answer.content.decode()
    assert AccessSlip.objects.get().used_at is None  # reading changes nothing


def test_slip_sets_the_password_and_logs_in_once(client, secretary, member):
    token = accounts.issue_slip(member, by=secretary)
    answer = use(client, token)
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.session["_auth_user_id"] == str(member.pk)
    member.refresh_from_db()
    assert member.check_password(GOOD)
    other = Client()
    assert other.get(reverse("members:slip", args=[token])).status_code == 410
    assert use(other, token, "Một câu khác hẳn 27").status_code == 410
    member.refresh_from_db()
    assert member.check_password(GOOD)


def test_a_submission_done_before_opens_no_slip(client, secretary, member):
    """A UUID that was done at another address is refused with a sentence; it must not log anybody in."""
    key = uuid.uuid4()
    other = UserFactory()
    use(Client(), accounts.issue_slip(other, by=secretary), key=key)
    answer = use(client, accounts.issue_slip(member, by=secretary), key=key)
    assert (answer.status_code, "_auth_user_id" in client.session) == (422, False)
    member.refresh_from_db()
    assert not member.check_password(GOOD)


@pytest.mark.parametrize(
    ("password", "again", "field", "sentence"),
    [
        (GOOD, "khác", "again", "Hai lần gõ mật khẩu khác nhau. Gõ lại cả hai ô."),
        ("Ab1#xyz", "Ab1#xyz", "password", "Mật khẩu ngắn quá. Ghi ít nhất 8 ký tự."),
        ("password1", "password1", "password", "Mật khẩu này nhiều người dùng, dễ đoán. Chọn mật khẩu khác."),
    ],
)
def test_a_poor_password_is_refused_at_its_field(client, secretary, member, password, again, field, sentence):
    answer = use(client, accounts.issue_slip(member, by=secretary), password, again)
    assert (answer.status_code, answer.context["form"].errors[field]) == (422, [sentence])
    assert password not in answer.content.decode()


def test_expired_slip_is_refused(client, secretary, member):
    token = accounts.issue_slip(member, by=secretary)
    AccessSlip.objects.update(expires_at=timezone.now())
    answer = use(client, token)
    assert answer.status_code == 410
    with pytest.raises(Refused) as caught:
        accounts.use_slip(token, password=GOOD)
    assert caught.value.message == accounts.DEAD_SLIP


def test_unknown_slip_gets_the_same_page(client):
    assert client.get(reverse("members:slip", args=["khong-co"])).status_code == 410


def test_a_new_slip_kills_the_one_before(secretary, member):
    first = accounts.issue_slip(member, by=secretary)
    second = accounts.issue_slip(member, by=secretary)
    assert accounts.find_slip(first) is None
    assert accounts.find_slip(second) is not None


def test_forgotten_password_old_sessions_end_with_the_new_one(client, secretary, member):
    member.set_password("Mật khẩu đã quên 1")
    member.save()
    client.force_login(member, backend=BACKEND)
    assert client.get("/me/").status_code == 200
    use(Client(), accounts.issue_slip(member, by=secretary))
    assert client.get("/me/").status_code == 302


def test_slip_of_a_person_with_two_steps_still_asks_the_second(client, secretary, member):
    """A slip replaces the password, not the telephone."""
    Authenticator.objects.create(user=member, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    answer = use(client, accounts.issue_slip(member, by=secretary))
    assert (answer.status_code, answer.url) == (302, reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session


def test_dropping_the_second_step_lets_the_password_alone_in(as_user, secretary, member):
    Authenticator.objects.create(user=member, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    answer = post(as_user(secretary), "members:account", member.member, "second-step")
    assert (answer.status_code, Authenticator.objects.count()) == (302, 0)


def test_closing_ends_sessions_at_once_and_opening_brings_back_the_password(as_user, client, secretary, member):
    member.set_password(GOOD)
    member.save()
    theirs = Client()
    theirs.post(reverse("account_login"), {"login": "dangvien", "password": GOOD})
    assert theirs.get("/me/").status_code == 200
    assert post(as_user(secretary), "members:account", member.member, "close").status_code == 302
    assert theirs.get("/me/").status_code == 302
    assert UserSession.objects.filter(user=member).count() == 0
    post(as_user(secretary), "members:account", member.member, "open")
    theirs.post(reverse("account_login"), {"login": "dangvien", "password": GOOD})
    assert theirs.get("/me/").status_code == 200


def test_closing_kills_the_slip_and_none_is_issued(secretary, member):
    token = accounts.issue_slip(member, by=secretary)
    accounts.close_account(member, by=secretary)
    assert accounts.find_slip(token) is None
    with pytest.raises(Refused, match=r"^Tài khoản đang đóng\. Mở lại tài khoản trước khi cấp phiếu\.$"):
        accounts.issue_slip(member, by=secretary)


def test_closing_and_opening_twice_is_refused(secretary, member):
    accounts.close_account(member, by=secretary)
    with pytest.raises(Refused, match=r"^Tài khoản đã đóng từ trước\.$"):
        accounts.close_account(member, by=secretary)
    accounts.open_account(member, by=secretary)
    with pytest.raises(Refused, match=r"^Tài khoản đang mở\.$"):
        accounts.open_account(member, by=secretary)


def test_nobody_closes_the_own_account(secretary):
    sentence = "Đồng chí không đóng được tài khoản của chính mình. Nhờ đồng chí bí thư hoặc quản trị."
    with pytest.raises(Refused) as caught:
        accounts.close_account(secretary, by=secretary)
    assert caught.value.message == sentence


def test_the_last_sysadmin_stays(sysadmin, secretary):
    sentence = "Hệ thống phải còn ít nhất một người quản trị có tài khoản. Ghi người thay trước."
    with pytest.raises(Refused) as caught:
        accounts.close_account(sysadmin, by=secretary)
    assert caught.value.message == sentence
    sysadmin.refresh_from_db()
    assert sysadmin.is_active


@pytest.mark.parametrize(
    ("username", "sentence"),
    [
        ("BiThu", "Tên đăng nhập này đã có người dùng. Chọn tên khác."),
        ("có dấu cách", "Tên đăng nhập chỉ gồm chữ không dấu, số, dấu chấm và dấu gạch, viết liền."),
    ],
)
def test_username_taken_or_malformed_comes_back_at_its_field(as_user, secretary, cell, username, sentence):
    answer = post(as_user(secretary), "members:account", MemberFactory(cell=cell), "give", username=username)
    assert answer.status_code == 422
    assert answer.context["form"]["username"].value() == username
    assert answer.context["form"].errors["username"] == [sentence]


def test_second_account_of_a_person_is_refused(secretary, member):
    with pytest.raises(Refused, match=r"^Đồng chí này đã có tài khoản\. Quên mật khẩu thì cấp phiếu mới\.$"):
        accounts.give_account(member.member, by=secretary)


def test_secretary_cannot_reach_an_account_above_the_cell(as_user, secretary, member, superior_body):
    """Else a slip for the sysadmin who sits in the cell would give the secretary the whole system."""
    PostFactory(member=member.member, organisation=superior_body, title=PostTitle.SYSADMIN)
    assert post(as_user(secretary), "members:account", member.member, "slip").status_code == 403


def test_committee_member_gives_no_accounts(as_user, committee, member):
    assert post(as_user(committee), "members:account", member.member, "slip").status_code == 403


def test_sysadmin_gives_accounts_in_every_cell(as_user, sysadmin, secretary, member):
    assert post(as_user(sysadmin), "members:account", member.member, "slip").status_code == 200


def test_unknown_act_is_404(as_user, secretary, member):
    assert post(as_user(secretary), "members:account", member.member, "burn").status_code == 404


def test_acts_on_a_missing_account_go_back_to_the_person(as_user, secretary, cell):
    member = MemberFactory(cell=cell)
    answer = post(as_user(secretary), "members:account", member, "close")
    assert (answer.status_code, answer.url) == (302, member.get_absolute_url())


def test_every_change_of_an_account_is_covered_by_the_diary(secretary, member):
    """verify_chain compares the last digest of each account with the row as it stands."""
    accounts.close_account(member, by=secretary)
    line = Activity.objects.filter(object_label="members.user", object_id=member.pk).order_by("-seq").first()
    assert line.digest == digest_of(User.objects.get(pk=member.pk))


def test_many_tries_from_one_address_are_slowed_down(client, monkeypatch):
    monkeypatch.setattr("members.entrance.RATES", {"slip": "2/m/ip"})
    answers = [client.get(reverse("members:slip", args=["khong-co"])).status_code for _ in range(3)]
    assert answers == [410, 410, 429]


def test_posts_are_untouched_by_accounts(secretary, member):
    before = Post.objects.count()
    accounts.issue_slip(member, by=secretary)
    assert Post.objects.count() == before


def test_no_log_line_shows_a_one_time_address(client, member, secretary, caplog):
    """Django logs the address of whatever it answers with 4xx: a mistyped password must not publish the slip."""
    token = accounts.issue_slip(member, by=secretary)
    assert use(client, token, again="khác").status_code == 422
    assert caplog.messages == ["Unprocessable Entity: /l/…/"]
