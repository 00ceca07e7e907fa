"""Whatever is booked, in whatever order: entries sum to zero, nothing falls below nothing; and two at once."""

import datetime

import pytest
from django.db import transaction
from django.db.models import Q, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Refused
from fees.models import Entry, FeeMonth, Voucher
from fees.queries.cash import year_sums
from fees.queries.ledger import balances
from fees.services import counting
from fees.services.collecting import pay
from fees.states import PLACES, Account, Method, VoucherKind
from tests.fees.cashbook import left, move, opened, remit, spend, split, take_back
from tests.fees.conftest import add_due, first, open_by_hand
from tests.meetings.racing import behind

DAYS = st.integers(1, 20).map(lambda day: datetime.date(2026, 11, day))
AMOUNTS = st.integers(-1_000, 60_000)
WHERE = st.sampled_from(PLACES)
ACTS = st.one_of(
    st.tuples(st.just("pay"), DAYS, st.integers(1, 40_000), st.sampled_from(Method)),
    st.tuples(st.just("split"), st.integers(0, 100)),
    st.tuples(st.just("remit"), DAYS, AMOUNTS, WHERE),
    st.tuples(st.just("spend"), DAYS, AMOUNTS, WHERE),
    st.tuples(st.just("move"), DAYS, AMOUNTS, WHERE, WHERE),
    st.tuples(st.just("count"), DAYS, st.integers(0, 60)),
    st.tuples(st.just("back"), DAYS, st.integers(0, 30)),
)


class Book:
    """Acts by name; what a rule refuses has not happened."""

    def __init__(self, cell, member, by):
        self.cell, self.member, self.by, self.turn = cell, member, by, 0

    def do(self, name, *values):
        self.turn += 1
        try:
            with transaction.atomic():
                getattr(self, name)(*values)
        except Refused:
            pass

    def pay(self, day, amount, method):
        reference = "" if method == Method.CASH else f"FT {self.turn}"
        pay(self.cell, self.member, amount, day, method, by=self.by, reference=reference, voluntary=amount)

    def split(self, percent):
        there = -balances(self.cell)[Account.COLLECTED]
        if there > 0:
            split(self.cell, there * percent // 100, there - there * percent // 100)

    def remit(self, day, amount, place):
        remit(self.cell, self.by, dated_on=day, amount=amount, place=place, paper_number=f"GNT {self.turn}")

    def spend(self, day, amount, place):
        spend(self.cell, self.by, dated_on=day, amount=amount, place=place, decided_on=day)

    def move(self, day, amount, source, target):
        move(self.cell, self.by, dated_on=day, amount=amount, source=source, target=target)

    def count(self, day, thousands):
        found = counting.count_cash(self.cell, counted_on=day, pieces={1_000: thousands}, by=self.by)
        counting.book_difference(found, explanation="Thử", by=self.by)

    def back(self, day, which):
        rows = list(Voucher.objects.filter(cell=self.cell).order_by("pk"))
        take_back(rows[which % len(rows)], self.by, dated_on=day)


def check(cell):
    assert not Voucher.objects.annotate(total=Sum("entries__amount")).exclude(total=0).exists()
    now = balances(cell)
    assert sum(now.values()) == 0
    assert min(-now[Account.RETAINED], -now[Account.PAYABLE]) >= 0
    for place in PLACES:
        running = 0
        rows = Entry.objects.filter(cell=cell, account=place).order_by("voucher__dated_on")
        for _, amount in rows.values_list("voucher__dated_on").annotate(total=Sum("amount")):
            running += amount
            assert running >= 0, f"{place} on some evening: {running}"
    sums = year_sums([cell], 2026)[cell.pk]
    assert sums.balance == sum(now[place] for place in PLACES)
    passed = Q(voucher__kind=VoucherKind.REMITTANCE) | Q(voucher__reverses__kind=VoucherKind.REMITTANCE)
    rows = Entry.objects.filter(passed, cell=cell, account=Account.PAYABLE)
    assert sums.totals["remitted"] == (rows.aggregate(total=Sum("amount"))["total"] or 0)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=5, max_size=25))
def test_any_sequence_of_bookings_keeps_the_book_right(frozen, cell, member, collector, acts):
    undo = transaction.savepoint()
    try:
        open_by_hand(cell, first(11))
        opened(cell, collector, dated_on=datetime.date(2026, 11, 5), cash=50_000, retained=20_000, payable=30_000)
        book = Book(cell, member.member, collector)
        for act in acts:
            book.do(*act)
        check(cell)
    finally:
        transaction.savepoint_rollback(undo)


@pytest.mark.django_db(transaction=True)
def test_two_months_at_once_do_not_give_the_same_money_twice(frozen, cell, member, collector):
    """October and November are open; each alone would leave enough."""
    for month in (10, 11):
        add_due(open_by_hand(cell, first(month)), member.member, 1_000)
    opened(cell, collector, dated_on=datetime.date(2026, 10, 1), cash=100_000, retained=100_000)
    october = datetime.date(2026, 10, 30)
    second = behind(
        lambda: spend(cell, collector, amount=80_000),
        lambda: spend(cell, collector, dated_on=october, decided_on=october, amount=80_000),
    )
    assert isinstance(second, Refused)
    assert second.field == "amount"
    assert left(cell, Account.CASH, Account.RETAINED) == [20_000, 20_000]
    assert FeeMonth.objects.count() == 2
