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
    ("captren", "home", None, 6),
    ("dangvien", "me", None, 5),
    ("bithu", "all", None, 3),
    ("bithu", "search", "?q=muong", 8),
    ("dangvien", "search", "?q=muong", 8),
    ("dangvien", "search", "?q=uong", 9),  # inside of words, after nothing was found
    ("bithu", "meetings:list", None, 8),
    ("dangvien", "meetings:list", None, 7),
    ("bithu", "meetings:detail", "draft", 10),
    ("bithu", "meetings:detail", "notified", 10),
    ("dangvien", "meetings:detail", "notified", 8),
    ("bithu", "meetings:detail", "session", 9),
    ("bithu", "meetings:agenda", "draft", 11),
    ("bithu", "meetings:agenda", "notified", 9),
    ("bithu", "meetings:order", "draft", 6),
    ("bithu", "meetings:papers", "notified", 7),
    ("dangvien", "meetings:papers", "notified", 5),
    ("bithu", "meetings:opinions", "notified", 7),
    ("dangvien", "meetings:opinions", "notified", 6),
    ("bithu", "meetings:replies", "notified", 9),
    ("thuky", "meetings:session", "session", 11),
    ("thuky", "meetings:attendance", "session", 7),
    ("thuky", "meetings:officers", "session", 11),
    ("thuky", "meetings:vote", "vote", 8),
    ("thuky", "meetings:minutes", "session", 12),
    ("bithu", "meetings:minutes", "written", 10),
    ("dangvien", "meetings:review", "session", 5),
    ("thuky", "meetings:review", "session", 6),
    ("bithu", "meetings:topic", "topic", 10),
    ("dangvien", "meetings:topic", "old", 8),
    ("bithu", "resolutions:list", None, 7),
    ("dangvien", "resolutions:list", None, 7),
    ("bithu", "resolutions:detail", "resolution", 8),
    ("bithu", "resolutions:clauses", None, 9),
    ("dangvien", "resolutions:clauses", None, 9),
    ("bithu", "resolutions:clause", "clause", 10),
    ("bithu", "members:list", None, 8),
    ("dangvien", "members:list", None, 6),
    ("captren", "members:list", None, 7),
    ("quantri", "members:list", None, 9),
    ("bithu", "members:detail", "member", 10),
    ("dangvien", "members:detail", "member", 7),
    ("bithu", "members:cell", "cell", 6),
    ("captren", "members:cell", "above", 8),
    ("quantri", "members:post_choose", "above", 6),
    ("dangvien", "assignments:list", None, 9),
    ("bithu", "assignments:list", "?muc=chi-bo", 6),
    ("bithu", "assignments:detail", "task", 9),
    ("bithu", "assignments:board", None, 7),
    ("dangvien", "notices:list", None, 5),
    ("bithu", "notices:list", "?muc=chi-bo", 5),
    ("bithu", "notices:phone_list", None, 5),
    ("bithu", "notices:person", "member", 7),
    ("bithu", "unpaid_evidence", "member", 9),
    ("bithu", "meetings:notices", "notified", 7),
    ("dangvien", "notices:settings", None, 4),
    ("bithu", "members:diary", "?loai=nhiem-vu", 8),
    ("dangvien", "members:diary", "?loai=nhiem-vu", 7),
    ("bithu", "calendar:year", "year", 9),
    ("dangvien", "calendar:year", "year", 6),
    ("dangvien", "fees:me", None, 10),
    ("bithu", "fees:me", None, 11),
    ("dangvien", "fees:declare", None, 5),
    ("thuquy", "fees:declarations", None, 5),
    ("thuquy", "fees:declarations", "?loc=chua-ke-khai", 7),
    ("dangvien", "fees:declaration", "declaration", 5),
    ("bithu", "fees:waivers", None, 5),
    ("bithu", "fees:waiver", "waiver", 4),
    ("bithu", "members:days", "year", 5),
    ("captren", "members:days", "year", 6),
    ("bithu", "members:rules", None, 6),
    ("captren", "members:rules", None, 7),
    ("thuquy", "fees:sources", None, 5),
    ("thuquy", "fees:source", "source", 4),
    ("thuquy", "fees:statements", None, 6),
    ("thuquy", "fees:statement", "statement", 11),
    ("thuquy", "fees:statement_line", "line", 7),
    ("thuquy", "fees:year", "fee_year", 9),
    ("bithu", "fees:year", "fee_year", 9),
    ("dangvien", "fees:year", "fee_year", 10),
    ("thuquy", "fees:books", "fee_year", 5),
    ("bithu", "fees:books", "fee_year", 5),
    ("dangvien", "fees:books", "fee_year", 8),
    ("thuquy", "fees:arrears", "fee_year", 7),
    ("bithu", "fees:arrears", "fee_year", 7),
    ("thuquy", "fees:cell_year", "fee_year", 8),
    ("dangvien", "fees:cell_year", "fee_year", 9),
    ("thuquy", "fees:month", "fee_month", 9),
    ("bithu", "fees:month", "fee_month", 8),
    ("dangvien", "fees:month", "fee_month", 11),
    ("thuquy", "fees:month", "fee_closed", 10),
    ("thuquy", "fees:pay", "fee_payer", 5),
    ("thuquy", "fees:month_move", "fee_move", 12),
    ("thuquy", "fees:correct", "fee_due", 7),
    ("dangvien", "fees:receipt", "fee_receipt", 7),
    ("thuquy", "fees:receipt", "fee_receipt", 8),
    ("thuquy", "fees:cash", None, 10),
    ("bithu", "fees:cash", None, 11),
    ("thuquy", "fees:cash", "?noi=cash", 10),
    ("bithu", "fees:counts", None, 5),
    ("dangvien", "fees:public", None, 11),
    ("thuquy", "fees:public", None, 9),
    ("captren", "fees:overseen", None, 9),
    ("thuquy", "fees:voucher", "voucher", 6),
    ("bithu", "fees:count_detail", "count", 4),
    ("thuquy", "fees:remit", None, 5),
    ("thuquy", "fees:count", None, 3),
    ("bithu", "fees:audits", None, 6),
    ("thuky", "fees:audit", "audit", 10),
    ("bithu", "fees:audit", "audit", 10),
    ("thuky", "fees:audit", "audit_open", 10),
    ("thuquy", "fees:audit", "audit_open", 10),
    ("thuky", "fees:audit_sign", "audit_sealed", 8),
    ("thuky", "fees:demand_new", "audit_open", 7),
    ("thuquy", "fees:handover_sign", "handover_sealed", 5),
    ("thuquy", "fees:finding", "finding", 5),
    ("bithu", "fees:audit_new", None, 7),
    ("bithu", "fees:handovers", None, 6),
    ("thuquy", "fees:handover", "handover", 5),
    ("thuquy", "fees:handover_new", None, 6),
    ("dangvien", "pledges:year", "pledge_year", 8),
    ("bithu", "pledges:year", "pledge_year", 11),
    ("dangvien", "pledges:pledge", "pledge", 9),
    ("bithu", "pledges:pledge", "pledge", 9),
    ("thuky", "pledges:pledge_write", "pledge_draft", 7),
    ("dangvien", "pledges:report", "pledge_report", 5),
    ("dangvien", "pledges:assessment", "pledge_paper", 5),
    ("dangvien", "pledges:assessment_write", "pledge_paper", 7),
    ("dangvien", "reviews:turns", "turn_year", 6),
    ("bithu", "reviews:turns", "turn_year", 8),
    ("dangvien", "reviews:turn", "turn_planned", 6),
    ("dangvien", "reviews:turn", "turn_done", 9),
    ("bithu", "reviews:turn", "turn_done", 9),
    ("thuky", "reviews:turn", "turn_now", 10),
    ("dangvien", "reviews:turn_write", "turn_planned", 5),
    ("bithu", "reviews:turn_move", "turn_show", 4),
    ("bithu", "reviews:turn_new", "turn_meeting", 5),
    ("dangvien", "reviews:shortcomings", None, 5),
    ("bithu", "reviews:shortcomings", None, 5),
    ("dangvien", "reviews:shortcoming", "shortcoming", 5),
    ("bithu", "reviews:shortcoming_new", None, 5),
    ("dangvien", "usersessions_list", None, 4),
    ("bithu", "demo_mail", None, 3),
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
