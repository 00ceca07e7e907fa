"""Pages of the book: the grid of the year, the month's collection, payments by button and by form."""

import datetime
import html
import re

import pytest
from django.urls import reverse

from fees.models import Correction, FeeMonth, Payment
from fees.queries.owing import owed
from fees.services.collecting import pay
from fees.states import DueKind, Method
from members.models import Setting
from tests.factories import MemberFactory
from tests.fees.conftest import TODAY, add_due, first, open_by_hand, shut

pytestmark = pytest.mark.django_db
RATE = 142_000
MONTH = {"year": 2026, "month": 11}


def address(name, **more):
    return reverse(f"fees:{name}", kwargs=MONTH | more)


def text_of(response):
    """The words of a page, one blank between them."""
    body = re.sub(r'<span class="nowrap">([^<]*)</span>', r"\1", response.content.decode())
    body = re.sub(r"<svg.*?</svg>|<script.*?</script>|<[^>]+>", " ", body, flags=re.S)
    return " ".join(html.unescape(body).replace("\xa0", " ").split())


def values(amount=RATE, **more):
    return {"amount": str(amount), "paid_on": "20/11/2026", "method": "cash"} | more


# Where one comes to


@pytest.mark.parametrize(
    ("who", "where"),
    [("thuquy", "/fees/2026/11/"), ("bithu", "/fees/2026/"), ("phobithu", "/fees/2026/"), ("dangvien", "/fees/me/")],
)
def test_home_leads_to_what_one_has_to_do_here(book, cast, as_user, who, where):
    assert as_user(cast[who]).get("/fees/").headers["Location"] == where


def test_member_sees_the_year_where_the_cell_decided_so(book, cell, member, as_user):
    """PEERS, privacy: who has paid is shown only when the cell so decided; amounts never."""
    assert "Đỗ Mai Anh" not in text_of(as_user(member).get("/fees/2026/"))
    Setting.objects.create(
        organisation=cell, key="fee.status_open_to_members", value="có", source="NQ 5", starts_on=first(1)
    )
    words = text_of(as_user(member).get("/fees/2026/"))
    assert "Đỗ Mai Anh" in words
    assert "15.930" not in words


# The grid


def test_grid_of_the_collector_has_amounts_of_everybody(book, cell, member, clerk, collector, as_user):
    pay(cell, member.member, 2 * RATE, TODAY, Method.CASH, by=collector)
    body = as_user(collector).get("/fees/2026/?xem=so-tien").content.decode()
    row = re.search(r'<th scope="row" class="nm">Ngô Xuân Trường</th>(.*?)</tr>', body, re.S)[1]
    cells = [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in re.findall(r"<td.*?</td>", row, re.S)]
    assert len(cells) == 13
    assert cells[8:11] == ["đã đóng 142.000", "đã đóng 142.000", "Chưa 142.000 : chưa đóng tháng này"]
    assert cells[-1] == "284.000"
    foot = re.search(r"<tfoot>(.*?)</tfoot>", body, re.S)[1]
    assert [one for one in re.findall(r"<td[^>]*>([^<]*)</td>", foot) if one] == ["142", "142", "284"]


def test_grid_shows_ticks_by_default_and_exceptions_in_words(book, cell, member, collector, as_user):
    pay(cell, member.member, 2 * RATE, TODAY, Method.CASH, by=collector)
    words = text_of(as_user(collector).get("/fees/2026/"))
    assert "Ngô Xuân Trường 142.000 đã đóng đã đóng Chưa : chưa đóng tháng này 284.000" in words
    assert "Đỗ Mai Anh 15.930 Nợ : quá tháng, còn nợ Nợ : quá tháng, còn nợ Chưa : chưa đóng tháng này" in words


def test_who_pays_nothing_is_one_band(book, cell, collector, as_user):
    veteran = MemberFactory(full_name="Bùi Văn Nghĩa", cell=cell)
    for fee_month in book.values():
        add_due(fee_month, veteran, kind=DueKind.EXEMPT)
    body = as_user(collector).get("/fees/2026/").content.decode()
    assert '<td class="span" colspan="3">Được miễn</td>' in body


