"""A cash book by hand: what a close would have split, and the services with the values a test does not say."""

import datetime

from django.db import connection

from fees.queries.ledger import balances
from fees.services import cash
from fees.services.ledger import lock_month, post
from fees.states import Account, VoucherKind
from members.activity import record

DAY = datetime.date(2026, 11, 10)


def opened(cell, by, dated_on=DAY, **amounts):
    """The opening balance; unless told otherwise 1.000.000 in cash and 500.000 in the bank, 900.000 of it retained."""
    amounts = amounts or {"cash": 1_000_000, "bank": 500_000, "retained": 900_000, "payable": 600_000}
    return cash.open_book(cell, dated_on=dated_on, source="Sổ khóa ngày 31/10/2026", by=by, **amounts)


def split(cell, retained, payable, day=DAY):
    """What the close of a month books: the collected money divided."""
    sides = {Account.COLLECTED: retained + payable, Account.RETAINED: -retained, Account.PAYABLE: -payable}
    voucher = post(lock_month(cell, day), VoucherKind.SPLIT, dated_on=day, text="Trích", sides=sides, by=None)
    record(voucher, "voucher.posted", by=None)
    return voucher


def remit(cell, by, **values):
    values = {
        "dated_on": DAY, "amount": 100_000, "place": Account.CASH, "paper_number": "GNT 12",
        "receiver": "Đảng ủy phường Thử", "through_month": DAY.replace(month=10, day=1), **values,
    }  # fmt: skip
    return cash.remit(cell, by=by, **values)


def spend(cell, by, **values):
    values = {
        "dated_on": DAY, "amount": 50_000, "place": Account.CASH, "purpose": "Mua báo", "decision": "05-NQ/CB",
        "decided_on": datetime.date(2026, 11, 3), **values,
    }  # fmt: skip
    return cash.spend(cell, by=by, **values)


def move(cell, by, **values):
    values = {"dated_on": DAY, "amount": 200_000, "source": Account.CASH, "target": Account.BANK, **values}
    return cash.transfer(cell, by=by, **values)


def take_back(voucher, by, **values):
    return cash.reverse_voucher(voucher, by=by, **{"reason": "Ghi nhầm", "dated_on": DAY, **values})


def left(cell, *accounts):
    """Balances of the accounts named; of whose money it is, what stands there as a plain number."""
    now = balances(cell)
    return [
        now[account] if account in ("cash", "bank", "portal", "difference") else -now[account] for account in accounts
    ]


def check_now():
    """Run the deferred checks of the database, as the end of a transaction does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
