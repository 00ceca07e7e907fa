"""One year of party fees: collected, closed, passed up, audited; the audit finds what was planted and nothing else."""

import datetime
import re

import pytest
from django.utils import timezone

from chibo.demo.fees import pieces
from chibo.demo.meetings import mark_sent
from chibo.demo.papers import simple_pdf
from chibo.demo.texts import PASSWORD
from core.templatetags.vn import dots
from core.vietnamese import date_text, money
from fees.models import Audit, Declaration, Due, FeeMonth, Payment, Remittance
from fees.states import MonthState
from tests.documents.reading import text as text_of
from tests.e2e import fee_acting as services
from tests.e2e.fee_acting import Book

INCOME = 9_000_000  # the new insured salary of dangvien: 1 % is 90.000
PART = 50_000
SHORT = 200_000
FAULTS = {"wrong_category", "expired_reduction", "missing_receipt", "cash_short", "other_share"}


@pytest.fixture
def book(stage, demo, settings):
    return Book(stage, demo)


def test_year_is_collected_closed_remitted_and_audited(book):
    book.plays(book.year.load)
    with book.on(10):
        declare_on_the_phone(book)
        accept(book)
        collect_with_one_click(book)
        collect_in_parts(book)
        pair = book.plays(services.write_and_take_back, book)
        book.plays(services.collect_the_rest, book)
    book.plays(services.open_present, book)
    close(book)
    remit(book)
    assert book.plays(book.found) == {}
    book.plays(services.plant, book, pair)
    audit = plan_and_start(book)
    count_the_cash(book, audit)
    findings = found_are_the_five(book, audit)
    answer(book, audit, findings)
    judge(book, audit, findings)
    conclude_and_sign(book, audit)
    book.plays(mark_sent, timezone.now())  # the year's notices do not fill the boxes of the tests that follow


# ── the month


def declare_on_the_phone(book):
    """ "Declarations of income by the member, on the phone, once and then only when it changes" (issue 4, item 2)."""
    book.phone.goes("/fees/me/declare/")
    book.phone.fills(re.compile("^Thu nhập tính đóng"), INCOME)
    book.phone.presses("Gửi kê khai")
    book.phone.sees(re.compile("Đã gửi kê khai"))


def accept(book):
    """Accepted by the collector; the open month is counted anew: 1 % of the salary (Quy định 01-QĐ/TW)."""
    declaration = Declaration.objects.get(member=book.members["dangvien"], amount=INCOME)
    book.thuquy.goes(f"/fees/declarations/{declaration.pk}/do/accept/")
    book.thuquy.presses("Tiếp nhận")
    assert Due.objects.get(member=book.members["dangvien"], month=book.hand).amount == INCOME // 100


