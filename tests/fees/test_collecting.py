"""Receipts: what a payment pays for, numbers without gaps, what is refused (issue 4, "BAD INPUT")."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import Refused
from fees.models import Allocation, Correction, Entry, Payment, ReceiptBook, Voucher
from fees.queries.ledger import balances
from fees.queries.owing import debts, owed, statuses
from fees.services.collecting import MOST, pay, reverse, rewrite
from fees.standing import Standing
from fees.states import Account, DueKind, Method, Share, VoucherKind
from members.models import Activity
from tests.factories import MemberFactory
from tests.fees.cashbook import move, take_back
from tests.fees.conftest import TODAY, add_due, first, open_by_hand, shut

pytestmark = pytest.mark.django_db
RATE = 142_000


def parts(payment):
    return list(payment.allocations.values_list("month", "share", "amount"))


def refused(*args, **kwargs):
    """The sentence and the field; nothing may be written."""
    before = Payment.objects.count(), Allocation.objects.count(), Entry.objects.count()
    numbers = list(ReceiptBook.objects.values_list("last"))
    with pytest.raises(Refused) as caught:
        pay(*args, **kwargs)
    assert (Payment.objects.count(), Allocation.objects.count(), Entry.objects.count()) == before
    assert list(ReceiptBook.objects.values_list("last")) == numbers
    return caught.value.message, caught.value.field


# What a payment pays for


def test_oldest_unpaid_month_is_paid_first(book, cell, member, collector):
    payment = pay(cell, member.member, RATE + 2_000, TODAY, Method.CASH, by=collector)
    assert parts(payment) == [(first(9), "due", RATE), (first(10), "due", 2_000)]
    assert payment.fee_month == book[11]
    left = {row.month.month: row.left for row in debts(cell)[member.member_id]}
    assert left == {10: RATE - 2_000, 11: RATE}


def test_chosen_months_are_paid_and_no_other(book, cell, member, collector):
    payment = pay(cell, member.member, RATE, TODAY, Method.CASH, by=collector, months=[first(11)])
    assert parts(payment) == [(first(11), "due", RATE)]
    words = statuses(cell, 2026)
    assert [words[member.member_id, first(month)] for month in (9, 10, 11)] == ["late", "late", "paid"]


def test_part_payments_add_up(book, cell, member, collector):
    for amount in (40_000, 2_000, 100_000):
        pay(cell, member.member, amount, TODAY, Method.CASH, by=collector, months=[first(11)])
    row = owed(cell, [first(11)])[member.member_id, first(11)]
    assert (row.owes, row.paid, row.left, row.standing) == (RATE, RATE, 0, Standing.PAID)


def test_months_ahead_are_paid_at_the_present_rate(book, cell, member, collector):
    months = [first(9), first(10), first(11), first(12), first(1, 2027)]
    payment = pay(cell, member.member, 5 * RATE, TODAY, Method.CASH, by=collector, months=months)
    assert [part[0] for part in parts(payment)] == months
    assert {part[2] for part in parts(payment)} == {RATE}
    assert statuses(cell, 2027) == {(member.member_id, first(1, 2027)): Standing.ADVANCE}


def test_advance_counts_when_the_month_is_opened(book, cell, member, collector):
    pay(cell, member.member, RATE, TODAY, Method.CASH, by=collector, months=[first(12)])
    due = add_due(open_by_hand(cell, first(12)), member.member, RATE)
    assert owed(cell)[member.member_id, first(12)].standing == Standing.PAID
    Correction.objects.create(cell=cell, due=due, fee_month=book[11], amount=-2_000, reason="Lương giảm")
    row = owed(cell)[member.member_id, first(12)]
    assert (row.owes, row.left, row.standing) == (RATE - 2_000, 0, Standing.OVER)


def test_voluntary_part_pays_for_no_month(book, cell, member, collector):
    """QĐ 01-QĐ/TW: who can may pay more; the surplus is voluntary, never fee of a month."""
    payment = pay(cell, member.member, 3 * RATE + 50_000, TODAY, Method.CASH, by=collector, voluntary=50_000)
    assert parts(payment)[-1] == (first(11), Share.VOLUNTARY, 50_000)
    assert [row.paid for row in owed(cell, members=[member.member_id]).values()] == [RATE] * 3
    assert parts(pay(cell, member.member, 9_000, TODAY, Method.CASH, by=collector, voluntary=9_000)) == [
        (first(11), Share.VOLUNTARY, 9_000)
    ]


def test_late_payment_stands_in_the_book_of_the_day_it_came_in(book, cell, member, collector):
    shut(book[9])
    payment = pay(cell, member.member, RATE, datetime.date(2026, 10, 31), Method.CASH, by=collector)
    assert (payment.fee_month, parts(payment)) == (book[10], [(first(9), "due", RATE)])


@pytest.mark.parametrize(
    ("method", "place"),
    [(Method.CASH, Account.CASH), (Method.TRANSFER, Account.BANK), (Method.PORTAL, Account.PORTAL)],
)
def test_money_stands_in_the_place_of_its_method(book, cell, member, collector, method, place):
    number = "" if method == Method.CASH else "FT26324 001"
    payment = pay(cell, member.member, RATE, TODAY, method, by=collector, reference=number)
    held = {account: amount for account, amount in balances(cell).items() if amount}
    assert held == {place: RATE, Account.COLLECTED: -RATE}
    assert (payment.voucher.kind, payment.voucher.fee_month) == (VoucherKind.RECEIPT, book[11])


def test_who_left_the_cell_may_still_pay_old_months(book, cell, member, collector):
    member.member.membership_rows.update(ends_on=datetime.date(2026, 11, 10))
    assert pay(cell, member.member, RATE, TODAY, Method.CASH, by=collector).amount == RATE


# Numbers


def test_numbers_follow_each_other_whatever_was_refused_between(book, cell, member, clerk, collector):
    pay(cell, member.member, RATE, TODAY, Method.CASH, by=collector)
    refused(cell, member.member, 9 * RATE, TODAY, Method.CASH, by=collector)
    pay(cell, clerk.member, 15_930, TODAY, Method.CASH, by=collector)
    reverse(Payment.objects.get(number=1), "Ghi nhầm người", by=collector)
    rows = Payment.objects.order_by("number").values_list("number", "amount")
    assert list(rows) == [(1, RATE), (2, 15_930), (3, -RATE)]
    assert Payment.objects.get(number=1).number_text == "0001/2026"


def test_every_cell_has_its_own_receipt_book(book, cell, other_cell, outsider, member, collector):
    add_due(open_by_hand(other_cell, first(11)), outsider.member, 5_000)
    pay(cell, member.member, RATE, TODAY, Method.CASH, by=collector)
    assert pay(other_cell, outsider.member, 5_000, TODAY, Method.CASH, by=outsider).number == 1


def test_number_of_a_receipt_cannot_be_given_by_hand():
    """The service draws it; its arguments hold none."""
    import inspect

    assert {"number", "year"} & set(inspect.signature(pay).parameters) == set()


def test_diary_holds_neither_names_nor_amounts(book, cell, member, collector):
    """The chi ủy reads the diary and no amounts of single members."""
    payment = pay(cell, member.member, RATE, TODAY, Method.CASH, by=collector)
    reverse(payment, "Ghi nhầm", by=collector)
    texts = list(Activity.objects.filter(verb__startswith="fee.").values_list("text", flat=True))
    assert len(texts) == 2
    assert [text for text in texts if str(RATE) in text or "Trường" in text or "nhầm" in text] == []


# Refused


def test_more_than_owed_is_refused_unless_said_for_what(book, cell, member, collector):
    assert refused(cell, member.member, 3 * RATE + 1, TODAY, Method.CASH, by=collector) == (
        "Số tiền nhiều hơn số còn phải đóng (426.000 đồng) là 1 đồng. "
        "Sửa số tiền, chọn thêm tháng đóng trước, hoặc ghi phần dư là tự nguyện.",
        "amount",
    )
    assert refused(cell, member.member, RATE + 5, TODAY, Method.CASH, by=collector, months=[first(9)]) == (
        "Số tiền nhiều hơn các tháng đã chọn (142.000 đồng) là 5 đồng. "
        "Sửa số tiền, chọn thêm tháng đóng trước, hoặc ghi phần dư là tự nguyện.",
        "amount",
    )


def test_nothing_owed_is_said(book, cell, member, collector):
    pay(cell, member.member, 3 * RATE, TODAY, Method.CASH, by=collector)
    assert refused(cell, member.member, RATE, TODAY, Method.CASH, by=collector) == (
        "Đồng chí Ngô Xuân Trường không còn nợ đảng phí. Chọn tháng đóng trước hoặc ghi số tiền là tự nguyện.",
        "amount",
    )


@pytest.mark.parametrize("amount", [0, -1, -142_000])
def test_zero_and_negative_are_refused(book, cell, member, collector, amount):
    assert refused(cell, member.member, amount, TODAY, Method.CASH, by=collector) == (
        "Số tiền phải lớn hơn 0. Thu nhầm thì hủy biên lai, không ghi số âm.",
        "amount",
    )


def test_absurd_amount_is_refused(book, cell, member, collector):
    assert refused(cell, member.member, MOST + 1, TODAY, Method.CASH, by=collector, voluntary=MOST) == (
        "Số tiền quá lớn cho một biên lai, nhiều nhất 1.000.000.000 đồng. Kiểm tra lại số.",
        "amount",
    )


@pytest.mark.parametrize(
    ("voluntary", "sentence"),
    [
        (-1, "Phần tự nguyện đóng thêm không được âm."),
        (RATE + 1, "Phần tự nguyện đóng thêm nằm trong số tiền nộp, không lớn hơn số tiền nộp."),
    ],
)
def test_voluntary_part_is_part_of_the_amount(book, cell, member, collector, voluntary, sentence):
    answer = refused(cell, member.member, RATE, TODAY, Method.CASH, by=collector, voluntary=voluntary)
    assert answer == (sentence, "voluntary")


def test_all_voluntary_with_months_chosen_is_refused(book, cell, member, collector):
    answer = refused(cell, member.member, 5_000, TODAY, Method.CASH, by=collector, voluntary=5_000, months=[first(11)])
    assert answer == ("Cả số tiền là tự nguyện đóng thêm: bỏ chọn các tháng.", "months")


def test_day_in_the_future_is_refused(book, cell, member, collector):
    tomorrow = TODAY + datetime.timedelta(days=1)
    assert refused(cell, member.member, RATE, tomorrow, Method.CASH, by=collector) == (
        "Ngày 21/11/2026 chưa đến. Ghi ngày đã nhận tiền, muộn nhất hôm nay.",
        "paid_on",
    )


def test_closed_month_is_refused(book, cell, member, collector):
    shut(book[9])
    day = datetime.date(2026, 9, 30)
    assert refused(cell, member.member, RATE, day, Method.CASH, by=collector) == (
        "Sổ đảng phí tháng 09/2026 đã khóa. Ghi vào tháng đang mở: 10/2026.",
        None,
    )


def test_month_that_was_never_opened_is_refused(book, cell, member, collector):
    day = datetime.date(2026, 8, 31)
    assert refused(cell, member.member, RATE, day, Method.CASH, by=collector) == (
        "Sổ đảng phí tháng 08/2026 chưa mở. Mở tháng này trước khi ghi.",
        None,
    )


def test_reference_of_cash_is_refused(book, cell, member, collector):
    assert refused(cell, member.member, RATE, TODAY, Method.CASH, by=collector, reference="FT1") == (
        "Tiền mặt không có số giao dịch. Để trống ô này hoặc chọn hình thức khác.",
        "reference",
    )


def test_same_reference_is_booked_once_until_it_is_taken_back(book, cell, member, clerk, collector):
    wrong = pay(cell, member.member, 15_930, TODAY, Method.PORTAL, by=collector, reference="DVC-7")
    assert refused(cell, clerk.member, 15_930, TODAY, Method.PORTAL, by=collector, reference=" DVC-7 ") == (
        "Số giao dịch DVC-7 đã được ghi ở biên lai 0001/2026.",
        "reference",
    )
    reverse(wrong, "Ghép nhầm người", by=collector)
    assert pay(cell, clerk.member, 15_930, TODAY, Method.PORTAL, by=collector, reference="DVC-7").number == 3
    assert refused(cell, clerk.member, 15_930, TODAY, Method.PORTAL, by=collector, reference="DVC-7") == (
        "Số giao dịch DVC-7 đã được ghi ở biên lai 0003/2026.",
        "reference",
    )


@pytest.mark.parametrize("other", ["ft1", "FT 1", " f T1 "])
def test_same_reference_written_otherwise_is_the_same(book, cell, member, clerk, collector, other):
    wrong = pay(cell, member.member, 15_930, TODAY, Method.TRANSFER, by=collector, reference="Ft  1")
    assert refused(cell, clerk.member, 15_930, TODAY, Method.TRANSFER, by=collector, reference=other) == (
        "Số giao dịch Ft 1 đã được ghi ở biên lai 0001/2026.",
        "reference",
    )
    reverse(wrong, "Ghép nhầm người", by=collector)
    assert pay(cell, clerk.member, 15_930, TODAY, Method.TRANSFER, by=collector, reference=other).again == 1


def test_database_refuses_the_same_reference_written_otherwise(book, cell, member, collector):
    """Its own word, should the question of the service ever be passed by."""
    row = pay(cell, member.member, 1_000, TODAY, Method.TRANSFER, by=collector, reference="FT 1")
    with pytest.raises(IntegrityError, match="payment_reference_once"), transaction.atomic():
        Payment.objects.create(
            cell=cell, member=member.member, fee_month=row.fee_month, year=2026, number=2, paid_on=TODAY, amount=1_000,
            method=Method.TRANSFER, reference="ft1",
        )  # fmt: skip


def test_stranger_is_refused(book, cell, outsider, collector):
    assert refused(cell, outsider.member, RATE, TODAY, Method.CASH, by=collector, voluntary=RATE) == (
        "Đồng chí Tạ Minh Khang không có trong sổ đảng phí của Chi bộ Một.",
        None,
    )


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (DueKind.EXEMPT, "Tháng 12/2026 đồng chí này được miễn. Bỏ chọn tháng này."),
        (DueKind.ELSEWHERE, "Tháng 12/2026 đồng chí này đóng ở nơi sinh hoạt tạm thời. Bỏ chọn tháng này."),
        (DueKind.UNDECLARED, "Tháng 12/2026 chưa tính được mức đóng (chờ kê khai). Bỏ chọn tháng này."),
        (DueKind.INCOMPLETE, "Tháng 12/2026 chưa tính được mức đóng (thiếu thông tin). Bỏ chọn tháng này."),
        (DueKind.UNCONFIGURED, "Tháng 12/2026 chưa tính được mức đóng (chưa cấu hình). Bỏ chọn tháng này."),
    ],
)
def test_month_that_takes_nothing_is_refused(book, cell, member, collector, kind, sentence):
    add_due(open_by_hand(cell, first(12)), member.member, kind=kind)
    answer = refused(cell, member.member, 1_000, TODAY, Method.CASH, by=collector, months=[first(12)])
    assert answer == (sentence, "months")


def test_paid_month_is_refused(book, cell, member, collector):
    pay(cell, member.member, RATE, TODAY, Method.CASH, by=collector)
    answer = refused(cell, member.member, RATE, TODAY, Method.CASH, by=collector, months=[first(9)])
    assert answer == ("Tháng 09/2026 đã đóng đủ. Bỏ chọn tháng này.", "months")


@pytest.mark.parametrize(
    ("months", "sentence"),
    [
        ([first(12, 2027)], "Đóng trước nhiều nhất 12 tháng, đến tháng 11/2027."),
        ([first(8)], "Tháng 08/2026 không có trong sổ của đồng chí này."),
        ([first(9), first(10)], "Số tiền chỉ đủ đến tháng 09/2026. Bỏ chọn tháng 10/2026 hoặc sửa số tiền."),
    ],
)
def test_months_that_cannot_be_chosen(book, cell, member, collector, months, sentence):
    answer = refused(cell, member.member, RATE, TODAY, Method.CASH, by=collector, months=months)
    assert answer == (sentence, "months")


def test_month_ahead_is_paid_once(book, cell, member, collector):
    pay(cell, member.member, RATE, TODAY, Method.CASH, by=collector, months=[first(12)])
    answer = refused(cell, member.member, RATE, TODAY, Method.CASH, by=collector, months=[first(12)])
    assert answer == ("Tháng 12/2026 đã được đóng trước đủ. Bỏ chọn tháng này.", "months")


def test_advance_without_a_known_rate_is_refused(book, cell, collector):
    newcomer = MemberFactory(cell=cell)
    answer = refused(cell, newcomer, RATE, TODAY, Method.CASH, by=collector, months=[first(12)])
    assert answer == (
        "Chưa có mức đóng để đóng trước tháng 12/2026. Bỏ chọn tháng này hoặc ghi là tự nguyện.",
        "months",
    )


# Reversal


def test_reversal_is_a_receipt_of_its_own_and_the_month_is_owed_again(book, cell, member, collector):
    payment = pay(cell, member.member, RATE + 7_000, TODAY, Method.CASH, by=collector, voluntary=7_000)
    back = reverse(payment, "  Ghi nhầm người  ", by=collector)
    assert (back.number, back.amount, back.note, back.reverses) == (2, -RATE - 7_000, "Ghi nhầm người", payment)
    assert parts(back) == [(first(9), "due", -RATE), (first(11), "voluntary", -7_000)]
    assert [row.left for row in debts(cell)[member.member_id]] == [RATE] * 3
    assert set(balances(cell).values()) == {0}
    assert Voucher.objects.get(payment=back).reverses == payment.voucher


@pytest.mark.parametrize("reason", ["", "   "])
def test_reversal_needs_a_reason(book, cell, member, collector, reason):
    payment = pay(cell, member.member, RATE, TODAY, Method.CASH, by=collector)
    with pytest.raises(Refused, match=r"^Ghi lý do hủy biên lai\.$"):
        reverse(payment, reason, by=collector)


def test_reversal_happens_once(book, cell, member, collector):
    payment = pay(cell, member.member, RATE, TODAY, Method.CASH, by=collector)
    back = reverse(payment, "Nhầm", by=collector)
    with pytest.raises(Refused, match=r"^Biên lai 0001/2026 đã được hủy bằng biên lai 0002/2026\.$"):
        reverse(payment, "Nhầm", by=collector)
    with pytest.raises(Refused, match=r"^Biên lai hủy không hủy được nữa\."):
        reverse(back, "Nhầm", by=collector)
    assert ReceiptBook.objects.get().last == 2


def test_reversal_of_a_closed_month_stands_in_the_open_one(book, cell, member, collector):
    payment = pay(cell, member.member, RATE, datetime.date(2026, 9, 5), Method.CASH, by=collector)
    shut(book[9])
    assert reverse(payment, "Nhầm", by=collector).fee_month == book[11]
    shut(book[11])
    other = pay(cell, member.member, RATE, datetime.date(2026, 10, 5), Method.CASH, by=collector)
    with pytest.raises(Refused, match=r"^Sổ đảng phí tháng 11/2026 đã khóa\. Ghi vào tháng đang mở: 10/2026\.$"):
        reverse(other, "Nhầm", by=collector)


def test_money_that_is_gone_cannot_be_given_back(book, cell, member, collector):
    """No place falls below nothing; the money comes back first."""
    payment = pay(cell, member.member, RATE, TODAY, Method.CASH, by=collector)
    moved = move(cell, collector, dated_on=TODAY, amount=100_000)
    before = Payment.objects.count(), ReceiptBook.objects.get().last
    with pytest.raises(Refused) as refused:
        reverse(payment, "Nhầm", by=collector)
    assert (refused.value.message, refused.value.field) == (
        "Tiền mặt tại quỹ: sổ còn 42.000 đồng, không đủ 142.000 đồng của biên lai này. "
        "Nếu tiền đã chuyển sang nơi khác, đảo chứng từ chuyển đó trước; nếu chỉ ghi nhầm người nộp, chọn "
        "“Ghi lại cho người khác”.",
        None,
    )
    assert (Payment.objects.count(), ReceiptBook.objects.get().last) == before
    take_back(moved, collector, dated_on=TODAY)
    reverse(payment, "Nhầm", by=collector)
    assert set(balances(cell).values()) == {0}


def test_money_of_the_portal_is_looked_for_at_the_portal(book, cell, member, clerk, collector):
    """Cash of another receipt does not stand in for it."""
    payment = pay(cell, member.member, RATE, TODAY, Method.PORTAL, by=collector, reference="DVC 1")
    move(cell, collector, dated_on=TODAY, amount=RATE, source=Account.PORTAL, target=Account.CASH)
    with pytest.raises(Refused, match=r"^Đã đóng qua Cổng Dịch vụ công: sổ còn 0 đồng, không đủ 142\.000 đồng"):
        reverse(payment, "Nhầm", by=collector)


# Written again for who really paid


def passed_up(book, cell, member, collector, reference="FT1"):
    """A receipt of September, closed since, whose money left the bank."""
    day = datetime.date(2026, 9, 5)
    payment = pay(cell, member.member, RATE, day, Method.TRANSFER, by=collector, reference=reference)
    shut(book[9])
    move(cell, collector, dated_on=TODAY, amount=RATE, source=Account.BANK, target=Account.CASH)
    return payment


def test_receipt_of_money_that_is_gone_is_written_again_for_who_paid(book, cell, member, clerk, collector):
    """Neither reversed (no place falls below nothing) nor paid anew (the reference is used) it could be put right."""
    payment = passed_up(book, cell, member, collector)
    before = balances(cell)
    new = rewrite(payment, " Ghép nhầm người ", member=clerk.member, by=collector, rest="voluntary")
    rows = Payment.objects.order_by("number").values_list("number", "member", "amount", "method", "reference", "again")
    assert list(rows) == [
        (1, member.member_id, RATE, "transfer", "FT1", 0),
        (2, member.member_id, -RATE, "transfer", "FT1", 0),
        (3, clerk.member_id, RATE, "transfer", "FT1", 1),
    ]
    assert (new.paid_on, new.fee_month, new.note) == (
        TODAY, book[11], "Ghi lại biên lai 0001/2026 ngày 05/09/2026: Ghép nhầm người",
    )  # fmt: skip
    assert balances(cell) == before
    assert parts(new) == [
        (first(9), "due", 15_930), (first(10), "due", 15_930), (first(11), "due", 15_930),
        (first(11), "voluntary", RATE - 3 * 15_930),
    ]  # fmt: skip
    assert [row.left for row in debts(cell)[member.member_id]] == [RATE] * 3
    assert clerk.member_id not in debts(cell)
    assert Activity.objects.filter(verb="fee.rewritten").count() == 1


def test_what_is_more_than_owed_may_pay_the_months_ahead(book, cell, member, clerk, collector):
    payment = passed_up(book, cell, member, collector)
    new = rewrite(payment, "Nhầm", member=clerk.member, by=collector, rest="advance")
    assert parts(new)[:4] == [(first(month), "due", 15_930) for month in (9, 10, 11, 12)]
    assert parts(new)[-1] == (first(5, 2027), "due", RATE - 8 * 15_930)


def test_voluntary_part_stays_voluntary(book, cell, member, clerk, collector):
    payment = pay(cell, member.member, 17_930, TODAY, Method.CASH, by=collector, voluntary=2_000)
    new = rewrite(payment, "Nhầm", member=clerk.member, by=collector)
    assert parts(new) == [(first(9), "due", 15_930), (first(11), "voluntary", 2_000)]


@pytest.mark.parametrize(
    ("whose", "reason", "sentence"),
    [
        ("clerk", " ", "Ghi lý do hủy biên lai."),
        ("clerk", "Nhầm", "Số tiền nhiều hơn số còn phải đóng (47.790 đồng) là 94.210 đồng. "),
        ("member", "Nhầm", "Biên lai này đang ghi cho đồng chí Ngô Xuân Trường. Chọn người đã nộp."),
        ("outsider", "Nhầm", "Đồng chí Tạ Minh Khang không có trong sổ đảng phí của Chi bộ Một."),
    ],
)
def test_nothing_is_rewritten_by_half(book, cell, member, clerk, outsider, collector, whose, reason, sentence):
    payment = passed_up(book, cell, member, collector)
    before = Payment.objects.count(), Entry.objects.count(), ReceiptBook.objects.get().last
    who = {"clerk": clerk, "member": member, "outsider": outsider}[whose].member
    with pytest.raises(Refused) as caught:
        rewrite(payment, reason, member=who, by=collector)
    assert caught.value.message[: len(sentence)] == sentence
    assert (Payment.objects.count(), Entry.objects.count(), ReceiptBook.objects.get().last) == before


def test_receipt_is_rewritten_once(book, cell, member, clerk, collector):
    payment = passed_up(book, cell, member, collector)
    rewrite(payment, "Nhầm", member=clerk.member, by=collector, rest="voluntary")
    with pytest.raises(Refused, match=r"^Biên lai 0001/2026 đã được hủy bằng biên lai 0002/2026\.$"):
        rewrite(payment, "Nhầm", member=clerk.member, by=collector, rest="voluntary")


def test_receipt_is_written_again_in_the_browser(book, cell, member, clerk, outsider, collector, as_user):
    payment = passed_up(book, cell, member, collector)
    client = as_user(collector)
    assert "Ghi lại cho người khác" in client.get(f"/fees/receipts/{payment.pk}/").content.decode()
    address = f"/fees/receipts/{payment.pk}/rewrite/"
    page = client.get(address).content.decode()
    assert (clerk.member.full_name in page, outsider.member.full_name in page) == (True, False)
    form = {"member": clerk.member_id, "reason": "Ghép nhầm người", "rest": ""}
    assert client.post(address, form).status_code == 422
    answer = client.post(address, form | {"rest": "voluntary"})
    new = Payment.objects.order_by("-pk").first()
    assert (answer["Location"], new.member_id) == (f"/fees/receipts/{new.pk}/", clerk.member_id)
    assert "Ghi lại cho người khác" not in client.get(f"/fees/receipts/{payment.pk}/").content.decode()


# The database's own word


def test_deferred_checks_hold_for_what_the_services_write(book, cell, member, collector):
    payment = pay(cell, member.member, RATE + 5_000, TODAY, Method.CASH, by=collector, voluntary=5_000)
    reverse(payment, "Nhầm", by=collector)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_owing_of_a_cell_is_one_query(book, cell, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(owed(cell)) == 6
    with django_assert_num_queries(1):
        assert len(debts(cell, until=first(10))) == 2


def test_money_of_who_is_not_counted_yet_is_no_gift(book, cell, deputy, collector):
    """The sentence leads to the declaration, not to booking the fee as a voluntary sum."""
    add_due(book[11], deputy.member, 0, DueKind.UNDECLARED)
    assert refused(cell, deputy.member, 50_000, TODAY, Method.CASH, by=collector) == (
        "Tháng 11/2026 chưa tính được mức đóng của đồng chí Lê Thị Hồng (chờ kê khai). "
        "Ghi kê khai hoặc bổ sung thông tin trước, rồi thu.",
        "amount",
    )
