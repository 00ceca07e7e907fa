"""What meetings themselves offer to an agenda: items that an earlier meeting did not get to."""

from django.db.models import Q

from core.contributions import ProposedItem
from core.vietnamese import date_text
from meetings.models import AgendaItem
from meetings.states import Body, ItemStatus, Section, State

KEY = "item:"


def undiscussed_items(cell, on):
    """Content items of held or cancelled meetings that were postponed or never reached and not carried yet.

    What the standard order brings to every meeting anyway comes only when it was postponed expressly.
    """
    left = Q(status=ItemStatus.POSTPONED) | Q(status=ItemStatus.PENDING) & ~Q(origin__startswith="standard:")
    rows = (
        AgendaItem.objects.filter(
            left,
            meeting__cell=cell,
            meeting__body=Body.CELL,
            meeting__state__in=[State.CLOSED, State.CANCELLED],
            meeting__starts_at__date__lte=on,
            section=Section.CONTENT,
            carried_to__isnull=True,
        )
        .select_related("meeting")
        .only("title", "decide", "minutes", "presenter_id", "meeting__starts_at", "meeting__opened_at")
        .order_by("-meeting__starts_at", "position")[:30]
    )
    return [
        ProposedItem(
            key=f"{KEY}{row.pk}",
            section=Section.CONTENT,
            title=row.title,
            decide=row.decide,
            minutes=row.minutes,
            source=f"Chưa bàn ở buổi họp {date_text(row.meeting.day)}",
            presenter_id=row.presenter_id,
        )
        for row in rows
    ]
