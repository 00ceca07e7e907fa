"""The fee book of the demo cell on the stage: who takes part, its months, and what is done to it by the services."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import time_machine
from django.db import connections
from django.utils import timezone

from chibo.demo.fees import FIRST, FeeYear
from chibo.demo.texts import read
from core.months import months_later
from fees.checks import run
from fees.models import Due, Payment
from fees.queries.ledger import balances
from fees.services import collecting, months
from fees.services.recounting import set_category
from members.services.rules import lay_rule
from tests.e2e.acting import DESK, PHONE
from tests.fees.audited import remove_payment

NOON = datetime.time(12)


class Book:
    """Twelve months that end with the last one: ``hand`` is played in the browser, those before by the services."""

    def __init__(self, stage, demo):
        self.stage = stage
        self.organisations, self.members = demo
        self.today = timezone.localdate()
        self.hand = months_later(self.today.replace(day=1), -1)
        self.first = months_later(self.hand, FIRST)
        self.year = FeeYear(self.organisations, self.members, self.hand, right_year())
        self.users = self.year.users
        self.phone = stage.person("dangvien", PHONE)
        self.bithu, self.thuquy, self.chiuy, self.phobithu = (
            stage.person(name, DESK) for name in ("bithu", "thuquy", "chiuy", "phobithu")
        )

    @property
    def cell(self):
        """Its newest copy: rules are remembered with a cell."""
        return self.year.cell

    def plays(self, function, *args):
        """Through the services, in a thread without the browser's loop; returns what the function returns."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(_closing, function, *args).result()

    def on(self, number):
        """Everybody, the server too, at noon of a day of the month played by hand."""
        moment = datetime.datetime.combine(self.hand.replace(day=number), NOON)
        return time_machine.travel(timezone.make_aware(moment), tick=True)

    def found(self):
        """{check: rows} of what the checks find in the twelve months."""
        return {key: rows for key, rows in run(self.cell, self.first, self.hand).items() if rows}

    def month_path(self, action=""):
        return f"/fees/{self.hand.year}/{self.hand.month}/{action}"


def _closing(function, *args):
    try:
        return function(*args)
    finally:
        connections.close_all()


def right_year():
    """The demo's year with everybody paying in time."""
    data = read("fees")
    return {name: rows for name, rows in data.items() if name not in ("late", "unpaid")}


# ── by the services


def write_and_take_back(book):
    """A receipt for money given beyond the fee, taken back on the same day: both stand in the book, numbered."""
    member = book.members["binh"]
    by, day = book.users["thuquy"], timezone.localdate()
    payment = collecting.pay(book.cell, member, 50_000, day, "cash", voluntary=50_000, by=by)
    return payment, collecting.reverse(payment, "Ghi nhầm", by=by)


def collect_the_rest(book):
    """Whoever has not paid by now pays as in every month."""
    day = timezone.localdate()
    for pk in Due.objects.filter(cell=book.cell, month=book.hand).order_by("pk").values_list("member", flat=True):
        book.year.pay(book.year.keys[pk], day)


def open_present(book):
    """The clock opens the present month; what is payable lies in the bank, ready to go up."""
    months.open_month(book.cell, book.today.replace(day=1), by=None)


# ── the five faults, as they come about


def wrong_category(book):
    """The collector charged khoa as somebody without income; that he has been employed for three months is written
    down by the secretary only now, when these months are closed."""
    since = months_later(book.hand, -2)
    set_category(book.members["khoa"], "si_salary", since, cell=book.cell, by=book.users["bithu"])


def expired_reduction(book):
    """The paper gave four months, six were written down and applied. The services let nobody shorten a decision on
    which closed months rest, so the true end can only come by SQL (a correction behind the book, another copy of it).
    """
    waiver = book.members["y"].waivers.get()
    type(waiver).objects.filter(pk=waiver.pk).update(to_month=months_later(waiver.from_month, 3))


def missing_receipt(pair):
    """A receipt and the one that took it back are gone. The book is append-only and numbers are never given twice,
    so this needs somebody at the database who switches the triggers off; sums do not tell, since the pair was zero."""
    receipt, back = pair
    remove_payment(Payment.objects.get(pk=back.pk))
    remove_payment(Payment.objects.get(pk=receipt.pk))


def other_share(book):
    """The superior's decision reaches the cell after the close: from the last month on the cell keeps 25 %, not 30."""
    lay_rule(
        organisation=book.organisations["danguy"], key="fee.retained_percent", value="25", starts_on=book.hand,
        source="Tỷ lệ riêng của dữ liệu dùng thử, đặt lại", by=book.users["captren"],
    )  # fmt: skip


def plant(book, pair):
    """Four of the five; the fifth, cash that is short, shows when it is counted."""
    wrong_category(book)
    expired_reduction(book)
    missing_receipt(pair)
    other_share(book)


def cash_there(book) -> int:
    """What the book says lies in the box (đồng)."""
    return balances(book.cell)["cash"]
