"""The part of the minutes that the fee book offers (issue 4, "life": the minutes get their fee section)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fees.contributions import minutes
from fees.services.collecting import pay
from fees.services.months import close_month, open_month
from fees.states import DueKind, Method
from tests.factories import MemberFactory
from tests.fees.cashbook import DAY, opened, remit, take_back
from tests.fees.conftest import TODAY, add_due, first, shut
from tests.fees.people import lay, payer

pytestmark = pytest.mark.django_db
SINCE = first(11)
NOTHING_UP = "Từ sau buổi họp ngày 01/11/2026 chưa nộp cấp trên lần nào."


def lines(cell, on=TODAY, since=SINCE):
    return [line for section in minutes(cell, on, since) for line in section.lines]


def test_cell_without_book_has_no_section(frozen, cell):
    with CaptureQueriesContext(connection) as queries:
        assert minutes(cell, TODAY, SINCE) == []
    assert len(queries) == 1


def test_open_months_are_counted_without_sums_and_names(book, cell, member, collector):
    """Sums of an open month are for the chi ủy; every member reads the minutes."""
    pay(cell, member.member, 142_000, DAY, Method.CASH, by=collector, months=[first(11)])
    (section,) = minutes(cell, TODAY, SINCE)
    assert (section.heading, section.source) == ("Thu, nộp đảng phí", "Sổ đảng phí")
    assert section.lines == (
        "Sổ tháng 09/2026 đang thu: đã đóng đủ 0/2 đồng chí.",
        "Sổ tháng 10/2026 đang thu: đã đóng đủ 0/2 đồng chí.",
        "Sổ tháng 11/2026 đang thu: đã đóng đủ 1/2 đồng chí.",
        NOTHING_UP,
    )


def test_names_stay_in_the_agenda(book, cell):
    """ "Nêu tên người chưa đóng trong chương trình họp" speaks of the agenda; minutes are kept and leave the cell."""
    lay(cell, "fee.names_in_agenda", "có")
    assert lines(cell)[2] == "Sổ tháng 11/2026 đang thu: đã đóng đủ 0/2 đồng chí."


def test_closed_month_tells_its_sums(frozen, cell, superior_body, collector):
    lay(superior_body, "fee.retained_percent", "30")
    paid, unpaid = payer(cell), payer(cell)
    month = open_month(cell, first(10), by=collector)
    pay(cell, paid, 70_200, first(10), Method.CASH, by=collector)
    close_month(month, by=collector, reasons={due.member_id: "Thiếu hồ sơ" for due in month.dues.all()})
    told = lines(cell)
    assert told[0].startswith(
        "Sổ tháng 10/2026 đã khóa: thu 70.200 đồng, để lại chi bộ 21.060 đồng, phải nộp cấp trên 49.140 đồng; "
        "đã đóng đủ 1/"
    )
    assert paid.full_name not in told[0]
    assert unpaid.full_name not in told[0]


def test_closed_month_not_divided_says_so(book, cell):
    shut(book[9])
    assert lines(cell)[0] == (
        "Sổ tháng 09/2026 đã khóa: thu 0 đồng, chưa trích để lại, phải nộp; đã đóng đủ 0/2 đồng chí."
    )


def test_month_closed_before_the_last_meeting_is_not_told_again(book, cell):
    shut(book[9])
    assert lines(cell, since=TODAY)[0] == "Sổ tháng 10/2026 đang thu: đã đóng đủ 0/2 đồng chí."


def test_whose_due_is_not_counted_is_said_apart_and_who_pays_nothing_left_out(book, cell):
    add_due(book[11], MemberFactory(cell=cell), kind=DueKind.UNDECLARED)
    add_due(book[11], MemberFactory(cell=cell), kind=DueKind.EXEMPT)
    add_due(book[11], MemberFactory(cell=cell), kind=DueKind.ELSEWHERE)
    assert lines(cell)[2] == ("Sổ tháng 11/2026 đang thu: đã đóng đủ 0/3 đồng chí, 1 đồng chí chưa tính được mức đóng.")


def test_what_went_up_since_the_last_meeting(book, cell, collector):
    opened(cell, collector)
    remit(cell, collector, amount=200_000)
    back = remit(cell, collector, paper_number="GNT 13")
    take_back(back.voucher, collector)
    sent = "200.000 đồng ngày 10/11/2026 cho Đảng ủy phường Thử, đến hết tháng 10/2026, chứng từ GNT 12."
    assert lines(cell)[-1] == f"Từ sau buổi họp ngày 01/11/2026 đã nộp cấp trên: {sent}"
    assert lines(cell, since=None)[-1] == f"Từ đầu năm 2026 đã nộp cấp trên: {sent}"
    assert lines(cell, since=DAY)[-1] == "Từ sau buổi họp ngày 10/11/2026 chưa nộp cấp trên lần nào."


def test_many_open_months_are_drawn_together(frozen, book, cell):
    for number in (7, 8):
        add_due(book[9].__class__.objects.create(cell=cell, month=first(number)), MemberFactory(cell=cell), 5_000)
    assert lines(cell)[3] == "Sổ các tháng 07/2026 đến 08/2026 chưa khóa."


def test_what_came_in_after_the_meeting_is_not_counted(book, cell, member, collector):
    pay(cell, member.member, 142_000, TODAY, Method.CASH, by=collector, months=[first(11)])
    assert lines(cell, on=DAY)[2] == "Sổ tháng 11/2026 đang thu: đã đóng đủ 0/2 đồng chí."


def test_same_queries_for_many(book, cell):
    cell = type(cell).objects.select_related("parent").get(pk=cell.pk)
    with CaptureQueriesContext(connection) as few:
        minutes(cell, TODAY, SINCE)
    for _ in range(4):
        add_due(book[11], MemberFactory(cell=cell), 5_000)
    with CaptureQueriesContext(connection) as many:
        minutes(cell, TODAY, SINCE)
    assert (len(few), len(many)) == (1, 1)
