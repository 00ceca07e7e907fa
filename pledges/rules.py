"""Who may do what with a pledge and its assessments; composed of the predicates of members."""

import rules
from django.utils import timezone

from members.models import Post
from members.rules import in_cell, is_committee, is_deputy, is_secretary
from members.states import COMMITTEE_TITLES


@rules.predicate
def is_author(user, obj):
    """The member whose pledge it is; of the collective's the chi ủy writes."""
    pledge = getattr(obj, "pledge", obj)
    if pledge.member_id is None:
        return pledge.cell_id in user.committee_ids
    return user.member_id == pledge.member_id


@rules.predicate
def is_collective(user, obj):
    return getattr(obj, "pledge", obj).member_id is None


@rules.predicate
def is_alone(user, obj):
    """The secretary of a cell whose chi ủy is this one person: nobody else could answer."""
    others = Post.objects.on(timezone.localdate()).filter(organisation=obj.cell_id, title__in=COMMITTEE_TITLES)
    return not others.exclude(member=user.member_id).exists()


heads = is_secretary | is_deputy
# nobody confirms the own paper; the cell's own is confirmed by a head, after the cell has agreed to it
answers = (is_collective & heads) | (~is_collective & is_committee & ~is_author) | (is_secretary & is_alone)

# the rows are cut by visible_to; whoever sees one may read it
for model in ("pledgeyear", "pledge", "deed", "progress", "proof", "assessment", "deedresult"):
    rules.add_perm(f"pledges.view_{model}", rules.always_allow)
rules.add_perm("pledges.view_year", in_cell | is_committee)  # asked of the cell: the own pledge and the cell's
rules.add_perm("pledges.view_table", is_committee)  # asked of the cell: who has registered what, who is missing
rules.add_perm("pledges.open_year", is_committee)  # asked of the cell
rules.add_perm("pledges.change_year", is_committee)  # asked of the year: ask for assessments, remind
rules.add_perm("pledges.write_pledge", is_author)
rules.add_perm("pledges.write_collective", is_committee)  # asked of the cell
rules.add_perm("pledges.report_pledge", is_author)
rules.add_perm("pledges.write_assessment", is_author)

WHO = {"submit": is_author, "take_back": is_author, "register": answers, "return": answers, "reopen": answers}
for action, who in WHO.items():
    rules.add_perm(f"pledges.{action}_pledge", who)
ASSESSMENT_WHO = {"submit": is_author, "return": answers, "level": answers, "correct": answers}
for action, who in ASSESSMENT_WHO.items():
    rules.add_perm(f"pledges.{action}_assessment", who)
