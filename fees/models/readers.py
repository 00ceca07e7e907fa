"""Whose book a person may read. Amounts of single members lie open to three only: the payer, the collector of the
cell, and for the audited months the inspectors of an audit that is under way (DOMAIN §10: the collector sees incomes,
others do not; an inspector is one for a time)."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from fees.models.inspections import Audit, collected
from fees.states import DeclarationState
from members.models import Post
from members.states import HEAD_TITLES, PostTitle


def books(user, field="cell", month=""):
    """Condition: rows of a cell whose book the person keeps or audits.

    ``month`` is the path to the month of a row that names amounts of a person: inspectors read the audited ones only.
    """
    return Q(**{f"{field}__in": collected(user)}) | inspected(user, field, month)


def inspected(user, field="cell", month=""):
    """The part of ``books`` that inspectors read."""
    under_way = Audit.objects.inspected_by(user.member_id)
    if not month:
        return Q(**{f"{field}__in": under_way.values("cell")})
    return Q(Exists(under_way.filter(cell=OuterRef(field)).of_month(OuterRef(month))))


def sums(user, field="cell"):
    """Condition: rows that name no payer; they lie open to the cell, its chi ủy and the inspectors."""
    return Q(**{f"{field}__in": user.cell_ids | user.committee_ids}) | books(user, field)


def collectors(cells):
    """Ids (a subquery) of the members who collect the fees of these cells today."""
    rows = Post.objects.on(timezone.localdate()).filter(organisation__in=cells, title=PostTitle.FEE_COLLECTOR)
    return rows.values("member")


def answerable(user):
    """Condition: declarations that this head answers: a collector's, because nobody accepts the own one, and all of a
    cell where nobody collects.

    The secretary answers; the deputy the secretary's, and where there is no secretary. What was accepted by somebody
    else stays closed.
    """
    found = Q(pk__in=[])
    for title in HEAD_TITLES:
        cells = [organisation for organisation, held in user.posts if held == title]
        if not cells:
            continue
        theirs = Q(member__in=collectors(cells)) | ~Q(cell__in=_holding(PostTitle.FEE_COLLECTOR, cells))
        theirs &= Q(cell__in=cells) & ~Q(member=user.member_id)
        if title == PostTitle.DEPUTY:
            led = _holding(PostTitle.SECRETARY, cells)
            theirs &= Q(member__in=led.values("member")) | ~Q(cell__in=led)
        found |= theirs
    return found & (Q(state=DeclarationState.DECLARED) | Q(answered_by=user))


def unanswerable(user):
    """Condition: own declarations that nobody else can accept: of the only head, where nobody else collects."""
    cells = user.headed_ids
    others = Post.objects.on(timezone.localdate()).filter(organisation__in=cells).exclude(member=user.member_id)
    answering = others.filter(title__in=[*HEAD_TITLES, PostTitle.FEE_COLLECTOR])
    return Q(member=user.member_id, cell__in=cells) & ~Q(cell__in=answering.values("organisation"))


def _holding(title, cells):
    """Cells (a subquery) with somebody in this post today."""
    return Post.objects.on(timezone.localdate()).filter(organisation__in=cells, title=title).values("organisation")
