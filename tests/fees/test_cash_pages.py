"""Pages of the cash book: what is typed is booked once, refusals stand at their field, nobody reads a payer's đồng."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fees.models import CashCount, FeeMonth, Remittance, Spending, Voucher
from fees.services.collecting import pay
from fees.states import Account, Method, VoucherKind
from tests.factories import CellFactory
from tests.fees.cashbook import DAY, left, remit, spend
from tests.fees.conftest import first, open_by_hand, shut
from tests.meetings import files

pytestmark = pytest.mark.django_db


def text_of(response):
    """The words of a page, without tags."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\xa0", " ")
    return " ".join(words.split())


REMITTANCE = {
    "dated_on": "10/11/2026", "amount": "600.000", "through_month": "2026-10-01", "place": "cash",
    "receiver": "Đảng ủy phường Thử", "paper_number": "GNT 7",
}  # fmt: skip
SPENDING = {
    "dated_on": "10/11/2026", "amount": "50 000 đồng", "purpose": "Mua báo", "decision": "05-NQ/CB",
    "decided_on": "03/11/2026", "place": "bank",
}  # fmt: skip


def test_opening_balance_is_written_on_its_page(book, cell, collector, as_user):
    data = {"dated_on": "01/11/2026", "source": "Sổ cũ", "cash": "100.000", "bank": "0", "portal": "0",
            "retained": "60.000", "payable": "40.000"}  # fmt: skip
    response = as_user(collector).post(reverse("fees:opening"), data)
    assert response.url == reverse("fees:cash")
    assert left(cell, "cash", "retained", "payable") == [100_000, 60_000, 40_000]


def test_opening_page_asks_only_for_money_that_is_divided(book, collector, as_user):
    """Nothing would ever divide what the old book left undivided: its own share does, before it is written here."""
    page = as_user(collector).get(reverse("fees:opening")).content.decode()
    assert ('name="collected"' in page, "thì trích theo tỷ lệ của sổ cũ rồi ghi" in page) == (False, True)


def test_opening_page_starts_at_the_oldest_open_month(book, collector, as_user):
    assert as_user(collector).get(reverse("fees:opening")).context["form"]["dated_on"].value() == first(9)


def test_remittance_is_booked_once_however_often_it_is_sent(stocked, cell, collector, as_user):
    client = as_user(collector)
    page = client.get(reverse("fees:remit"))
    assert page.context["form"]["amount"].value() == "600.000"  # all that is payable
    assert page.context["form"]["receiver"].value() == "Đảng ủy phường Thử"
    data = REMITTANCE | {"submission": str(page.context["form"]["submission"].value())}
    for _ in range(2):
        upload = SimpleUploadedFile("giay-nop.pdf", files.pdf("Giấy nộp tiền"))
        assert client.post(reverse("fees:remit"), data | {"upload": upload}).url == reverse("fees:cash")
    row = Remittance.objects.get()
    assert (row.amount, row.through_month, row.paper_name) == (600_000, first(10), "giay-nop.pdf")


def test_refusal_stands_at_its_field_with_everything_typed(stocked, collector, as_user):
    response = as_user(collector).post(reverse("fees:remit"), REMITTANCE | {"amount": "600.001"})
    assert response.status_code == 422
    form = response.context["form"]
    assert form.errors == {"amount": ["Số phải nộp còn 600.000 đồng. Không nộp nhiều hơn số phải nộp."]}
    assert (form["amount"].value(), form["paper_number"].value()) == ("600.001", "GNT 7")
    assert Remittance.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-5000", "Số tiền phải lớn hơn 0."),
        ("0", "Số tiền phải lớn hơn 0."),
        ("1,5", "Số tiền không đúng. Đồng chí ghi số đồng, ví dụ 1.346.670."),
        ("năm mươi", "Số tiền không đúng. Đồng chí ghi số đồng, ví dụ 1.346.670."),
        ("9" * 30, "Số tiền không đúng. Đồng chí ghi số đồng, ví dụ 1.346.670."),
        ("", "Ghi số tiền chi (đồng)."),
    ],
)
def test_amount_that_is_none_is_refused(stocked, collector, as_user, typed, sentence):
    response = as_user(collector).post(reverse("fees:spend"), SPENDING | {"amount": typed})
    assert (response.status_code, response.context["form"].errors) == (422, {"amount": [sentence]})


def test_spending_is_booked_with_its_decision(stocked, cell, collector, as_user):
    assert as_user(collector).post(reverse("fees:spend"), SPENDING).status_code == 302
    row = Spending.objects.get()
    assert (row.amount, row.place, row.decision, row.decided_on) == (
        50_000, "bank", "05-NQ/CB", datetime.date(2026, 11, 3),
    )  # fmt: skip


