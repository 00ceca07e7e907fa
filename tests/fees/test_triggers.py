"""The database itself refuses: edits and removals of what is booked, vouchers and receipts that do not add up."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from fees.models import Allocation, Correction, Entry, Payment, Voucher
from fees.services.collecting import pay
from fees.states import Account, Method, VoucherKind
from tests.fees.cashbook import DAY, check_now

pytestmark = pytest.mark.django_db
TABLES = (Payment, Allocation, Voucher, Entry, Correction)


@pytest.fixture
def booked(book, cell, member, collector):
    """A row in each of the five tables."""
    payment = pay(cell, member.member, 142_000, DAY, Method.CASH, by=collector)
    Correction.objects.create(cell=cell, due=book[9].dues.first(), fee_month=book[11], amount=-1_000, reason="Nhầm")
    return payment


def refusal(act):
    """The sentence of the database."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
        check_now()
    return str(caught.value).splitlines()[0]


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_what_is_booked_is_not_edited(booked, model):
    table = model._meta.db_table.removeprefix("fees_")
    assert refusal(lambda: model.objects.update(cell_id=F("cell_id"))) == f"the fee book is append-only: fees_{table}"


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_what_is_booked_is_not_removed(booked, model):
    def delete():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")

    assert refusal(delete) == f"the fee book is append-only: {model._meta.db_table}"


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_what_is_booked_is_not_emptied(booked, model):
    """Outside of tests, whose connections say that they flush (tests/conftest)."""

    def truncate():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL chibo.test_flush = 'off'")
            cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")

    check_now()
    assert refusal(truncate).startswith("the fee book is append-only: fees_")


def voucher(cell, month, *sides):
    row = Voucher.objects.create(cell=cell, fee_month=month, kind=VoucherKind.MOVE, dated_on=DAY, text="Thử")
    Entry.objects.bulk_create(
        Entry(voucher=row, cell=cell, account=account, amount=amount) for account, amount in sides
    )
    return row


@pytest.mark.parametrize(
    "sides",
    [
        [(Account.CASH, -5), (Account.BANK, 4)],
        [(Account.CASH, -5)],
        [],
        [(Account.CASH, -5), (Account.BANK, 4), (Account.PORTAL, 2)],
    ],
)
def test_voucher_that_does_not_balance_is_refused_at_the_end_of_its_transaction(book, cell, sides):
    assert refusal(lambda: voucher(cell, book[11], *sides)).endswith("does not balance")


def test_voucher_that_balances_is_kept(book, cell):
    row = voucher(cell, book[11], (Account.CASH, -5), (Account.BANK, 5))
    check_now()
    assert row.entries.count() == 2


def test_entry_added_to_a_voucher_later_is_refused(book, cell):
    row = voucher(cell, book[11], (Account.CASH, -5), (Account.BANK, 5))
    check_now()
    extra = {"voucher": row, "cell": cell, "account": Account.PORTAL, "amount": 3}
    assert refusal(lambda: Entry.objects.create(**extra)) == f"voucher {row.pk} does not balance"


def receipt(cell, month, member, amount, *parts):
    row = Payment.objects.create(
        cell=cell, member=member, fee_month=month, year=2026, number=9, paid_on=DAY, amount=amount, method=Method.CASH
    )
    Allocation.objects.bulk_create(
        Allocation(payment=row, cell=cell, member=member, month=month.month, share=share, amount=part)
        for share, part in parts
    )
    return row


@pytest.mark.parametrize("parts", [[], [("due", 9)], [("due", 9), ("voluntary", 2)]])
def test_receipt_that_is_not_the_sum_of_its_parts_is_refused(book, cell, member, parts):
    sentence = refusal(lambda: receipt(cell, book[11], member.member, 10, *parts))
    assert sentence.endswith("is not what its parts say")


def test_part_added_to_a_receipt_later_is_refused(book, cell, member):
    """0004: the check runs for the parts as well, not for the receipt alone."""
    row = receipt(cell, book[11], member.member, 10, ("due", 10))
    check_now()
    extra = {"payment": row, "cell": cell, "member": member.member, "month": book[10].month, "amount": 5}
    assert refusal(lambda: Allocation.objects.create(**extra)) == f"payment {row.pk} is not what its parts say"


@pytest.mark.django_db(transaction=True)
def test_unbalanced_voucher_does_not_survive_its_commit(book, cell):
    with pytest.raises(IntegrityError), transaction.atomic():
        voucher(cell, book[11], (Account.CASH, -5), (Account.BANK, 4))
    assert Voucher.objects.count() == 0
