"""Money beyond what is owed: paid in advance or given voluntarily, as the collector chose beforehand. Pure."""

import datetime

from core.months import months_later
from fees.services.allotting import AHEAD, advance_rate
from fees.states import Rest


def spread(member, amount: int, rest: str, standing, paid_on: datetime.date) -> tuple[list, int]:
    """(months to choose, voluntary part in đồng) with which ``collecting.pay`` takes ``amount`` đồng as ``rest`` says.

    ``standing``: {(member id, month): Owing} of all months of the member. Nothing is chosen where the amount is owed
    or ``rest`` says nothing; what the months ahead cannot take either, ``pay`` refuses.
    """
    rows = [row for (who, _), row in standing.items() if who == member.pk]
    over = amount - sum(row.left for row in rows)
    if over <= 0 or not rest:
        return [], 0
    if rest == Rest.VOLUNTARY:
        return [], over
    return [row.month for row in rows if row.left] + _ahead(rows, over, paid_on), 0


def _ahead(rows, over, paid_on):
    """The next months without a row that take so much at the present rate."""
    known, rate, found = {row.month: row for row in rows}, advance_rate(rows), []
    for number in range(AHEAD + 1):
        month = months_later(paid_on.replace(day=1), number)
        row = known.get(month)
        room = rate - (row.paid if row else 0)
        if over > 0 and room > 0 and (row is None or row.due_id is None):
            found.append(month)
            over -= room
    return found
