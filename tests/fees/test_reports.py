"""The hub, S01/ĐP, the summary of a period: as PDF and XLSX, with exact sums, for whom they are."""

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from fees.models import Due, FeeMonth
from fees.periods import Period, asked, spans
from fees.queries import reports, summary
from fees.services.collecting import pay
from fees.services.collecting import reverse as take_back
from fees.states import Method, MonthState
from tests.fees.cashbook import remit
from tests.fees.cashbook import take_back as take_back_voucher
from tests.fees.conftest import NOW, TODAY, first
from tests.fees.people import lay
from tests.fees.test_book_pages import text_of

pytestmark = pytest.mark.django_db


def closed(fee_month, collected, due=157_930, percent=None):
    """As a close leaves the row; with ``percent`` also divided (đồng)."""
    shares = {}
    if percent is not None:
        retained = collected * percent // 100
        shares = {"retained_percent": percent, "retained_total": retained, "payable_total": collected - retained}
    values = {"state": MonthState.CLOSED, "closed_at": NOW, "collected_total": collected, "due_total": due}
    FeeMonth.objects.filter(pk=fee_month.pk).update(**values, **shares)


@pytest.fixture
def paid(book, cell, member, collector):
    return pay(cell, member.member, 284_000, TODAY, Method.CASH, by=collector)


def file_of(client, name, query=""):
    return client.get(reverse(f"fees:{name}", args=[2026]) + query)


def sheets_of(data):
    """{name of the sheet: its rows}."""
    book = load_workbook(BytesIO(data))
    return {page.title: [list(row) for row in page.iter_rows(values_only=True)] for page in book}


def words_of(data):
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages)


# Periods


@pytest.mark.parametrize(
    ("tu", "den", "words"),
    [
        ("", "", "năm 2026"), ("1", "12", "năm 2026"), ("1", "6", "6 tháng đầu năm 2026"), ("", "3", "quý I năm 2026"),
        ("10", "", "quý IV năm 2026"), ("3", "3", "tháng 03/2026"), ("2", "5", "từ tháng 02 đến tháng 05/2026"),
        ("5", "2", "năm 2026"), ("0", "13", "năm 2026"), ("x", "²", "năm 2026"),
    ],
)  # fmt: skip
def test_period_has_its_name(tu, den, words):
    """DOMAIN §3.4: period month or quarter."""
    assert asked(2026, {"tu": tu, "den": den}).words == words


def test_months_are_said_in_spans():
    assert spans([first(number) for number in (1, 3, 4, 6, 7, 8)]) == "01/2026, 03/2026, 04/2026, 06/2026 đến 08/2026"
    assert spans([]) == ""


# S01/ĐP


def test_workbook_holds_numbers(paid, member, collector, as_user):
    """DOMAIN §3.4: part I one line per member, part II collected, retained, remitted."""
    found = sheets_of(file_of(as_user(collector), "s01_xlsx", "?tu=9&den=11").content)
    rows = found["Phần I"]
    assert [row[3:] for row in rows if row[1] == member.member.full_name] == [[142_000, 142_000, 0, 284_000]]
    assert rows[-1][3:] == [142_000, 142_000, 0, 284_000]
    assert found["Phần II"][-2] == [3, "11/2026", 284_000, "chưa cấu hình", 0]
    assert found["Phần II"][-1] == [None, "Cộng", 284_000, "chưa đủ", 0]


def test_month_that_is_not_opened_is_no_zero(paid, collector, as_user):
    found = sheets_of(file_of(as_user(collector), "s01_xlsx").content)
    assert [row[2:] for row in found["Phần II"] if row[1] == "12/2026"] == [["chưa mở sổ", None, None]]


def test_book_on_paper(paid, collector, as_user):
    Due.objects.update(rules=[{"verified": False}])
    data = file_of(as_user(collector), "s01_pdf").content
    reader = PdfReader(BytesIO(data))
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages} == {(842, 595)}
    words = words_of(data)
    for sentence in ("Mức đóng có quy định chưa kiểm chứng.", "chưa cấu hình", "284.000", "Mẫu S01/ĐP", "chưa mở sổ"):
        assert sentence in words


def test_book_asks_the_same_for_one_month_and_for_three(paid, cell):
    """What an undivided month waits for is read from the rules of the cell, once."""
    counts = []
    for months in ([first(11)], [first(9), first(10), first(11)]):
        cell = type(cell).objects.get(pk=cell.pk)
        with CaptureQueriesContext(connection) as asked_for:
            found = reports.book(cell, months)
        assert {row.why for row in found.months} == {"chưa cấu hình"}
        counts.append(len(asked_for))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", ["bithu", "phobithu", "chiuy", "dangvien", "captren", "quantri"])
def test_amounts_by_person_are_for_the_collector(book, cast, as_user, who):
    for name in ("s01_pdf", "s01_xlsx"):
        assert file_of(as_user(cast[who]), name).status_code == 403


# The summary


