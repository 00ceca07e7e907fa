"""Who may do what with a meeting (DESIGN §2, "Who may"); composed of the predicates of members."""

import rules

from documents.states import OFFICIAL
from meetings.states import OPEN_ENDED, Body
from members.rules import in_cell, is_committee, is_deputy, is_secretary


def _meeting(obj):
    """The meeting that an object belongs to."""
    if hasattr(obj, "meeting"):
        return obj.meeting
    return obj.item.meeting if hasattr(obj, "item") else obj


@rules.predicate
def is_chair_of(user, obj):
    return obj is not None and _meeting(obj).chair_id == user.member_id


@rules.predicate
def is_clerk_of(user, obj):
    return obj is not None and _meeting(obj).clerk_id == user.member_id


@rules.predicate
def is_notifier_of(user, obj):
    """The committee member who was given the notifying (42-HD/BTCTW)."""
    return obj is not None and _meeting(obj).notifier_id == user.member_id


@rules.predicate
def is_presenter_of(user, item):
    return item is not None and getattr(item, "presenter_id", None) == user.member_id


@rules.predicate
def is_cell_meeting(user, obj):
    return _meeting(obj).body == Body.CELL


@rules.predicate
def is_sealed(user, obj):
    """The minutes of the meeting are sealed or signed."""
    minutes = getattr(_meeting(obj), "minutes", None)
    return minutes is not None and minutes.paper is not None and minutes.paper.state in OFFICIAL


@rules.predicate
def is_prepared(user, obj):
    """The meeting has not begun and was not called off."""
    return _meeting(obj).state in OPEN_ENDED


heads = is_secretary | is_deputy
# the desk: who keeps the record of a meeting (secretary, clerk, and whoever chairs it)
desk = is_secretary | is_clerk_of | is_chair_of
expected = in_cell & is_cell_meeting | is_committee | is_clerk_of | is_chair_of

WHO = {
    "agree": is_committee,
    "revise": is_committee,
    "notify": heads | is_notifier_of,
    "reschedule": heads,
    "open": heads | is_chair_of,
    "close": heads | is_chair_of,
    "cancel": heads,
}
for action, who in WHO.items():
    rules.add_perm(f"meetings.{action}_meeting", who)

# rows are cut by visible_to; whoever sees a meeting may read it
rules.add_perm("meetings.view_meeting", rules.always_allow)
rules.add_perm("meetings.view_agendaitem", rules.always_allow)
rules.add_perm("meetings.view_meetingpaper", rules.always_allow)
rules.add_perm("meetings.view_resolution", rules.always_allow)
rules.add_perm("meetings.view_clause", rules.always_allow)
rules.add_perm("meetings.view_dutyplan", rules.always_allow)
rules.add_perm("meetings.add_dutyplan", is_committee)  # asked of the cell
rules.add_perm("meetings.change_dutyplan", is_committee)
rules.add_perm("meetings.view_plannedmeeting", rules.always_allow)
rules.add_perm("meetings.change_plannedmeeting", is_committee)
rules.add_perm("meetings.add_meeting", is_committee)  # asked of the cell; also for the rows of its year plan
rules.add_perm("meetings.change_meeting", is_committee)
rules.add_perm("meetings.view_notices", is_committee)  # what was told about the meeting, and what became of it
rules.add_perm("meetings.prepare_meeting", is_committee)  # agenda and papers of the meeting
rules.add_perm("meetings.review_meeting", is_committee & is_prepared | desk)  # cause and remedy in the review
rules.add_perm("meetings.change_agendaitem", is_committee | is_presenter_of)
rules.add_perm("meetings.delete_meetingpaper", is_committee)
rules.add_perm("meetings.read_paper", expected)
rules.add_perm("meetings.ask_meeting", expected)
rules.add_perm("meetings.reply_meeting", expected)
rules.add_perm("meetings.answer_question", heads)
rules.add_perm("meetings.decide_reply", heads)

rules.add_perm("meetings.keep_meeting", desk)  # attendance, speeches, conclusions, votes, tasks, prose of the minutes
rules.add_perm("meetings.open_vote", desk)
rules.add_perm("meetings.reset_vote", desk)
rules.add_perm("meetings.close_vote", desk)
rules.add_perm("meetings.view_minutes", desk | heads | is_committee | in_cell & is_cell_meeting & is_sealed)
rules.add_perm("meetings.view_draft", desk | heads | is_committee)  # minutes that are not sealed yet
rules.add_perm("meetings.adopt_minutes", desk | heads)
rules.add_perm("meetings.seal_minutes", desk | heads)
rules.add_perm("meetings.withdraw_minutes", heads | is_chair_of)
rules.add_perm("meetings.change_resolution", is_committee | is_clerk_of)
rules.add_perm("meetings.adopt_resolution", desk | heads)
rules.add_perm("meetings.seal_resolution", heads)
rules.add_perm("meetings.withdraw_resolution", heads)
rules.add_perm("meetings.give_clause", is_committee)  # another task for a clause in force
rules.add_perm("meetings.end_clause", heads)
rules.add_perm("meetings.scan_minutes", desk | heads)
rules.add_perm("meetings.scan_resolution", desk | heads)
