"""The bell, what was seen, how people want to be told, and the page of what one person was told."""

import pytest
from django.utils import timezone

from members.models import Activity
from notices.models import Notice, Preference
from notices.services import reading
from tests.factories import MemberFactory, at
from tests.notices.conftest import words

pytestmark = pytest.mark.django_db
BELL = '<span class="count">{}</span><span class="sr"> chưa xem</span>'


def bell(page):
    """The number on the bell of a page; None without one."""
    text = words(page)
    return next((number for number in range(1, 9) if BELL.format(number) in text), None)


def test_bell_counts_what_is_due_not_seen_and_not_withdrawn(tell, member, secretary, as_user):
    for key in ("a", "b", "da-xem", "da-thoi"):
        tell(member.member, key=key)
    tell(member.member, key="mai-sau", due_at=at(days=5))
    tell(member.member, key="nam-ngoai", due_at=at(days=-61))
    tell(secretary.member, key="cua-bi-thu")
    Notice.objects.filter(key="da-xem").update(seen_at=timezone.now())
    Notice.objects.filter(key="da-thoi").update(outcome="withdrawn")
    assert bell(as_user(member).get("/help/")) == 2


def test_bell_is_quiet_when_all_was_seen(tell, member, as_user, client):
    page = as_user(member).get("/help/")
    assert (bell(page), 'id="bell"' in words(page)) == (None, True)
    client.logout()
    assert 'id="bell"' not in words(client.get("/help/"))


def test_bell_costs_no_query(tell, member, as_user, django_assert_num_queries):
    for key in "abc":
        tell(member.member, key=key)
    client = as_user(member)
    with django_assert_num_queries(3):  # session, account with member, posts and number, cells: as before the bell
        assert bell(client.get("/help/")) == 3


def test_seen_is_said_by_a_post_only(tell, member, as_user):
    tell(member.member)
    client = as_user(member)
    page = words(client.get("/notices/"))
    assert ('hx-trigger="load delay:2s, submit"' in page, ">Mới</span>" in page) == (True, True)
    assert client.get("/notices/seen/").status_code == 405
    assert Notice.objects.get().seen_at is None


def test_seen_without_scripts_comes_back_to_the_list(tell, member, as_user):
    tell(member.member)
    client = as_user(member)
    page = client.post("/notices/seen/", follow=True)
    assert page.redirect_chain == [("/notices/", 302)]
    text = words(page)
    assert ("Đã đánh dấu mọi thông báo là đã xem." in text, ">Mới</span>" in text, "Đánh dấu đã xem hết" in text) == (
        True, False, False,
    )  # fmt: skip


def test_seen_with_htmx_answers_with_the_quiet_bell(tell, member, as_user):
    tell(member.member)
    answer = as_user(member).post("/notices/seen/", headers={"hx-request": "true"})
    text = words(answer)
    assert (answer.status_code, 'hx-swap-oob="true"' in text, bell(answer)) == (200, True, None)
    assert Notice.objects.get().seen_at is not None


def test_the_bell_keeps_what_came_after_the_list_was_made(tell, member, as_user):
    tell(member.member, key="a")
    shown = timezone.now().isoformat()
    tell(member.member, key="b")
    answer = as_user(member).post("/notices/seen/", {"until": shown}, headers={"hx-request": "true"})
    assert (bell(answer), "Có 1 thông báo mới đến sau đó." in words(answer)) == (1, True)


def test_seen_with_a_time_that_is_none_marks_nothing_and_claims_nothing(tell, member, as_user):
    tell(member.member)
    page = as_user(member).post("/notices/seen/", {"until": "hôm qua"}, follow=True)
    assert ("Đã đánh dấu" in words(page), Notice.objects.get().seen_at) == (False, None)


