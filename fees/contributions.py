"""What the fee book offers to the agenda of a meeting: the open month to collect, older months to close.

Never an amount. Names of who has not paid only where the cell decided so (rule fee.names_in_agenda); an item of the
agenda is read by every member.
"""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from core.contributions import ProposedItem
from fees.models import Allocation, Correction, Due, FeeMonth
from fees.states import MonthState, Share
from members.models import Post
from members.queries import rule_for
from members.states import PostTitle

NAMES = 4  # more would not fit the title of an item
SOURCE = "Sổ đảng phí"


def proposals(cell, on) -> list[ProposedItem]:
    """The items for a meeting of ``cell`` on a day: nothing without an open month; one query beside the rules."""
    opened = list(_opened(cell, on))
    if not opened:
        return []
    *older, newest = opened
    found = [_collecting(cell, newest, on)]
    if older:
        found.append(_closing(cell, older, newest.collector))
    return found


def _opened(cell, on):
    """Open months up to the day, oldest first, with ``unpaid`` (names of who owes something) and ``collector``."""
    collector = Post.objects.on(on).filter(organisation=cell, title=PostTitle.FEE_COLLECTOR).values("member")[:1]
    rows = FeeMonth.objects.filter(cell=cell, state=MonthState.OPEN, month__lte=on).order_by("month")
    return rows.annotate(unpaid=ArraySubquery(_unpaid()), collector=Subquery(collector))


def _unpaid():
    """Names of who still owes something for the month of the outer row, by given name."""
    raised = Correction.objects.filter(due=OuterRef("pk")).order_by().values("due").annotate(all=Sum("amount"))
    paid = Allocation.objects.filter(
        cell=OuterRef("cell"), member=OuterRef("member"), month=OuterRef("month"), share=Share.DUE
    )
    paid = paid.order_by().values("member").annotate(all=Sum("amount"))
    rows = Due.objects.filter(fee_month=OuterRef("pk")).annotate(
        owes=F("amount") + Coalesce(Subquery(raised.values("all")), 0), paid=Coalesce(Subquery(paid.values("all")), 0)
    )
    rows = rows.filter(owes__gt=F("paid")).order_by("member__sort_key", "member_id")
    return rows.values("member__full_name")


def _collecting(cell, fee_month, on):
    month, unpaid = f"{fee_month.month:%m/%Y}", fee_month.unpaid
    title = f"Thu đảng phí tháng {month}"
    if unpaid:
        title += f", còn {len(unpaid)} đồng chí chưa đóng{_names(cell, unpaid, on)}"
    key = f"fee_collect:{cell.pk}:{fee_month.month:%Y-%m}"
    return ProposedItem(key, "B", title, minutes=5, source=SOURCE, presenter_id=fee_month.collector)


def _names(cell, unpaid, on):
    """ ": Ngô Xuân Trường và 2 đồng chí khác" where the cell names them, else nothing."""
    answer = rule_for(cell, "fee.names_in_agenda", on)
    if not answer.configured or not answer.yes:
        return ""
    rest = len(unpaid) - NAMES
    return f": {', '.join(unpaid[:NAMES])}" + (f" và {rest} đồng chí khác" if rest > 0 else "")


def _closing(cell, months, presenter):
    """One item for all months before the newest: they close in order."""
    first, last = months[0].month, months[-1].month
    span = f"tháng {first:%m/%Y}" if first == last else f"các tháng {first:%m/%Y} đến {last:%m/%Y}"
    return ProposedItem(
        f"fee_close:{cell.pk}:{first:%Y-%m}", "B", f"Khóa sổ đảng phí {span}", minutes=5, source=SOURCE,
        presenter_id=presenter,
    )  # fmt: skip
