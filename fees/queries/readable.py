"""Which months' amounts by person somebody reads in a cell's book: all, those of an audit under way, or none."""

import datetime
from dataclasses import dataclass

from fees.models import Audit
from fees.models.inspections import collected


@dataclass(frozen=True, slots=True)
class Readable:
    """``whole``: who keeps the book; ``periods``: first and last month of the audits that one makes now."""

    whole: bool = False
    periods: tuple[tuple[datetime.date, datetime.date], ...] = ()

    def __contains__(self, month) -> bool:
        return self.whole or any(first <= month <= last for first, last in self.periods)

    def __bool__(self) -> bool:
        return self.whole or bool(self.periods)


def readable(user, cell) -> Readable:
    """The same right as the permission ``fees.view_book``, by month; one query, and none for the collector."""
    if cell.pk in collected(user):
        return Readable(whole=True)
    audits = Audit.objects.inspected_by(user.member_id).filter(cell=cell)
    return Readable(periods=tuple(audits.values_list("from_month", "to_month")))
