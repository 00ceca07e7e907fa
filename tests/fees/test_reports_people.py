"""Who has not paid, the year of one member: amounts for the collector and the payer, words for the heads."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from fees.models import Correction, Due
from fees.queries.arrears import arrears
from fees.queries.member_year import member_year, payers_of
from fees.services.collecting import pay
from fees.services.collecting import reverse as take_back
from fees.states import DueKind, Method
from tests.factories import MemberFactory
from tests.fees.conftest import TODAY, add_due, first, open_by_hand, shut
from tests.fees.people import lay
from tests.fees.test_book_pages import text_of

pytestmark = pytest.mark.django_db
BOOKS = "/fees/2026/books"
RULE = {"key": "k", "title": "Mức đóng", "value": "1", "unit": "%", "source": "Quy định 01-QĐ/TW", "verified": True}


def rows_of(data, sheet):
    return [list(row) for row in load_workbook(BytesIO(data))[sheet].iter_rows(values_only=True)]


def words_of(data):
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages)


# Arrears


@pytest.fixture
def owing(book, cell, member, clerk, collector):
    """member: a part of September paid; clerk: all but November; a third waits to declare."""
    pay(cell, member.member, 100_000, TODAY, Method.CASH, by=collector)
    pay(cell, clerk.member, 2 * 15_930, TODAY, Method.CASH, by=collector)
    add_due(book[11], MemberFactory(full_name="Bùi Văn Nghĩa", cell=cell), kind=DueKind.UNDECLARED)
    return book


def test_who_owes_which_months(owing, cell, member, clerk):
    found = arrears(cell, first(11))
    assert [(row.name, row.words, row.left) for row in found.debtors] == [
        (clerk.member.full_name, "11/2026", 15_930),
        (member.member.full_name, "10/2026, 11/2026; đóng thiếu 09/2026", 3 * 142_000 - 100_000),
    ]
    assert found.left == 341_930
    assert [(row.name, row.words) for row in found.uncounted] == [("Bùi Văn Nghĩa", "chờ kê khai 11/2026")]
    assert found.open == [first(9), first(10), first(11)]


def test_up_to_an_earlier_month_with_older_years(owing, cell, clerk):
    old = open_by_hand(cell, first(12, 2025))
    add_due(old, clerk.member, 7_000)
    shut(old)
    found = arrears(cell, first(10))
    assert {row.name: row.words for row in found.debtors}[clerk.member.full_name] == "12/2025"
    assert found.uncounted == []


def test_workbook_of_the_collector_adds_up(owing, member, clerk, collector, as_user):
    data = as_user(collector).get(f"{BOOKS}/arrears.xlsx?den=11").content
    assert rows_of(data, "Chưa đóng")[-3:] == [
        [1, clerk.member.full_name, "11/2026", 15_930],
        [2, member.member.full_name, "10/2026, 11/2026; đóng thiếu 09/2026", 326_000],
        [None, "Cộng", None, 341_930],
    ]
    assert rows_of(data, "Chưa tính được mức")[-1] == [1, "Bùi Văn Nghĩa", "chờ kê khai 11/2026"]


@pytest.mark.parametrize("who", ["bithu", "phobithu"])
def test_heads_see_months_and_no_amount(owing, member, cast, as_user, who):
    """README: who has paid, no amounts."""
    client = as_user(cast[who])
    rows = rows_of(client.get(f"{BOOKS}/arrears.xlsx").content, "Chưa đóng")
    assert rows[-1] == [2, member.member.full_name, "10/2026, 11/2026; đóng thiếu 09/2026"]
    seen = [words_of(client.get(f"{BOOKS}/arrears.pdf").content), text_of(client.get(f"{BOOKS}/arrears/"))]
    for words in seen:
        assert member.member.full_name in words
        for secret in ("326.000", "15.930", "142.000", "341.930"):
            assert secret not in words


def test_page_of_the_collector_has_amounts(owing, collector, as_user):
    words = text_of(as_user(collector).get(f"{BOOKS}/arrears/"))
    assert "Còn phải đóng 341.930 đồng." in words
    assert "Ngô Xuân Trường 10/2026, 11/2026; đóng thiếu 09/2026 326.000 đồng" in words


@pytest.mark.parametrize("who", ["chiuy", "dangvien", "captren"])
def test_others_see_no_list(owing, cell, cast, as_user, who):
    for name in ("arrears/", "arrears.pdf", "arrears.xlsx"):
        assert as_user(cast[who]).get(f"{BOOKS}/{name}?chi-bo={cell.slug}").status_code == 403


def test_members_see_names_where_the_cell_decided_so(owing, cell, member, as_user):
    lay(cell, "fee.status_open_to_members", "có")
    words = text_of(as_user(member).get(f"{BOOKS}/arrears/"))
    assert "Đỗ Mai Anh" in words
    assert "15.930" not in words


def test_months_to_come_are_not_asked_for(owing, collector, as_user):
    assert "Đến hết tháng 11/2026" in text_of(as_user(collector).get(f"{BOOKS}/arrears/?den=12"))


def test_everybody_paid(frozen, cell, collector, as_user):
    assert "Mọi đồng chí đã đóng đủ" in text_of(as_user(collector).get(f"{BOOKS}/arrears/"))
    assert "Không còn đảng viên nào chưa đóng." in words_of(as_user(collector).get(f"{BOOKS}/arrears.pdf").content)


# The year of a member


@pytest.fixture
def year(book, cell, member, collector):
    """Two receipts, one of them taken back; October corrected by 8.000; something given beyond the due."""
    Due.objects.filter(member=member.member).update(
        base=14_200_000, formula="1 % × 14.200.000 đồng = 142.000 đồng", rules=[RULE, RULE | {"verified": False}]
    )
    due = Due.objects.get(member=member.member, month=first(10))
    Correction.objects.create(cell=cell, due=due, fee_month=book[11], amount=8_000, reason="Nâng lương")
    wrong = pay(cell, member.member, 142_000, TODAY, Method.CASH, by=collector)
    take_back(wrong, "Ghi nhầm", by=collector)
    return pay(cell, member.member, 302_000, TODAY, Method.CASH, by=collector, voluntary=10_000)


def test_year_has_base_formula_receipts_and_sums(year, cell, member):
    found = member_year(member.member, 2026)
    assert [
        (row.line.month.month, row.line.owes, row.line.paid, row.line.left, row.receipts) for row in found.months
    ] == [
        (9, 142_000, 142_000, 0, ["0003/2026"]),
        (10, 150_000, 150_000, 0, ["0003/2026"]),
        (11, 142_000, 0, 142_000, []),
    ]
    assert (found.owes, found.paid, found.left, found.voluntary) == (434_000, 292_000, 142_000, 10_000)
    assert [row.rules for row in found.months] == ["1, 2"] * 3
    assert (found.unverified, found.many_cells, len(found.rules)) == (True, False, 2)


def test_member_prints_the_own_year(year, member, as_user):
    words = words_of(as_user(member).get(f"{BOOKS}/members/{member.member_id}.pdf").content)
    for sentence in (
        "đóng đảng phí năm 2026 của đồng chí Ngô Xuân Trường", "14.200.000", "1 % × 14.200.000 đồng = 142.000 đồng",
        "0003/2026", "434.000 292.000 142.000", "Tự nguyện đóng thêm: 10.000 đồng.", "(chưa kiểm chứng)",
    ):  # fmt: skip
        assert sentence in words
    assert "0001/2026" not in words


def test_own_page_leads_to_the_own_year(year, member, as_user):
    body = as_user(member).get("/fees/me/").content.decode()
    assert f'href="/fees/2026/books/members/{member.member_id}.pdf"' in body


@pytest.mark.parametrize("who", ["bithu", "chiuy", "thuky", "captren"])
def test_nobody_else_reads_a_members_year(year, cell, member, cast, as_user, who):
    url = f"{BOOKS}/members/{member.member_id}.pdf?chi-bo={cell.slug}"
    assert as_user(cast[who]).get(url).status_code == 403


def test_collector_reads_only_what_stands_in_the_own_book(year, cell, member, other_cell, collector, outsider, as_user):
    """What the member pays to another cell is that cell's; who never stood in the book is not known."""
    there = open_by_hand(other_cell, first(8))
    add_due(there, member.member, 99_000)
    assert 99_000 in [row.line.owes for row in member_year(member.member, 2026).months]
    assert 99_000 not in [row.line.owes for row in member_year(member.member, 2026, cell).months]
    assert "99.000" not in words_of(as_user(collector).get(f"{BOOKS}/members/{member.member_id}.pdf").content)
    assert as_user(collector).get(f"{BOOKS}/members/{outsider.member_id}.pdf").status_code == 404


def test_paid_in_advance_stands_in_the_year(book, cell, member, clerk, collector):
    """December is not opened: the receipt is there, no due."""
    advance = pay(cell, clerk.member, 15_930, TODAY, Method.CASH, by=collector, months=[first(12)])
    row = member_year(clerk.member, 2026, cell).months[-1]
    assert (row.line.month, row.line.due, row.line.paid, row.receipts) == (
        first(12),
        None,
        15_930,
        [advance.number_text],
    )
    assert [one.pk for one in payers_of(cell, 2026)] == [clerk.member_id, member.member_id]
