"""The resolution: text, clauses, adoption with its number and the tasks of its clauses, sealing."""

from django.db import transaction

from assignments.models import Assignment
from assignments.services import giving, progress
from assignments.states import UNFINISHED
from core.errors import Refused
from core.states import WrongState
from core.vietnamese import date_text, nfc
from documents.services import papers
from documents.states import PaperState, PaperType
from meetings.models import Clause, ClauseAssignment, Meeting, Resolution, Vote
from meetings.queries import official
from meetings.queries.record import subject_of
from meetings.services.speeches import store_text
from meetings.states import HELD, Decision, State, VoteState
from members.activity import record

TEXTS = ("bases", "assessment", "organisation_text")
TITLE_LIMIT = 250
ADOPTED = "Nghị quyết đã được thông qua nên không sửa được nữa."


@transaction.atomic
def start_resolution(meeting, *, by) -> Resolution:
    """A draft resolution with its usual bases; idempotent. Raises Refused for a cancelled meeting."""
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
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


def lay(meeting) -> None:
    """At the opening: keep the draft as it was laid before the meeting, so that changes made in session are seen."""


def _open(resolution) -> Resolution:
    """The locked row while its text may change: not adopted, or withdrawn since."""
    rows = Resolution.objects.select_for_update(of=("self",)).select_related("paper", "meeting__cell__parent")
    fresh = rows.get(pk=resolution.pk)
    if fresh.paper and fresh.paper.state not in (PaperState.DRAFT, PaperState.WITHDRAWN):
        raise WrongState(ADOPTED)
    return fresh


# Text and clauses


@transaction.atomic
def save_text(resolution, field, *, text, version, by, autosave=False) -> Resolution:
    """Store the bases, the assessment or the carrying out; raises StaleText. An autosave writes no diary line."""
    if field not in TEXTS:
        raise Refused("Nghị quyết không có phần này.")
    fresh = _open(resolution)
    store_text(fresh, field, f"{field}_version", nfc(text), version)
    if not autosave:
        record(fresh, "resolution.saved", by=by, version=getattr(fresh, f"{field}_version"))
    return fresh


@transaction.atomic
def change_subject(resolution, *, subject, by) -> Resolution:
    """Change the subject line (trích yếu) of the draft."""
    fresh = _open(resolution)
    fresh.subject = nfc(subject.strip())
    fresh.save(update_fields=["subject"])
    record(fresh, "resolution.saved", by=by)
    return fresh


def _check_clause(resolution, clause):
    day = resolution.meeting.day
    if clause.due_on and clause.due_on < day:
        raise Refused(f"Chọn hạn từ ngày họp {date_text(day)} trở đi.", field="due_on")
    if bool(clause.owner) != bool(clause.due_on):
        missing, field = ("hạn", "due_on") if clause.owner else ("người phụ trách", "owner")
        raise Refused(f"Ghi cả {missing} để giao được nhiệm vụ, hoặc để trống cả hai.", field=field)


@transaction.atomic
def add_clause(resolution, *, clause, by) -> Clause:
    """Add a clause at the end; ``clause`` is filled and unsaved. Raises Refused at ``due_on`` or ``owner``."""
    fresh = _open(resolution)
    _check_clause(fresh, clause)
    last = fresh.clauses.order_by("-position").first()
    clause.resolution, clause.position = fresh, last.position + 1 if last else 1
    clause.save()
    record(clause, "clause.added", by=by, position=clause.position)
    return clause


@transaction.atomic
def change_clause(*, clause, by) -> Clause:
    """Store a changed clause. Raises Refused at ``due_on`` or ``owner``."""
    fresh = _open(clause.resolution)
    _check_clause(fresh, clause)
    clause.save(update_fields=["text", "owner", "due_on"])
    record(clause, "clause.changed", by=by, position=clause.position)
    return clause


@transaction.atomic
def remove_clause(clause, *, by) -> None:
    """Take a clause out; the ones behind it move up."""
    fresh = _open(clause.resolution)
    record(clause, "clause.removed", by=by, gone=True, position=clause.position)
    clause.delete()
    _number(list(fresh.clauses.all()))


@transaction.atomic
def move_clause(clause, *, direction, by) -> None:
    """Move a clause one place "up" or "down"; at the end it stays."""
    fresh = _open(clause.resolution)
    rows = list(fresh.clauses.all())
    place = next(index for index, row in enumerate(rows) if row.pk == clause.pk)
    other = place + (-1 if direction == "up" else 1)
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
        _number(rows)
    record(clause, "clause.moved", by=by, position=other + 1)


