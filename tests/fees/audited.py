"""A right book to be audited: August to October 2026 opened, paid, closed, divided and passed up; November open."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from fees.models import FeeMonth, Payment
from fees.queries.ledger import balances
from fees.services import cash, counting
from fees.services.collecting import pay
from fees.services.months import close_month, open_month
from fees.states import Account
from tests.fees.conftest import first
from tests.fees.people import lay, payer, waived
from tests.meetings import files

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (first(number) for number in (8, 9, 10, 11))
DAY = datetime.date(2026, 11, 10)
PERIOD = (AUGUST, OCTOBER)
CLASSES = ("payment", "allocation", "voucher", "entry", "correction")


def people(cell):
    """One payer of each kind, by name of the kind; all in order."""
    found = {
        "salary": payer(cell, amount=7_000_000, full_name="Bùi Thị Lương"),
        "pension": payer(cell, "pension", 5_000_000, full_name="Cao Văn Hưu", birth_date=datetime.date(1955, 1, 2)),
        "student": payer(cell, "student", None, full_name="Đào Sinh Viên", birth_date=datetime.date(2004, 3, 4)),
        "reduced": payer(cell, "pension", 4_000_000, full_name="Hà Thị Giảm", birth_date=datetime.date(1955, 1, 2)),
        "free": payer(cell, full_name="Lý Văn Miễn"),
        "old": payer(cell, "pension", 6_000_000, full_name="Mạc Lão Thành", admitted_on=datetime.date(1970, 1, 15)),
    }
    waived(found["reduced"], cell, 50, AUGUST, OCTOBER)
    waived(found["free"], cell, 100, AUGUST, None, ground="poor")
    return found


def opened(cell, *, by, until=OCTOBER):
    """The months up to ``until`` open, and the opening balance of the older book: 300.000 in cash."""
    lay(cell.parent, "fee.retained_percent", "50")
    months = [open_month(cell, month, by=by) for month in (AUGUST, SEPTEMBER, OCTOBER, NOVEMBER) if month <= until]
    cash.open_book(
        cell, dated_on=AUGUST, source="Sổ cũ", by=by, cash=300_000, retained=200_000, payable=100_000
    )  # fmt: skip
    return months


def paid(cell, fee_month, by, without=()):
    """Everybody pays what the month asks, on the fifth."""
    for due in fee_month.dues.filter(amount__gt=0).exclude(member__in=without).select_related("member"):
        pay(cell, due.member, due.amount, fee_month.month.replace(day=5), "cash", by=by)


def right(cell, by):
    """The whole right book; returns the people."""
    who = people(cell)
    for fee_month in opened(cell, by=by):
        paid(cell, fee_month, by)
        close_month(fee_month, by=by)
    open_month(cell, NOVEMBER, by=by)
    remit(cell, by)
    spend(cell, by)
    count(cell, by)
    return who


def scan():
    return SimpleUploadedFile("a.pdf", files.pdf("Giấy nộp tiền"))


def remit(cell, by, upload=True, **values):
    """All that is payable, to the end of October."""
    amount = values.pop("amount", -balances(cell)[Account.PAYABLE])
    return cash.remit(
        cell, dated_on=DAY, amount=amount, place=Account.CASH, paper_number="GNT 12", receiver="Đảng ủy phường Thử",
        through_month=OCTOBER, by=by, upload=scan() if upload else None, **values,
    )  # fmt: skip


def spend(cell, by, upload=True):
    return cash.spend(
        cell, dated_on=DAY, amount=50_000, place=Account.CASH, purpose="Mua báo", decision="05-NQ/CB",
        decided_on=datetime.date(2026, 11, 3), by=by, upload=scan() if upload else None,
    )  # fmt: skip


def count(cell, by, short=0, **values):
    """The cash as the book has it, less ``short``."""
    there = balances(cell)[Account.CASH] - short
    return counting.count_cash(cell, counted_on=first(11).replace(day=20), pieces=pieces(there), by=by, **values)


def pieces(amount) -> dict:
    """The notes for an amount."""
    found = {}
    for value in counting.VALUES:
        found[value], amount = divmod(amount, value)
    assert amount == 0, amount
    return found


class Tampering:
    """The database as somebody with a shell sees it: the triggers of the fee book are off inside."""

    def __enter__(self):
        for name in CLASSES:
            _sql(f"ALTER TABLE fees_{name} DISABLE TRIGGER USER")

    def __exit__(self, *failure):
        for name in CLASSES:
            _sql(f"ALTER TABLE fees_{name} ENABLE TRIGGER USER")


def _sql(text):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(text)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def remove_payment(payment):
    """Remove a receipt with its parts, voucher and entries by SQL."""
    with Tampering():
        voucher = payment.voucher
        voucher.entries.all()._raw_delete("default")
        type(voucher).objects.filter(pk=voucher.pk)._raw_delete("default")
        payment.allocations.all()._raw_delete("default")
        Payment.objects.filter(pk=payment.pk)._raw_delete("default")


def month_row(cell, month):
    return FeeMonth.objects.get(cell=cell, month=month)
