"""Pages: one's own notices; the committee sees what its cell sent, but for private ones."""

import pytest
from django.conf import settings
from django.utils import timezone

from notices import queries
from notices.models import Notice
from notices.services import planning
from tests.factories import MemberFactory, at
from tests.notices.conftest import words

pytestmark = pytest.mark.django_db


def shown(response):
    return [notice.key for notice in response.context["page"]]


def test_list_shows_my_own_due_notices(tell, member, secretary, as_user):
    tell(member.member, key="cua-toi")
    tell(member.member, key="mai-sau", due_at=at(days=5))
    tell(secretary.member, key="cua-bi-thu")
    tell(member.member, key="da-thoi")
    Notice.objects.filter(key="da-thoi").update(outcome="withdrawn")
    assert shown(as_user(member).get("/notices/")) == ["cua-toi"]


def test_list_of_the_cell_is_for_its_committee(tell, member, committee, outsider, as_user):
    tell(member.member, key="cua-dang-vien")
    tell(member.member, key="rieng", private=True)
    assert shown(as_user(committee).get("/notices/?muc=chi-bo")) == ["cua-dang-vien"]
    assert shown(as_user(outsider).get("/notices/?muc=chi-bo")) == []
    assert set(shown(as_user(member).get("/notices/?muc=chi-bo"))) == {"cua-dang-vien", "rieng"}  # only one's own list


def test_list_filters_by_outcome_and_kind(tell, member, secretary, as_user):
    tell(member.member, key="a")
    tell(member.member, key="b")
    tell(member.member, key="c")
    Notice.objects.filter(key="b").update(outcome="no_address", done_at=timezone.now())
    Notice.objects.filter(key="c").update(kind="meeting.notified")
    client = as_user(secretary)
    assert shown(client.get("/notices/?muc=chi-bo&ket-qua=khong-dia-chi")) == ["b"]
    assert shown(client.get("/notices/?muc=chi-bo&loai=cuoc-hop")) == ["c"]
    assert shown(client.get("/notices/?muc=chi-bo&loai=nhiem-vu&ket-qua=cho")) == ["a"]
    assert len(shown(client.get("/notices/?muc=chi-bo&loai=la&ket-qua=la"))) == 3


def test_detail_is_seen_by_recipient_and_committee_only(tell, member, secretary, clerk, outsider, superior, as_user):
    url = tell(member.member).get_absolute_url()
    answers = [as_user(user).get(url).status_code for user in (member, secretary, clerk, outsider, superior)]
    assert answers == [200, 200, 404, 404, 404]


def test_detail_private_is_seen_by_the_recipient_only(tell, member, secretary, as_user):
    url = tell(member.member, private=True).get_absolute_url()
    assert [as_user(user).get(url).status_code for user in (member, secretary)] == [200, 404]


def test_detail_shows_what_was_said_and_what_the_server_answered(tell, member, as_user):
    notice = tell(member.member)
    Notice.objects.update(outcome="refused", error="550 No such user", attempts=1, done_at=timezone.now())
    page = as_user(member).get(notice.get_absolute_url()).content.decode()
    assert "Người giao: đồng chí Trần Quốc Bình" in page
    assert "550 No such user" in page
    assert "Máy chủ thư từ chối" in page


def test_phone_list_shows_whom_no_mail_reached(tell, cell, member, secretary, as_user):
    silent = MemberFactory(cell=cell, full_name="Vũ Thị Ánh", email="", phone="0912 345 678")
    tell(silent, key="a")
    tell(member.member, key="b")
    Notice.objects.filter(key="a").update(outcome="no_address", done_at=timezone.now())
    Notice.objects.filter(key="b").update(outcome="sent", done_at=timezone.now())
    response = as_user(secretary).get("/notices/phone-list/")
    assert shown(response) == ["a"]
    assert 'href="tel:0912345678"' in response.content.decode()
    assert as_user(member).get("/notices/phone-list/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("url", "queries"), [("/notices/", 5), ("/notices/?muc=chi-bo", 5), ("/notices/phone-list/", 5)]
)
def test_lists_ask_the_same_number_of_queries(
    tell, cell, secretary, as_user, django_assert_num_queries, rows, url, queries
):
    for number in range(rows):
        tell(secretary.member if url == "/notices/" else MemberFactory(cell=cell), key=f"k{number}")
    if "phone" in url:
        Notice.objects.update(outcome="no_address", done_at=timezone.now())
    client = as_user(secretary)
    with django_assert_num_queries(queries):
        assert len(shown(client.get(url))) == rows


def test_every_kind_of_notice_stands_under_one_chip_of_the_cell(cell, tell):
    kinds = {path.stem for path in (settings.BASE_DIR / "templates/email").glob("*.txt")} - {"base", "part"}
    person = MemberFactory(cell=cell)
    for kind in kinds:
        planning.plan(person, kind, kind, cell=cell, subject=kind, context={})
    found = [
        kind for which in queries.KINDS.values() for kind in Notice.objects.filter(which).values_list("kind", flat=True)
    ]
    assert sorted(found) == sorted(kinds)
    assert list(queries.GROUPS) == list(queries.KINDS)


def test_phone_list_names_each_person_once_even_with_a_namesake(cell, tell, secretary, as_user):
    people = [MemberFactory(cell=cell, full_name="Trần Văn Nam", email="") for _ in range(2)]
    for number in range(4):
        tell(people[number % 2], key=f"{number}", due_at=at(days=-number - 1))
    Notice.objects.update(outcome="no_address", done_at=timezone.now())
    rows = list(as_user(secretary).get("/notices/phone-list/").context["page"])
    assert [row.recipient_id for row in rows] == [people[0].pk] * 2 + [people[1].pk] * 2


def test_page_of_a_notice_that_cannot_be_rendered_says_what_became_of_it(cell, secretary, as_user, caplog):
    notice = planning.plan(secretary.member, "no.such", "x", cell=cell, subject="Hỏng", context={})
    Notice.objects.update(outcome="refused", error="Không dựng được nội dung thư: email/no.such.txt")
    page = as_user(secretary).get(notice.get_absolute_url())
    assert (page.status_code, "Không dựng được nội dung thư" in words(page)) == (200, True)
