"""Whose book a person may read. Amounts of single members lie open to three only: the payer, the collector of the
cell, and the inspectors of an audit that is under way (DOMAIN §10: the collector sees incomes, others do not)."""

from django.db.models import Q
from django.utils import timezone

from fees.models.inspections import Audit, collected
from fees.states import DeclarationState
from members.models import Post
from members.states import HEAD_TITLES, PostTitle


def books(user, field="cell"):
    """Condition: rows of a cell whose whole book, amounts by person included, the person may read."""
    under_way = Audit.objects.inspected_by(user.member_id).values("cell")
    return Q(**{f"{field}__in": collected(user)}) | Q(**{f"{field}__in": under_way})


def sums(user, field="cell"):
    """Condition: rows that name no payer; they lie open to the cell, its chi ủy and the inspectors."""
    return Q(**{f"{field}__in": user.cell_ids | user.committee_ids}) | books(user, field)


def headed(user) -> frozenset:
    """Ids of the cells whose secretary or deputy the person is today."""
    return frozenset(organisation for organisation, title in user.posts if title in HEAD_TITLES)


def collectors(cells):
    """Ids (a subquery) of the members who collect the fees of these cells today."""
    rows = Post.objects.on(timezone.localdate()).filter(organisation__in=cells, title=PostTitle.FEE_COLLECTOR)
    return rows.values("member")


def answerable(user):
    """Condition: declarations of a collector that this head answers, because nobody accepts the own one.

    The secretary answers; the deputy where the secretary collects. What was accepted by somebody else stays closed.
    """
    found = Q(pk__in=[])
    for title in HEAD_TITLES:
        cells = [organisation for organisation, held in user.posts if held == title]
        if not cells:
            continue
        theirs = Q(cell__in=cells, member__in=collectors(cells)) & ~Q(member=user.member_id)
        if title == PostTitle.DEPUTY:
            secretaries = Post.objects.on(timezone.localdate()).filter(
                organisation__in=cells, title=PostTitle.SECRETARY
            )
            theirs &= Q(member__in=secretaries.values("member"))
        found |= theirs
    return found & (Q(state=DeclarationState.DECLARED) | Q(answered_by=user))
