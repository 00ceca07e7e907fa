"""What the fee book offers to a meeting: to the agenda the open month to collect and older months to close, to the
minutes what was collected and passed up.

Every member reads both. So no amount by person, no sum of an open month (one that grows by a receipt would tell what
its payer paid), and names of who has not paid only in the agenda, where the cell decided so (rule fee.names_in_agenda);
the minutes, which are kept and leave the cell, only count.
"""

import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject

from core.contributions import MinutesSection, ProposedItem
from core.vietnamese import date_text, money
from fees.models import Allocation, Correction, Due, FeeMonth, Remittance
from fees.states import NOT_COMPUTED, DueKind, MonthState, Share
from members.models import Post
from members.queries import rule_for
from members.states import PostTitle

NAMES = 4  # more would not fit the title of an item
SOURCE = "Sổ đảng phí"
MONTHS = 3  # of each kind told one by one in the minutes; older ones in one line


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
    unpaid = _dues(on).filter(owes__gt=F("paid")).values("member__full_name")
    return rows.annotate(unpaid=ArraySubquery(unpaid), collector=Subquery(collector))


def _dues(on):
    """Dues of the month of the outer row, by given name, with ``owes`` and ``paid`` (đồng; received up to the day)."""
    raised = Correction.objects.filter(due=OuterRef("pk")).order_by().values("due").annotate(all=Sum("amount"))
    paid = Allocation.objects.filter(
        cell=OuterRef("cell"), member=OuterRef("member"), month=OuterRef("month"), share=Share.DUE,
        payment__paid_on__lte=on,
    )  # fmt: skip
    paid = paid.order_by().values("member").annotate(all=Sum("amount"))
    rows = Due.objects.filter(fee_month=OuterRef("pk")).annotate(
        owes=F("amount") + Coalesce(Subquery(raised.values("all")), 0), paid=Coalesce(Subquery(paid.values("all")), 0)
    )
    return rows.order_by("member__sort_key", "member_id")


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
    return ProposedItem(
        f"fee_close:{cell.pk}:{months[0].month:%Y-%m}", "B", f"Khóa sổ đảng phí {_span(months)}", minutes=5,
        source=SOURCE, presenter_id=presenter,
    )  # fmt: skip


# The minutes


def minutes(cell, on, since) -> list[MinutesSection]:
    """The part of the minutes of a meeting on a day, ``since`` the day of the one before (None for the first): how
    many have paid, what the months closed meanwhile collected, what went up. Nothing without a book.

    One query.
    """
    after = since or datetime.date(on.year - 1, 12, 31)
    found = list(_told(cell, on, after))
    if not found:
        return []
    opened, closed = ([row for row in found if row.is_open is kind] for kind in (True, False))
    when = f"Từ sau buổi họp ngày {date_text(since)}" if since else f"Từ đầu năm {on.year}"
    lines = [*_closed_lines(closed), *_open_lines(opened), _remitted_line(found[-1].remitted, when)]
    return [MinutesSection("Thu, nộp đảng phí", tuple(lines), SOURCE)]


def _told(cell, on, after):
    """Months the minutes speak of, oldest first: open ones, those closed after a day, and always the newest; with
    ``payers`` [{owes, left, kind}] and ``remitted`` since then, the same for each."""
    own = FeeMonth.objects.filter(cell=cell, month__lte=on)
    newest = own.order_by("-month").values("month")[:1]
    meant = Q(state=MonthState.OPEN) | Q(closed_at__date__gt=after) | Q(month=Subquery(newest))
    pays = Q(kind__in=[DueKind.PAYABLE, *NOT_COMPUTED]) | Q(owes__gt=0)
    payers = _dues(on).filter(pays).values(
        row=JSONObject(left=F("owes") - F("paid"), owes="owes", kind="kind")
    )  # fmt: skip
    went_up = Remittance.objects.filter(
        cell=cell, voucher__reversed_by=None, voucher__dated_on__gt=after, voucher__dated_on__lte=on
    )
    went_up = went_up.order_by("voucher__dated_on", "pk").values(
        row=JSONObject(
            day="voucher__dated_on", amount="amount", to="receiver", through="through_month", number="paper_number"
        )
    )
    rows = own.filter(meant).order_by("month")
    return rows.annotate(payers=ArraySubquery(payers), remitted=ArraySubquery(went_up))


def _closed_lines(rows):
    for row in rows[-MONTHS:]:
        yield f"Sổ tháng {row.month:%m/%Y} đã khóa: thu {money(row.collected_total)}{_shares([row])}; {_counted(row)}."
    if older := rows[:-MONTHS]:
        total = money(sum(row.collected_total for row in older))
        yield f"Sổ {_span(older)} đã khóa: thu {total}{_shares(older)}."


def _shares(rows):
    if any(row.retained_percent is None for row in rows):
        return ", chưa trích để lại, phải nộp"
    kept, up = (sum(getattr(row, name) for row in rows) for name in ("retained_total", "payable_total"))
    return f", để lại chi bộ {money(kept)}, phải nộp cấp trên {money(up)}"


def _open_lines(rows):
    for row in rows[-MONTHS:]:
        yield f"Sổ tháng {row.month:%m/%Y} đang thu: {_counted(row)}."
    if older := rows[:-MONTHS]:
        yield f"Sổ {_span(older)} chưa khóa."


def _counted(row) -> str:
    """ "đã đóng đủ 21/24 đồng chí, 1 đồng chí chưa tính được mức đóng"."""
    waits = sum(payer["kind"] in NOT_COMPUTED and not payer["owes"] for payer in row.payers)
    done = len(row.payers) - waits - sum(payer["left"] > 0 for payer in row.payers)
    words = f"đã đóng đủ {done}/{len(row.payers)} đồng chí"
    return words + (f", {waits} đồng chí chưa tính được mức đóng" if waits else "")


def _remitted_line(rows, when) -> str:
    if not rows:
        return f"{when} chưa nộp cấp trên lần nào."
    told = [
        f"{money(row['amount'])} ngày {date_text(datetime.date.fromisoformat(row['day']))} cho {row['to']}, đến hết "
        f"tháng {datetime.date.fromisoformat(row['through']):%m/%Y}, chứng từ {row['number']}"
        for row in rows
    ]
    return f"{when} đã nộp cấp trên: {'; '.join(told)}."


def _span(months) -> str:
    """ "tháng 09/2026" or "các tháng 09/2026 đến 10/2026"."""
    first, last = months[0].month, months[-1].month
    return f"tháng {first:%m/%Y}" if first == last else f"các tháng {first:%m/%Y} đến {last:%m/%Y}"
