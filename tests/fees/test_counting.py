"""Cash counted against the book, the bank against its statement; what differs is explained or stays open."""

import datetime

import pytest

from core.errors import Refused
from fees.models import CashCount, Voucher
from fees.queries.cash import open_count
from fees.services import counting
from fees.services.collecting import pay
from fees.states import Account, Method, VoucherKind
from members.models import Activity
from tests.fees.cashbook import DAY, left, remit, spend, take_back
from tests.fees.conftest import TODAY, shut

pytestmark = pytest.mark.django_db
CASH, BANK, DIFFERENCE = Account.CASH, Account.BANK, Account.DIFFERENCE


def count(cell, by, counted, **values):
    """A count of so many đồng, in notes of 10.000 and coins of 1.000."""
    pieces = {10_000: counted // 10_000, 1_000: counted % 10_000 // 1_000}
    return counting.count_cash(cell, counted_on=values.pop("counted_on", DAY), pieces=pieces, by=by, **values)


def refused(call, *args, **values):
    with pytest.raises(Refused) as caught:
        call(*args, **values)
    return caught.value.message, caught.value.field


def test_count_freezes_what_the_book_says_beside_what_was_found(stocked, cell, collector):
    found = count(cell, collector, 985_000, bank_statement=490_000, explanation=" Cùng  đ/c Bí thư ")
    assert (found.counted, found.book, found.difference) == (985_000, 1_000_000, -15_000)
    assert (found.bank_statement, found.bank_book) == (490_000, 500_000)
    assert found.pieces == {"10000": 98, "1000": 5}
    assert found.explanation == "Cùng đ/c Bí thư"
    assert left(cell, CASH, DIFFERENCE) == [1_000_000, 0]
    assert Activity.objects.filter(verb="cash.counted", object_id=found.pk).count() == 1


def test_count_is_held_against_the_book_of_its_own_day(stocked, cell, collector):
    spend(cell, collector, dated_on=datetime.date(2026, 11, 15))
    assert count(cell, collector, 1_000_000).difference == 0
    assert count(cell, collector, 950_000, counted_on=TODAY).difference == 0


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"counted_on": datetime.date(2026, 11, 21)},
         ("Ngày 21/11/2026 chưa đến. Ghi ngày đã đếm tiền.", "counted_on")),
        ({"bank_statement": -1}, ("Số dư ngân hàng theo sao kê không được âm.", "bank_statement")),
        ({"pieces": {3_000: 1}}, ("Không có mệnh giá 3000 đồng.", "pieces")),
        ({"pieces": {1_000: -1}}, ("Số tờ không được âm.", "n1000")),
    ],
)  # fmt: skip
def test_count_refuses(stocked, cell, collector, values, expected):
    values = {"counted_on": DAY, "pieces": {}, **values}
    assert refused(counting.count_cash, cell, by=collector, **values) == expected
    assert CashCount.objects.count() == 0


@pytest.mark.parametrize(("counted", "word", "left_open"), [(985_000, "thiếu", 15_000), (1_004_000, "thừa", -4_000)])
def test_difference_is_booked_with_its_explanation(stocked, cell, collector, counted, word, left_open):
    found = count(cell, collector, counted)
    assert open_count(cell) == found
    found = counting.book_difference(found, explanation="Trả nhầm tiền thừa", by=collector)
    assert left(cell, CASH, DIFFERENCE) == [counted, left_open]
    text = f"Tiền mặt {word} khi kiểm quỹ ngày 10/11/2026: Trả nhầm tiền thừa"
    assert (found.voucher.kind, found.voucher.text, found.voucher.dated_on) == (VoucherKind.COUNT, text, DAY)
    assert open_count(cell) is None


def test_difference_made_good_is_taken_back(stocked, cell, collector):
    found = counting.book_difference(count(cell, collector, 985_000), explanation="Chờ bù", by=collector)
    take_back(found.voucher, collector, reason="Người thu đã bù đủ")
    assert left(cell, CASH, DIFFERENCE) == [1_000_000, 0]


def test_difference_of_a_closed_month_is_booked_today(stocked, cell, collector):
    found = count(cell, collector, 0, counted_on=datetime.date(2026, 10, 31))
    assert found.difference == 0
    pay(cell, stocked[11].dues.first().member, 15_930, datetime.date(2026, 10, 20), Method.CASH, by=collector)
    short = count(cell, collector, 10_000, counted_on=datetime.date(2026, 10, 31))
    shut(stocked[10])
    voucher = counting.book_difference(short, explanation="Mất", by=collector).voucher
    assert (voucher.dated_on, voucher.fee_month) == (TODAY, stocked[11])


def test_difference_needs_an_explanation(stocked, cell, collector):
    sentence = "Ghi giải thích vì sao chênh lệch và đã thống nhất xử lý thế nào."
    found = count(cell, collector, 985_000)
    assert refused(counting.book_difference, found, explanation=" ", by=collector) == (sentence, "explanation")


def test_difference_is_booked_once(stocked, cell, collector):
    found = count(cell, collector, 985_000)
    counting.book_difference(found, explanation="Mất", by=collector)
    sentence = "Chênh lệch của lần kiểm quỹ này đã ghi sổ."
    assert refused(counting.book_difference, found, explanation="Mất", by=collector) == (sentence, None)
    assert Voucher.objects.filter(kind=VoucherKind.COUNT).count() == 1


def test_only_the_newest_count_is_booked(stocked, cell, collector):
    """Two counts that find the same shortage are one shortage."""
    older = count(cell, collector, 985_000)
    count(cell, collector, 985_000, counted_on=TODAY)
    sentence = "Đã có lần kiểm quỹ mới hơn. Ghi chênh lệch theo lần mới nhất."
    assert refused(counting.book_difference, older, explanation="Mất", by=collector) == (sentence, None)


def test_difference_that_the_book_has_explained_meanwhile_is_not_booked(stocked, cell, collector):
    found = count(cell, collector, 950_000)
    spend(cell, collector)
    sentence = "Sổ nay đã khớp với số tiền đếm được, không còn chênh lệch để ghi."
    assert refused(counting.book_difference, found, explanation="Quên ghi chi", by=collector) == (sentence, None)


def test_shortage_larger_than_what_is_left_on_a_later_day_is_not_booked(stocked, cell, collector):
    """Found by the property test: the place would hold less than nothing on that day."""
    found = count(cell, collector, 985_000)
    spend(cell, collector, dated_on=TODAY, amount=900_000)
    remit(cell, collector, dated_on=TODAY, amount=90_000)
    sentence, field = refused(counting.book_difference, found, explanation="Mất", by=collector)
    assert (sentence, field) == (
        "Tiền mặt tại quỹ: đến ngày 20/11/2026 sổ còn 10.000 đồng, không đủ 15.000 đồng. "
        "Kiểm tra số tiền, ngày và nơi lấy tiền.", None,
    )  # fmt: skip


def test_surplus_that_was_passed_up_is_not_taken_back(stocked, cell, collector):
    """The reversal would leave less than nothing in the place."""
    found = counting.book_difference(count(cell, collector, 1_004_000), explanation="Chưa rõ", by=collector)
    remit(cell, collector, amount=600_000)
    spend(cell, collector, amount=404_000)
    sentence, _ = refused(take_back, found.voucher, collector)
    assert sentence.startswith("Tiền mặt tại quỹ: đến ngày 10/11/2026 sổ còn 0 đồng, không đủ 4.000 đồng.")
