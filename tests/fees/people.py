"""People with all that the calculation asks: category, birth date, sex, admission, an accepted declaration."""

import datetime

from fees.models import Declaration, Waiver
from fees.states import DeclarationState, WaiverState
from members.models import FeeCategory, Setting
from tests.factories import LONG_AGO, MemberFactory


def payer(cell, kind="si_salary", amount=7_020_000, *, since=LONG_AGO, **facts):
    """A member on the roll of a cell; ``kind`` "" leaves the category out, ``amount`` None the declaration."""
    facts = {"birth_date": datetime.date(1980, 5, 10), "sex": "nam", "admitted_on": datetime.date(2010, 1, 15)} | facts
    member = MemberFactory(cell=cell, **facts)
    return paying(member, kind, amount, cell=cell, since=since)


def paying(member, kind, amount, *, cell, since=LONG_AGO):
    """Gives a member a category and a declaration from a day on."""
    if kind:
        FeeCategory.objects.create(member=member, kind=kind, starts_on=since)
    if amount is not None:
        declared(member, kind, amount, since.replace(day=1), cell=cell)
    return member


def declared(member, kind, amount, month, *, cell, state=DeclarationState.ACCEPTED):
    return Declaration.objects.create(
        cell=cell, member=member, category=kind, amount=amount, from_month=month, state=state
    )


def waived(member, cell, percent, start, end=None, ground="hardship", state=WaiverState.DECIDED):
    """A decision: 100 % is an exemption."""
    return Waiver.objects.create(
        cell=cell, member=member, kind="exempt" if percent == 100 else "reduce", percent=percent, ground=ground,
        from_month=start, to_month=end, state=state, decision="12-NQ/CB", decided_on=datetime.date(2026, 9, 5),
    )  # fmt: skip


def lay(organisation, key, value, since=LONG_AGO):
    """A rule laid over the national one."""
    return Setting.objects.create(organisation=organisation, key=key, value=value, source="Nghị quyết", starts_on=since)
