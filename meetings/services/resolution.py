"""The resolution: its text, what was laid and voted on, adoption with number and tasks, sealing, withdrawal."""

from django.db import transaction

from assignments.models import Assignment
from assignments.services import progress
from assignments.states import UNFINISHED
from core.errors import Refused
from core.states import WrongState
from core.vietnamese import date_text, nfc
from documents.services import papers
from documents.states import PaperType
from meetings.models import ClauseAssignment, Meeting, Resolution, Vote
from meetings.queries import drafts, official
from meetings.queries.clauses import is_in_force
from meetings.queries.record import subject_of
from meetings.services import publishing
from meetings.services.clauses import give_clauses, locked, open_draft, reopen_clauses
from meetings.services.speeches import store_text
from meetings.states import HELD, Decision, State, VoteState
from members.activity import record

TEXTS = ("bases", "assessment", "organisation_text")
CHANGED = (
    "Nội dung đã sửa sau khi mở biểu quyết. Xem các chỗ sửa bên dưới; nếu chi bộ đã thống nhất thì đánh dấu xác nhận, "
    "nếu chưa thì biểu quyết lại."
)


@transaction.atomic
def start_resolution(meeting, *, by) -> Resolution:
    """A draft resolution with its usual bases; idempotent. Raises Refused for a cancelled meeting."""
    meeting = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
    if meeting.state == State.CANCELLED:
        raise Refused("Buổi họp đã hủy nên không lập nghị quyết.")
    bases = [
        "Căn cứ Điều lệ Đảng Cộng sản Việt Nam",
        f"Căn cứ kết quả {subject_of(meeting).split(' tháng ')[0].split(' ngày ')[0]} ngày {date_text(meeting.day)}",
    ]
    defaults = {"subject": subject_of(meeting), "bases": "\n".join(bases)}
    resolution, made = Resolution.objects.get_or_create(meeting=meeting, defaults=defaults)
    if made:
        record(resolution, "resolution.started", by=by)
    return resolution


# The text as it was laid and as it was voted on


def lay(meeting) -> None:
    """At the opening: keep the draft as it was laid before the meeting, so that changes made in session are seen."""
    draft = _draft_of(meeting)
    if draft is not None and drafts.has_content(draft):
        draft.laid = drafts.text_lines(draft)
        draft.save(update_fields=["laid"])


def keep_voted(vote) -> None:
    """A vote on the resolution opens: keep the text as it stands, under that vote."""
    draft = _draft_of(vote.item.meeting)
    if draft is not None:
        draft.voted = {**(draft.voted or {}), str(vote.pk): drafts.text_lines(draft)}
        draft.save(update_fields=["voted"])


def forget_voted(vote) -> None:
    """The vote is taken back: the text will be kept anew when it opens again."""
    draft = _draft_of(vote.item.meeting)
    if draft is not None and draft.voted:
        draft.voted = {pk: lines for pk, lines in draft.voted.items() if pk != str(vote.pk)} or None
        draft.save(update_fields=["voted"])


def _draft_of(meeting):
    """The locked draft of a meeting; None without one and once it is adopted."""
    row = Resolution.objects.filter(meeting=meeting).first()
    found = locked(row) if row else None
    return None if found is None or is_in_force(found) else found


# Text


@transaction.atomic
def save_text(resolution, field, *, text, version, by, autosave=False) -> Resolution:
    """Store the bases, the assessment or the carrying out; raises StaleText. An autosave writes no diary line."""
    if field not in TEXTS:
        raise Refused("Nghị quyết không có phần này.")
    fresh = open_draft(resolution)
    store_text(fresh, field, f"{field}_version", nfc(text), version)
    if not autosave:
        record(fresh, "resolution.saved", by=by, version=getattr(fresh, f"{field}_version"))
    return fresh


@transaction.atomic
def change_subject(resolution, *, subject, by) -> Resolution:
    """Change the subject line (trích yếu) of the draft."""
    fresh = open_draft(resolution)
    fresh.subject = nfc(subject.strip())
    fresh.save(update_fields=["subject"])
    record(fresh, "resolution.saved", by=by)
    return fresh


# Adoption


