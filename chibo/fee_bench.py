"""The fee part of ``make bench``: a month opened for 2,000 cells of 20 members, stopped halfway and taken up again;
then the book of a cell of 60 members.

Only for a database that is thrown away afterwards (``manage.py bench``).
"""

import datetime
import time

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from fees.models import Declaration, Due, FeeMonth
from fees.queries.owing import debts, months_of
from fees.services import months, opening
from fees.services.collecting import pay
from fees.states import DeclarationState, Method, MonthState
from members.models import FeeCategory, Member, Membership, Organisation, Post, Setting, Status, User
from members.states import PostTitle, StatusKind

CELLS, MEMBERS = 2000, 20
GOAL_SECONDS = 20
LONG_AGO = datetime.date(2015, 3, 1)
# of twenty members: who pays how (category, declared đồng)
KINDS = (
    [("si_salary", 7_020_000)] * 10 + [("pension", 6_500_000)] * 6 + [("min_wage_working", 0)] * 3 + [("student", 0)]
)


class TooSlowError(RuntimeError):
    """Opening a month took longer than the goal."""


class StoppedError(Exception):
    """Stands for the kill in the middle of a run."""


def run(say):
    """Write the cells, open the month in two halves; ``say(text)`` gets the lines as they come."""
    today = timezone.localdate()
    began = time.perf_counter()
    fill(today)
    say(f"{CELLS:,} chi bộ, {CELLS * MEMBERS:,} đảng viên; ghi trong {time.perf_counter() - began:.0f} giây")
    began = time.perf_counter()
    try:
        opening.open_all(today, progress=lambda done, total: _shown(done, total, say, stop_at=total // 2))
    except StoppedError:
        say(f"Dừng giữa chừng: {_months(today):,} chi bộ đã mở xong")
    opening.open_all(today, progress=lambda done, total: _shown(done, total, say))
    took = time.perf_counter() - began
    dues = Due.objects.filter(month=today.replace(day=1)).count()
    say(f"Mở tháng {today:%m/%Y}: {_months(today):,} sổ, {dues:,} mức đóng, {took:.1f} giây (cần < {GOAL_SECONDS})")
    began = time.perf_counter()
    changed = opening.recompute_all()
    say(f"Tính lại mọi tháng đang mở: {changed} dòng đổi, {time.perf_counter() - began:.1f} giây")
    if took > GOAL_SECONDS or _months(today) != CELLS or dues != CELLS * MEMBERS or changed:
        raise TooSlowError(f"{took:.1f} giây, {_months(today)} sổ, {dues} mức đóng, {changed} dòng đổi")


def _shown(done, total, say, stop_at=None):
    if done % 500 == 0 or done == total:
        say(f"  {done:,}/{total:,} chi bộ")
    if done == stop_at:
        raise StoppedError


def _months(today):
    return FeeMonth.objects.filter(month=today.replace(day=1)).count()


def fill(today):
    """Cells whose book began last month, with everything that the calculation asks."""
    top = Organisation.objects.filter(parent=None).order_by("pk").first()
    cells = Organisation.objects.bulk_create(_cell(top, n) for n in range(CELLS))
    Setting.objects.create(organisation=top, key="fee.region", value="II", source="Đo", starts_on=LONG_AGO)
    people = Member.objects.bulk_create(
        (
            Member(
                full_name="Nguyễn Văn Thử", sort_key="-", folded_name="nguyen van thu", sex="nam",
                birth_date=datetime.date(1970 + n % 30, 5, 10), admitted_on=LONG_AGO,
            )
            for n in range(CELLS * MEMBERS)
        ),
        batch_size=5000,
    )  # fmt: skip
    homes = [(member, cells[n // MEMBERS], *KINDS[n % MEMBERS]) for n, member in enumerate(people)]
    for model, rows in (
        (Membership, (Membership(member=one, cell=cell, starts_on=LONG_AGO) for one, cell, *_ in homes)),
        (Status, (Status(member=one, kind=StatusKind.OFFICIAL, starts_on=LONG_AGO) for one, *_ in homes)),
        (FeeCategory, (FeeCategory(member=one, kind=kind, starts_on=LONG_AGO) for one, _, kind, _ in homes)),
        (Declaration, (_declared(*row) for row in homes if row[3])),
    ):
        model.objects.bulk_create(rows, batch_size=5000)
    eve = today.replace(day=1) - datetime.timedelta(days=1)
    closed = {"state": MonthState.CLOSED, "closed_at": timezone.now(), "due_total": 0, "collected_total": 0}
    FeeMonth.objects.bulk_create(FeeMonth(cell=cell, month=eve.replace(day=1), **closed) for cell in cells)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _cell(top, number):
    return Organisation(
        kind="cell", parent=top, name=f"Chi bộ đo {number}", short_name=f"đo {number}", slug=f"do-dang-phi-{number}",
        document_name=f"CHI BỘ ĐO {number}", place="Thử", term="2025-2030",
    )  # fmt: skip


def big_cell():
    """(its collector, label -> address) of a cell of 60 members with a year of receipts, the last month half paid."""
    today = timezone.localdate()
    cell = _cell(Organisation.objects.filter(parent=None).order_by("pk").first(), CELLS)
    cell.save()
    collector, *_ = (_member(cell, number) for number in range(60))
    Post.objects.create(member=collector, organisation=cell, title=PostTitle.FEE_COLLECTOR, starts_on=LONG_AGO)
    user = User.objects.create(username="do-thu-quy", member=collector, password="!")  # noqa: S106 nobody logs in
    for month in months_of(today.year)[: today.month]:
        months.open_month(cell, month, by=user)
    present = today.replace(day=1)
    for number, (member, rows) in enumerate(debts(cell).items()):
        owes = [row for row in rows if row.month < present or number % 2]
        pay(cell, Member(pk=member), sum(row.left for row in owes), today, Method.CASH, by=user)
    year, month = reverse("fees:year", args=[today.year]), reverse("fees:month", args=[today.year, today.month])
    return user, {
        "Sổ năm, 60 đảng viên": year,
        "Sổ năm có số tiền": f"{year}?xem=so-tien",
        "Thu tháng, 60 đảng viên": month,
    }


def _member(cell, number):
    member = Member.objects.create(
        full_name=f"Nguyễn Văn Thử {number}", sex="nam", birth_date=datetime.date(1975, 5, 10), admitted_on=LONG_AGO
    )
    kind, amount = KINDS[number % MEMBERS]
    Membership.objects.create(member=member, cell=cell, starts_on=LONG_AGO)
    Status.objects.create(member=member, kind=StatusKind.OFFICIAL, starts_on=LONG_AGO)
    FeeCategory.objects.create(member=member, kind=kind, starts_on=LONG_AGO)
    if amount:
        _declared(member, cell, kind, amount).save()
    return member


def _declared(member, cell, kind, amount):
    return Declaration(
        cell=cell, member=member, category=kind, amount=amount, from_month=LONG_AGO, state=DeclarationState.ACCEPTED
    )