@pytest.mark.parametrize("who", ["bithu", "phobithu"])
def test_heads_see_who_has_paid_and_no_amount_of_a_person(book, cell, member, cast, collector, as_user, who):
    pay(cell, member.member, RATE - 1, TODAY, Method.CASH, by=collector)
    for url in ("/fees/2026/", "/fees/2026/?xem=so-tien", "/fees/2026/11/"):
        words = text_of(as_user(cast[who]).get(url))
        assert "Ngô Xuân Trường" in words
        for secret in ("142.000", "15.930", "141.999", "142.001"):
            sums = words.count(secret) - words.count(f"{secret} đã đóng") - words.count(f"{secret} còn phải thu")
            assert (url, secret, sums) == (url, secret, 0) or url != "/fees/2026/11/"


@pytest.mark.parametrize("who", ["chiuy", "dangvien", "tamthoi"])
def test_others_of_the_cell_see_sums_and_no_names(book, cell, cast, as_user, who):
    """Sums of an open month are for who keeps or audits the book."""
    for url in ("/fees/2026/", "/fees/2026/11/"):
        words = text_of(as_user(cast[who]).get(f"{url}?chi-bo={cell.slug}"))
        assert "157.930" not in words  # what all owe for November
        assert "Đỗ Mai Anh" not in words


def test_superior_sees_the_sums_of_a_cell_below(book, cell, superior, as_user):
    assert "157.930" not in text_of(as_user(superior).get(f"/fees/2026/11/?chi-bo={cell.slug}"))
    shut(book[11])
    FeeMonth.objects.filter(pk=book[11].pk).update(due_total=157_930)
    words = text_of(as_user(superior).get(f"/fees/2026/11/?chi-bo={cell.slug}"))
    assert "157.930" in words
    assert "Ngô Xuân Trường" not in words
    assert as_user(superior).get(f"/fees/2026/11/?chi-bo={cell.slug}&x").status_code == 200


def test_other_cell_does_not_know_the_book(book, cell, outsider, as_user):
    assert as_user(outsider).get(f"/fees/2026/11/?chi-bo={cell.slug}").status_code == 404


def test_only_who_still_has_to_pay(book, cell, member, clerk, collector, as_user):
    pay(cell, member.member, 3 * RATE, TODAY, Method.CASH, by=collector)
    words = text_of(as_user(collector).get("/fees/2026/?loc=chua-dong"))
    assert "Đỗ Mai Anh" in words
    assert "Ngô Xuân Trường" not in words


def test_year_without_a_share_says_that_nothing_can_be_passed_up(book, collector, superior_body, as_user):
    words = text_of(as_user(collector).get("/fees/2026/"))
    assert (
        "Chưa tính được phần nộp cấp trên. Đảng ủy phường Thử chưa đặt tỷ lệ đảng phí để lại chi bộ. "
        "Sổ vẫn ghi thu bình thường." in words
    )
    Setting.objects.create(
        organisation=superior_body, key="fee.retained_percent", value="50", source="QĐ 1", starts_on=first(1)
    )
    assert "Chưa tính được phần nộp" not in text_of(as_user(collector).get("/fees/2026/"))


@pytest.mark.parametrize("url", ["/fees/1999/", "/fees/2101/", "/fees/2026/13/", "/fees/2026/0/"])
def test_no_calendar_no_page(book, collector, as_user, url):
    assert as_user(collector).get(url).status_code == 404


# The month


def test_who_has_not_paid_comes_first(book, cell, member, clerk, collector, as_user):
    for person in (member.member, clerk.member):
        assert person
    pay(cell, clerk.member, 3 * 15_930, TODAY, Method.CASH, by=collector)
    words = text_of(as_user(collector).get("/fees/2026/11/"))
    assert words.index("Chưa đóng đủ") < words.index("Ngô Xuân Trường") < words.index("Đã đóng đủ")
    assert words.index("Đã đóng đủ") < words.index("Đỗ Mai Anh")
    assert "Còn nợ tháng 09/2026, 10/2026" in words
    assert "Thu 426.000 đồng, tiền mặt" in words
    assert "đã đóng đủ 1/2 đồng chí" in words


