"""The dictionary of who: one-line predicates over posts held today. Every other ``rules.py`` only composes."""

import rules
from django.utils import timezone

from members.states import HEAD_TITLES, HIGHER_TITLES, PostTitle


def _holds(user, obj, *titles) -> bool:
    return obj is not None and any((obj.cell_id, title) in user.posts for title in titles)


@rules.predicate
def in_cell(user, obj):
    """Member or visiting member of the cell that the object belongs to."""
    return obj is not None and obj.cell_id in user.cell_ids


@rules.predicate
def is_secretary(user, obj):
    return _holds(user, obj, PostTitle.SECRETARY)


@rules.predicate
def is_deputy(user, obj):
    return _holds(user, obj, PostTitle.DEPUTY)


@rules.predicate
def is_committee(user, obj):
    """Chi ủy: secretary, deputy, committee members."""
    return obj is not None and obj.cell_id in user.committee_ids


@rules.predicate
def is_fee_collector(user, obj):
    return _holds(user, obj, PostTitle.FEE_COLLECTOR)


@rules.predicate
def is_inspector(user, obj):
    return _holds(user, obj, PostTitle.INSPECTOR)


@rules.predicate
def is_sysadmin(user, obj):
    return user.is_sysadmin


@rules.predicate
def oversees(user, obj):
    """Officer of a committee above the object's cell."""
    return obj is not None and obj.cell_id in user.overseen_ids


@rules.predicate
def is_self(user, obj):
    """The person whose thing it is: the member, or the object's ``member_id``."""
    return obj is not None and user.member_id == getattr(obj, "member_id", obj.pk)


@rules.predicate
def may_set_up(user, obj):
    """A sysadmin enters a cell's members and posts only until the cell has its first secretary; also who has none."""
    return user.is_sysadmin and (obj.cell_id is None or obj.cell_id in user.unled_ids)


@rules.predicate
def is_superior_body(user, obj):
    return obj is not None and not obj.is_cell


@rules.predicate
def lacks_head(user, obj):
    """Nobody is secretary or deputy of the cell today: the superior names one (294-QĐ/TW, 23.3)."""
    return obj.is_cell and not obj.posts.on(timezone.localdate()).filter(title__in=HEAD_TITLES).exists()


@rules.predicate
def holds_higher_post(user, obj):
    """A member with a post above cells: the account is not for the heads of the own cell to open."""
    today = timezone.localdate()
    return any(row.title in HIGHER_TITLES and row.holds(today) for row in obj.post_rows.all())


heads = is_secretary | is_deputy
reads_facts = is_committee | is_fee_collector | oversees | may_set_up

rules.add_perm("members.view_member", rules.always_allow)  # rows are cut by visible_to; names only
rules.add_perm("members.view_member_facts", is_self | reads_facts)
rules.add_perm("members.view_roll_facts", reads_facts)  # asked of the cell
rules.add_perm("members.change_member", heads | may_set_up)
rules.add_perm("members.add_member", heads | may_set_up)  # asked of the cell
rules.add_perm("members.give_account", is_sysadmin | (heads & ~holds_higher_post))
rules.add_perm("members.view_organisation", rules.always_allow)
rules.add_perm("members.change_organisation", heads | may_set_up)
rules.add_perm("members.add_organisation", is_sysadmin & is_superior_body)  # asked of the one above
# posts given from the organisation's own page: above cells by the sysadmin, a missing secretary by the superior
rules.add_perm("members.give_post", (is_superior_body & is_sysadmin) | (oversees & lacks_head))
rules.add_perm("members.view_rules", rules.always_allow)
rules.add_perm("members.change_local_rule", is_secretary)  # keys left to the cell
rules.add_perm("members.change_rule", oversees)
rules.add_perm("members.view_diary", is_committee)
