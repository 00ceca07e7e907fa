"""Who may do what with a turn, a self-review, a shortcoming; composed of the predicates of members and meetings."""

import rules

from meetings.models import Attendance
from meetings.rules import is_chair_of, is_clerk_of
from meetings.states import Presence
from members.rules import in_cell, is_committee, is_deputy, is_secretary, is_self


@rules.predicate
def leads(user, turn):
    """Chair or clerk of the meeting in which the turn is."""
    return is_chair_of(user, turn.meeting) or is_clerk_of(user, turn.meeting)


@rules.predicate
def was_there(user, turn):
    """Marked as present at the meeting of the turn."""
    rows = Attendance.objects.filter(meeting=turn.meeting_id, member=user.member_id, presence=Presence.PRESENT)
    return user.member_id is not None and rows.exists()


@rules.predicate
def is_owner(user, shortcoming):
    return user.member_id == shortcoming.owner_id


heads = is_secretary | is_deputy

# the rows are cut by visible_to; whoever sees one may read it
for model in ("turn", "selfreview", "remark", "reading", "shortcoming", "followup"):
    rules.add_perm(f"reviews.view_{model}", rules.always_allow)
rules.add_perm("reviews.view_turns", in_cell | is_committee)  # asked of the cell: one's own, for the chi ủy all
rules.add_perm("reviews.plan_turns", is_committee)  # asked of the cell
rules.add_perm("reviews.write_turn", is_self)
rules.add_perm("reviews.remark_turn", was_there & ~is_self)
rules.add_perm("reviews.answer_turn", is_self)
rules.add_perm("reviews.open_turn", (was_there | heads) & ~is_self)  # read what another has written; it is noted
rules.add_perm("reviews.add_shortcoming", heads)  # asked of the cell

# nobody concludes on themselves: the deputy or the clerk writes what the cell concluded on the chair
TURN_WHO = {"show": is_self | leads, "conclude": (leads | heads) & ~is_self, "miss": leads | heads,
            "put_off": is_committee}  # fmt: skip
for action, who in TURN_WHO.items():
    rules.add_perm(f"reviews.{action}_turn", who)
SHORTCOMING_WHO = {"follow": is_owner | heads, "mend": heads & ~is_owner | is_secretary, "reopen": heads}
for action, who in SHORTCOMING_WHO.items():
    rules.add_perm(f"reviews.{action}_shortcoming", who)
