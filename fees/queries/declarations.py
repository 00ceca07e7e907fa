"""Questions about declarations of income: which one counts, which waits for whom, who has made none."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from fees.models import Declaration, Waiver
from fees.models.inspections import collected
from fees.models.readers import answerable, unanswerable
from fees.queries.payers import payers
from fees.states import DeclarationState, WaiverKind
from fees.tariff import INCOME
from members.models import FeeCategory
from members.queries import rule_for
from notices.models import Notice


def in_force_on(member, month):
    """The accepted declaration that counts for a member (or id) in a fee month, or None."""
    rows = Declaration.objects.in_force().filter(member=member, from_month__lte=month)
    return rows.order_by("-from_month", "-pk").first()


def waiting_for(user, cell=None):
    """Declarations that this person answers: the collector those of the cell but the own one, a head the
    collector's, or all where nobody collects, and the own one that nobody else can answer.

    With the member and the cell; the oldest first. Rights: fees.rules ``may_answer``, as a query.
    """
    mine = Q(cell__in=collected(user)) & ~Q(member=user.member_id)
    rows = Declaration.objects.filter(mine | answerable(user) | unanswerable(user), state=DeclarationState.DECLARED)
    if cell is not None:
        rows = rows.filter(cell=cell)
    return rows.select_related("member", "cell").order_by("declared_at", "pk")


def whole():
    """Declarations with everybody whom their page names."""
    return Declaration.objects.select_related("member", "cell", "declared_by__member", "answered_by__member")


def undeclared(cell, on=None):
    """Payers of a cell whose fee is counted on an income that they have not declared, by given name.

    Left out: whose category has no income (student, no pension), who is exempt by party age or by a decision, whose
    declaration waits for its answer.
    """
    on = on or timezone.localdate()
    month = on.replace(day=1)
    person = {"member": OuterRef("pk")}
    said = Declaration.objects.filter(state__in=[DeclarationState.DECLARED, DeclarationState.ACCEPTED], **person)
    fixed = FeeCategory.objects.on(on).filter(**person).exclude(kind__in=list(INCOME))
    exempt = Waiver.objects.in_force(month).filter(kind=WaiverKind.EXEMPT, **person)
    found = payers(cell, on).filter(~Exists(said), ~Exists(fixed), ~Exists(exempt))
    years = rule_for(cell, "fee.exempt_party_years", on)
    if years.configured:
        since = month.replace(year=month.year - years.integer)
        found = found.exclude(admitted_on__lt=since)
    return found


def wanted_key(cell, on=None) -> str:
    """Key of the notice that asks for a declaration: one a month."""
    return f"declaration:wanted:{cell.pk}:{on or timezone.localdate():%Y-%m}"


def not_reminded(cell, on=None):
    """Those of ``undeclared`` who were not asked this month."""
    told = Notice.objects.filter(recipient=OuterRef("pk"), key=wanted_key(cell, on))
    return undeclared(cell, on).filter(~Exists(told))


FILTERS = {
    "": ("Chờ tiếp nhận", Q(state=DeclarationState.DECLARED)),
    "da-nhan": ("Đã tiếp nhận", Q(state=DeclarationState.ACCEPTED)),
    "tat-ca": ("Tất cả", Q()),
}
UNDECLARED = "chua-ke-khai"


def of_cell(cell, name):
    """Declarations of a cell under a filter, with members; what waits the oldest first, else by given name."""
    rows = Declaration.objects.filter(FILTERS[name][1], cell=cell).select_related("member")
    if name == "":
        return rows.order_by("declared_at", "pk")
    return rows.order_by("member__sort_key", "member_id", "-from_month", "-pk")
