"""What the hand-over of the fee book says and prints."""

import datetime

from django.utils import timezone

from core.vietnamese import date_text
from documents import queries as documents
from fees.checks.sheets import spans
from fees.models import Declaration, FeeMonth, Handover, Waiver
from fees.queries.cash import open_count
from fees.queries.ledger import balances
from fees.queries.owing import debts
from fees.queries.waivers import OPEN
from fees.states import PLACES, Account, DeclarationState, MonthState
from members.models import Member, Post
from members.states import PostTitle

RECORD = "fees/pdf/handover.html"
YEAR = datetime.timedelta(days=366)
OWNERS = (Account.RETAINED, Account.PAYABLE, Account.COLLECTED)


def whole():
    """Hand-overs with everybody whom their page names."""
    return Handover.objects.select_related("cell__parent", "giver", "receiver", "count", "paper__organisation")


def givers(cell):
    """Who collects the fee of a cell, or did within the last year."""
    today = timezone.localdate()
    rows = Post.objects.filter(organisation=cell, title=PostTitle.FEE_COLLECTOR, starts_on__lte=today)
    return Member.objects.filter(pk__in=rows.exclude(ends_on__lt=today - YEAR).values("member")).order_by(
        "sort_key", "pk"
    )


def open_things(cell) -> list[str]:
    """What the next collector goes on with, in words and numbers; nobody is named."""
    found = []
    rows = FeeMonth.objects.filter(cell=cell).order_by("month")
    months = list(rows.values_list("month", "state", "retained_percent"))
    if still := [month for month, state, _ in months if state == MonthState.OPEN]:
        found.append(f"Sổ {spans(still)} đang mở.")
    if unsplit := [month for month, state, percent in months if state == MonthState.CLOSED and percent is None]:
        found.append(f"Chưa trích phần để lại, phải nộp: {spans(unsplit)}.")
    if behind := debts(cell, until=timezone.localdate().replace(day=1)):
        found.append(f"{len(behind)} đồng chí còn phải đóng, xem sổ thu.")
    if waiting := Declaration.objects.filter(cell=cell, state=DeclarationState.DECLARED).count():
        found.append(f"{waiting} kê khai chờ tiếp nhận.")
    if asked := Waiver.objects.filter(cell=cell, state__in=OPEN).count():
        found.append(f"{asked} đơn miễn, giảm chờ giải quyết.")
    if open_count(cell) is not None or balances(cell)[Account.DIFFERENCE]:
        found.append("Chênh lệch kiểm quỹ chưa xử lý.")
    return found


def places_of(row) -> list[tuple]:
    """(place, đồng) as frozen."""
    return [(place.label, row.balances.get(place.value, 0)) for place in PLACES]


def owners_of(row) -> list[tuple]:
    """(whose money, đồng) as frozen."""
    return [(owner.label, -row.balances.get(owner.value, 0)) for owner in OWNERS]


def record_context(row) -> dict:
    """Content of ``fees/pdf/handover.html``."""
    return {
        "handover": row,
        "day": date_text(row.handed_on),
        "places": places_of(row),
        "owners": owners_of(row),
        "total": sum(amount for _, amount in places_of(row)),
        "pieces": pieces_of(row.count),
        "notes": [line.strip() for line in row.note.splitlines() if line.strip()],
    }


def pieces_of(count) -> list[tuple]:
    """(value, number, đồng), the largest first."""
    rows = [(int(value), number, int(value) * number) for value, number in count.pieces.items()]
    return sorted(rows, reverse=True)


def draft(row) -> bytes:
    """The record as it would be sealed now, with its watermark."""
    return documents.draft_pdf(row.paper, RECORD, record_context(row))