def test_spending_without_decision_is_refused(stocked, collector, as_user):
    response = as_user(collector).post(reverse("fees:spend"), SPENDING | {"decision": ""})
    assert response.context["form"].errors == {"decision": ["Ghi số nghị quyết, quyết định."]}


def test_money_is_moved(stocked, cell, collector, as_user):
    data = {"dated_on": "10/11/2026", "amount": "200000", "source": "cash", "target": "bank", "reference": "FT 1"}
    assert as_user(collector).post(reverse("fees:transfer"), data).status_code == 302
    assert left(cell, Account.CASH, Account.BANK) == [800_000, 700_000]


def test_voucher_is_taken_back_on_its_page(stocked, cell, collector, as_user):
    voucher, client = spend(cell, collector).voucher, as_user(collector)
    assert "Đảo chứng từ" in text_of(client.get(reverse("fees:voucher", args=[voucher.pk])))
    url = reverse("fees:voucher_reverse", args=[voucher.pk])
    assert client.post(url, {"dated_on": "10/11/2026", "reason": "Nhầm"}).url == reverse("fees:cash")
    again = client.post(url, {"dated_on": "10/11/2026", "reason": "Nhầm"})
    assert again.context["form"].non_field_errors() == ["Chứng từ này đã được đảo ngày 10/11/2026."]
    page = text_of(client.get(reverse("fees:voucher", args=[voucher.pk])))
    assert "Chứng từ này đã được đảo" in page
    assert "Đảo chứng từ" not in page


# Papers


def test_paper_is_served_as_a_download_that_runs_nothing(stocked, cell, collector, secretary, as_user):
    upload = SimpleUploadedFile("giay-nop.pdf", files.pdf("Giấy nộp tiền"))
    row = remit(cell, collector, upload=upload)
    response = as_user(secretary).get(reverse("fees:voucher_paper", args=[row.voucher_id]))
    assert response["Content-Disposition"] == 'attachment; filename="giay-nop.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content)[:5] == b"%PDF-"
    response.close()


def test_paper_is_attached_later_and_a_wrong_file_is_refused_at_its_field(stocked, cell, collector, as_user):
    row, client = remit(cell, collector), as_user(collector)
    url = reverse("fees:voucher_attach", args=[row.voucher_id])
    wrong = client.post(url, {"upload": SimpleUploadedFile("a.svg", b"<svg/>")})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["upload"])
    good = client.post(url, {"upload": SimpleUploadedFile("a.pdf", files.pdf("Biên lai"))})
    assert good.url == reverse("fees:voucher", args=[row.voucher_id])
    row.refresh_from_db()
    assert row.paper_name == "a.pdf"


# Counting


def test_count_page_compares_only_after_the_count(stocked, cell, collector, as_user):
    client = as_user(collector)
    assert "1.000.000" not in text_of(client.get(reverse("fees:count")))
    data = {"counted_on": "10/11/2026", "n500000": "1", "n100000": "4", "n1000": "85", "bank_statement": "500.000"}
    response = client.post(reverse("fees:count"), data)
    count = CashCount.objects.get()
    assert response.url == reverse("fees:count_detail", args=[count.pk])
    page = text_of(client.get(response.url))
    assert "Tiền mặt thiếu 15.000 đồng so với sổ. Chênh lệch chưa ghi vào sổ." in page
    assert "Kiểm quỹ ngày 10/11/2026 lệch so với sổ" in text_of(client.get(reverse("fees:cash")))
    settled = client.post(reverse("fees:count_settle", args=[count.pk]), {"explanation": "Trả nhầm"})
    assert settled.url == response.url
    assert left(cell, Account.CASH, Account.DIFFERENCE) == [985_000, 15_000]


@pytest.mark.parametrize(
    ("typed", "sentence"), [("-1", "Số tờ không được âm."), ("ba", "Ghi số tờ bằng chữ số, ví dụ 12.")]
)
def test_count_of_no_number_is_refused_at_its_line(stocked, collector, as_user, typed, sentence):
    response = as_user(collector).post(reverse("fees:count"), {"counted_on": "10/11/2026", "n1000": typed})
    assert (response.status_code, response.context["form"].errors) == (422, {"n1000": [sentence]})


# Who reads what


