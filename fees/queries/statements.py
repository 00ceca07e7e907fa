"""Files that were read, with what became of their lines."""

from django.db.models import Count, Q, Sum

from core.months import first_day
from fees.models import FeeMonth, Statement
from fees.states import LineState, MonthState


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


def is_open_on(cell, day) -> bool:
    """Whether the book of the month of a day takes receipts."""
    return FeeMonth.objects.filter(cell=cell, month=first_day(day), state=MonthState.OPEN).exists()
