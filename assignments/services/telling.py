"""What people are told about a task. Mails carry titles only; reasons and reports stand on the page."""

from assignments import queries
from assignments.states import OPEN, Audience
from core.vietnamese import date_text
from notices.services import planning

REMINDERS = ("due_soon", "late", "late_deputy")
ASKED = ("progress", "extension_asked")  # what others ask about a task that is still open


def tell(assignment, recipient, what, words, *, action="", due_at=None, **context):
    """Plan the notice of kind ``assignment.<what before its colon>`` under the key ``assignment:<pk>:<what>``.

    ``words`` begin the subject, ``action`` is what the button of the mail does (assignments/mailed.py), ``context``
    is for the templates, ``due_at`` the moment before which nothing goes out.
    """
    planning.plan(
        recipient,
        f"assignment.{what.partition(':')[0]}",
        f"assignment:{assignment.pk}:{what}",
        cell=assignment.cell,
        subject=f"{words}: {assignment.title}",
        context={
            "title": assignment.title,
            "due_on": date_text(assignment.due_on),
            "source": assignment.source_label,
            **context,
        },
        url=assignment.get_absolute_url(),
        due_at=due_at,
        private=assignment.audience == Audience.OWNER,
        action=action,
        target=assignment.pk if action else None,
    )


def tell_owner(assignment, by, what, words, **context):
    """The owner is told what somebody else did."""
    if by is None or by.member_id != assignment.owner_id:
        tell(assignment, assignment.owner, what, words, **context)


def tell_decider(assignment, what, words, **context):
    """Whoever decides about the task is told that it waits for a decision."""
    decider = queries.decider(assignment)
    if decider is not None:
        tell(assignment, decider, what, words, owner=assignment.owner.full_name, **context)


def tell_given(assignment):
    """The owner and the helpers are told of a new task, but not whoever gave it."""
    giver = assignment.given_by.member if assignment.given_by else None
    context = {"giver": giver.full_name if giver else "", "owner": assignment.owner.full_name}
    due = date_text(assignment.due_on)
    for member in (assignment.owner, *assignment.helpers.all()):
        helps = member.pk != assignment.owner_id
        words = f"Nhiệm vụ cần đồng chí phối hợp, hạn {due}" if helps else f"Nhiệm vụ mới, hạn {due}"
        if member != giver:
            tell(assignment, member, "given", words, action="assignment.receive", helps=helps, **context)


def withdraw(assignment, *whats):
    """Take back what waits about a task: all of it, or only under these keys; returns ids of members already told."""
    keys = [f"assignment:{assignment.pk}:{what}" for what in whats] or [f"assignment:{assignment.pk}"]
    reason = "" if assignment.state in OPEN else f"Nhiệm vụ nay ở trạng thái “{assignment.get_state_display()}”."
    return set().union(*(planning.withdraw(key, reason=reason) for key in keys))
