"""Decided exemptions and reductions, as the calculation needs them. Pure."""

import datetime
from dataclasses import dataclass

from core.months import months_between
from core.vietnamese import date_text
from fees.states import WaiverGround, WaiverKind
from fees.tariff import Rule


@dataclass(frozen=True, slots=True)
class Waived:
    """One decision; ``to_month`` None: until further notice."""

    id: int
    kind: str
    percent: int
    ground: str
    from_month: datetime.date
    to_month: datetime.date | None
    decision: str
    decided_on: datetime.date

    @property
    def limited(self) -> bool:
        """Given for hardship, hence for twelve months at most; poverty, disease and social pension are no such."""
        return self.kind == WaiverKind.REDUCE or self.ground == WaiverGround.HARDSHIP

    @property
    def named(self) -> str:
        """ "12-NQ/CB, 05/11/2026"."""
        return f"{self.decision}, {date_text(self.decided_on)}"

    @property
    def as_rule(self) -> dict:
        """The decision as it stands among the rules of a result."""
        until = f" đến hết {self.to_month:%m/%Y}" if self.to_month else ""
        return {
            "key": "",
            "title": WaiverKind(self.kind).label,
            "value": str(self.percent),
            "unit": "%",
            "source": f"{self.named}; từ {self.from_month:%m/%Y}{until}",
            "verified": True,
        }

    def holds(self, month: datetime.date, rule: Rule) -> bool:
        """Within its months; a limited one never beyond ``fee.waiver_max_months`` of them (DOMAIN §3.2)."""
        if month < self.from_month or (self.to_month and month > self.to_month):
            return False
        most = rule("fee.waiver_max_months", month)
        return not (self.limited and most.configured) or months_between(self.from_month, month) < most.integer


def decisions(waivers, kind: str, month: datetime.date, rule: Rule) -> list[Waived]:
    """Those of a kind that hold in the month, the largest first, of two alike the newer one."""
    rows = [waiver for waiver in waivers if waiver.kind == kind and waiver.holds(month, rule)]
    return sorted(rows, key=lambda row: (row.percent, row.from_month, row.id), reverse=True)