@pytest.fixture
def quarter(stocked, cell, member, collector, superior_body):
    """October closed with 300.000 of which 30 % stay; November open with 142.000; 100.000 went up in November."""
    lay(superior_body, "fee.retained_percent", "30")
    closed(stocked[10], 300_000, percent=30)
    pay(cell, member.member, 142_000, TODAY, Method.CASH, by=collector)
    remit(cell, collector)
    return stocked


def lines_of(data):
    return [row[1:] for row in sheets_of(data)["Chỉ tiêu"] if isinstance(row[0], int)]


def test_summary_of_the_collector_has_the_open_month(quarter, cell, cast, as_user):
    """DOMAIN §3.4: members at the end of the period, collected, retained, remitted; 142.000 came in in November."""
    found = sheets_of(file_of(as_user(cast["thuquy"]), "b01_xlsx", "?tu=10&den=12").content)
    assert [row[1:] for row in found["Chỉ tiêu"] if isinstance(row[0], int)] == [
        ["Đảng viên đến cuối kỳ", "người", None, 11, "ngày 20/11/2026"],
        ["Đảng phí đã thu", "đồng", None, 142_000, None],
        ["Đảng phí để lại chi bộ", "đồng", None, "chưa đủ", "còn tháng chưa khóa sổ"],
        ["Đảng phí phải nộp cấp trên", "đồng", None, "chưa đủ", "còn tháng chưa khóa sổ"],
        ["Đảng phí đã nộp cấp trên", "đồng", None, 100_000, None],
    ]
    assert found["Theo tháng"][-2:] == [
        [2, "11/2026", 142_000, None, None, 100_000],
        [None, "Cộng", 142_000, "chưa đủ", "chưa đủ", 100_000],
    ]


@pytest.mark.parametrize("who", ["dangvien", "captren"])
def test_summary_of_others_leaves_out_the_open_month(quarter, cell, cast, as_user, who):
    """README: sums of an open month are for who keeps or audits the book: one that grows tells what a payer paid."""
    data = file_of(as_user(cast[who]), "b01_xlsx", f"?tu=10&den=12&chi-bo={cell.slug}").content
    assert [row[3] for row in lines_of(data)][1:] == [0, 90_000, 210_000, 0]
    assert sheets_of(data)["Chỉ tiêu"][2][0] == "Chưa gồm tháng chưa khóa sổ: 11/2026."


def test_summary_says_that_the_form_is_not_configured(quarter, collector, as_user):
    """DOMAIN §3.4: a 2026 form was not found; the number of 2011 is that of a grassroots body."""
    words = words_of(file_of(as_user(collector), "b01_pdf").content)
    assert "Chưa cấu hình mẫu chính thức: các chỉ tiêu lấy theo Công văn 141-CV/VPTW/nb ngày 17/3/2011" in words
    assert "Mẫu B01" not in words
    assert "142.000" in words
    assert "15.930" not in words


def test_summary_without_a_share(book, cell):
    closed(book[10], 300_000)
    found = summary.summary(cell, Period(2026, 10, 10), closed_only=True)
    assert (found.retained, found.why, found.reason) == (None, "chưa cấu hình", "cấp trên chưa đặt tỷ lệ để lại")


def test_remittance_taken_back_counts_for_nothing(quarter, cell, collector):
    take_back_voucher(cell.vouchers.get(kind="remittance"), collector)
    assert summary.summary(cell, Period(2026), closed_only=False).remitted == 0


# The hub


def offers(client, query=""):
    body = file_of(client, "books", query).content.decode()
    return set(re.findall(r'href="/fees/2026/books/([\w/]+(?:\.\w+)?)[?"]', body)), body


SUMS = {"b01.pdf", "b01.xlsx", "chart/"}
ARREARS = {"arrears/", "arrears.pdf", "arrears.xlsx"}


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ("dangvien", SUMS), ("chiuy", SUMS | {"remittances.pdf"}), ("bithu", SUMS | ARREARS | {"remittances.pdf"}),
        ("thuquy", SUMS | ARREARS | {"remittances.pdf", "s01.pdf", "s01.xlsx"}),
    ],
)  # fmt: skip
def test_hub_offers_what_one_may_open(book, cast, as_user, who, what):
    client = as_user(cast[who])
    found, body = offers(client)
    assert found == what | {f"members/{cast[who].member_id}.pdf"}
    links = set(re.findall(r'href="(/fees/2026/books/[^"]+)"', body))
    assert {client.get(link.replace("&amp;", "&")).status_code for link in links if "?tu" not in link} == {200}


def test_hub_carries_the_months_and_the_cell(book, cell, collector, as_user):
    _, body = offers(as_user(collector), f"?tu=10&den=11&chi-bo={cell.slug}")
    query = f"?chi-bo={cell.slug}&amp;tu=10&amp;den=11"
    assert f"/fees/2026/books/s01.pdf{query}" in body
    assert f"/fees/2026/books/arrears/?chi-bo={cell.slug}&amp;den=11" in body
    assert "Từ tháng 10 đến tháng 11/2026" in text_of(file_of(as_user(collector), "books", "?tu=10&den=11"))


