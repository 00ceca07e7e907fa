"""At most twelve queries on any page that lists something, the same for one row and for three (DESIGN §7)."""

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from tests.matrix import crowd
from tests.matrix.stage import stage

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", params=[1, 3], ids=["1 row", "3 rows"])
def world(request, django_db_setup, django_db_blocker):
    with stage(django_db_blocker, partial(crowd.build, request.param)) as made:
        yield made


# who, address, its argument in the crowd, queries (session and account among them)
PAGES = [
    ("dangvien", "home", None, 10),
    ("bithu", "home", None, 12),
    ("captren", "home", None, 7),
    ("dangvien", "me", None, 6),
    ("bithu", "all", None, 4),
    ("bithu", "search", "?q=muong", 9),
    ("dangvien", "search", "?q=muong", 9),
    ("dangvien", "search", "?q=uong", 10),  # inside of words, after nothing was found
    ("bithu", "meetings:list", None, 9),
    ("dangvien", "meetings:list", None, 8),
    ("bithu", "meetings:detail", "draft", 11),
    ("bithu", "meetings:detail", "notified", 11),
    ("dangvien", "meetings:detail", "notified", 9),
    ("bithu", "meetings:detail", "session", 10),
    ("bithu", "meetings:agenda", "draft", 11),
    ("bithu", "meetings:agenda", "notified", 11),
    ("bithu", "meetings:order", "draft", 7),
    ("bithu", "meetings:papers", "notified", 8),
    ("dangvien", "meetings:papers", "notified", 6),
    ("bithu", "meetings:opinions", "notified", 8),
    ("dangvien", "meetings:opinions", "notified", 7),
    ("bithu", "meetings:replies", "notified", 10),
    ("thuky", "meetings:session", "session", 12),
    ("thuky", "meetings:attendance", "session", 8),
    ("thuky", "meetings:officers", "session", 12),
    ("thuky", "meetings:vote", "vote", 9),
    ("thuky", "meetings:minutes", "session", 11),
    ("bithu", "meetings:minutes", "written", 11),
    ("dangvien", "meetings:review", "session", 6),
    ("thuky", "meetings:review", "session", 7),
    ("bithu", "meetings:topic", "topic", 11),
    ("dangvien", "meetings:topic", "old", 9),
    ("bithu", "resolutions:list", None, 8),
    ("dangvien", "resolutions:list", None, 8),
    ("bithu", "resolutions:detail", "resolution", 9),
    ("bithu", "resolutions:clauses", None, 10),
    ("dangvien", "resolutions:clauses", None, 10),
    ("bithu", "resolutions:clause", "clause", 11),
    ("bithu", "members:list", None, 9),
    ("dangvien", "members:list", None, 7),
    ("captren", "members:list", None, 8),
    ("quantri", "members:list", None, 10),
    ("bithu", "members:detail", "member", 11),
    ("dangvien", "members:detail", "member", 8),
    ("bithu", "members:cell", "cell", 7),
    ("captren", "members:cell", "above", 9),
    ("quantri", "members:post_choose", "above", 7),
    ("dangvien", "assignments:list", None, 9),
    ("bithu", "assignments:list", "?muc=chi-bo", 7),
    ("bithu", "assignments:detail", "task", 10),
    ("bithu", "assignments:board", None, 8),
    ("dangvien", "notices:list", None, 6),
    ("bithu", "notices:list", "?muc=chi-bo", 6),
    ("bithu", "notices:phone_list", None, 6),
    ("bithu", "notices:person", "member", 8),
    ("bithu", "unpaid_evidence", "member", 10),
    ("bithu", "meetings:notices", "notified", 8),
    ("dangvien", "notices:settings", None, 5),
    ("bithu", "members:diary", "?loai=nhiem-vu", 9),
    ("dangvien", "members:diary", "?loai=nhiem-vu", 8),
    ("bithu", "calendar:year", "year", 10),
    ("dangvien", "calendar:year", "year", 7),
    ("dangvien", "fees:me", None, 11),
    ("bithu", "fees:me", None, 12),
    ("dangvien", "fees:declare", None, 6),
    ("thuquy", "fees:declarations", None, 6),
    ("thuquy", "fees:declarations", "?loc=chua-ke-khai", 8),
    ("dangvien", "fees:declaration", "declaration", 6),
    ("bithu", "fees:waivers", None, 6),
    ("bithu", "fees:waiver", "waiver", 5),
    ("bithu", "members:days", "year", 6),
    ("captren", "members:days", "year", 7),
    ("bithu", "members:rules", None, 7),
    ("captren", "members:rules", None, 8),
    ("thuquy", "fees:sources", None, 6),
    ("thuquy", "fees:source", "source", 5),
    ("thuquy", "fees:statements", None, 7),
    ("thuquy", "fees:statement", "statement", 8),
    ("thuquy", "fees:statement_line", "line", 7),
    ("thuquy", "fees:year", "fee_year", 10),
    ("bithu", "fees:year", "fee_year", 11),
    ("dangvien", "fees:year", "fee_year", 12),
    ("thuquy", "fees:month", "fee_month", 10),
    ("bithu", "fees:month", "fee_month", 9),
    ("dangvien", "fees:month", "fee_month", 12),
    ("thuquy", "fees:month", "fee_closed", 11),
    ("thuquy", "fees:pay", "fee_payer", 6),
    ("thuquy", "fees:month_move", "fee_move", 12),
    ("thuquy", "fees:correct", "fee_due", 8),
    ("dangvien", "fees:receipt", "fee_receipt", 9),
    ("thuquy", "fees:receipt", "fee_receipt", 10),
    ("thuquy", "fees:cash", None, 11),
    ("bithu", "fees:cash", None, 11),
    ("thuquy", "fees:cash", "?noi=cash", 11),
    ("bithu", "fees:counts", None, 6),
    ("dangvien", "fees:public", None, 11),
    ("thuquy", "fees:public", None, 10),
    ("captren", "fees:overseen", None, 10),
    ("thuquy", "fees:voucher", "voucher", 7),
    ("bithu", "fees:count_detail", "count", 5),
    ("thuquy", "fees:remit", None, 6),
    ("thuquy", "fees:count", None, 4),
    ("bithu", "fees:audits", None, 7),
    ("thuky", "fees:audit", "audit", 11),
    ("bithu", "fees:audit", "audit", 11),
    ("thuky", "fees:audit", "audit_open", 12),
    ("thuquy", "fees:audit", "audit_open", 12),
    ("thuky", "fees:audit_sign", "audit_sealed", 9),
    ("thuky", "fees:demand_new", "audit_open", 8),
    ("thuquy", "fees:handover_sign", "handover_sealed", 6),
    ("thuquy", "fees:finding", "finding", 6),
    ("bithu", "fees:audit_new", None, 8),
    ("bithu", "fees:handovers", None, 7),
    ("thuquy", "fees:handover", "handover", 6),
    ("thuquy", "fees:handover_new", None, 7),
    ("dangvien", "usersessions_list", None, 5),
    ("bithu", "demo_mail", None, 4),
]


@pytest.mark.parametrize(("who", "name", "of", "number"), PAGES)
def test_page_asks_the_same_number_of_queries_for_one_row_and_for_three(
    world, who, name, of, number, django_assert_num_queries
):
    client = Client()
    client.force_login(world["who"][who], backend="members.backends.MemberBackend")
    url = address(world, name, of)
    assert client.get(url).status_code == 200  # what is read once in the life of a worker
    with django_assert_num_queries(number):
        client.get(url)


def address(world, name, of):
    if of is None or of.startswith("?"):
        return reverse(name) + (of or "")
    return reverse(name, args=world["args"][of])


def test_diary_of_every_kind_stays_within_twelve(world, django_assert_max_num_queries):
    """Each kind of object that stands on the page and has one of its own costs a query; there are four."""
    client = Client()
    client.force_login(world["who"]["bithu"], backend="members.backends.MemberBackend")
    with django_assert_max_num_queries(12):
        client.get(reverse("members:diary"))


def test_no_page_may_ask_more_than_twelve():
    assert [row for row in PAGES if not 0 < row[-1] <= 12] == []
