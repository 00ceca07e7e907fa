"""The sheet of one remittance, the remittances of a period."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from fees.models import FeeMonth
from fees.periods import Period
from fees.queries import remittances
from tests.fees.cashbook import remit, take_back
from tests.fees.conftest import first
from tests.fees.people import lay
from tests.fees.test_reports import closed

pytestmark = pytest.mark.django_db


def words_of(data):
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages)


@pytest.fixture
def divided(stocked, cell, superior_body):
    """September and October divided 30 : 70; 600.000 of the opening balance was still to go up; November open."""
    lay(superior_body, "fee.retained_percent", "30")
    closed(stocked[9], 200_000, percent=30)
    closed(stocked[10], 300_000, percent=30)
    return stocked


def test_sheet_says_what_was_owed_and_what_is_left(divided, cell, collector):
    """600.000 + 140.000 + 210.000 were to go up to October; 250.000 went first, then 100.000."""
    earlier = remit(cell, collector, amount=250_000, paper_number="GNT 11", through_month=first(9))
    found = remittances.sheet(remit(cell, collector))
    assert [(row.month, row.collected, row.percent_text, row.retained, row.payable) for row in found.months] == [
        (first(10), 300_000, "30 %", 90_000, 210_000),
    ]
    assert (found.opening, found.owed, found.sent, found.left) == (600_000, 950_000, 250_000, 600_000)
    assert [row.month for row in remittances.sheet(earlier).months] == [first(9)]
    assert remittances.sheet(earlier).sent == 0


def test_remittance_taken_back_was_not_sent(divided, cell, collector):
    wrong = remit(cell, collector, amount=250_000, paper_number="GNT 11", through_month=first(9))
    take_back(wrong.voucher, collector)
    found = remittances.sheet(remit(cell, collector))
    assert ([row.month for row in found.months], found.sent) == ([first(9), first(10)], 0)


def test_share_quotes_the_rule_it_was_divided_by(divided, cell, superior_body, collector):
    """A share that was changed since is not passed off as the one used."""
    FeeMonth.objects.filter(cell=cell, month=first(9)).update(retained_percent=40)
    found = remittances.sheet(remit(cell, collector))
    assert [(row.months_words, row.words, row.verified) for row in found.sources] == [
        ("09/2026", "để lại 40 %: tỷ lệ ghi khi trích, quy định nay đã khác", False),
        ("10/2026", "để lại 30 %: Nghị quyết (Phường Thử)", True),
    ]


def test_month_without_a_share_leaves_the_rest_unknown(stocked, cell, collector, as_user):
    closed(stocked[10], 300_000)
    row = remit(cell, collector)
    found = remittances.sheet(row)
    assert [(month.month, month.why) for month in found.months] == [
        (first(9), "chưa khóa sổ"), (first(10), "chưa cấu hình"),
    ]  # fmt: skip
    assert found.undivided == [first(9), first(10)]
    words = words_of(as_user(collector).get(f"/fees/vouchers/{row.voucher_id}/sheet.pdf").content)
    assert "Còn phải nộp chưa xác định" in words


def test_sheet_on_paper(divided, cell, collector, committee, as_user):
    row = remit(cell, collector)
    client = as_user(committee)
    assert (
        f'href="/fees/vouchers/{row.voucher_id}/sheet.pdf"'
        in client.get(f"/fees/vouchers/{row.voucher_id}/").content.decode()
    )
    words = words_of(client.get(f"/fees/vouchers/{row.voucher_id}/sheet.pdf").content)
    for sentence in (
        "GIẤY NỘP", "Số tiền nộp: 100.000 đồng", "Bằng chữ: Một trăm nghìn đồng.", "Nơi nhận: Đảng ủy phường Thử",
        "Chứng từ nộp số: GNT 12.", "Tháng 09/2026, 10/2026 để lại 30 %: Nghị quyết (Phường Thử).",
        "Phải nộp đến hết tháng 10/2026 950.000", "Trong đó số dư đầu phải nộp 600.000", "Còn phải nộp 850.000",
    ):  # fmt: skip
        assert sentence in words
    take_back(row.voucher, collector)
    words = words_of(client.get(f"/fees/vouchers/{row.voucher_id}/sheet.pdf").content)
    assert "LẦN NỘP NÀY ĐÃ ĐƯỢC ĐẢO ngày 10/11/2026" in words


def test_sheet_is_not_for_members(divided, cell, collector, member, as_user):
    row = remit(cell, collector)
    assert as_user(member).get(f"/fees/vouchers/{row.voucher_id}/sheet.pdf").status_code == 404


def test_voucher_that_passes_nothing_up_has_no_sheet(divided, cell, collector, as_user):
    opening = cell.vouchers.get(kind="opening")
    assert as_user(collector).get(f"/fees/vouchers/{opening.pk}/sheet.pdf").status_code == 404
    assert "sheet.pdf" not in as_user(collector).get(f"/fees/vouchers/{opening.pk}/").content.decode()


def test_remittances_of_a_period(divided, cell, collector, committee, as_user):
    remit(cell, collector)
    wrong = remit(cell, collector, amount=50_000, paper_number="GNT 13")
    take_back(wrong.voucher, collector)
    found = remittances.passed(cell, Period(2026, 10, 12))
    assert ([row.paper_number for row in found.rows], found.amount) == (["GNT 12"], 100_000)
    assert found.totals == {"collected": 300_000, "retained": 90_000, "payable": 210_000}
    assert remittances.passed(cell, Period(2026, 1, 6)).amount == 0
    words = words_of(as_user(committee).get("/fees/2026/books/remittances.pdf?tu=10&den=12").content)
    assert "nộp đảng phí lên cấp trên quý IV năm 2026" in words
    assert "Bằng chữ: Một trăm nghìn đồng." in words
    assert "Chưa nộp lần nào." in words_of(
        as_user(committee).get("/fees/2026/books/remittances.pdf?tu=1&den=6").content
    )
