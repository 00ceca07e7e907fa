"""What somebody has to do with the fee book: the payer, the collector, the heads. One query a request for all of it."""

import datetime
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Sum
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from fees.models import Allocation, Correction, Declaration, Due, FeeMonth, Statement, Waiver
from fees.models.inspections import collected
from fees.models.readers import answerable
from fees.states import DeclarationState, DueKind, MonthState, Share, StatementState, WaiverState
from members.models import Member


@dataclass(frozen=True)
class Work:
    """``debts``: (month, đồng left), oldest first; ``to_close``: months that are over and still open, oldest first;
    the others are ids of rows, oldest first."""

    debts: list[tuple[datetime.date, int]] = field(default_factory=list)
    must_declare: bool = False
    to_close: list[datetime.date] = field(default_factory=list)
    to_answer: list[int] = field(default_factory=list)  # that wait for the collector's answer
    statements: list[int] = field(default_factory=list)  # read in, not booked
    of_collector: list[int] = field(default_factory=list)  # declarations of the collector, for the head
    asked: list[int] = field(default_factory=list)  # waivers to bring before the cell
    reported: list[int] = field(default_factory=list)  # waivers whose decision is awaited


def work_of(user) -> Work:
    """The work of a person, read once for each account object (that is, once a request)."""
    if not hasattr(user, "_fee_work"):
        user._fee_work = _read(user)
    return user._fee_work


def _read(user) -> Work:
    if not user.member_id:
        return Work()
    row = Member.objects.filter(pk=user.member_id).annotate(
        debts=ArraySubquery(_debts()), must_declare=Exists(_undeclared()), **_of_posts(user)
    )
    names = ("must_declare", "to_answer", "statements", "of_collector", "asked", "reported")
    found = row.values("debts", "to_close", *names).get()
    debts = [(datetime.date.fromisoformat(debt["month"]), debt["left"]) for debt in found["debts"] or []]
    kept = {name: found[name] or [] for name in names[1:]}
    return Work(debts, found["must_declare"], found["to_close"] or [], **kept)


def _debts():
    """Months of which the member of the outer row owes something, in whichever cell's book they stand."""
    raised = Correction.objects.filter(due=OuterRef("pk")).order_by().values("due").annotate(all=Sum("amount"))
    paid = Allocation.objects.filter(
        cell=OuterRef("cell"), member=OuterRef("member"), month=OuterRef("month"), share=Share.DUE
    )
    paid = paid.order_by().values("member").annotate(all=Sum("amount"))
    rows = Due.objects.filter(member=OuterRef("pk")).annotate(
        left=F("amount") + Coalesce(raised.values("all"), 0) - Coalesce(paid.values("all"), 0)
    )
    return rows.filter(left__gt=0).order_by("month", "pk").values(row=JSONObject(month="month", left="left"))


def _undeclared():
    """An open month that waits for the member's income, while no declaration waits for an answer."""
    waits = Declaration.objects.filter(member=OuterRef("member"), state=DeclarationState.DECLARED)
    rows = Due.objects.filter(member=OuterRef("pk"), kind=DueKind.UNDECLARED, fee_month__state=MonthState.OPEN)
    return rows.filter(~Exists(waits))


def _of_posts(user) -> dict:
    """What falls to the collector and to the heads, by the posts that came with the account."""
    cells, heads = collected(user), user.headed_ids
    present = timezone.localdate().replace(day=1)
    over = FeeMonth.objects.filter(cell__in=cells, state=MonthState.OPEN, month__lt=present)
    waiting = Declaration.objects.filter(state=DeclarationState.DECLARED).exclude(member=user.member_id)
    read_in = Statement.objects.filter(cell__in=cells, state=StatementState.READ)
    waivers = Waiver.objects.filter(cell__in=heads).exclude(member=user.member_id)
    found = {
        "to_close": over.order_by("month").values("month"),
        "to_answer": waiting.filter(cell__in=cells).order_by("pk").values("pk"),
        "statements": read_in.order_by("pk").values("pk"),
        "of_collector": waiting.filter(answerable(user)).order_by("pk").values("pk"),
        "asked": waivers.filter(state=WaiverState.ASKED).order_by("pk").values("pk"),
        "reported": waivers.filter(state=WaiverState.REPORTED).order_by("pk").values("pk"),
    }
    return {name: ArraySubquery(rows) for name, rows in found.items()}