def test_seen_leaves_what_came_after_the_list_was_made(tell, member):
    tell(member.member, key="a")
    shown = timezone.now()
    tell(member.member, key="b")
    assert reading.mark_seen(member.member, until=shown) == 1
    assert list(Notice.objects.order_by("key").filter(seen_at=None).values_list("key", flat=True)) == ["b"]


def test_seen_is_ones_own_and_not_of_later_days(tell, member, secretary):
    tell(member.member, key="a", due_at=at(days=5))
    tell(secretary.member, key="b")
    assert (reading.mark_seen(member.member), reading.mark_seen(member.member)) == (0, 0)
    assert Notice.objects.filter(seen_at=None).count() == 2


# How one wants to be told


def test_choosing_is_kept_and_shown_on_ones_own_page(member, as_user):
    client = as_user(member)
    assert f"Gửi thư điện tử và báo trong Chibo: {member.member.email}" in words(client.get("/me/"))
    page = words(client.post("/notices/settings/", {"channel": "in_app"}, follow=True))
    assert "Đã ghi cách nhận thông báo." in page
    assert '<p class="mb-0">Chỉ báo trong Chibo</p>' in page
    assert list(Preference.objects.values_list("member", "channel")) == [(member.member_id, "in_app")]
    assert Activity.objects.get().verb == "notice.channel_chosen"


def test_choosing_nothing_is_asked_again(member, as_user):
    page = as_user(member).post("/notices/settings/", {"channel": ""})
    assert (page.status_code, "Chọn cách nhận thông báo." in words(page)) == (422, True)


def test_who_has_no_address_is_told_so(member, as_user):
    member.member.email = ""
    member.member.save()
    assert "Đồng chí chưa có địa chỉ thư điện tử trong danh sách." in words(as_user(member).get("/notices/settings/"))


def test_preference_and_calendar_are_ones_own(member, secretary):
    Preference.objects.create(member=member.member)
    assert [Preference.objects.visible_to(user).count() for user in (member, secretary)] == [1, 0]


# What one person was told


def test_person_page_is_for_the_committee_and_without_the_private_ones(
    tell, member, secretary, clerk, outsider, superior, as_user
):
    tell(member.member, key="a")
    tell(member.member, key="rieng", private=True)
    url = f"/notices/people/{member.member_id}/"
    page = as_user(secretary).get(url)
    assert [notice.key for notice in page.context["page"]] == ["a"]
    people = (secretary, member, clerk, outsider, superior)
    assert [as_user(user).get(url).status_code for user in people] == [200, 404, 404, 404, 404]


def test_person_page_of_a_visitor_shows_what_this_cell_sent(tell, visitor, other_cell, secretary, outsider, as_user):
    tell(visitor.member, key="chu-nha")
    tell(visitor.member, key="noi-khac", cell=other_cell)
    url = f"/notices/people/{visitor.member_id}/"
    keys = [[notice.key for notice in as_user(user).get(url).context["page"]] for user in (secretary, outsider)]
    assert keys == [["chu-nha"], ["noi-khac"]]


def test_person_page_counts_each_outcome_and_shows_the_error(tell, cell, secretary, as_user):
    person = MemberFactory(cell=cell, full_name="Vũ Thị Ánh", phone="0912 345 678")
    for key in "abc":
        tell(person, key=key)
    Notice.objects.filter(key="a").update(outcome="refused", error="550 No such user", attempts=8)
    Notice.objects.filter(key="b").update(outcome="sent", done_at=timezone.now())
    page = as_user(secretary).get(f"/notices/people/{person.pk}/")
    assert [(row["look"].label, row["number"]) for row in page.context["counts"]] == [
        ("Máy chủ thư từ chối", 1), ("Chờ gửi", 1), ("Đã gửi", 1),
    ]  # fmt: skip
    text = words(page)
    assert ("550 No such user" in text, "đã thử 8 lần" in text, 'href="tel:0912345678"' in text) == (True, True, True)
    assert f'href="/notices/people/{person.pk}/"' in words(as_user(secretary).get(person.get_absolute_url()))
