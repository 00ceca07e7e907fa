"""Who may what with the fee book. Amounts of single members are for the payer, the collector and the inspectors."""

import rules

from fees.models import Audit
from members.queries import rule_for
from members.rules import heads, in_cell, is_committee, is_fee_collector, is_self, oversees


@rules.predicate
def inspects(user, obj):
    """Inspector of an audit of this cell that is under way."""
    return obj is not None and Audit.objects.inspected_by(user.member_id).filter(cell=obj.cell_id).exists()


@rules.predicate
def cell_shows_who_paid(user, cell):
    """The cell decided that its members may see of each other who has paid (amounts never)."""
    return cell is not None and rule_for(cell, "fee.status_open_to_members").yes


reads_book = is_fee_collector | inspects

# asked of the cell
rules.add_perm("fees.view_fees", in_cell | is_committee | reads_book | oversees)  # sums; nobody is named
rules.add_perm("fees.view_book", reads_book)  # amounts by person
rules.add_perm("fees.view_status", heads | reads_book | (in_cell & cell_shows_who_paid))  # who has paid, no amounts
rules.add_perm("fees.keep_book", is_fee_collector)

# asked of the row
rules.add_perm("fees.view_feemonth", in_cell | is_committee | reads_book | oversees)
rules.add_perm("fees.close_feemonth", is_fee_collector)
rules.add_perm("fees.view_due", is_self | reads_book)
rules.add_perm("fees.view_payment", is_self | reads_book)