@pytest.mark.parametrize("who", ["bithu", "phobithu", "chiuy"])
def test_chi_uy_never_reads_what_one_payer_paid(stocked, cell, cast, collector, as_user, who):
    pay(cell, cast["dangvien"].member, 142_000, DAY, Method.CASH, by=collector)
    pay(cell, cast["thuky"].member, 15_930, DAY, Method.CASH, by=collector)
    client = as_user(cast[who])
    for page in (reverse("fees:cash"), f"{reverse('fees:cash')}?noi=cash"):
        assert re.findall(r"142\.000|15\.930|biên lai \d", text_of(client.get(page))) == []


def test_payer_reads_the_voucher_of_the_own_receipt_alone(stocked, cell, member, clerk, collector, as_user):
    own, other = (pay(cell, who.member, 15_930, DAY, Method.CASH, by=collector) for who in (member, clerk))
    client = as_user(member)
    assert client.get(reverse("fees:voucher", args=[own.voucher.pk])).status_code == 200
    assert client.get(reverse("fees:voucher", args=[other.voucher.pk])).status_code == 404


def test_sum_of_an_open_month_is_told_to_the_collector_only(stocked, cell, member, secretary, collector, as_user):
    """Members and chi ủy would read one payer's amount from a sum that grows by one receipt."""
    pay(cell, member.member, 142_000, DAY, Method.CASH, by=collector)
    url = reverse("fees:public")
    assert "142.000 đã thu" in text_of(as_user(collector).get(url))
    for other in (member, secretary):
        page = text_of(as_user(other).get(url))
        assert "142.000" not in page
        assert "Số thu của tháng được công khai khi khóa sổ tháng đó." in page


def test_members_read_the_sums_of_closed_months_with_papers_and_spendings(stocked, cell, member, collector, as_user):
    pay(cell, member.member, 142_000, DAY, Method.CASH, by=collector)
    spend(cell, collector, receiver="Bưu điện")
    remit(cell, collector)
    for number in (9, 10, 11):
        shut(stocked[number])
    FeeMonth.objects.filter(pk=stocked[11].pk).update(retained_percent=30, retained_total=42_600, payable_total=99_400)
    page = text_of(as_user(member).get(reverse("fees:public")))
    assert "142.000 đã thu 42.600 để lại chi bộ 100.000 đã nộp cấp trên 50.000 đã chi" in page
    assert "1.492.000 còn lại cuối tháng 11/2026" in page
    assert "Mua báo 10/11/2026 · theo 05-NQ/CB ngày 03/11/2026" in page
    assert "Bưu điện" not in page


def test_month_without_configured_share_says_so(stocked, cell, member, as_user):
    shut(stocked[9])
    assert "chưa trích" in text_of(as_user(member).get(reverse("fees:public")))


def test_superior_reads_sums_of_closed_months_and_no_purpose(stocked, cell, member, superior, collector, as_user):
    pay(cell, member.member, 142_000, datetime.date(2026, 9, 5), Method.CASH, by=collector)
    spend(cell, collector)
    shut(stocked[9])
    client = as_user(superior)
    assert "142.000" in text_of(client.get(reverse("fees:overseen")))
    page = text_of(client.get(f"{reverse('fees:public')}?chi-bo={cell.slug}"))
    assert "142.000 đã thu" in page
    assert "Mua báo" not in page
    assert client.get(f"{reverse('fees:cash')}?chi-bo={cell.slug}").status_code == 403


def test_cells_of_the_superior_come_in_pages(superior, superior_body, as_user):
    CellFactory.create_batch(31, parent=superior_body)
    page = as_user(superior).get(reverse("fees:overseen")).context["page"]
    assert (page.paginator.num_pages, len(page.object_list)) == (2, 30)


def test_wrong_year_or_place_in_the_address_is_no_error(stocked, collector, as_user):
    client = as_user(collector)
    assert client.get(f"{reverse('fees:public')}?nam=abcd").context["year"] == 2026
    assert client.get(f"{reverse('fees:public')}?nam=0000").context["year"] == 2026
    assert client.get(f"{reverse('fees:cash')}?noi=hộp").status_code == 200


def test_book_comes_in_pages_that_go_on(stocked, cell, collector, as_user):
    open_by_hand(cell, first(11))
    for number in range(31):
        pay(
            cell,
            stocked[11].dues.first().member,
            1_000 + number,
            DAY,
            Method.CASH,
            by=collector,
            voluntary=1_000 + number,
        )
    page = as_user(collector).get(f"{reverse('fees:cash')}?trang=2")
    assert [line.voucher.kind for line in page.context["lines"]] == [VoucherKind.RECEIPT, VoucherKind.OPENING]
    assert [line.balance for line in page.context["lines"]] == [1_501_000, 1_500_000]
    assert Voucher.objects.count() == 32
