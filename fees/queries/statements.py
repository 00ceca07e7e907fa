"""Files that were read, with what became of their lines."""

from django.db.models import Count, Q, Sum

from fees.models import Statement
from fees.states import LineState


def listed(cell, user):
    """Statements of a cell with numbers of lines: ``lines_count``, ``booked_count``."""
    rows = Statement.objects.visible_to(user).filter(cell=cell).select_related("source")
    booked = Count("lines", Q(lines__state=LineState.BOOKED))
    return rows.annotate(lines_count=Count("lines"), booked_count=booked).order_by("-read_at", "-pk")


def counted(statement) -> list:
    """[(word of a state, number of lines, đồng)] of one file, in the order of the states; one query."""
    rows = statement.lines.order_by().values_list("state").annotate(number=Count("pk"), total=Sum("amount"))
    found = {state: (number, total) for state, number, total in rows}
    return [(state.label, *found[state]) for state in LineState if state in found]
