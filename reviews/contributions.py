"""What turns and shortcomings offer to a meeting: items of the agenda, what the minutes carry.

An agenda and minutes are read by the whole cell: names of those whose turn it is, never a word of what is written,
never how many shortcomings there are or whose.
"""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject

from core.contributions import MinutesSection, ProposedItem
from members.models import Organisation
from reviews.models import SelfReview, Shortcoming, Turn
from reviews.turn_states import TurnState

SOURCE = "Lượt tự phê bình"
MINUTES = 10  # planned for one turn


def proposals(cell, on) -> list[ProposedItem]:
    """The turns given for the meeting of a day, and the look at what is to be mended by then. One query."""
    turns = Turn.objects.filter(cell=OuterRef("pk"), state=TurnState.PLANNED, meeting__starts_at__date=on)
    rows = turns.order_by("member__sort_key", "pk").values(
        row=JSONObject(turn="pk", member="member_id", name="member__full_name")
    )
    due = Shortcoming.objects.open().filter(cell=OuterRef("pk"), due_on__lte=on)
    here = Organisation.objects.filter(pk=cell.pk).values_list(ArraySubquery(rows), Exists(due)).get()
    return [*map(_turn, here[0]), *([_mending(cell, on)] if here[1] else [])]


def _turn(row):
    title = f"Tự phê bình và phê bình: đ/c {row['name']}"
    return ProposedItem(
        f"turn:{row['turn']}", "B", title, minutes=MINUTES, source=SOURCE, presenter_id=row["member"]
    )  # fmt: skip


def _mending(cell, on):
    key = f"shortcomings:{cell.pk}:{on:%Y-%m}"
    return ProposedItem(key, "B", "Xem xét việc khắc phục hạn chế, khuyết điểm", source="Theo dõi khắc phục")


def minutes(cell, on, since) -> list[MinutesSection]:
    """Who had a turn in the meeting of a day, each with what the cell decided to carry. One query."""
    rows = SelfReview.objects.filter(turn__cell=cell, turn__meeting__starts_at__date=on)
    rows = (
        rows.filter(turn__state=TurnState.CONCLUDED)
        .select_related("turn__member")
        .order_by("turn__member__sort_key", "pk")
    )
    lines = tuple(_carried(review) for review in rows)
    return [MinutesSection("Tự phê bình và phê bình", lines, SOURCE)] if lines else []


def _carried(review) -> str:
    name = f"Đ/c {review.turn.member.full_name}"
    return f"{name}: {review.carried}" if review.carried else f"{name} đã tự phê bình, chi bộ đã góp ý."
