"""The first set-up of an empty database (DESIGN §5: `make run DEMO=0`)."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from members.models import Activity, Membership, Organisation, Post, SetupAddress, User
from members.services.setup import issue_setup_address
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

FORM = {
    "superior_name": "Đảng ủy phường Hòa Sơn",
    "cell_name": "Chi bộ Tổ dân phố số 5",
    "place": "Hòa Sơn",
    "term": "2025-2030",
    "full_name": "Lý Văn Quản",
    "username": "quantri",
    "password": "Đồng lúa mùa vàng 26",
    "again": "Đồng lúa mùa vàng 26",
}


def send(client, address, **more):
    return client.post(address, FORM | {"submission": uuid.uuid4()} | more)


def test_empty_database_leads_to_a_cell_with_an_administrator(client):
    address = issue_setup_address()
    page = client.get(address)
    assert (page.status_code, page["Cache-Control"], page["Referrer-Policy"]) == (200, "no-store", "same-origin")
    answer = send(client, address)
    cell = Organisation.objects.get(kind="cell")
    assert (answer.status_code, answer.url) == (302, f"/members/?chi-bo={cell.slug}")
    assert (cell.slug, cell.symbol, cell.document_name) == ("chi-bo-to-dan-pho-so-5", "CB", "CHI BỘ TỔ DÂN PHỐ SỐ 5")
    assert (cell.parent.symbol, cell.superior_line) == ("ĐU", "ĐẢNG ỦY PHƯỜNG HÒA SƠN")
    assert Post.objects.values_list("organisation", "title").get() == (cell.parent_id, "sysadmin")
    assert (client.session["_auth_user_id"], Membership.objects.count()) == (str(User.objects.get().pk), 0)
    roll = client.get(answer.url)
    assert [step["state"] for step in roll.context["steps"]] == ["n", "n", "n"]
    assert client.get(reverse("home")).status_code == 200


def test_administrator_may_stand_on_the_roll(client):
    send(client, issue_setup_address(), joins_cell="on")
    assert Membership.objects.get().member == User.objects.get().member


def test_every_right_given_is_in_the_diary(client):
    send(client, issue_setup_address())
    cell = Organisation.objects.get(kind="cell")
    lines = Activity.objects.order_by("organisation", "seq").values_list("organisation", "verb")
    top = cell.parent_id
    assert list(lines) == [
        (top, "setup.done"), (top, "post.added"), (top, "account.given"), (cell.pk, "organisation.added"),
    ]  # fmt: skip


def test_address_works_once(client):
    address = issue_setup_address()
    send(client, address)
    client.logout()
    assert [client.get(address).status_code, send(client, address).status_code] == [410, 410]
    assert User.objects.count() == 1


def test_address_works_for_an_hour(client):
    address = issue_setup_address()
    row = SetupAddress.objects.get()
    assert row.expires_at - timezone.now() <= datetime.timedelta(hours=1)
    SetupAddress.objects.update(expires_at=timezone.now())
    assert send(client, address).status_code == 410
    assert Organisation.objects.count() == 0


def test_a_new_address_kills_the_one_before(client):
    first, second = issue_setup_address(), issue_setup_address()
    assert [client.get(first).status_code, client.get(second).status_code] == [410, 200]


def test_no_address_once_an_account_exists(client):
    address = issue_setup_address()
    UserFactory()
    assert client.get(address).status_code == 410
    with pytest.raises(Refused, match=r"^Đã có tài khoản; địa chỉ lập lần đầu không còn dùng được\.$"):
        issue_setup_address()


def test_only_the_digest_is_stored():
    token = issue_setup_address().strip("/").split("/")[-1]
    assert SetupAddress.objects.get().digest != token


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"again": "khác"}, "again", "Hai lần gõ mật khẩu khác nhau. Gõ lại cả hai ô."),
        (
            {"username": "quản trị"},
            "username",
            "Tên đăng nhập chỉ gồm chữ không dấu, số, dấu chấm và dấu gạch, viết liền.",
        ),
        (
            {"password": "12345678", "again": "12345678"},
            "password",
            "Mật khẩu này nhiều người dùng, dễ đoán. Chọn mật khẩu khác.",
        ),
    ],
)
def test_bad_input_writes_nothing_and_keeps_the_text(client, typed, field, sentence):
    answer = send(client, issue_setup_address(), **typed)
    form = answer.context["form"]
    assert (answer.status_code, form.errors[field], form["cell_name"].value()) == (422, [sentence], FORM["cell_name"])
    assert (Organisation.objects.count(), User.objects.count(), Activity.objects.count()) == (0, 0, 0)
