"""Who pays the fee where: the host collects from who is there for a time (DOMAIN §3.2)."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from fees.models import Allocation, Due, FeeMonth
from fees.states import MonthState
from members.models import Member, Placement
from members.queries import attenders, holder
from members.states import PlacementKind, PostTitle


def paying_cell(user):
    """The cell that collects the person's fee today: the host of temporary activities, else the own one, else None.

    One query, and only for who stands in the books of two cells.
    """
    cells = [cell for cell in user.cells if cell.is_cell]
    if len(cells) < 2:
        return cells[0] if cells else None
    here = Placement.objects.on(timezone.localdate()).filter(member=user.member_id, kind=PlacementKind.TEMP_HERE)
    hosts = set(here.values_list("cell", flat=True))
    return min(cells, key=lambda cell: (cell.pk not in hosts, cell.pk))


def payers(cell, on=None):
    """Members whose fee the cell collects on a day: its roll without those who pay at a host, and its visitors."""
    on = on or timezone.localdate()
    hosted = Q(kind=PlacementKind.TEMP_HERE) & ~Q(cell=cell)
    said_away = Q(kind=PlacementKind.TEMP_ELSEWHERE, cell=cell)
    away = Placement.objects.on(on).filter(hosted | said_away, member=OuterRef("pk"))
    visitors = Member.objects.visiting(cell, on)
    return (Member.objects.on_roll(cell, on).filter(~Exists(away)) | visitors).order_by("sort_key", "pk")


def known(cell):
    """Whom the cell may write a receipt for: who attends it, and who has a month or a receipt in its book."""
    here = {"member": OuterRef("pk"), "cell": cell}
    booked = Exists(Due.objects.filter(**here)) | Exists(Allocation.objects.filter(**here))
    attends = Q(pk__in=attenders(cell).values("pk"))
    return Member.objects.filter(attends | booked)


def ever_paying(cell):
    """Who may have paid to the cell: those who pay today, and who stood in a month of its book."""
    today = Q(pk__in=payers(cell).order_by().values("pk"))
    booked = Q(pk__in=Due.objects.filter(cell=cell).values("member"))
    return Member.objects.filter(today | booked).order_by("sort_key", "pk")


def collector(cell, on=None):
    """The member who collects the fees of a cell on a day, or None."""
    return holder(cell, PostTitle.FEE_COLLECTOR, on)


def closed_months(cell, first, last=None):
    """First days of the closed months of a cell from ``first`` up to ``last`` (None: without end), the oldest first."""
    rows = FeeMonth.objects.filter(cell=cell, state=MonthState.CLOSED, month__gte=first)
    if last is not None:
        rows = rows.filter(month__lte=last)
    return list(rows.order_by("month").values_list("month", flat=True))