def test_button_of_a_payer_books_what_is_owed(book, cell, member, collector, as_user):
    body = as_user(collector).get("/fees/2026/11/").content.decode()
    form = re.search(rf'<li id="m{member.member_id}">.*?<form(.*?)</form>', body, re.S)[1]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    answer = as_user(collector).post(re.search(r' action="([^"]+)"', form)[1], sent)
    assert answer.headers["Location"] == f"/fees/2026/11/#m{member.member_id}"
    assert "Đã ghi biên lai 0001/2026." in text_of(as_user(collector).get("/fees/2026/11/"))
    assert Payment.objects.get().amount == 3 * RATE


def test_double_click_acts_once(book, member, collector, as_user):
    """Also while something more is owed: the second click is the same submission."""
    client, url = as_user(collector), address("pay", pk=member.member_id)
    sent = values(submission="0b9ad8b1-0f5c-4a5c-8d4b-6f3b2f6a1d11")
    assert [client.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert Payment.objects.count() == 1


def test_button_with_htmx_gives_the_row_and_the_sums(book, cell, member, collector, as_user):
    url = address("pay", pk=member.member_id)
    answer = as_user(collector).post(url, values(3 * RATE), headers={"HX-Request": "true"})
    words = text_of(answer)
    assert answer.status_code == 200
    assert "Biên lai 0001/2026, 426.000 đồng" in words
    assert "đã đóng đủ 1/2 đồng chí" in words
    assert 'id="month-sum" hx-swap-oob="true"' in answer.content.decode()
    stale = as_user(collector).post(url, values(3 * RATE), headers={"HX-Request": "true"})
    assert stale.status_code == 422
    assert "không còn nợ đảng phí" in text_of(stale)


def test_form_says_at_the_field_what_is_wrong_and_keeps_what_was_typed(book, member, collector, as_user):
    url = address("pay", pk=member.member_id)
    answer = as_user(collector).post(url, values("999.999.999", note="Gửi qua đ/c Anh"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["amount"] == [
        "Số tiền nhiều hơn số còn phải đóng (426.000 đồng) là 999.573.999 đồng. "
        "Sửa số tiền, chọn thêm tháng đóng trước, hoặc ghi phần dư là tự nguyện."
    ]
    assert 'value="Gửi qua đ/c Anh"' in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"amount": ""}, "amount", "Ghi số tiền đã nhận."),
        ({"amount": "1,5"}, "amount", "Số tiền không đúng. Đồng chí ghi số đồng, ví dụ 1.346.670."),
        ({"amount": "-5.000"}, "amount", "Số tiền phải lớn hơn 0. Thu nhầm thì hủy biên lai, không ghi số âm."),
        ({"amount": "9" * 20}, "amount", "Số tiền không đúng. Đồng chí ghi số đồng, ví dụ 1.346.670."),
        ({"paid_on": ""}, "paid_on", "Ghi ngày nhận tiền."),
        ({"paid_on": "31/02/2026"}, "paid_on", "Ngày không đúng. Đồng chí ghi ngày, tháng, năm, ví dụ 05/12/2026."),
        ({"months": "2025-01-01"}, "months", "Chọn các tháng có trong danh sách."),
    ],
)
def test_form_refuses(book, member, collector, as_user, sent, field, sentence):
    answer = as_user(collector).post(address("pay", pk=member.member_id), values(**sent) if sent else {})
    assert answer.context["form"].errors[field] == [sentence]
    assert Payment.objects.count() == 0


