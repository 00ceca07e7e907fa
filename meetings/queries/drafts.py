"""The text of a resolution as lines: kept when it is laid before the meeting and when it is voted on."""

from meetings.differences import changed_parts
from meetings.models import Vote
from meetings.queries.duty_sheet import voted_lines
from meetings.queries.official import base_lines, clause_sentence
from meetings.states import Decision, VoteState

LABELS = {
    "subject": "Trích yếu",
    "bases": "Căn cứ",
    "assessment": "Đánh giá kết quả thực hiện nhiệm vụ",
    "clauses": "Các mục nhiệm vụ",
    "organisation": "Tổ chức thực hiện",
    "duties": "Phân công công tác",
}


def text_lines(resolution) -> list:
    """[[part, line], …] of all that is voted on; clauses with owner and due day, without their numbers."""
    parts = {
        "subject": [resolution.subject],
        "bases": base_lines(resolution.bases),
        "assessment": resolution.assessment.splitlines(),
        "clauses": [clause_sentence(clause) for clause in resolution.clauses.select_related("owner")],
        "organisation": resolution.organisation_text.splitlines(),
        "duties": voted_lines(resolution),
    }
    return [[part, " ".join(line.split())] for part, lines in parts.items() for line in lines if line.strip()]


def has_content(resolution) -> bool:
    """Something was written besides the bases that every draft starts with."""
    return bool(resolution.assessment or resolution.organisation_text or resolution.clauses.exists())


def changes_since(resolution, kept) -> list:
    """What differs from the kept lines: [(heading, [Change])]; nothing when no lines were kept."""
    return changed_parts(kept, text_lines(resolution), LABELS) if kept else []


def changes_since_laid(resolution) -> list:
    """What the meeting changed in the draft that was laid before it."""
    return changes_since(resolution, resolution.laid)


def changes_since_vote(resolution, vote) -> list:
    """What was changed after that vote was opened; nothing when there was no draft then."""
    return changes_since(resolution, (resolution.voted or {}).get(str(vote.pk))) if vote else []


def was_kept(resolution, vote) -> bool:
    """Whether a draft stood here when that vote was opened."""
    return str(vote.pk) in (resolution.voted or {})


def passed_votes(meeting):
    """Closed votes of a meeting on a resolution that passed."""
    return Vote.objects.filter(
        item__meeting=meeting, decision=Decision.RESOLUTION, state=VoteState.CLOSED, passed=True
    ).order_by("closed_at", "pk")
