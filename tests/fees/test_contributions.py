"""What the fee book offers to an agenda (issue 4, "life": collecting and closing are items of the monthly meeting)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fees.contributions import proposals
from fees.models import FeeMonth
from fees.services.collecting import pay
from fees.states import DueKind, Method
from meetings.offers import OFFERS
from tests.factories import MemberFactory
from tests.fees.conftest import TODAY, add_due, first, shut
from tests.fees.people import lay

pytestmark = pytest.mark.django_db


def titles(cell, on=TODAY):
    return [row.title for row in proposals(cell, on)]


def test_agenda_asks_the_fee_book():
    assert proposals in OFFERS


def test_cell_without_open_month_is_offered_nothing(frozen, cell):
    with CaptureQueriesContext(connection) as queries:
        assert proposals(cell, TODAY) == []
    assert len(queries) == 1


def test_open_month_is_offered_with_a_number_and_no_names(book, cell, collector, member):
    """Rule fee.names_in_agenda stands at "không": a number only; months before close in one item."""
    collect, close = proposals(cell, TODAY)
    assert (collect.title, collect.section, collect.source, collect.presenter_id) == (
        "Thu đảng phí tháng 11/2026, còn 2 đồng chí chưa đóng", "B", "Sổ đảng phí", collector.member_id,
    )  # fmt: skip
    assert close.title == "Khóa sổ đảng phí các tháng 09/2026 đến 10/2026"
    assert [collect.key, close.key] == [f"fee_collect:{cell.pk}:2026-11", f"fee_close:{cell.pk}:2026-09"]


def test_last_month_alone(book, cell):
    shut(book[9])
    assert titles(cell)[1] == "Khóa sổ đảng phí tháng 10/2026"
    shut(book[10])
    assert titles(cell) == ["Thu đảng phí tháng 11/2026, còn 2 đồng chí chưa đóng"]


def test_names_where_the_cell_decided_so(book, cell, member, clerk, collector):
    """ "Nêu tên người chưa đóng trong chương trình họp" = có, do chi bộ quyết định."""
    lay(cell, "fee.names_in_agenda", "có")
    assert titles(cell)[0] == ("Thu đảng phí tháng 11/2026, còn 2 đồng chí chưa đóng: Đỗ Mai Anh, Ngô Xuân Trường")
    pay(cell, clerk.member, 15_930, TODAY, Method.CASH, by=collector, months=[first(11)])
    assert titles(cell)[0] == "Thu đảng phí tháng 11/2026, còn 1 đồng chí chưa đóng: Ngô Xuân Trường"


def test_many_names_fit_the_title(book, cell):
    lay(cell, "fee.names_in_agenda", "có")
    for _ in range(5):
        add_due(book[11], MemberFactory(cell=cell), 5_000)
    assert titles(cell)[0].endswith(" và 3 đồng chí khác")


def test_the_key_stays_while_people_pay(book, cell, member, collector):
    before = [row.key for row in proposals(cell, TODAY)]
    pay(cell, member.member, 3 * 142_000, TODAY, Method.CASH, by=collector)
    assert [row.key for row in proposals(cell, TODAY)] == before


def test_exempt_is_not_counted_as_unpaid(book, cell):
    """Miễn đảng phí không phải là chưa đóng."""
    add_due(book[11], MemberFactory(cell=cell), kind=DueKind.EXEMPT)
    assert titles(cell)[0] == "Thu đảng phí tháng 11/2026, còn 2 đồng chí chưa đóng"


def test_everybody_paid_is_offered_without_a_number(frozen, cell):
    FeeMonth.objects.create(cell=cell, month=first(11))
    assert titles(cell) == ["Thu đảng phí tháng 11/2026"]


def test_month_after_the_meeting_is_not_offered(book, cell):
    assert titles(cell, datetime.date(2026, 10, 5)) == [
        "Thu đảng phí tháng 10/2026, còn 2 đồng chí chưa đóng", "Khóa sổ đảng phí tháng 09/2026",
    ]  # fmt: skip


def test_same_queries_for_many(book, cell, collector):
    with CaptureQueriesContext(connection) as few:
        proposals(type(cell).objects.get(pk=cell.pk), TODAY)
    for _ in range(4):
        add_due(book[11], MemberFactory(cell=cell), 5_000)
    with CaptureQueriesContext(connection) as many:
        proposals(type(cell).objects.get(pk=cell.pk), TODAY)
    assert len(few) == len(many)