@pytest.mark.parametrize("typed", ["142000", "142.000", "142,000", "142 000", "142.000 đồng", " 142.000đ "])
def test_amounts_are_read_as_people_write_them(book, member, collector, as_user, typed):
    as_user(collector).post(address("pay", pk=member.member_id), values(typed))
    assert Payment.objects.get().amount == RATE


def test_form_takes_months_and_voluntary_money(book, member, collector, as_user):
    sent = values(
        2 * RATE + 8_000, months=["2026-11-01", "2026-12-01"], voluntary="8.000", method="portal", reference="D1"
    )
    as_user(collector).post(address("pay", pk=member.member_id), sent)
    parts = list(Payment.objects.get().allocations.values_list("month", "share", "amount"))
    assert parts == [(first(11), "due", RATE), (first(11), "voluntary", 8_000), (first(12), "due", RATE)]


def test_receipt_number_sent_by_hand_is_not_heard(book, member, collector, as_user):
    as_user(collector).post(address("pay", pk=member.member_id), values(number="77", year="2020"))
    assert Payment.objects.get().number_text == "0001/2026"


def test_without_a_book_of_today_no_button_is_shown(book, collector, as_user):
    shut(book[11])
    words = text_of(as_user(collector).get("/fees/2026/10/"))
    assert "tiền mặt" not in words
    assert "Sổ tháng 11/2026 chưa mở hoặc đã khóa, nên chưa ghi thu bằng một nút được." in words


def test_receipts_of_the_month_page(book, cell, member, collector, as_user):
    for _ in range(31):
        pay(cell, member.member, 1_000, TODAY, Method.CASH, by=collector)
    words = text_of(as_user(collector).get("/fees/2026/11/"))
    assert "31 biên lai" in words
    assert "Trang 1/2, 1 đến 30 trên 31" in words


# Opening, closing, correcting


def test_month_is_opened_by_a_button_once(frozen, cell, collector, as_user):
    url = reverse("fees:month_open", args=[2026, 11])
    client = as_user(collector)
    assert "Mở sổ tháng 11/2026" in text_of(client.get("/fees/2026/11/"))
    for _ in range(2):
        assert client.post(url).headers["Location"] == "/fees/2026/11/"
    assert FeeMonth.objects.count() == 1
    assert "Tháng này chưa đến." in text_of(client.get("/fees/2026/12/"))


def test_closing_lists_what_is_missing(book, cell, member, clerk, collector, as_user):
    pay(cell, clerk.member, 15_930, TODAY, Method.CASH, by=collector, months=[first(9)])
    words = text_of(as_user(collector).get("/fees/2026/09/do/close/".replace("/09/", "/9/")))
    assert "1 đồng chí chưa đóng đủ" in words
    assert "Ngô Xuân Trường, còn 142.000 đồng" in words
    assert "Cấp trên chưa đặt tỷ lệ để lại chi bộ" in words
    later = text_of(as_user(collector).get("/fees/2026/11/do/close/"))
    assert "Tháng 09/2026 chưa khóa sổ. Khóa theo thứ tự từ tháng cũ." in later


def test_refused_close_says_why(book, collector, as_user):
    answer = as_user(collector).post("/fees/2026/11/do/close/", {"early": "on"})
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == ["Khóa sổ theo thứ tự: khóa tháng 09/2026 trước."]


def test_month_that_is_not_over_closes_only_knowingly(book, collector, as_user):
    """From the close on nothing can be booked until the next month is open."""
    shut(book[9])
    shut(book[10])
    client = as_user(collector)
    answer = client.post("/fees/2026/11/do/close/")
    assert answer.context["form"].errors["early"] == [
        "Tháng chưa hết. Khóa bây giờ thì đến ngày 01/12/2026 mới ghi thu, chi tiếp được. Đánh dấu ô này nếu vẫn khóa."
    ]
    knowing = client.post("/fees/2026/11/do/close/", {"early": "on"}).context["form"].errors
    assert "early" not in knowing
    shut(book[11])
    page = text_of(client.get("/fees/2026/11/"))
    assert "Sổ tháng này đã khóa trước khi hết tháng: ghi thu, chi tiếp khi sổ tháng sau mở." in page


