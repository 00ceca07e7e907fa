"""The page of the diary: the committee reads its cell's, others their own lines (DESIGN §2, "Who may")."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.activity import record
from tests.members.chains import sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(cell, other_cell, secretary, member, outsider):
    record(member.member, "member.added", by=secretary)
    record(cell, "organisation.changed", by=secretary)
    record(member.member, "member.changed", by=member)
    record(other_cell, "organisation.changed", by=outsider)
    record(member.member, "account.given", by=None)


def shown(response):
    return [(entry.line.organisation.short_name, entry.line.seq) for entry in response.context["entries"]]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("bithu", [("Một", 4), ("Một", 3), ("Một", 2), ("Một", 1)]),
        ("phobithu", [("Một", 4), ("Một", 3), ("Một", 2), ("Một", 1)]),
        ("chiuy", [("Một", 4), ("Một", 3), ("Một", 2), ("Một", 1)]),
        ("dangvien", [("Một", 3)]),
        ("thuquy", []),
        ("captren", []),
        ("quantri", []),
        ("chibokhac", [("Hai", 1)]),
    ],
)
def test_who_reads_which_lines(cast, lines, as_user, who, expected):
    assert shown(as_user(cast[who]).get("/diary/")) == expected


def test_filters_by_person_kind_and_month(lines, member, secretary, as_user):
    client = as_user(secretary)
    assert shown(client.get(f"/diary/?nguoi={member.pk}")) == [("Một", 3)]
    assert shown(client.get("/diary/?nguoi=he-thong")) == [("Một", 4)]
    assert shown(client.get("/diary/?loai=tai-khoan")) == [("Một", 4)]
    assert shown(client.get(f"/diary/?loai=dang-vien&nguoi={secretary.pk}")) == [("Một", 2), ("Một", 1)]
    assert len(shown(client.get(f"/diary/?thang={timezone.localdate():%Y-%m}"))) == 4
    assert shown(client.get("/diary/?thang=2001-01")) == []


@pytest.mark.parametrize("query", ["nguoi=²&loai=x&thang=2026-13", "trang=abc", "thang=0000-00", "thang=9999-12"])
def test_wrong_filters_break_nothing(lines, secretary, as_user, query):
    assert as_user(secretary).get(f"/diary/?{query}").status_code == 200


def test_member_cannot_filter_by_others(lines, member, secretary, as_user):
    assert shown(as_user(member).get(f"/diary/?nguoi={secretary.pk}")) == [("Một", 3)]


def test_line_shows_sentence_number_and_short_hash(lines, member, secretary, as_user):
    response = as_user(secretary).get("/diary/")
    entry = response.context["entries"][1]
    assert (entry.text, entry.url) == ("sửa thông tin của một đồng chí", f"/members/{member.member.pk}/")
    text = response.content.decode()
    assert f"số 3, mã {entry.line.hash[:8]}" in text
    assert "Nhật ký chỉ ghi thêm, không sửa được" in text


def test_line_links_only_what_the_person_may_see(cell, other_cell, secretary, as_user):
    """The line stays where the object is out of sight."""
    from tests.factories import MemberFactory

    away = MemberFactory(cell=other_cell)
    record(away, "member.changed", by=secretary, organisation=cell)
    [entry] = as_user(secretary).get("/diary/").context["entries"]
    assert entry.url == ""


def test_unknown_verb_stands_for_itself(cell, secretary, as_user):
    record(cell, "something.unheard", by=secretary)
    assert as_user(secretary).get("/diary/").context["entries"][0].text == "something.unheard"


def test_months_go_back_to_the_first_line(cell, secretary, as_user):
    record(cell, "organisation.changed", by=secretary)
    today = timezone.localdate()
    before = today.replace(year=today.year - 1, day=1)
    sql("UPDATE members_activity SET at = %s", timezone.make_aware(timezone.datetime(before.year, before.month, 5)))
    months = [value for value, _ in as_user(secretary).get("/diary/").context["months"]]
    assert (len(months), months[0], months[-1]) == (13, f"{today:%Y-%m}", f"{before:%Y-%m}")


def test_page_holds_thirty_lines_and_asks_the_same_queries_for_one_and_many(cell, secretary, member, as_user):
    client = as_user(secretary)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            response = client.get("/diary/")
        return len(captured), len(response.context["entries"])

    record(member.member, "member.changed", by=secretary)
    few = queries()
    for _ in range(40):
        record(member.member, "member.changed", by=member)
    many = queries()
    assert (few[1], many[1]) == (1, 30)
    assert few[0] == many[0] <= 12
