"""Who may do what with a task; composed of the predicates of members."""

import rules

from members.rules import is_committee, is_deputy, is_secretary


@rules.predicate
def is_owner(user, assignment):
    return assignment is not None and user.member_id == assignment.owner_id


@rules.predicate
def is_giver(user, assignment):
    """Whoever gave the task, while in the cell: who moved away decides nothing there."""
    return assignment is not None and assignment.given_by_id == user.pk and assignment.cell_id in user.cell_ids


@rules.predicate
def is_helper(user, assignment):
    """Helps with the task: sees it, reports and ticks parts, and decides nothing."""
    return assignment is not None and user.member_id in assignment.helper_ids


works_on = is_owner | is_helper
directs = is_giver | is_secretary | is_deputy
may_confirm = directs & ~is_owner | is_secretary  # one's own work only the secretary

# the rows are cut by visible_to; whoever sees a task may read it
rules.add_perm("assignments.view_assignment", rules.always_allow)
rules.add_perm("assignments.view_report", rules.always_allow)
rules.add_perm("assignments.view_evidence", rules.always_allow)
rules.add_perm("assignments.add_assignment", is_committee)  # asked of the cell
rules.add_perm("assignments.view_board", is_committee)  # asked of the cell
# asked of the task
rules.add_perm("assignments.change_parts", is_giver | is_committee)
rules.add_perm("assignments.tick_part", works_on)

WHO = {
    "receive": works_on,
    "report": works_on,
    "finish": is_owner,
    "extend": is_owner,
    "grant": may_confirm,
    "refuse": may_confirm,
    "confirm": may_confirm,
    "return": directs,
    "cancel": directs,
}
for action, who in WHO.items():
    rules.add_perm(f"assignments.{action}_assignment", who)