def collect_with_one_click(book):
    """ "One click per payer": the receipt has the next number and is printed."""
    member = book.members["dangvien"]
    book.thuquy.goes(book.month_path())
    row = book.thuquy.page.locator(f"#m{member.pk}")
    row.get_by_role("button", name=re.compile("^Thu ")).click()
    book.thuquy.sees(re.compile("^Biên lai .*90.000"))
    payment = Payment.objects.get(member=member, fee_month__month=book.hand)
    assert (payment.amount, payment.paid_on, payment.method) == (INCOME // 100, book.hand.replace(day=10), "cash")
    words = " ".join(text_of(book.thuquy.downloads(f"/fees/receipts/{payment.pk}.pdf")).split())
    assert payment.number_text in words
    assert "Chín mươi nghìn đồng" in words


def collect_in_parts(book):
    """A part first; what is left stays in the row of the payer."""
    member = book.members["son"]
    book.thuquy.goes(book.month_path(f"pay/{member.pk}/"))
    book.thuquy.fills(re.compile("^Số tiền"), PART)
    book.thuquy.presses("Ghi thu, lập biên lai")
    row = book.thuquy.page.locator(f"#m{member.pk}")
    assert f"đã đóng {money(PART)}" in row.inner_text().replace("\u00a0", " ")


def close(book):
    """Frozen, and divided by the share that the superior laid down."""
    book.thuquy.goes(book.month_path("do/close/"))
    book.thuquy.presses("Khóa sổ tháng")
    book.thuquy.sees(re.compile("Đã khóa sổ tháng"))
    month = FeeMonth.objects.get(cell=book.cell, month=book.hand)
    assert (month.state, month.retained_percent, month.due_total) == (MonthState.CLOSED, 30, month.collected_total)


def remit(book):
    """What is payable goes up from the bank, with the paper of the bank."""
    payable = book.plays(book.year.gather, book.today)
    person = book.thuquy
    person.goes("/fees/cash/remit/")
    person.fills("Số tiền nộp", payable)
    person.chooses("Nộp đảng phí đến hết tháng", f"{book.hand:%m/%Y}")
    person.ticks("Tiền gửi ngân hàng")
    person.fills("Nơi nhận", book.cell.parent.name)
    person.fills("Số chứng từ nộp", "GNT 99")
    person.brings("Tệp chứng từ", "giay-nop-tien.pdf", simple_pdf("Giấy nộp tiền", ["Nộp đảng phí."]))
    person.presses("Ghi khoản nộp")
    row = Remittance.objects.get(paper_number="GNT 99")
    assert (row.amount, row.through_month, bool(row.paper)) == (payable, book.hand, True)


# ── the audit


def plan_and_start(book):
    """Planned by the secretary, looked over by two who do not collect."""
    bithu = book.bithu
    bithu.goes("/fees/audits/new/")
    bithu.fills("Số kế hoạch, quyết định", "03-KH/CB")
    bithu.fills("Ngày kế hoạch, quyết định", date_text(book.today))
    bithu.chooses("Kỳ kiểm tra, từ tháng", f"{book.first:%m/%Y}")
    bithu.chooses("Đến hết tháng", f"{book.hand:%m/%Y}")
    bithu.fills("Ngày kiểm tra", date_text(book.today))
    bithu.chooses("Tổ trưởng", book.members["chiuy"].full_name)
    bithu.chooses("Người kiểm tra thứ hai", book.members["phobithu"].full_name)
    bithu.presses("Lập kế hoạch")
    audit = Audit.objects.get(decision="03-KH/CB")
    book.chiuy.goes(f"{audit.get_absolute_url()}do/start/")
    book.chiuy.presses("Bắt đầu kiểm tra")
    return audit


def count_the_cash(book, audit):
    """Less lies in the box than the book says."""
    there = services.cash_there(book) - SHORT
    book.chiuy.goes(f"{audit.get_absolute_url()}count/")
    for value, number in pieces(there).items():
        if number:
            book.chiuy.fills(re.compile(f"^{dots(value)}: số tờ"), number)
    book.chiuy.presses("Ghi kết quả kiểm quỹ")
    book.chiuy.sees("Đã ghi kết quả kiểm quỹ.")


def found_are_the_five(book, audit):
    """Exactly the planted ones: check, member, month, đồng."""
    findings = list(audit.findings.order_by("pk"))
    rows = {(row.check_key, row.member_id, row.month, row.amount) for row in findings}
    month = FeeMonth.objects.get(cell=book.cell, month=book.hand)
    raised = month.retained_total - round(month.collected_total * 25 / 100)
    waiver = book.members["y"].waivers.get()
    assert len(findings) == len(FAULTS)
    assert rows == {
        ("category", book.members["khoa"].pk, services.months_later(book.hand, -2), None),
        ("expired", book.members["y"].pk, services.months_later(waiver.to_month, 1), 2 * 30_000),
        ("receipts", None, book.hand, None),
        ("cash", None, None, -SHORT),
        ("share_rate", None, book.hand, raised),
    }
    book.chiuy.goes(audit.get_absolute_url())
    assert book.chiuy.page.get_by_role("link", name=re.compile("^Chi tiết")).count() == len(FAULTS)
    return findings


def answer(book, audit, findings):
    """The collector says a word on each."""
    book.chiuy.goes(f"{audit.get_absolute_url()}do/ask/")
    book.chiuy.fills("Hạn giải trình", date_text(book.today + datetime.timedelta(days=5)))
    book.chiuy.presses("Gửi người thu giải trình")
    for finding in findings:
        book.thuquy.goes(f"/fees/findings/{finding.pk}/answer/")
        book.thuquy.fills("Giải trình", "Tôi nhận thiếu sót, sẽ khắc phục.")
        book.thuquy.presses("Gửi giải trình")


def judge(book, audit, findings):
    """All are kept; what is short is to be made good by a day."""
    for finding in findings:
        book.chiuy.goes(f"/fees/findings/{finding.pk}/judge/")
        book.chiuy.page.get_by_text("Giữ phát hiện", exact=True).click()
        book.chiuy.presses("Ghi nhận xét")
    book.chiuy.goes(f"{audit.get_absolute_url()}demands/new/")
    book.chiuy.fills("Việc phải khắc phục", "Nộp bù tiền mặt còn thiếu")
    book.chiuy.chooses("Người thực hiện", book.members["thuquy"].full_name)
    book.chiuy.fills(re.compile("^Hạn"), date_text(book.today + datetime.timedelta(days=15)))
    book.chiuy.presses("Ghi yêu cầu")


def conclude_and_sign(book, audit):
    """A numbered paper that both inspectors and the collector sign; the demand is a task of the collector."""
    path = audit.get_absolute_url()
    book.chiuy.goes(f"{path}do/conclude/")
    book.chiuy.fills("Kết luận", "Sổ đủ các tháng; năm thiếu sót phải khắc phục.")
    book.chiuy.presses("Kết luận")
    book.chiuy.goes(f"{path}seal/")
    book.chiuy.presses(re.compile("^Khóa"))
    for person, name in ((book.chiuy, "chiuy"), (book.phobithu, "phobithu"), (book.thuquy, "thuquy")):
        person.goes(f"{path}sign/")
        certificate = person.downloads(f"/demo/certificates/{name}.p12")
        person.brings("Tệp chứng thư", f"{name}.p12", certificate, "application/x-pkcs12")
        person.fills("Mật khẩu của tệp chứng thư", PASSWORD)
        person.presses("Ký số")
        person.sees("Đã ghi nhận chữ ký.")
    audit.refresh_from_db()
    assert (audit.state, audit.paper.state) == ("concluded", "signed")
    assert [row.assignment.owner for row in audit.demands.all()] == [book.members["thuquy"]]
    words = " ".join(text_of(book.bithu.downloads(f"{path[:-1]}.pdf")).split())
    assert audit.paper.number_text in words
