"""Who may what with the fee book. Amounts of single members are for the payer, the collector and the inspectors."""

import rules
from django.utils import timezone

from fees.models import Allocation, Audit, Correction, Declaration, Due, Payment, Voucher
from fees.models.people import audited_by
from fees.models.readers import answerable, inspected, unanswerable
from fees.states import AuditKind, AuditState
from members.models import Post
from members.queries import rule_for
from members.rules import heads, in_cell, is_committee, is_fee_collector, is_self, oversees
from members.states import HEAD_TITLES


@rules.predicate
def inspects(user, obj):
    """Inspector of an audit of this cell that is under way."""
    return obj is not None and Audit.objects.inspected_by(user.member_id).filter(cell=obj.cell_id).exists()


MONTHS = {
    Due: "month", Correction: "due__month", Payment: "fee_month__month", Voucher: "fee_month__month",
    Allocation: "payment__fee_month__month",
}  # fmt: skip


@rules.predicate
def inspects_month(user, row):
    """Inspector of an audit under way whose period has the month of a row that names amounts of a person."""
    if row is None:
        return False
    theirs = audited_by(user) if isinstance(row, Declaration) else inspected(user, month=MONTHS[type(row)])
    return type(row).objects.filter(theirs, pk=row.pk).exists()


@rules.predicate
def cell_shows_who_paid(user, cell):
    """The cell decided that its members may see of each other who has paid (amounts never)."""
    return cell is not None and rule_for(cell, "fee.status_open_to_members").yes


reads_book = is_fee_collector | inspects
reads_row = is_fee_collector | inspects_month

# asked of the cell
rules.add_perm("fees.view_fees", in_cell | is_committee | reads_book | oversees)  # sums; nobody is named
rules.add_perm("fees.view_book", reads_book)  # amounts by person, of the months of queries.readable
rules.add_perm("fees.view_status", heads | reads_book | (in_cell & cell_shows_who_paid))  # who has paid, no amounts
rules.add_perm("fees.keep_book", is_fee_collector)
rules.add_perm("fees.view_evidence", is_committee)  # months a member has not paid, for the chi ủy to weigh; no amounts

# asked of the row
rules.add_perm("fees.view_feemonth", in_cell | is_committee | reads_book | oversees)
rules.add_perm("fees.close_feemonth", is_fee_collector)
rules.add_perm("fees.split_feemonth", is_fee_collector)
rules.add_perm("fees.correct_feemonth", is_fee_collector)
rules.add_perm("fees.view_due", is_self | reads_row)
rules.add_perm("fees.view_payment", is_self | reads_row)
rules.add_perm("fees.view_allocation", is_self | reads_row)
owes_it = rules.predicate(lambda user, correction: correction.due.member_id == user.member_id)
rules.add_perm("fees.view_correction", owes_it | reads_row)
rules.add_perm("fees.reverse_payment", is_fee_collector)

# the cash book: vouchers that name no payer are open to the chi ủy as well
names_payer = rules.predicate(lambda user, voucher: voucher is not None and voucher.payment_id is not None)


@rules.predicate
def paid_it(user, voucher):
    """The payer of the receipt that a voucher books."""
    return voucher is not None and voucher.payment_id is not None and voucher.payment.member_id == user.member_id


rules.add_perm("fees.view_vouchers", is_committee | reads_book)  # asked of the cell
rules.add_perm("fees.view_voucher", paid_it | ((is_committee | reads_book) & ~names_payer) | reads_row)
rules.add_perm("fees.reverse_voucher", is_fee_collector)
rules.add_perm("fees.view_paper", is_committee | reads_book)  # files of remittances and spendings
rules.add_perm("fees.view_cashcount", is_committee | reads_book)
rules.add_perm("fees.settle_cashcount", is_fee_collector)


# declarations of income: the collector answers, of the own one the secretary
@rules.predicate
def answers_collector(user, declaration):
    """Head of the cell before whom the collector declares, or everybody where nobody collects (fees.models.readers)."""
    return declaration is not None and Declaration.objects.filter(answerable(user), pk=declaration.pk).exists()


@rules.predicate
def only_by_resolution(user, declaration):
    """The own one of the only head, whom nobody else answers: by a resolution or a decision whose number is asked."""
    return declaration is not None and Declaration.objects.filter(unanswerable(user), pk=declaration.pk).exists()


may_answer = (is_fee_collector & ~is_self) | answers_collector
accepts = may_answer | (is_self & heads & only_by_resolution)
DECLARATION_WHO = {"accept": accepts, "return": may_answer, "withdraw": is_self}

rules.add_perm("fees.view_declaration", is_self | reads_row | answers_collector)
rules.add_perm("fees.declare", in_cell)  # asked of the cell, for oneself
rules.add_perm("fees.enter_declaration", is_fee_collector)  # asked of the cell: what a member told on paper


