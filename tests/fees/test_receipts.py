"""Receipts on the page and on paper, their check page, the list that is signed at the meeting."""

import importlib
import subprocess
from io import BytesIO

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.html import escape
from pypdf import PdfReader

from fees import coverage
from fees.models import Due, Payment
from fees.services.collecting import pay
from fees.services.collecting import reverse as take_back
from fees.states import DueKind, Method
from tests.factories import MemberFactory
from tests.fees.conftest import TODAY, add_due, first, open_by_hand, shut
from tests.fees.test_book_pages import text_of

pytestmark = pytest.mark.django_db
RATE = 142_000
RULE = {
    "key": "k",
    "title": "t",
    "value": "1",
    "unit": "%",
    "source": "Quy định 01-QĐ/TW, 03/02/2026",
    "verified": True,
}


@pytest.fixture
def payment(book, cell, member, collector):
    Due.objects.update(formula="1 % × 14.200.000 đồng = 142.000 đồng", rules=[RULE])
    return pay(cell, member.member, 2 * RATE, TODAY, Method.PORTAL, by=collector, reference="DVC-77", note="Nộp hộ")


def words_of(data):
    """One line of text per page."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages]


def test_receipt_says_what_it_pays_for_and_how_that_was_counted(payment, member, as_user):
    """Issue 4: every result carries its formula and the rule row, and the receipt prints them."""
    words = text_of(as_user(member).get(payment.get_absolute_url()))
    assert "284.000 đồng (Hai trăm tám mươi tư nghìn đồng)" in words
    assert "Đảng phí tháng 09/2026 đến tháng 10/2026 Mỗi tháng: 1 % × 14.200.000 đồng = 142.000 đồng" in words
    assert "Theo Quy định 01-QĐ/TW, 03/02/2026" in words
    assert "Cổng Dịch vụ công Quốc gia, số DVC-77" in words
    assert "Hủy biên lai" not in words  # the payer may not


def test_unconfirmed_rule_says_so(book, cell, member, collector, as_user):
    Due.objects.update(rules=[RULE, RULE | {"source": "Nghị định 293/2025/NĐ-CP", "verified": False}, RULE])
    payment = pay(cell, member.member, RATE, TODAY, Method.CASH, by=collector)
    assert "Theo Quy định 01-QĐ/TW, 03/02/2026; Nghị định 293/2025/NĐ-CP (chưa kiểm chứng)" in text_of(
        as_user(member).get(payment.get_absolute_url())
    )


def test_receipt_printed_again_is_the_same_receipt(payment, cell, collector, member, as_user):
    """Whatever is counted after it was written: formula, rules, also of a month that was still to come."""
    more = pay(cell, member.member, 2 * RATE, TODAY, Method.CASH, by=collector, months=[first(11), first(12)])
    client = as_user(member)
    pages = [row.get_absolute_url() for row in (payment, more)]
    before = [text_of(client.get(page)) for page in pages]
    assert "Đảng phí tháng 12/2026, đóng trước Chưa đến tháng khi ghi biên lai 142.000 đồng" in before[1]
    Due.objects.update(formula="2 % × 1 đồng", rules=[RULE | {"source": "QĐ khác", "verified": False}])
    december = add_due(open_by_hand(cell, first(12)), member.member, RATE)
    Due.objects.filter(pk=december.pk).update(formula="Tháng 12", rules=[RULE])
    assert [text_of(client.get(page)) for page in pages] == before
    back = take_back(more, "Nhầm", by=collector)
    words = text_of(client.get(back.get_absolute_url()))
    assert "Đảng phí tháng 12/2026, đóng trước Chưa đến tháng khi ghi biên lai 142.000 đồng" in words
    assert ("Tháng 12" in words, "QĐ khác" in words) == (False, False)


def test_part_older_than_the_columns_says_what_was_filled_in(payment):
    """0007 fills in what the month says at the time; ``ahead`` stays empty, so that verify_chain leaves it out."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE fees_allocation DISABLE TRIGGER USER")
        cursor.execute("UPDATE fees_allocation SET formula = '', rules = '', ahead = NULL")
        cursor.execute("ALTER TABLE fees_allocation ENABLE TRIGGER USER")
        cursor.execute("UPDATE fees_feemonth SET opened_at = '2026-09-01'")
        Due.objects.update(rules=[RULE | {"source": "NĐ 2", "verified": False}, RULE, RULE])
        cursor.execute(importlib.import_module("fees.migrations.0007_said_on_paper").FILL)
    part = payment.allocations.first()
    assert (part.formula, part.ahead) == ("1 % × 14.200.000 đồng = 142.000 đồng", None)
    assert part.rules == "NĐ 2 (chưa kiểm chứng); Quy định 01-QĐ/TW, 03/02/2026"
    assert coverage.payment(payment)[-2] == [
        [f"2026-{month}-01", "due", RATE, payment.member_id] for month in ("09", "10")
    ]


