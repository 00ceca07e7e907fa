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


# the rows are cut by visible_to; whoever sees a task may read it
rules.add_perm("assignments.view_assignment", rules.always_allow)
rules.add_perm("assignments.view_report", rules.always_allow)
rules.add_perm("assignments.view_evidence", rules.always_allow)
rules.add_perm("assignments.add_assignment", is_committee)  # asked of the cell

WHO = {
    "report": is_owner,
    "finish": is_owner,
    "confirm": (is_giver | is_secretary | is_deputy) & ~is_owner | is_secretary,
    "return": is_giver | is_secretary | is_deputy,
    "cancel": is_giver | is_secretary | is_deputy,
}
for action, who in WHO.items():
    rules.add_perm(f"assignments.{action}_assignment", who)
