"""Whose book a person may read. Amounts of single members lie open to three only: the payer, the collector of the
cell, and the inspectors of an audit that is under way (DOMAIN §10: the collector sees incomes, others do not)."""

from django.db.models import Q

from fees.models.inspections import Audit, collected


def books(user, field="cell"):
    """Condition: rows of a cell whose whole book, amounts by person included, the person may read."""
    under_way = Audit.objects.inspected_by(user.member_id).values("cell")
    return Q(**{f"{field}__in": collected(user)}) | Q(**{f"{field}__in": under_way})


def sums(user, field="cell"):
    """Condition: rows that name no payer; they lie open to the cell, its chi ủy and the inspectors."""
    return Q(**{f"{field}__in": user.cell_ids | user.committee_ids}) | books(user, field)