@pytest.mark.parametrize("who", ["bithu", "phobithu", "chiuy", "thuky", "captren", "quantri", "chibokhac"])
def test_receipt_is_for_payer_and_collector(payment, cast, as_user, who):
    for name in ("receipt", "receipt_pdf", "reverse"):
        assert as_user(cast[who]).get(reverse(f"fees:{name}", args=[payment.pk])).status_code == 404


def test_receipt_on_paper(payment, member, as_user, tmp_path):
    answer = as_user(member).get(reverse("fees:receipt_pdf", args=[payment.pk]))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bien-lai-0001-2026.pdf"'
    reader = PdfReader(BytesIO(answer.content))
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages] == [(595, 420)]  # A5
    (words,) = words_of(answer.content)
    for said in (
        "BIÊN LAI THU ĐẢNG PHÍ", "Số 0001/2026", "Ngày 20 tháng 11 năm 2026", "Ngô Xuân Trường",
        "Bằng chữ: Hai trăm tám mươi tư nghìn đồng.", "số giao dịch DVC-77", "Vũ Đình Khôi", "Ghi chú: Nộp hộ",
    ):  # fmt: skip
        assert said in words
    (tmp_path / "a.pdf").write_bytes(answer.content)
    fonts = subprocess.run(["pdffonts", tmp_path / "a.pdf"], capture_output=True, text=True, check=True).stdout
    assert {line.split("+")[1].split()[0].split("-")[0] for line in fonts.splitlines()[2:]} == {"Tinos"}


def test_reversed_receipt_says_so_on_page_and_paper(payment, collector, as_user):
    back = take_back(payment, "Ghi nhầm người nộp", by=collector)
    client = as_user(collector)
    assert "Đã hủy ngày 20/11/2026 bằng biên lai 0002/2026 . Lý do: Ghi nhầm người nộp" in text_of(
        client.get(payment.get_absolute_url())
    )
    (old,) = words_of(client.get(reverse("fees:receipt_pdf", args=[payment.pk])).content)
    assert "ĐÃ HỦY ngày 20/11/2026 bằng biên lai số 0002/2026" in old
    (new,) = words_of(client.get(reverse("fees:receipt_pdf", args=[back.pk])).content)
    assert "BIÊN LAI HỦY" in new
    assert "Hủy biên lai số 0001/2026. Lý do: Ghi nhầm người nộp" in new
    assert "Cộng đã hủy 284.000" in new


def test_receipts_of_a_month_two_on_a_page(book, cell, member, collector, as_user):
    for _ in range(5):
        pay(cell, member.member, 1_000, TODAY, Method.CASH, by=collector)
    answer = as_user(collector).get(reverse("fees:receipts_pdf", args=[2026, 11]))
    pages = words_of(answer.content)
    assert [page.count("BIÊN LAI THU ĐẢNG PHÍ") for page in pages] == [2, 2, 1]
    assert [page.find("Số 0003/2026") > 0 for page in pages] == [False, True, False]


def test_month_without_receipts_has_nothing_to_print(book, collector, as_user):
    answer = as_user(collector).get(reverse("fees:receipts_pdf", args=[2026, 11]), follow=True)
    assert [str(said) for said in answer.context["messages"]] == ["Sổ tháng 11/2026 chưa có biên lai nào để in."]


def test_long_receipt_stays_whole(book, cell, collector, as_user):
    """Thirteen months at once, one of them counted otherwise: three lines, one page."""
    months = [first(month, 2026) for month in (11, 12)] + [first(month, 2027) for month in range(1, 12)]
    payer = MemberFactory(full_name="Công Tằng Tôn Nữ Hoàng Thiên Hương Thị Ngọc Ánh", cell=cell)
    add_due(book[11], payer, RATE)
    row = pay(cell, payer, 13 * RATE + 1, TODAY, Method.CASH, by=collector, months=months, voluntary=1)
    (words,) = words_of(as_user(collector).get(reverse("fees:receipt_pdf", args=[row.pk])).content)
    assert "Đảng phí tháng 12/2026 đến tháng 11/2027, đóng trước" in words
    assert "Tự nguyện đóng thêm" in words


# Reversing


def test_collector_reverses_with_a_reason(payment, collector, as_user):
    url, client = reverse("fees:reverse", args=[payment.pk]), as_user(collector)
    assert "Hủy biên lai này?" in text_of(client.get(url))
    empty = client.post(url, {"reason": " "})
    assert (empty.status_code, empty.context["form"].errors["reason"]) == (422, ["Ghi lý do hủy biên lai."])
    assert client.post(url, {"reason": "Ghi nhầm"}).headers["Location"] == payment.get_absolute_url()
    again = client.post(url, {"reason": "Ghi nhầm"})
    assert again.context["form"].non_field_errors() == ["Biên lai 0001/2026 đã được hủy bằng biên lai 0002/2026."]


