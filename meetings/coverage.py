"""What ``verify_chain`` watches in this app: the frozen numbers of closed votes."""

from meetings.states import VoteState


def vote(row):
    """Everything that was counted; None while the vote may still change."""
    if row.state != VoteState.CLOSED:
        return None
    frozen = ("official", "exempt_absent", "elsewhere_absent", "suspended", "excused", "denominator", "voters", "need")
    counted = ("agree", "disagree", "other", "issued", "returned", "invalid", "passed", "teller_1_id", "teller_2_id")
    return [
        "vote",
        row.item_id,
        row.matter,
        row.decision,
        row.ballot,
        *(getattr(row, field) for field in frozen + counted),
    ]


COVERAGE = {"meetings.vote": vote}
