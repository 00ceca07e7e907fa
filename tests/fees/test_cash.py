"""The cash book: what is booked beside receipts, every refusal, and the sums that lie open (DOMAIN §3.3, §3.5)."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import Refused
from fees.models import Entry, FeeMonth, Remittance, Spending, Voucher
from fees.queries import cash as queries
from fees.services import papers
from fees.services.collecting import pay, reverse
from fees.states import Account, Method, VoucherKind
from members.models import Activity
from tests.fees.cashbook import DAY, left, move, opened, remit, spend, split, take_back
from tests.fees.conftest import first, open_by_hand, shut
from tests.meetings import files

pytestmark = pytest.mark.django_db
CASH, BANK, PORTAL, RETAINED, PAYABLE, COLLECTED = (
    Account.CASH, Account.BANK, Account.PORTAL, Account.RETAINED, Account.PAYABLE, Account.COLLECTED,
)  # fmt: skip
DATE = datetime.date


def refused(call, *args, **values):
    """(sentence, field) of a refusal; nothing was written."""
    before = Voucher.objects.count(), Entry.objects.count(), Remittance.objects.count(), Spending.objects.count()
    with pytest.raises(Refused) as caught:
        call(*args, **values)
    assert (
        Voucher.objects.count(),
        Entry.objects.count(),
        Remittance.objects.count(),
        Spending.objects.count(),
    ) == before
    return caught.value.message, caught.value.field


# Opening


def test_opening_balance_stands_in_places_and_owners(stocked, cell):
    assert left(cell, CASH, BANK, PORTAL, RETAINED, PAYABLE, COLLECTED) == [1_000_000, 500_000, 0, 900_000, 600_000, 0]
    voucher = queries.standing_opening(cell)
    assert voucher.text == "Số dư đầu theo sổ khóa ngày 31/10/2026"
    assert Activity.objects.filter(verb="voucher.posted", object_id=voucher.pk).count() == 1


def test_opening_balance_is_booked_once(stocked, cell, collector):
    sentence = "Số dư đầu đã ghi ngày 10/11/2026. Nếu ghi sai, đảo chứng từ đó rồi ghi lại."
    assert refused(opened, cell, collector) == (sentence, None)


def test_opening_balance_taken_back_is_written_anew_and_again_once(stocked, cell, collector):
    take_back(queries.standing_opening(cell), collector)
    assert left(cell, CASH, BANK, RETAINED, PAYABLE) == [0, 0, 0, 0]
    again = opened(cell, collector, cash=70_000, retained=70_000)
    assert left(cell, CASH, BANK, RETAINED, PAYABLE) == [70_000, 0, 70_000, 0]
    assert again.reverses.kind == VoucherKind.CORRECTION
    assert refused(opened, cell, collector)[1] is None


@pytest.mark.parametrize(
    ("amounts", "sentence"),
    [
        ({"cash": 10, "retained": 4, "payable": 5},
         "Tiền ở các nơi cộng lại là 10 đồng, phần để lại và phải nộp cộng lại là 9 đồng: lệch 1 đồng. "
         "Hai bên phải bằng nhau."),
        ({"cash": -5, "bank": 5, "retained": 0}, "Số dư đầu không được âm."),
        ({"cash": 0}, "Số dư đầu bằng 0 thì không phải ghi; sổ bắt đầu từ khoản thu đầu tiên."),
    ],
)  # fmt: skip
def test_opening_balance_refuses(book, cell, collector, amounts, sentence):
    assert refused(opened, cell, collector, **amounts) == (sentence, None)


# Passing up


def test_remittance_leaves_place_and_debt_with_its_paper_and_number(stocked, cell, collector):
    upload = SimpleUploadedFile("giay-nop.pdf", files.pdf("Giấy nộp tiền"))
    row = remit(cell, collector, amount=600_000, upload=upload)
    assert left(cell, CASH, PAYABLE, RETAINED) == [400_000, 0, 900_000]
    assert row.voucher.text == "Nộp Đảng ủy phường Thử đến hết tháng 10/2026, chứng từ GNT 12"
    with row.paper.open() as stored:
        assert (row.paper_name, stored.read()[:5]) == ("giay-nop.pdf", b"%PDF-")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"amount": 600_001}, ("Số phải nộp còn 600.000 đồng. Không nộp nhiều hơn số phải nộp.", "amount")),
        ({"amount": 600_000, "place": BANK},
         ("Tiền gửi ngân hàng: đến ngày 10/11/2026 sổ còn 500.000 đồng, không đủ 600.000 đồng. "
          "Kiểm tra số tiền, ngày và nơi lấy tiền.", "place")),
        ({"amount": 0}, ("Số tiền phải lớn hơn 0. Ghi nhầm thì đảo chứng từ, không ghi số âm.", "amount")),
        ({"amount": -1}, ("Số tiền phải lớn hơn 0. Ghi nhầm thì đảo chứng từ, không ghi số âm.", "amount")),
        ({"amount": 10**12},
         ("Số tiền quá lớn cho một chứng từ, nhiều nhất 100.000.000.000 đồng. Kiểm tra lại số.", "amount")),
        ({"paper_number": "  "}, ("Ghi số của giấy nộp tiền hoặc biên lai cấp trên.", "paper_number")),
        ({"receiver": ""}, ("Ghi nơi nhận tiền.", "receiver")),
        ({"through_month": DATE(2026, 12, 1)},
         ("Tháng nộp đến chưa tới vào ngày nộp. Chọn lại tháng.", "through_month")),
        ({"dated_on": DATE(2026, 11, 21)},
         ("Ngày 21/11/2026 chưa đến. Ghi ngày trên chứng từ, muộn nhất hôm nay.", "dated_on")),
        ({"dated_on": DATE(2026, 8, 1), "through_month": DATE(2026, 7, 1)},
         ("Sổ đảng phí tháng 08/2026 chưa mở. Mở tháng này trước khi ghi.", "dated_on")),
    ],
)  # fmt: skip
def test_remittance_refuses(stocked, cell, collector, values, expected):
    assert refused(remit, cell, collector, **values) == expected


def test_remittance_without_anything_payable_says_what_comes_first(book, cell, collector):
    opened(cell, collector, cash=100_000, retained=100_000)
    sentence = "Chưa có số phải nộp. Khóa sổ tháng và trích theo tỷ lệ để lại rồi mới nộp."
    assert refused(remit, cell, collector) == (sentence, "amount")


def test_same_paper_is_booked_once_unless_taken_back(stocked, cell, collector):
    first = remit(cell, collector)
    assert refused(remit, cell, collector) == ("Chứng từ GNT 12 đã ghi ngày 10/11/2026.", "paper_number")
    take_back(first.voucher, collector)
    assert remit(cell, collector).paper_number == "GNT 12"


def test_no_booking_enters_a_closed_month(stocked, cell, collector):
    shut(stocked[10])
    day = DATE(2026, 10, 30)
    sentence = "Sổ đảng phí tháng 10/2026 đã khóa. Ghi vào tháng đang mở: 09/2026."
    for call, values in ((remit, {}), (spend, {"decided_on": day}), (move, {})):
        assert refused(call, cell, collector, dated_on=day, **values) == (sentence, "dated_on")


def test_what_came_in_later_cannot_leave_earlier(book, cell, collector):
    """The running balance of a place never falls below nothing on any day."""
    opened(cell, collector, dated_on=DATE(2026, 11, 15), cash=100_000, payable=100_000)
    sentence, field = refused(remit, cell, collector)
    assert (sentence[:51], field) == ("Tiền mặt tại quỹ: đến ngày 10/11/2026 sổ còn 0 đồng", "place")


def test_what_leaves_later_is_not_there_earlier(stocked, cell, collector):
    spend(cell, collector, dated_on=DATE(2026, 11, 19), amount=900_000)
    sentence, _ = refused(remit, cell, collector, amount=100_001)
    assert sentence.startswith("Tiền mặt tại quỹ: đến ngày 19/11/2026 sổ còn 100.000 đồng, không đủ 100.001 đồng.")


# Spending


def test_spending_leaves_place_and_retained_share(stocked, cell, collector):
    row = spend(cell, collector, place=BANK, amount=500_000)
    assert left(cell, BANK, RETAINED, PAYABLE) == [0, 400_000, 600_000]
    assert row.voucher.text == "Mua báo, theo 05-NQ/CB ngày 03/11/2026"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"amount": 900_001},
         ("Phần đảng phí để lại chi bộ còn 900.000 đồng. Không chi nhiều hơn phần để lại.", "amount")),
        ({"amount": 600_000, "place": BANK},
         ("Tiền gửi ngân hàng: đến ngày 10/11/2026 sổ còn 500.000 đồng, không đủ 600.000 đồng. "
          "Kiểm tra số tiền, ngày và nơi lấy tiền.", "place")),
        ({"decision": " "},
         ("Chi từ phần để lại phải có nghị quyết hoặc quyết định. Ghi số của văn bản đó.", "decision")),
        ({"decided_on": None}, ("Ghi ngày của nghị quyết hoặc quyết định.", "decided_on")),
        ({"decided_on": DATE(2026, 11, 11)},
         ("Quyết định ngày 11/11/2026 sau ngày chi 10/11/2026. Có quyết định rồi mới chi.", "decided_on")),
        ({"purpose": ""}, ("Ghi nội dung chi.", "purpose")),
        ({"amount": -50_000}, ("Số tiền phải lớn hơn 0. Ghi nhầm thì đảo chứng từ, không ghi số âm.", "amount")),
        ({"place": PORTAL},
         ("Tiền qua Cổng Dịch vụ công chuyển về ngân hàng hoặc tiền mặt trước khi chi.", "place")),
    ],
)  # fmt: skip
def test_spending_refuses(stocked, cell, collector, values, expected):
    assert refused(spend, cell, collector, **values) == expected


def test_paper_that_is_no_paper_is_refused_at_its_field(stocked, cell, collector):
    upload = SimpleUploadedFile("a.pdf", b"hello")
    assert refused(spend, cell, collector, upload=upload)[1] == "upload"


def test_paper_is_added_later_once(stocked, cell, collector):
    row = spend(cell, collector)
    papers.add_paper(row, SimpleUploadedFile("a.pdf", files.pdf("Hóa đơn")), by=collector)
    row.refresh_from_db()
    assert row.paper_name == "a.pdf"
    again = SimpleUploadedFile("b.pdf", files.pdf("Khác"))
    sentence = "Chứng từ này đã có tệp đính kèm. Nếu ghi nhầm, đảo chứng từ rồi ghi lại."
    assert refused(papers.add_paper, row, again, by=collector) == (sentence, "upload")


def test_paper_to_add_must_be_there(stocked, cell, collector):
    row = remit(cell, collector)
    assert refused(papers.add_paper, row, None, by=collector) == ("Chọn tệp chứng từ.", "upload")


# Moving


def test_money_moves_between_places(stocked, cell, collector):
    voucher = move(cell, collector, reference="FT 77")
    assert left(cell, CASH, BANK, RETAINED) == [800_000, 700_000, 900_000]
    assert voucher.text == "Chuyển từ tiền mặt tại quỹ sang tiền gửi ngân hàng, số FT 77"


def test_money_paid_through_the_portal_comes_to_the_bank(book, cell, member, collector):
    pay(cell, member.member, 142_000, DAY, Method.PORTAL, by=collector, reference="DVC 1")
    move(cell, collector, source=PORTAL, target=BANK, amount=142_000)
    assert left(cell, PORTAL, BANK) == [0, 142_000]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"target": CASH}, ("Nơi đi và nơi đến phải khác nhau.", "target")),
        ({"target": PORTAL},
         ("Không chuyển tiền sang Cổng Dịch vụ công; chọn tiền mặt hoặc ngân hàng.", "target")),
        ({"amount": 1_000_001},
         ("Tiền mặt tại quỹ: đến ngày 10/11/2026 sổ còn 1.000.000 đồng, không đủ 1.000.001 đồng. "
          "Kiểm tra số tiền, ngày và nơi lấy tiền.", "source")),
        ({"amount": 0}, ("Số tiền phải lớn hơn 0. Ghi nhầm thì đảo chứng từ, không ghi số âm.", "amount")),
    ],
)  # fmt: skip
def test_moving_refuses(stocked, cell, collector, values, expected):
    assert refused(move, cell, collector, **values) == expected


# Taking back


def test_voucher_is_taken_back_by_its_own_sides_negated(stocked, cell, collector):
    shut(stocked[10])
    voucher = spend(cell, collector).voucher
    back = take_back(voucher, collector)
    assert back.kind == VoucherKind.CORRECTION
    assert back.reverses == voucher
    assert back.text == "Đảo: Mua báo, theo 05-NQ/CB ngày 03/11/2026. Lý do: Ghi nhầm"
    assert left(cell, CASH, RETAINED) == [1_000_000, 900_000]
    assert Activity.objects.filter(verb="voucher.reversed", object_id=back.pk).count() == 1


def test_voucher_is_taken_back_once_and_its_reversal_never(stocked, cell, collector):
    voucher = move(cell, collector)
    back = take_back(voucher, collector)
    assert refused(take_back, voucher, collector) == ("Chứng từ này đã được đảo ngày 10/11/2026.", None)
    sentence = "Bút toán đảo không đảo được nữa. Nếu đảo nhầm, ghi lại chứng từ đúng."
    assert refused(take_back, back, collector) == (sentence, None)


def test_reversal_of_a_voucher_of_a_closed_month_stands_in_an_open_one(stocked, cell, collector):
    opened_in = queries.standing_opening(cell)
    voucher = move(cell, collector)
    shut(stocked[11])
    sentence = "Sổ đảng phí tháng 11/2026 đã khóa. Ghi vào tháng đang mở: 09/2026."
    assert refused(take_back, voucher, collector) == (sentence, "dated_on")
    assert opened_in.fee_month == voucher.fee_month


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"reason": " "}, ("Ghi lý do đảo chứng từ.", "reason")),
        ({"dated_on": DATE(2026, 11, 9)}, ("Không đảo trước ngày của chứng từ, 10/11/2026.", "dated_on")),
        ({"dated_on": DATE(2026, 11, 21)},
         ("Ngày 21/11/2026 chưa đến. Ghi ngày trên chứng từ, muộn nhất hôm nay.", "dated_on")),
    ],
)  # fmt: skip
def test_reversal_refuses(stocked, cell, collector, values, expected):
    assert refused(take_back, move(cell, collector), collector, **values) == expected


def test_receipt_is_not_taken_back_here(book, cell, member, collector):
    payment = pay(cell, member.member, 142_000, DAY, Method.CASH, by=collector)
    sentence = "Biên lai thì hủy ở trang của biên lai, không đảo ở đây."
    assert refused(take_back, payment.voucher, collector) == (sentence, None)


def test_split_is_not_taken_back_here(book, cell, member, collector):
    pay(cell, member.member, 142_000, DAY, Method.CASH, by=collector)
    voucher = split(cell, 42_000, 100_000)
    assert refused(take_back, voucher, collector) == ("Bút toán trích theo khóa sổ tháng, không đảo riêng.", None)


def test_opening_is_not_taken_back_once_its_money_is_spent(stocked, cell, collector):
    spend(cell, collector)
    sentence, field = refused(take_back, queries.standing_opening(cell), collector)
    assert (sentence, field) == (
        "Tiền mặt tại quỹ: đến ngày 10/11/2026 sổ còn 950.000 đồng, không đủ 1.000.000 đồng. "
        "Kiểm tra số tiền, ngày và nơi lấy tiền.", None,
    )  # fmt: skip


def test_opening_is_not_taken_back_once_its_share_is_spent(book, cell, member, collector):
    """The money may be there from receipts; the retained share is not."""
    voucher = opened(cell, collector, cash=100_000, retained=100_000)
    pay(cell, member.member, 142_000, DAY, Method.CASH, by=collector)
    spend(cell, collector)
    sentence, _ = refused(take_back, voucher, collector)
    assert sentence == (
        "Đảng phí để lại chi bộ còn 50.000 đồng, ít hơn 100.000 đồng của chứng từ này. "
        "Đảo khoản nộp hoặc chi ghi sau trước đã."
    )


# The book and its sums


def test_book_runs_from_the_newest_down(stocked, cell, collector):
    spend(cell, collector, dated_on=DATE(2026, 11, 12))
    move(cell, collector, dated_on=DATE(2026, 11, 11))
    rows = queries.vouchers(collector, cell)
    found = [(line.came, line.went, line.inside, line.balance) for line in queries.lines(cell, rows, whole=True)]
    assert found == [(0, 50_000, 0, 1_450_000), (0, 0, 200_000, 1_500_000), (1_500_000, 0, 0, 1_500_000)]
    rows = queries.vouchers(collector, cell, CASH)
    found = [(line.came, line.went, line.balance) for line in queries.lines(cell, rows, CASH, whole=True)]
    assert found == [(0, 50_000, 750_000), (0, 200_000, 800_000), (1_000_000, 0, 1_000_000)]


def test_second_page_of_the_book_goes_on_from_the_first(stocked, cell, collector):
    for _ in range(3):
        move(cell, collector, amount=1_000)
    rows = list(queries.vouchers(collector, cell, CASH))
    whole = [line.balance for line in queries.lines(cell, rows, CASH, whole=True)]
    assert whole == [997_000, 998_000, 999_000, 1_000_000]
    assert [line.balance for line in queries.lines(cell, rows[2:], CASH, whole=True)] == whole[2:]


def test_chi_uy_sees_no_receipt_in_the_book_and_no_running_balance(stocked, cell, member, secretary, collector):
    pay(cell, member.member, 142_000, DAY, Method.CASH, by=collector)
    rows = queries.vouchers(secretary, cell)
    assert [line.voucher.kind for line in queries.lines(cell, rows, whole=False)] == [VoucherKind.OPENING]
    assert [line.balance for line in queries.lines(cell, rows, whole=False)] == [None]
    assert [row.kind for row in queries.vouchers(member, cell)] == [VoucherKind.RECEIPT]  # the own one


def test_sums_of_a_year_by_month(book, cell, member, clerk, collector):
    """What was taken back counts in the month in which that was booked, under what it was."""
    opened(cell, collector, dated_on=DATE(2026, 9, 1), cash=100_000, retained=60_000, payable=40_000)
    pay(cell, member.member, 142_000, DATE(2026, 9, 5), Method.CASH, by=collector)
    split(cell, 42_000, 100_000, DATE(2026, 9, 30))
    shut(book[9])
    FeeMonth.objects.filter(pk=book[9].pk).update(retained_percent=30, retained_total=42_000, payable_total=100_000)
    wrong = spend(cell, collector, dated_on=DATE(2026, 10, 10), amount=30_000, decided_on=DATE(2026, 10, 1))
    remit(cell, collector, dated_on=DATE(2026, 10, 12), amount=140_000, through_month=DATE(2026, 9, 1))
    shut(book[10])
    receipt = pay(cell, clerk.member, 15_930, DATE(2026, 11, 2), Method.TRANSFER, by=collector)
    take_back(wrong.voucher, collector)
    reverse(receipt, "Nhầm người", by=collector)
    sums = queries.year_sums([cell], 2026)[cell.pk]
    names = ("opening", "collected", "retained", "payable", "remitted", "spent", "closing")
    assert [[getattr(month, name) for name in names] for month in sums.months] == [
        [100_000, 142_000, 42_000, 100_000, 0, 0, 242_000],
        [242_000, 0, 0, 0, 140_000, 30_000, 72_000],
        [72_000, 0, 0, 0, 0, -30_000, 102_000],
    ]
    assert (sums.balance, sum(left(cell, CASH, BANK, PORTAL))) == (102_000, 102_000)


def test_opening_balance_written_anew_is_no_income(book, cell, collector):
    take_back(opened(cell, collector), collector)
    opened(cell, collector, cash=70_000, retained=70_000)
    [month] = [month for month in queries.year_sums([cell], 2026)[cell.pk].months if month.month == DATE(2026, 11, 1)]
    assert (month.opening, month.collected, month.closing) == (70_000, 0, 70_000)


def test_next_year_opens_with_what_the_last_one_left(stocked, cell):
    open_by_hand(cell, first(1, 2027))
    [january] = queries.year_sums([cell], 2027)[cell.pk].months
    assert (january.opening, january.closing) == (1_500_000, 1_500_000)


def test_sums_for_members_leave_out_the_open_month(stocked, cell, member, collector):
    """A sum that grows by one receipt would tell what its payer paid."""
    pay(cell, member.member, 142_000, DAY, Method.CASH, by=collector)
    sums = queries.year_sums([cell], 2026, closed_only=True)[cell.pk]
    assert (sums.totals["collected"], sums.balance) == (0, None)
    assert queries.year_sums([cell], 2026)[cell.pk].totals["collected"] == 142_000


def test_sums_of_many_cells_cost_three_queries(stocked, cell, other_cell, django_assert_num_queries):
    with django_assert_num_queries(3):
        found = queries.year_sums([cell, other_cell], 2026)
    assert [len(found[one.pk].months) for one in (cell, other_cell)] == [3, 0]


def test_papers_taken_back_are_not_disclosed(stocked, cell, collector):
    kept, wrong = spend(cell, collector), spend(cell, collector, purpose="Sai")
    take_back(wrong.voucher, collector)
    assert queries.spent_on(cell, 2026) == [kept]
    passed = remit(cell, collector)
    assert queries.passed_up(cell, 2026) == [passed]