def test_close_asks_a_reason_for_each_due_that_cannot_be_counted(frozen, cell, member, collector, as_user):
    client = as_user(collector)
    client.post(reverse("fees:month_open", args=[2026, 11]))
    waiting = FeeMonth.objects.get().dues.filter(kind__in=[DueKind.UNDECLARED, DueKind.INCOMPLETE, "unconfigured"])
    assert waiting.count() == 6  # nobody of the cast has declared anything
    answer = client.post("/fees/2026/11/do/close/")
    assert answer.context["form"].errors[f"reason_{member.member_id}"] == ["Ghi lý do để lại đồng chí Ngô Xuân Trường."]
    reasons = {f"reason_{due.member_id}": "Đang chờ kê khai" for due in waiting} | {"early": "on"}
    assert client.post("/fees/2026/11/do/close/", reasons).headers["Location"] == "/fees/2026/11/"
    assert FeeMonth.objects.get().state == "closed"
    assert "Đã khóa sổ" in text_of(client.get("/fees/2026/11/"))


def test_correction_books_the_difference(book, cell, member, collector, as_user):
    shut(book[9])
    url, client = reverse("fees:correct", args=[2026, 9, member.member_id]), as_user(collector)
    assert "142.000 đồng" in text_of(client.get(url))
    assert client.post(url, {"right": "150.000", "reason": "Ghi sai hệ số"}).headers["Location"] == "/fees/2026/9/"
    row = Correction.objects.get()
    assert (row.amount, row.fee_month, row.reason) == (8_000, book[11], "Ghi sai hệ số")
    assert owed(cell, [first(9)])[member.member_id, first(9)].owes == 150_000
    same = client.post(url, {"right": "150.000", "reason": "x"})
    assert same.context["form"].errors["right"] == [
        "Mức đóng của tháng đang đúng bằng số này, không có gì để điều chỉnh."
    ]
    below = client.post(url, {"right": "-1", "reason": "x"})
    assert below.context["form"].errors["right"] == ["Số tiền không được âm."]
    empty = client.post(url, {})
    assert empty.context["form"].errors["reason"] == ["Ghi lý do điều chỉnh."]


def test_open_month_is_not_corrected(book, member, collector, as_user):
    answer = as_user(collector).post(
        reverse("fees:correct", args=[2026, 10, member.member_id]), {"right": "1", "reason": "x"}
    )
    assert answer.context["form"].non_field_errors() == [
        "Tháng 10/2026 chưa khóa sổ: sửa kê khai, đối tượng hoặc quyết định rồi tính lại."
    ]


def test_split_is_offered_once_the_share_is_known(book, cell, collector, superior_body, as_user):
    shut(book[9])
    client = as_user(collector)
    assert "Trích để lại, phải nộp" not in text_of(client.get("/fees/2026/9/"))
    Setting.objects.create(
        organisation=superior_body, key="fee.retained_percent", value="50", source="QĐ 1", starts_on=first(1)
    )
    assert "Trích để lại, phải nộp" in text_of(client.get("/fees/2026/9/"))
    assert client.post("/fees/2026/9/do/split/").headers["Location"] == "/fees/2026/9/"
    assert "Trích để lại, phải nộp" not in text_of(client.get("/fees/2026/9/"))


def test_day_of_the_book_is_the_day_the_money_came(book, member, collector, as_user):
    as_user(collector).post(address("pay", pk=member.member_id), values(paid_on="31/10/2026"))
    assert Payment.objects.get().paid_on == datetime.date(2026, 10, 31)
    assert Payment.objects.get().fee_month == book[10]


def test_visitor_cell_in_the_address_is_kept(book, cell, collector, as_user):
    open_by_hand(cell, first(8))
    body = as_user(collector).get(f"/fees/2026/11/?chi-bo={cell.slug}").content.decode()
    assert f"/fees/2026/11/do/close/?chi-bo={cell.slug}" in body