@rules.predicate
def is_only_head(user, obj):
    """Nobody else is secretary or deputy of the cell, so that the own application must be written down by oneself."""
    rows = Post.objects.on(timezone.localdate()).filter(organisation=obj.cell_id, title__in=HEAD_TITLES)
    return not rows.exclude(member=user.member_id).exists()


# exemption and reduction: the heads bring it to the cell and write down what was decided, never of themselves
brings = heads & (~is_self | is_only_head)
WAIVER_WHO = {
    "report": brings, "decide": brings, "refuse": brings, "withdraw": is_self, "end": brings, "annul": brings,
}  # fmt: skip

rules.add_perm("fees.view_waiver", is_self | heads | reads_book)
rules.add_perm("fees.view_waivers", heads | reads_book)  # asked of the cell: the list
rules.add_perm("fees.add_waiver", in_cell)  # asked of the cell, for oneself
rules.add_perm("fees.enter_waiver", heads)  # asked of the cell: for a member who asked otherwise

for model, table in (("declaration", DECLARATION_WHO), ("waiver", WAIVER_WHO)):
    for action, who in table.items():
        rules.add_perm(f"fees.{action}_{model}", who)

# statements of a bank or the portal name payers and amounts: the collector's alone
for right in ("view_source", "view_statement", "view_statementline", "book_statement", "drop_statement"):
    rules.add_perm(f"fees.{right}", is_fee_collector)


# audits: planned by the heads, ordered by the superior; led by the head inspector; answered by who was audited
def _audit(obj):
    """The audit that a finding, a demand or an inspector belongs to."""
    return getattr(obj, "audit", obj)


@rules.predicate
def inspects_it(user, obj):
    return obj is not None and any(row.member_id == user.member_id for row in _audit(obj).inspectors.all())


@rules.predicate
def leads_it(user, obj):
    """Head inspector of the audit."""
    return obj is not None and any(
        row.is_head and row.member_id == user.member_id for row in _audit(obj).inspectors.all()
    )


@rules.predicate
def is_audited(user, obj):
    """The collector whose book the audit looks over."""
    return obj is not None and _audit(obj).collector_id == user.member_id


is_concluded = rules.predicate(lambda user, obj: _audit(obj).state == AuditState.CONCLUDED)
is_ordered = rules.predicate(lambda user, audit: audit.kind == AuditKind.ORDERED)
names_me = rules.predicate(lambda user, obj: getattr(obj, "member_id", None) == user.member_id)  # a finding
is_side_of_audit = inspects_it | is_audited | is_fee_collector
reads_result = is_side_of_audit | (is_committee & is_concluded)
AUDIT_WHO = {
    "start": leads_it, "ask": leads_it, "conclude": leads_it,
    "cancel": (heads & ~is_ordered) | (oversees & is_ordered),
    "extend": ((heads & ~is_ordered) | oversees) & ~inspects_it,  # nobody prolongs the own right to read
}  # fmt: skip

rules.add_perm("fees.plan_audit", heads)  # asked of the cell
rules.add_perm("fees.order_audit", oversees)  # asked of the cell
rules.add_perm("fees.view_audit", rules.always_allow)  # rows are cut by visible_to; findings have their own right
rules.add_perm("fees.view_inspector", rules.always_allow)
rules.add_perm("fees.view_finding", is_side_of_audit | (names_me & is_concluded))  # names people and amounts
rules.add_perm("fees.view_result", reads_result)  # conclusion, demands, record: titles and counts of findings
rules.add_perm("fees.view_demand", reads_result)
for action in ("check", "count", "find", "demand", "reword", "seal", "withdraw"):
    rules.add_perm(f"fees.{action}_audit", leads_it)
rules.add_perm("fees.scan_audit", leads_it | is_audited)
rules.add_perm("fees.answer_finding", is_audited)
rules.add_perm("fees.judge_finding", leads_it)
rules.add_perm("fees.remove_demand", leads_it)
for action, who in AUDIT_WHO.items():
    rules.add_perm(f"fees.{action}_audit", who)


# the book and the money pass to the next collector
@rules.predicate
def is_side(user, handover):
    """Who gives or receives."""
    return handover is not None and user.member_id in (handover.giver_id, handover.receiver_id)


rules.add_perm("fees.view_handovers", is_committee | reads_book)  # asked of the cell: the list
rules.add_perm("fees.add_handover", is_fee_collector | heads)  # asked of the cell
rules.add_perm("fees.view_handover", is_committee | reads_book | is_side)
for action in ("seal", "withdraw", "scan"):
    rules.add_perm(f"fees.{action}_handover", is_side | heads)
