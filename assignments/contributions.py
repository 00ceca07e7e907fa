"""What open tasks offer to an agenda: a look back at what was promised."""

from assignments.models import Assignment
from assignments.states import Audience
from core.contributions import ProposedItem
from core.vietnamese import date_text


def open_assignments(cell, on):
    """Unfinished tasks that the cell may see, each proposed once, those due first at the top.

    A task for owner and giver only never becomes an agenda title.
    """
    rows = (
        Assignment.objects.filter(cell=cell, audience__in=[Audience.CELL, Audience.COMMITTEE])
        .unfinished()
        .filter(due_on__lte=on)
        .order_by("due_on", "pk")
    )
    return [
        ProposedItem(
            key=f"assignment:{row.pk}",
            section="B",
            title=f"Kiểm điểm nhiệm vụ: {row.title}"[:250],
            decide="Đánh giá kết quả, xác định thời hạn hoàn thành",
            minutes=5,
            source=f"Nhiệm vụ chưa xong, hạn {date_text(row.due_on)}",
            presenter_id=row.owner_id,
        )
        for row in rows
    ]