@transaction.atomic
def adopt_resolution(resolution, *, vote, agreed=False, by) -> Resolution:
    """The resolution was passed by that vote: it gets its number, and its clauses become tasks.

    ``agreed``: the cell agreed to what was changed after the vote was opened. Raises Refused: the meeting is not held,
    the vote is not a closed and passed one on a resolution of this meeting, there is no clause, the text is no longer
    what was voted on and nobody says that it was agreed (``agreed``), nobody holds the post that signs, or a clause
    cannot be given.
    """
    fresh = open_draft(resolution)
    meeting = fresh.meeting
    _check_adoption(fresh, vote)
    changed = sum(len(changes) for _, changes in drafts.changes_since_vote(fresh, vote))
    if changed and not agreed:
        raise Refused(CHANGED, field="agreed")
    signer = official.resolution_signer(meeting)
    if signer is None:
        raise Refused("Chi bộ chưa có bí thư hoặc phó bí thư vào ngày họp để ký nghị quyết.")
    fresh.vote, signers = vote, [("secretary", *signer)]
    fresh.paper = papers.create_paper(
        meeting.cell, PaperType.RESOLUTION, term=meeting.cell.term, subject=fresh.subject, signers=signers, by=by
    )
    fresh.save(update_fields=["vote", "paper"])
    fresh.paper = paper = papers.adopt_paper(fresh.paper, on=meeting.day, by=by)
    give_clauses(fresh, by=by)
    record(fresh, "resolution.adopted", by=by, paper=paper.pk, number=paper.number, vote=vote.pk, changed=changed)
    return fresh


def _check_adoption(resolution, vote):
    meeting = resolution.meeting
    if meeting.state not in HELD:
        raise Refused("Buổi họp chưa khai mạc nên nghị quyết chưa thông qua được.")
    rows = Vote.objects.filter(item__meeting=meeting, decision=Decision.RESOLUTION)
    found = rows.filter(pk=getattr(vote, "pk", None)).first()  # type: ignore[misc]
    if found is None or found.state != VoteState.CLOSED:
        raise Refused("Chọn biểu quyết nghị quyết đã chốt kết quả của buổi họp này.", field="vote")
    if not found.passed:
        counts = f"{found.agree} tán thành, cần {found.need}"
        raise Refused(f"Biểu quyết này chưa đủ số phiếu: {counts}. Nghị quyết không được thông qua.", field="vote")
    if not resolution.clauses.exists() and not resolution.duty_plans.exists():
        raise Refused("Nghị quyết chưa có mục nhiệm vụ nào. Ghi ít nhất một mục trước khi thông qua.")


# Sealing


@transaction.atomic
def seal_resolution(resolution, *, way, by) -> Resolution:
    """Render the adopted resolution for good. Raises Refused when it is not adopted or ``way`` is unknown."""
    fresh = locked(resolution)
    if fresh.paper is None:
        raise WrongState("Nghị quyết chưa được thông qua nên chưa khóa được.")
    context = official.resolution_pdf_context(fresh)
    fresh.paper = paper = papers.seal_paper(fresh.paper, official.RESOLUTION, context, way=way, by=by)
    publishing.ask_to_sign(fresh, paper)
    record(fresh, "resolution.sealed", by=by, paper=paper.pk)
    return fresh


@transaction.atomic
def withdraw_resolution(resolution, *, reason, by) -> Resolution:
    """Take back a sealed resolution that nobody has signed: its text opens again, its unfinished tasks are cancelled.

    The number stays in use as "hủy". Raises Refused without a reason, once signed, or when nothing is sealed.
    """
    fresh = locked(resolution)
    if fresh.paper is None:
        raise WrongState("Nghị quyết chưa khóa nên không có gì để hủy.")
    links = ClauseAssignment.objects.filter(clause__resolution=fresh)
    given = Assignment.objects.filter(pk__in=links.values("assignment"))
    # locked before the diary, as reports do
    unfinished = [row for row in given.select_for_update(no_key=True).order_by("pk") if row.state in UNFINISHED]
    fresh.paper = paper = papers.withdraw_paper(fresh.paper, reason, by=by)
    for assignment in unfinished:
        links.filter(assignment=assignment).delete()
        progress.cancel(assignment, reason=f"Nghị quyết đã hủy: {reason.strip()}"[:300], by=by)
    reopen_clauses(fresh, by=by)
    publishing.stop_asking(fresh, paper)
    record(fresh, "resolution.withdrawn", by=by, paper=paper.pk, number=paper.number)
    return fresh
