"""Questions about exemptions and reductions: which hold, which wait, which would overlap."""

from django.db.models import Q
from django.utils import timezone

from fees.models import FeeMonth, Waiver
from fees.queries.payers import closed_months
from fees.states import MonthState, WaiverState

OPEN = (WaiverState.ASKED, WaiverState.REPORTED)


def whole():
    """Waivers with everybody whom their page names."""
    return Waiver.objects.select_related("member", "cell__parent", "asked_by__member")


def overlapping(member, first, last, without=None):
    """Decided waivers of a member that hold in a month from ``first`` to ``last`` (None: without end)."""
    rows = Waiver.objects.filter(member=member, state=WaiverState.DECIDED).filter(
        Q(to_month__isnull=True) | Q(to_month__gte=first)
    )
    if last is not None:
        rows = rows.filter(from_month__lte=last)
    return rows.exclude(pk=without).order_by("from_month")


def used_in_closed(waiver):
    """First days of closed months whose dues were counted by this waiver."""
    rows = FeeMonth.objects.filter(state=MonthState.CLOSED, dues__waiver=waiver)
    return list(rows.order_by("month").values_list("month", flat=True).distinct())


def untouched_months(waiver):
    """First days of closed months inside a decision that were counted without it: they stay as they were closed."""
    if waiver.state != WaiverState.DECIDED:
        return []
    used = set(used_in_closed(waiver))
    return [month for month in closed_months(waiver.cell_id, waiver.from_month, waiver.to_month) if month not in used]


def _holding(on):
    return Q(state=WaiverState.DECIDED) & (Q(to_month__isnull=True) | Q(to_month__gte=on.replace(day=1)))


FILTERS = ("", "dang-ap-dung", "tat-ca")
LABELS = {"": "Chờ giải quyết", "dang-ap-dung": "Đang áp dụng", "tat-ca": "Tất cả"}


def condition(name, on=None) -> Q:
    """The Q of a filter of the list."""
    if name == "":
        return Q(state__in=OPEN)
    return _holding(on or timezone.localdate()) if name == "dang-ap-dung" else Q()


def of_cell(user, cell, name):
    """Waivers of a cell that the person may see, under a filter: what waits the oldest first, else the newest."""
    rows = Waiver.objects.visible_to(user).filter(condition(name), cell=cell).select_related("member")
    return rows.order_by("asked_at", "pk") if name == "" else rows.order_by("-from_month", "-pk")
