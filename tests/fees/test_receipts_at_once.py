"""Two collectors at once, 500 payments, a close in the middle; and any sequence of payments and reversals (issue 4)."""

import queue
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Refused
from fees.models import Allocation, Entry, FeeMonth, Payment, ReceiptBook, Source, Voucher
from fees.queries.ledger import balances
from fees.queries.owing import owed
from fees.services.collecting import pay, reverse, rewrite
from fees.services.months import close_month
from fees.services.statements import book_statement, read_statement, save_source
from fees.states import Account, Method, Rest
from members.models import Activity
from members.queries import roll
from members.states import PostTitle
from tests.factories import MemberFactory, person
from tests.fees.conftest import TODAY, add_due, first, open_by_hand, shut
from tests.fees.test_reading import MAPS
from tests.meetings.racing import behind, wait_for

CLOSED = "Sổ đảng phí tháng 11/2026 đã khóa. Mở tháng tiếp theo rồi ghi."
PAYMENTS, THREADS = 500, 8
TWO_MONTHS = """\
STT;Ngày giao dịch;Ghi nợ;Ghi có;Diễn giải;Mã GD
1;05/10/2026;;142.000;NGO XUAN TRUONG dang phi;FT01
2;06/11/2026;;142.000;NGO XUAN TRUONG dang phi;FT02
"""