def test_payer_may_not_reverse(payment, member, as_user):
    assert as_user(member).post(reverse("fees:reverse", args=[payment.pk]), {"reason": "x"}).status_code == 403


def test_reversal_without_an_open_month_is_refused(payment, book, collector, as_user):
    shut(book[11])
    answer = as_user(collector).post(reverse("fees:reverse", args=[payment.pk]), {"reason": "x"})
    assert answer.context["form"].non_field_errors() == [
        "Sổ đảng phí tháng 11/2026 đã khóa. Ghi vào tháng đang mở: 09/2026."
    ]


# The check page: number, day, cell, state; never payer or amount


def check(client, payment, **sent):
    url = reverse("documents:verify", args=[payment.code])
    return client.post(url, sent) if sent else client.get(url)


def test_check_page_tells_number_day_cell_and_state_and_nothing_else(payment, client):
    words = text_of(check(client, payment))
    assert "Biên lai thu đảng phí Số 0001/2026 Ngày 20/11/2026 Nơi lập Chi bộ Một Tình trạng Hợp lệ" in words
    body = check(client, payment).content.decode()
    secrets = ("Ngô Xuân Trường", "Trường", "284", "DVC-77", "Vũ Đình Khôi", "Nộp hộ", "/fees/")
    assert [secret for secret in secrets if escape(secret) in body] == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("284.000", "Số tiền vừa gõ trùng với số đã ghi sổ."),
        ("284000 đồng", "Số tiền vừa gõ trùng với số đã ghi sổ."),
        ("884.000", "Số tiền vừa gõ không trùng với số đã ghi sổ."),
    ],
)
def test_changed_amount_is_found_by_who_holds_the_paper(payment, client, typed, sentence):
    assert sentence in text_of(check(client, payment, amount=typed))


def test_check_page_says_what_to_type(payment, client):
    answer = check(client, payment, amount="nhiều")
    assert answer.status_code == 422
    assert answer.context["form"].errors["amount"] == ["Gõ số tiền bằng chữ số, ví dụ 142.000."]


def test_amounts_cannot_be_tried_out(payment, client):
    for guess in range(30):
        assert check(client, payment, amount=str(guess + 1)).status_code == 200
    answer = check(client, payment, amount="284000")
    assert answer.status_code == 429
    assert "trùng với số đã ghi" not in text_of(answer)


def test_check_page_of_reversed_and_reversing_receipts(payment, collector, client):
    back = take_back(payment, "Ghi nhầm", by=collector)
    assert "Tình trạng Đã hủy bằng biên lai 0002/2026" in text_of(check(client, payment))
    assert "Biên lai hủy Số 0002/2026" in text_of(check(client, back))
    assert "Hợp lệ; hủy biên lai 0001/2026" in text_of(check(client, back))
    assert "nhầm" not in text_of(check(client, payment))


def test_unknown_code_is_not_found(db, client):
    assert client.get(reverse("documents:verify", args=["khongco"])).status_code == 404
    assert client.post(reverse("documents:verify", args=["khongco"]), {"amount": "1"}).status_code == 404


# The list of the meeting


def test_collection_list_with_and_without_amounts(book, cell, member, clerk, collector, as_user):
    veteran = MemberFactory(full_name="Bùi Văn Nghĩa", cell=cell)
    add_due(book[11], veteran, kind=DueKind.EXEMPT)
    pay(cell, clerk.member, 3 * 15_930, TODAY, Method.CASH, by=collector)
    url = reverse("fees:collection_list", args=[2026, 11])
    (words,) = words_of(as_user(collector).get(url).content)
    assert "THU ĐẢNG PHÍ THÁNG 11/2026" in words.upper()
    assert "Ngô Xuân Trường 284.000 142.000 426.000" in words
    assert "Bùi Văn Nghĩa Được miễn" in words
    assert "Đỗ Mai Anh Đã đóng" in words
    assert "Cộng 426.000" in words
    assert "NGƯỜI THU ĐẢNG PHÍ" in words
    (open_list,) = words_of(as_user(collector).get(f"{url}?so-tien=khong").content)
    assert "Ngô Xuân Trường 09/2026, 10/2026, 11/2026" in open_list
    assert [amount for amount in ("142.000", "426.000", "284.000", "15.930") if amount in open_list] == []


@pytest.mark.parametrize("who", ["bithu", "dangvien", "chiuy"])
def test_lists_with_amounts_are_for_the_collector(book, cast, as_user, who):
    for name in ("collection_list", "receipts_pdf"):
        assert as_user(cast[who]).get(reverse(f"fees:{name}", args=[2026, 11])).status_code == 403


def test_codes_of_receipts_are_as_long_as_those_of_papers(payment):
    assert (len(payment.code), Payment._meta.get_field("code").unique) == (24, True)
