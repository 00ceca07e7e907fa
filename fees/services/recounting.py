"""What a person's declaration, category or waiver changes: the open months from one on, and nothing that is closed."""

import datetime

from django.db.models import Q

from fees.incomes import same_category
from fees.models import FeeMonth
from fees.services import months
from fees.states import MonthState
from members.models import FeeCategory, Member
from members.services import people

DAY = datetime.timedelta(days=1)


def lock_open_months(cell, member, first) -> list:
    """The open months from ``first`` on that count the member, here or in another cell's book, locked in order.

    Taken before every other lock (fees/README.md), then the member, so that decisions about one person come one
    after the other.
    """
    theirs = FeeMonth.objects.filter(Q(cell=cell) | Q(dues__member=member), state=MonthState.OPEN, month__gte=first)
    rows = FeeMonth.objects.filter(pk__in=theirs.values("pk")).order_by("month", "pk").select_for_update(no_key=True)
    found = list(rows)
    lock_member(member)
    return [row for row in found if row.is_open]


def lock_member(member) -> Member:
    """The member's row, locked until the transaction ends; ``member`` may be an id."""
    return Member.objects.select_for_update(no_key=True).get(pk=getattr(member, "pk", member))


def recount(open_months, member, *, by):
    """Count the member's dues of these months anew."""
    for fee_month in sorted(open_months, key=lambda row: row.month):
        months.recompute(fee_month, [member], by=by)


def set_category(member, kind, first, *, cell, by):
    """From the day ``first`` the member belongs to this category, until the next category that is already written.

    Nothing is written where the category of that day is the same. Raises Refused as people.add_row does.
    """
    rows = list(FeeCategory.objects.filter(member=member).order_by("starts_on"))
    held = next((row for row in rows if row.holds(first)), None)
    later = next((row for row in rows if row.starts_on > first), None)
    if held is not None and same_category(held.kind, kind):
        return
    if held is not None and held.starts_on == first:
        held.kind = kind
        people.change_row(row=held, cell=cell, by=by)
        return
    if held is None and later is not None and same_category(later.kind, kind):
        later.starts_on = first
        people.change_row(row=later, cell=cell, by=by)
        return
    if held is not None and held.ends_on is not None:
        held.ends_on = first - DAY
        people.change_row(row=held, cell=cell, by=by)
    ends = later.starts_on - DAY if later is not None else None
    people.add_row(row=FeeCategory(member=member, kind=kind, starts_on=first, ends_on=ends), cell=cell, by=by)
