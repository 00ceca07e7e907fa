"""Who has not paid when a month is closed, and who is told of it. Words and months, never an amount.

A month that is not closed, or was closed without any receipt, counts for nobody: the collector has not entered it.
Unpaid months of a calendar year are counted, one after another or not (rule fee.unpaid_months_limit, Quy định
01-QĐ/TW). The member is told first and alone; of the second month the secretary, of the last one allowed the chi ủy,
once a year. Exempt, elsewhere, paid in advance: nothing is left to pay, so nothing counts.
"""

from django.urls import reverse

from fees.queries.unpaid import unpaid_months
from members.models import Member
from members.queries import attenders, committee, holder, rule_for
from members.states import PostTitle
from notices.models import Notice, Outcome
from notices.services import planning

PAID = "Đã đóng đảng phí."
NEWER = "Có báo mới hơn."
EVIDENCE = "fee.unpaid_evidence"


def month_closed(fee_month):
    """Tell of everybody still here who has not paid the month just closed. Part of ``months.close_month``."""
    cell, month = fee_month.cell, fee_month.month
    unpaid = {pk: months for pk, months in unpaid_months(cell, month.year, until=month).items() if month in months}
    for member in attenders(cell).filter(pk__in=unpaid).order_by("pk"):
        planning.withdraw(_key(cell, member, month.year), reason=NEWER)
        _tell(cell, member, unpaid[member.pk])


def settled(cell, member):
    """After a payment or a lowered due: what waits to be told and is no longer so is withdrawn or told as it is now.

    Nobody hears of it who was not about to. One query where nothing waits.
    """
    stem = f"fee_unpaid:{cell.pk}:{member.pk}:"
    waiting = Notice.objects.filter(key__startswith=stem, outcome=Outcome.WAITING)
    known = list(waiting.values_list("key", "recipient"))
    for year in sorted({int(key.split(":")[3]) for key, _ in known}):
        planning.withdraw(_key(cell, member, year), reason=PAID)
        months = unpaid_months(cell, year, [member.pk]).get(member.pk, [])
        if months:
            _tell(cell, member, months, {recipient for _, recipient in known})


def reopened(cell, member, months, mark):
    """After a receipt was taken back or a due raised: who owes something again for a closed one of these ``months`` is
    told as the close would have told, also where the same was told before it was paid.

    ``mark`` names what happened; what is put right before the notice leaves withdraws it (``settled``).
    """
    if not attenders(cell).filter(pk=member.pk).exists():
        return
    for year in sorted({month.year for month in months}):
        unpaid = unpaid_months(cell, year, [member.pk]).get(member.pk, [])
        if set(unpaid) & set(months):
            planning.withdraw(_key(cell, member, year), reason=NEWER)
            _tell(cell, member, unpaid, mark=mark)


def _key(cell, member, year):
    return f"fee_unpaid:{cell.pk}:{member.pk}:{year}"


def _tell(cell, member, months, only=None, mark=""):
    """The notices about the unpaid ``months`` of a member, by how many they are; ``only`` to these members (ids);
    ``mark`` makes them another notice than one sent before."""
    limit = rule_for(cell, "fee.unpaid_months_limit", months[-1])
    most = limit.integer if limit.configured else None
    for recipient, kind in _whom(cell, member, months, most):
        if only is None or recipient.pk in only:
            _plan(cell, member, recipient, kind, months, most, mark)


def _whom(cell, member, months, most):
    """(who, kind of notice) for these unpaid months of a year; ``most`` is the rule, None while it has no value."""
    count = len(months)
    if most is not None and count >= most:
        yield member, "fee.unpaid_limit"
        told = _have_evidence(cell, member, months[-1].year)
        others = [other for other in committee(cell) if other.pk not in told | {member.pk}]
        yield from ((other, EVIDENCE) for other in others)
        return
    yield member, "fee.unpaid_first" if count == 1 else "fee.unpaid_second"
    head = _head(cell, member) if count == 2 else None
    if head is not None:
        yield head, "fee.unpaid_slow"


def _have_evidence(cell, member, year) -> set:
    """Ids of who was told that the member reached the limit in this year: once is enough. Not by the count, which may
    jump past the limit when a receipt of several months is taken back."""
    rows = Notice.objects.filter(key__startswith=f"{_key(cell, member, year)}:", kind=EVIDENCE)
    return set(rows.exclude(outcome=Outcome.WITHDRAWN).values_list("recipient", flat=True))


def _head(cell, member) -> Member | None:
    """The secretary; of the secretary the deputy is told."""
    for title in (PostTitle.SECRETARY, PostTitle.DEPUTY):
        found = holder(cell, title)
        if found is not None and found.pk != member.pk:
            return found
    return None


SUBJECTS = {
    "fee.unpaid_first": "Nhắc đóng đảng phí tháng {month}",
    "fee.unpaid_second": "Nhắc đóng đảng phí các tháng còn lại",
    "fee.unpaid_limit": "Đề nghị trao đổi với chi ủy về đảng phí chưa đóng",
    "fee.unpaid_slow": "Đồng chí {name} còn chậm đóng đảng phí",
    "fee.unpaid_evidence": "Đề nghị chi ủy xem xét việc đóng đảng phí của đồng chí {name}",
}


def _plan(cell, member, recipient, kind, months, most, mark):
    """Private: shown to its recipient alone. The key names the count and the month that made it."""
    own = recipient.pk == member.pk
    month = f"{months[-1]:%m/%Y}"
    context = {"name": member.full_name, "months": [f"{each:%m/%Y}" for each in months], "most": most or 0}
    planning.plan(
        recipient,
        kind,
        f"{_key(cell, member, months[-1].year)}:{len(months)}:{months[-1]:%m}:{kind}{mark}",
        cell=cell,
        subject=SUBJECTS[kind].format(month=month, name=member.full_name),
        context=context,
        url=reverse("fees:me") if own else f"{reverse('unpaid_evidence', args=[member.pk])}?nam={months[-1].year}",
        private=True,
    )