def _number(rows):
    for position, row in enumerate(rows, start=1):
        row.position = position
    Clause.objects.bulk_update(rows, ["position"])


# Adoption


@transaction.atomic
def adopt_resolution(resolution, *, vote, by) -> Resolution:
    """The resolution was passed by that vote: it gets its number, and its clauses become tasks.

    Raises Refused: the meeting is not held, the vote is not a closed and passed one on a resolution of this meeting,
    there is no clause, nobody holds the post that signs, or a clause cannot be given.
    """
    fresh = _open(resolution)
    meeting = fresh.meeting
    _check_adoption(fresh, vote)
    signer = official.resolution_signer(meeting)
    if signer is None:
        raise Refused("Chi bộ chưa có bí thư hoặc phó bí thư vào ngày họp để ký nghị quyết.")
    fresh.vote, signers = vote, [("secretary", *signer)]
    fresh.paper = papers.create_paper(
        meeting.cell, PaperType.RESOLUTION, term=meeting.cell.term, subject=fresh.subject, signers=signers, by=by
    )
    fresh.save(update_fields=["vote", "paper"])
    fresh.paper = paper = papers.adopt_paper(fresh.paper, on=meeting.day, by=by)
    _give_clauses(fresh, paper, by)
    record(fresh, "resolution.adopted", by=by, paper=paper.pk, number=paper.number, vote=vote.pk)
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
    if not resolution.clauses.exists():
        raise Refused("Nghị quyết chưa có mục nhiệm vụ nào. Ghi ít nhất một mục trước khi thông qua.")


def _give_clauses(resolution, paper, by):
    """Tasks of the clauses with owner and due day (the closed loop: clause → task → review next month)."""
    symbol = paper.number_line.removeprefix("Số ")
    for clause in resolution.clauses.select_related("owner").filter(owner__isnull=False, given__isnull=True):
        try:
            assignment = giving.give(
                cell=resolution.meeting.cell,
                owner=clause.owner,
                title=_title(clause.text),
                detail=clause.text if len(clause.text) > TITLE_LIMIT else "",
                due_on=clause.due_on,
                by=by,
                source_label=f"Mục {clause.position}, Nghị quyết {symbol}",
                source_url=resolution.get_absolute_url(),
            )
        except Refused as refusal:
            raise Refused(f"Mục {clause.position}: {refusal.message}") from refusal
        ClauseAssignment.objects.create(clause=clause, assignment=assignment)


def _title(text) -> str:
    """The clause as the title of a task: one line, cut at a word when too long."""
    line = " ".join(text.split()).rstrip(" .;")
    return line if len(line) <= TITLE_LIMIT else line[: TITLE_LIMIT - 1].rsplit(" ", 1)[0] + "…"


# Sealing


@transaction.atomic
def seal_resolution(resolution, *, way, by) -> Resolution:
    """Render the adopted resolution for good. Raises Refused when it is not adopted or ``way`` is unknown."""
    fresh = Resolution.objects.select_for_update(of=("self",)).get(pk=resolution.pk)
    if fresh.paper is None:
        raise WrongState("Nghị quyết chưa được thông qua nên chưa khóa được.")
    context = official.resolution_context(fresh)
    fresh.paper = paper = papers.seal_paper(fresh.paper, official.RESOLUTION, context, way=way, by=by)
    record(fresh, "resolution.sealed", by=by, paper=paper.pk)
    return fresh


@transaction.atomic
def withdraw_resolution(resolution, *, reason, by) -> Resolution:
    """Take back a sealed resolution that nobody has signed: its text opens again, its unfinished tasks are cancelled.

    The number stays in use as "hủy". Raises Refused without a reason, once signed, or when nothing is sealed.
    """
    fresh = Resolution.objects.select_for_update(of=("self",)).get(pk=resolution.pk)
    if fresh.paper is None:
        raise WrongState("Nghị quyết chưa khóa nên không có gì để hủy.")
    links = ClauseAssignment.objects.filter(clause__resolution=fresh)
    given = Assignment.objects.filter(pk__in=links.values("assignment"))
    # locked before the diary, as reports do
    unfinished = [row for row in given.select_for_update().order_by("pk") if row.state in UNFINISHED]
    fresh.paper = paper = papers.withdraw_paper(fresh.paper, reason, by=by)
    for assignment in unfinished:
        links.filter(assignment=assignment).delete()
        progress.cancel(assignment, reason=f"Nghị quyết đã hủy: {reason.strip()}"[:300], by=by)
    record(fresh, "resolution.withdrawn", by=by, paper=paper.pk, number=paper.number)
    return fresh