@pytest.mark.django_db(transaction=True)
def test_five_hundred_payments_of_two_collectors_around_a_close(frozen, cell, collector):
    """No receipt doubled or lost, numbers 1..n without gap, the month's sum is that of its entries."""
    second = person(cell, PostTitle.FEE_COLLECTOR, username="thuquy2")
    month = open_by_hand(cell, first(11))
    members = [MemberFactory(cell=cell) for _ in range(50)]
    for member in members:
        add_due(month, member, 100_000)
    work = queue.Queue()
    for turn in range(PAYMENTS):
        work.put((members[turn % 50], (collector, second)[turn % 2]))
    reasons = {member.pk: "Chờ kê khai" for member in roll(cell)}
    done, refused, broken, half = [], [], [], threading.Event()

    def write():
        try:
            while True:
                member, by = work.get_nowait()
                try:
                    done.append(pay(cell, member, 1_000, TODAY, Method.CASH, by=by).number)
                except Refused as no:
                    refused.append(no.message)
                if len(done) >= PAYMENTS // 2:
                    half.set()
        except queue.Empty:
            pass
        except Exception as error:
            broken.append(error)
        finally:
            half.set()
            connection.close()

    def end():
        try:
            half.wait()
            close_month(month, by=collector, reasons=reasons)
        except Exception as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(THREADS)] + [threading.Thread(target=end)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert broken == []
    assert len(done) + len(refused) == PAYMENTS
    assert PAYMENTS // 2 <= len(done) < PAYMENTS, "the close came too early or too late to be one in the middle"
    assert set(refused) == {CLOSED}
    numbers = list(Payment.objects.order_by("number").values_list("number", flat=True))
    assert numbers == sorted(done) == list(range(1, len(done) + 1))
    assert ReceiptBook.objects.get().last == len(done)
    month.refresh_from_db()
    assert (
        month.collected_total == 1_000 * len(done) == -balances(cell)[Account.COLLECTED] == balances(cell)[Account.CASH]
    )
    assert Entry.objects.aggregate(total=Sum("amount"))["total"] == 0
    assert Voucher.objects.filter(fee_month=month, payment__isnull=False).count() == len(done)
    assert sum(row.paid for row in owed(cell).values()) == month.collected_total
    assert Activity.objects.filter(verb="fee.paid").count() == len(done)


@pytest.mark.django_db(transaction=True)
def test_two_collectors_entering_the_same_person_at_once_write_one_receipt(frozen, cell, member, collector):
    month = open_by_hand(cell, first(11))
    add_due(month, member.member, 142_000)
    second = person(cell, PostTitle.FEE_COLLECTOR, username="thuquy2")
    answer = behind(
        lambda: pay(cell, member.member, 142_000, TODAY, Method.CASH, by=collector),
        lambda: pay(cell, member.member, 142_000, TODAY, Method.CASH, by=second),
    )
    assert answer.message == (
        "Đồng chí Ngô Xuân Trường không còn nợ đảng phí. Chọn tháng đóng trước hoặc ghi số tiền là tự nguyện."
    )
    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_same_person_paying_into_two_open_books_at_once_is_not_taken_twice(frozen, cell, member, collector):
    """The two hold different months; the receipt book and the newest due order them."""
    for number in (10, 11):
        add_due(open_by_hand(cell, first(number)), member.member, 142_000)
    answer = behind(
        lambda: pay(cell, member.member, 284_000, TODAY, Method.CASH, by=collector),
        lambda: pay(cell, member.member, 284_000, TODAY.replace(month=10), Method.CASH, by=collector),
    )
    assert isinstance(answer, Refused)
    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_reversals_at_once_take_back_once(frozen, cell, member, collector):
    add_due(open_by_hand(cell, first(11)), member.member, 142_000)
    payment = pay(cell, member.member, 142_000, TODAY, Method.CASH, by=collector)
    answer = behind(lambda: reverse(payment, "Nhầm", by=collector), lambda: reverse(payment, "Nhầm", by=collector))
    assert answer.message == "Biên lai 0001/2026 đã được hủy bằng biên lai 0002/2026."
    assert list(Payment.objects.order_by("number").values_list("amount", flat=True)) == [142_000, -142_000]


@pytest.mark.django_db(transaction=True)
def test_statement_over_two_open_months_and_a_payment_do_not_wait_for_each_other(frozen, cell, member, collector):
    """Months first, in order, then the receipt book (fees/README.md); both stand at the book when it comes free."""
    for number in (10, 11):
        add_due(open_by_hand(cell, first(number)), member.member, 142_000)
    source = Source(cell=cell, name="Ngân hàng Mẫu", method=Method.TRANSFER, mapping=MAPS["bank"])
    upload = SimpleUploadedFile("a.csv", TWO_MONTHS.encode())
    statement = read_statement(save_source(source, by=collector), upload, by=collector)
    other = MemberFactory(cell=cell)
    add_due(FeeMonth.objects.get(month=first(11)), other, 100_000)
    ReceiptBook.objects.create(cell=cell, year=2026)
    broken, threads = [], []

    def run(act):
        try:
            act()
        except Exception as error:
            broken.append(error)
        finally:
            connection.close()

    acts = (
        lambda: book_statement(statement, by=collector),
        lambda: pay(cell, other, 100_000, TODAY, Method.CASH, by=collector),
    )
    with transaction.atomic():
        ReceiptBook.objects.select_for_update(no_key=True).get()
        for number, act in enumerate(acts, start=1):
            threads.append(threading.Thread(target=run, args=(act,)))
            threads[-1].start()
            wait_for(number)
    for thread in threads:
        thread.join()
    assert broken == []
    numbers = list(Payment.objects.order_by("number").values_list("number", "member"))
    assert numbers == [(1, member.member_id), (2, member.member_id), (3, other.pk)]


# Any sequence

AMOUNT = st.integers(-5_000, 400_000)
ACTS = st.lists(
    st.one_of(
        st.tuples(
            st.just("pay"),
            st.integers(0, 1),
            AMOUNT,
            st.integers(0, 50_000),
            st.sampled_from(Method.values),
            st.lists(st.integers(9, 13), max_size=3),
            st.integers(9, 12),
        ),
        st.tuples(st.just("reverse"), st.integers(0, 11), st.sampled_from(["", "Nhầm"])),
        st.tuples(
            st.just("rewrite"),
            st.integers(0, 11),
            st.integers(0, 1),
            st.sampled_from(["", *Rest.values]),
        ),
        st.tuples(st.just("close"), st.integers(9, 10)),
    ),
    max_size=12,
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_paid_and_taken_back_the_books_agree(book, cell, member, clerk, collector, acts):
    with transaction.atomic():
        _do(acts, book, cell, (member.member, clerk.member), collector)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _hold(cell)
        transaction.set_rollback(True)


def _do(acts, book, cell, members, by):
    for act, *values in acts:
        try:
            if act == "pay":
                who, amount, voluntary, method, months, month = values
                chosen = [first((number - 1) % 12 + 1, 2026 + number // 13) for number in months]
                day = TODAY.replace(month=month, day=1)
                pay(cell, members[who], amount, day, method, by=by, months=chosen, voluntary=voluntary)
            elif act == "reverse":
                payments = list(Payment.objects.order_by("pk"))
                if payments:
                    reverse(payments[values[0] % len(payments)], values[1], by=by)
            elif act == "rewrite":
                payments = list(Payment.objects.order_by("pk"))
                if payments:
                    payment = payments[values[0] % len(payments)]
                    rewrite(payment, "Nhầm", member=members[values[1]], by=by, rest=values[2])
            else:
                shut(book[values[0]])
        except Refused:
            continue


def _hold(cell):
    """Entries sum to zero, every number is used once, every sum stands in three places alike."""
    numbers = list(Payment.objects.filter(cell=cell).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert (ReceiptBook.objects.filter(cell=cell).values_list("last", flat=True).first() or 0) == len(numbers)
    for voucher in Voucher.objects.all():
        assert voucher.entries.aggregate(total=Sum("amount"))["total"] == 0
        assert voucher.payment.fee_month_id == voucher.fee_month_id
    for fee_month in FeeMonth.objects.filter(cell=cell):
        paid = fee_month.payments.aggregate(total=Sum("amount"))["total"] or 0
        entries = Entry.objects.filter(voucher__fee_month=fee_month, account=Account.COLLECTED)
        assert paid == -(entries.aggregate(total=Sum("amount"))["total"] or 0)
        allotted = Allocation.objects.filter(payment__fee_month=fee_month)
        assert paid == (allotted.aggregate(total=Sum("amount"))["total"] or 0)
    for row in owed(cell).values():
        assert row.paid >= 0
        assert row.due_id is None or row.paid <= row.owes
    taken_back = Payment.objects.filter(cell=cell, reverses__isnull=False).values_list("reverses", flat=True)
    assert len(set(taken_back)) == len(taken_back)
