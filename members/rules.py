"""The dictionary of who: one-line predicates over posts held today. Every other ``rules.py`` only composes."""

import rules

from members.states import COMMITTEE_TITLES, PostTitle


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
    return _holds(user, obj, *COMMITTEE_TITLES)


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
