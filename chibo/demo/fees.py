"""Plays the fee book of the demo cell through its services: a year of it, the present month open and partly paid."""

import datetime
import io
from functools import partial

import time_machine
from django.utils import timezone

from chibo.demo.meetings import mark_sent
from chibo.demo.papers import simple_pdf
from chibo.demo.texts import read, working_day
from core.months import months_later
from fees.models import Due
from fees.queries.ledger import balances
from fees.queries.owing import owed
from fees.services import cash, collecting, counting, declaring, months, waiving
from fees.states import NOT_COMPUTED, Account, Method
from fees.tariff import NEW
from members.models import Organisation, User
from members.services.rules import lay_rule

FIRST = -11  # the first month of the book, counted from the present one
CLOSES_ON = 28  # after the meeting of the month and what is paid at it
NOTE = 1000  # the smallest note that is carried to the bank
REMITS_ON = 12  # of the first month of a quarter, for the quarter before
DIGITS = {Method.TRANSFER: "CK", Method.PORTAL: "DVC"}  # how made-up numbers of transactions begin


def load_fees(organisations, members, almanac, progress=lambda text: None):
    """The whole year up to the eve of the day of the first start."""
    FeeYear(organisations, members, almanac.today, read("fees"), progress).load()


class FeeYear:
    """``load()`` plays the data of ``fees.toml``, whose header says what its words mean."""

    def __init__(self, organisations, members, today, data, progress=lambda text: None):
        self.organisations, self.members, self.today, self.data = organisations, members, today, data
        self.tell, self.cell = progress, organisations["vanphong"]
        self.keys = {member.pk: key for key, member in members.items()}
        self.payers = {row["key"]: data["usual"] | row for row in data["payer"]}
        self.users = {user.username: user for user in User.objects.select_related("member")}
        self.by = self.users["thuquy"]

    def load(self):
        self.lay_rules()
        self.cell = Organisation.objects.select_related("parent").get(pk=self.cell.pk)  # with the rules just laid
        for offset in range(FIRST, 1):
            self.play(offset)
        self.tell(f"đảng phí: {1 - FIRST} tháng của {self.cell.short_name}")

    # ── when

    def month(self, offset) -> datetime.date:
        """First day of a month of the book."""
        return months_later(self.today.replace(day=1), offset)

    def day(self, offset, number) -> datetime.date:
        return working_day(self.month(offset).replace(day=number))

    def on(self, day, hour=9):
        """Act at that hour of a day."""
        moment = datetime.datetime.combine(day, datetime.time(hour))
        return time_machine.travel(timezone.make_aware(moment), tick=True)

    def of(self, what, offset):
        """The rows of a kind that belong to a month."""
        return [row for row in self.data.get(what, ()) if row["month"] == offset]

    # ── what the year needs

    def lay_rules(self):
        """The demo's own values, each by who may lay it."""
        with self.on(self.month(FIRST), hour=0):
            for row in self.data["rule"]:
                where = self.organisations[row["organisation"]]
                by = self.users["bithu" if where == self.cell else "captren"]
                lay_rule(
                    organisation=where, key=row["key"], value=row["value"], source=row["source"],
                    starts_on=self.month(FIRST), by=by,
                )  # fmt: skip

    # ── one month

    def play(self, offset):
        """Opened on the first; declared, paid, spent, passed up, counted; closed, unless it is the present one."""
        with self.on(self.month(offset), hour=1):
            mark_sent(timezone.now())
            fee_month = months.open_month(self.cell, self.month(offset), by=self.by if offset == FIRST else None)
        with self.on(self.month(offset)):
            self.begin(offset)
        for day, act in sorted(self.acts(fee_month, offset), key=lambda row: row[0]):
            if day < self.today:
                with self.on(day):
                    act(day)
        if offset < 0:
            with self.on(self.month(offset).replace(day=CLOSES_ON), hour=17):
                self.close(fee_month)

    def begin(self, offset):
        """On the first: what the old book left, incomes, decisions."""
        if offset == FIRST:
            cash.open_book(self.cell, dated_on=self.month(offset), by=self.by, **self.data["opening"])
        self.declare(offset)
        for row in self.data.get("waiver", ()):
            if max(self.month(row["month"]), NEW) == self.month(offset):
                self.waive(row, self.month(offset))

    def acts(self, fee_month, offset):
        """(day, what is done on it) of a month."""
        yield from self.payments(fee_month, offset)
        for row in self.of("spending", offset):
            yield self.day(offset, row["day"]), partial(self.spend, row)
        for row in self.of("count", offset):
            yield self.day(offset, row["day"]), self.count
        if self.month(offset).month % 3 == 1 and offset > FIRST:
            yield self.day(offset, REMITS_ON), self.remit

    def close(self, fee_month):
        """What could not be counted is left for later, with a reason."""
        waiting = fee_month.dues.filter(kind__in=NOT_COMPUTED).values_list("member", flat=True)
        reasons = dict.fromkeys(waiting, "Chưa đủ số liệu, tính và thu sau.")
        months.close_month(fee_month, by=self.by, reasons=reasons)

    # ── incomes and decisions

    def declare(self, offset):
        """Whoever came into the book says the first income; others what changed with this month."""
        month = self.month(offset)
        new = Due.objects.filter(cell=self.cell, month=month, kind__in=NOT_COMPUTED, member__declarations=None)
        for pk in new.order_by("member").values_list("member", flat=True):
            payer = self.payer(self.keys[pk])
            self.say(self.keys[pk], payer.get("incomes", [payer])[0], month)
        for key, payer in self.payers.items():
            for income in payer.get("incomes", ()):
                if "month" in income and max(self.month(income["month"]), NEW) == month:
                    self.say(key, income, month)

    def say(self, key, income, month):
        """By the member where there is an account, on paper where there is none."""
        member = self.members[key]
        values = {"cell": self.cell, "member": member, "category": income["kind"], "amount": income.get("amount")}
        if key not in self.users:
            declaring.enter(**values, from_month=month, by=self.by)
            return
        declaration = declaring.declare(**values, from_month=month, by=self.users[key])
        declaring.accept(declaration, by=self.users["bithu"] if key == "thuquy" else self.by)

    def waive(self, row, first):
        """Asked for with a paper, reported, decided by the superior."""
        head = self.users["bithu"]
        last = months_later(first, row["months"] - 1) if row["months"] else None
        values = {"percent": row["percent"], "from_month": first, "to_month": last}
        waiver = waiving.ask(
            cell=self.cell, member=self.members[row["key"]], ground=row["ground"], reason=row["reason"], by=head,
            paper=upload("don-de-nghi.pdf", row["paper"], [row["reason"]]), **values,
        )  # fmt: skip
        waiver = waiving.report(waiver, by=head)
        waiving.decide(
            waiver, decision=row["decision"], decided_on=first, decided_by=row["decided_by"], by=head, **values
        )

    # ── receipts

    def payer(self, key):
        return self.payers.get(key, self.data["usual"])

    def payments(self, fee_month, offset):
        """(day, payment) of everybody who pays in the month."""
        out = {row["key"] for row in [*self.of("unpaid", offset), *self.of("late", offset)]}
        parts = {row["key"]: row for row in self.of("parts", offset)}
        ahead = {row["key"]: row["months"] for row in self.of("ahead", offset)}
        for pk in fee_month.dues.order_by("member__sort_key", "pk").values_list("member", flat=True):
            key = self.keys[pk]
            day = self.day(offset, self.payer(key)["day"])
            if key in parts:
                yield day, partial(self.pay, key, amount=parts[key]["first"])
                yield self.day(offset, parts[key]["day"]), partial(self.pay, key)
            elif key not in out:
                yield day, partial(self.pay, key, ahead=ahead.get(key, 0))

    def pay(self, key, day, amount=0, ahead=0):
        """All that is owed, or ``amount``, or the month with those after it; nothing where nothing is owed."""
        member, chosen = self.members[key], months_ahead(day, ahead)
        rows = owed(self.cell, members=[member.pk])
        if ahead:
            amount = ahead * rows[member.pk, day.replace(day=1)].owes
        amount = amount or sum(row.left for row in rows.values())
        if not amount:
            return
        method = Method(self.payer(key)["pays"])
        number = f"{DIGITS[method]}{day:%y%m%d}{member.pk:04d}" if method in DIGITS else ""
        collecting.pay(self.cell, member, amount, day, method, by=self.by, months=chosen, reference=number)

    # ── the money

    def gather(self, day) -> int:
        """Bring what is payable to the bank, as far as it lies elsewhere; returns how much is payable."""
        now = balances(self.cell)
        payable = -now[Account.PAYABLE]
        missing = payable - now[Account.BANK]
        for source in (Account.PORTAL, Account.CASH):
            if (amount := min(-(-missing // NOTE) * NOTE, now[source])) > 0:
                cash.transfer(self.cell, dated_on=day, amount=amount, source=source, target=Account.BANK, by=self.by)
                missing -= amount
        return payable

    def remit(self, day):
        """All that is payable, from the bank, with the paper of the bank."""
        payable, (year, quarter) = self.gather(day), quarter_before(day)
        superior = self.cell.parent.name
        cash.remit(
            self.cell, dated_on=day, amount=payable, place=Account.BANK, receiver=superior,
            paper_number=f"GNT {quarter:02d}/{year}", through_month=months_later(day.replace(day=1), -1), by=self.by,
            upload=upload("giay-nop-tien.pdf", "Giấy nộp tiền", [f"Nộp đảng phí quý {quarter}/{year} cho {superior}."]),
        )  # fmt: skip

    def spend(self, row, day):
        cash.spend(
            self.cell, dated_on=day, amount=row["amount"], place=Account.CASH, purpose=row["purpose"],
            decision=row["decision"], decided_on=day - datetime.timedelta(days=5), receiver=row["receiver"], by=self.by,
            upload=upload("hoa-don.pdf", "Hóa đơn bán hàng", [row["purpose"]]),
        )  # fmt: skip

    def count(self, day):
        """What lies in the box is what the book says."""
        now = balances(self.cell, day)
        counting.count_cash(
            self.cell, counted_on=day, pieces=pieces(now[Account.CASH]), bank_statement=now[Account.BANK], by=self.by
        )


def months_ahead(day, number) -> list:
    """First days of so many months, that of ``day`` first."""
    return [months_later(day.replace(day=1), step) for step in range(number)]


def quarter_before(day) -> tuple:
    """(year, quarter) of the months before that of ``day``."""
    month = months_later(day.replace(day=1), -1)
    return month.year, (month.month + 2) // 3


def pieces(amount) -> dict:
    """{value: number of notes and coins} that make an amount; what is less than the smallest coin stays away."""
    found = {}
    for value in counting.VALUES:
        found[value], amount = divmod(amount, value)
    return found


def upload(name, title, paragraphs):
    """A made-up paper as a browser would send it."""
    data = io.BytesIO(simple_pdf(title, paragraphs))
    data.name, data.size = name, data.getbuffer().nbytes
    return data