def test_hub_leads_to_the_year_of_a_member(book, member, collector, secretary, as_user):
    answer = file_of(as_user(collector), "books", f"?nguoi={member.member_id}")
    assert answer.headers["Location"] == f"/fees/2026/books/members/{member.member_id}.pdf"
    assert file_of(as_user(secretary), "books", f"?nguoi={member.member_id}").status_code == 200


def test_year_links_to_the_hub(book, cast, as_user):
    for who in ("thuquy", "dangvien"):
        assert 'href="/fees/2026/books/"' in as_user(cast[who]).get("/fees/2026/").content.decode()


# The page of the year obeys the same


def test_year_of_a_member_has_closed_months_only(quarter, member, as_user):
    words = text_of(as_user(member).get("/fees/2026/"))
    assert "300.000 đã thu trong các tháng đã khóa sổ (đồng)" in words
    assert "10/2026 157.930 300.000 90.000 210.000 Đã khóa sổ" in words
    assert "11/2026 có số khi khóa sổ Đang thu" in words
    assert "142.000" not in words


def test_month_of_a_member_has_its_sums_once_closed(quarter, member, as_user):
    client = as_user(member)
    assert "142.000" not in text_of(client.get("/fees/2026/11/"))
    assert "Số phải thu, đã thu của tháng có khi khóa sổ tháng." in text_of(client.get("/fees/2026/11/"))
    assert "157.930 phải thu (đồng) 300.000 thu trong sổ tháng 90.000 để lại" in text_of(client.get("/fees/2026/10/"))


def test_late_payment_does_not_change_what_members_see(quarter, cell, clerk, collector, member, as_user):
    before = text_of(as_user(member).get("/fees/2026/"))
    pay(cell, clerk.member, 15_930, TODAY, Method.CASH, by=collector)  # for September
    assert text_of(as_user(member).get("/fees/2026/")) == before


def test_grid_open_to_members_has_no_sum_of_a_month(quarter, cell, member, as_user):
    lay(cell, "fee.status_open_to_members", "có")
    body = as_user(member).get("/fees/2026/").content.decode()
    assert "Đỗ Mai Anh" in body
    assert "<tfoot>" not in body


def test_year_of_the_collector_counts_what_the_book_counts(quarter, cell, clerk, collector, as_user):
    """A receipt taken back, a remittance taken back: neither is collected money; the page and the entries agree."""
    wrong = pay(cell, clerk.member, 15_930, TODAY, Method.CASH, by=collector)
    take_back(wrong, "Ghi nhầm", by=collector)
    take_back_voucher(cell.vouchers.get(kind="remittance"), collector)
    assert summary.summary(cell, Period(2026), closed_only=False).collected == 142_000
    assert "142.000 đã thu cả năm" in text_of(as_user(collector).get("/fees/2026/"))


# The year of the cell


def test_chart_has_its_table(quarter, cell, collector, as_user):
    months = [row.sums for row in summary.cell_year(cell, 2026, closed_only=False).months]
    assert [(row.month.month, row.collected, row.retained, row.remitted) for row in months] == [
        (9, 0, 0, 0), (10, 0, 90_000, 0), (11, 142_000, 0, 100_000),
    ]  # fmt: skip
    page = as_user(collector).get("/fees/2026/books/chart/")
    assert page.content.decode().count('<svg class="bars" role="img"') == 2
    assert "11/2026 đang thu 142.000 chưa khóa sổ 100.000 0/2" in text_of(page)


def test_chart_of_a_member_has_closed_months_only(quarter, cell, member, as_user):
    words = text_of(as_user(member).get("/fees/2026/books/chart/"))
    assert "10/2026 0 90.000" in words
    assert "Số của tháng 09, 11 có khi khóa sổ tháng đó." in words
    assert "142.000" not in words


def test_paid_in_time_is_all_of_it_within_the_month(book, cell, member, clerk, collector):
    """Part payments add up; what came after the last day, or was taken back, is late."""
    pay(cell, clerk.member, 3 * 15_930, TODAY, Method.CASH, by=collector)  # September and October late, November not
    pay(cell, member.member, 2 * 142_000 + 2_000, TODAY, Method.CASH, by=collector)
    assert summary.paid_in_time(cell, [first(9), first(10), first(11)]) == {
        first(9): (2, 0), first(10): (2, 0), first(11): (2, 1),
    }  # fmt: skip
    rest = pay(cell, member.member, 140_000, TODAY, Method.CASH, by=collector)
    assert summary.paid_in_time(cell, [first(11)]) == {first(11): (2, 2)}
    take_back(rest, "Ghi nhầm", by=collector)
    assert summary.paid_in_time(cell, [first(11)]) == {first(11): (2, 1)}


def test_cell_without_a_book_has_no_chart(frozen, cell, member, as_user):
    words = text_of(as_user(member).get("/fees/2026/books/chart/"))
    assert "Năm này chi bộ chưa mở tháng nào trong sổ đảng phí." in words
