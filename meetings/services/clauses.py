"""Clauses of resolutions: written in the draft, carried out by tasks, ended by those or by a recorded decision."""

from django.db import transaction
from django.db.models import Q

from assignments.models import Assignment
from assignments.services import giving, progress
from assignments.states import UNFINISHED
from assignments.states import State as TaskState
from core.errors import Refused
from core.states import WrongState
from core.vietnamese import date_text, nfc
from meetings.models import Clause, ClauseAssignment, ClauseDecision, Resolution
from meetings.queries import clauses as queries
from meetings.services.tasks import audience_of
from meetings.states import CLAUSE_OPEN, HELD, ClauseState, Ending
from members.activity import record

TITLE_LIMIT = 250
TEXT_LIMIT = 500
ADOPTED = "Nghị quyết đã được thông qua nên không sửa được nữa."
NOT_ADOPTED = "Nghị quyết chưa được thông qua hoặc đã hủy nên mục này chưa có hiệu lực."
GONE = "Mục này vừa được đồng chí khác bỏ khỏi dự thảo."


def lock_resolutions(*pks) -> None:
    """Lock resolutions in one order, before any row that hangs on them.

    Drafting, adopting, withdrawing and ending clauses wait here for each other; what is read after it is what holds.
    """
    list(Resolution.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))


def locked(resolution) -> Resolution:
    """The locked resolution as it stands now, with paper and meeting (read after the lock, not joined to it)."""
    lock_resolutions(resolution.pk)
    return Resolution.objects.select_related("paper", "meeting__cell__parent").get(pk=resolution.pk)


def open_draft(resolution) -> Resolution:
    """The locked row while its text may change: not adopted, or withdrawn since."""
    fresh = locked(resolution)
    if queries.is_in_force(fresh):
        raise WrongState(ADOPTED)
    return fresh


# In the draft


def _check_clause(resolution, clause):
    meeting = resolution.meeting
    if clause.due_on and clause.due_on < meeting.day:
        raise Refused(f"Chọn hạn từ ngày họp {date_text(meeting.day)} trở đi.", field="due_on")
    if bool(clause.owner) != bool(clause.due_on):
        missing, field = ("hạn", "due_on") if clause.owner else ("người phụ trách", "owner")
        raise Refused(f"Ghi cả {missing} để giao được nhiệm vụ, hoặc để trống cả hai.", field=field)
    if clause.item_id and clause.item.meeting_id != meeting.pk:
        raise Refused("Chọn nội dung trong chương trình của buổi họp này.", field="item")


@transaction.atomic
def add_clause(resolution, *, clause, by) -> Clause:
    """Add a clause (filled, unsaved) at the end. Raises Refused at ``due_on``, ``owner`` or ``item``."""
    fresh = open_draft(resolution)
    _check_clause(fresh, clause)
    last = fresh.clauses.order_by("-position").first()
    clause.resolution, clause.position = fresh, last.position + 1 if last else 1
    clause.save()
    record(clause, "clause.added", by=by, position=clause.position)
    return clause


@transaction.atomic
def change_clause(*, clause, by) -> Clause:
    """Store a changed clause. Raises Refused at ``due_on``, ``owner`` or ``item``, and for one that is gone."""
    fresh = open_draft(clause.resolution)
    clause.position = _stored(fresh, clause).position
    _check_clause(fresh, clause)
    clause.save(update_fields=["text", "owner", "due_on", "item"])
    record(clause, "clause.changed", by=by, position=clause.position)
    return clause


def _stored(draft, clause) -> Clause:
    """The fresh row of a clause of a locked draft; raises Refused when a colleague has taken it out."""
    row = draft.clauses.filter(pk=clause.pk).first()
    if row is None:
        raise Refused(GONE)
    return row


@transaction.atomic
def remove_clause(clause, *, by) -> None:
    """Take a clause out; the ones behind it move up. Raises Refused for one that is gone already."""
    fresh = open_draft(clause.resolution)
    clause = _stored(fresh, clause)
    record(clause, "clause.removed", by=by, gone=True, position=clause.position)
    clause.delete()
    _number(list(fresh.clauses.all()))


@transaction.atomic
def move_clause(clause, *, direction, by) -> None:
    """Move a clause one place "up" or "down"; at the end it stays. Raises Refused for one that is gone."""
    fresh = open_draft(clause.resolution)
    rows = list(fresh.clauses.all())
    place = rows.index(_stored(fresh, clause))
    other = place + (-1 if direction == "up" else 1)
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
        _number(rows)
    record(clause, "clause.moved", by=by, position=other + 1)


def _number(rows):
    for position, row in enumerate(rows, start=1):
        row.position = position
    Clause.objects.bulk_update(rows, ["position"])


# Carried out: the tasks


def give_clauses(resolution, *, by):
    """Tasks of the clauses with owner and due day (the closed loop: clause → task → review next month).

    Called by the adoption; raises Refused with the number of the clause that cannot be given.
    """
    for clause in resolution.clauses.select_related("owner").filter(owner__isnull=False, given__isnull=True):
        clause.resolution = resolution
        detail = clause.text if len(clause.text) > TITLE_LIMIT else ""
        try:
            _give(clause, owner=clause.owner, title=_title(clause.text), detail=detail, due_on=clause.due_on, by=by)
        except Refused as refusal:
            raise Refused(f"Mục {clause.position}: {refusal.message}") from refusal


def _give(clause, *, by, **task):
    symbol = clause.resolution.paper.number_line.removeprefix("Số ")
    meeting = clause.resolution.meeting
    assignment = giving.give(
        cell=meeting.cell,
        audience=audience_of(meeting),
        source_label=f"Mục {clause.position}, Nghị quyết {symbol}",
        source_url=clause.get_absolute_url(),
        by=by,
        **task,
    )
    ClauseAssignment.objects.create(clause=clause, assignment=assignment)
    return assignment


def _title(text) -> str:
    """The clause as the title of a task: one line, cut at a word when too long."""
    line = " ".join(text.split()).rstrip(" .;")
    return line if len(line) <= TITLE_LIMIT else line[: TITLE_LIMIT - 1].rsplit(" ", 1)[0] + "…"


@transaction.atomic
def give_more(clause, *, owner, title, due_on, by, detail=""):
    """Give another task for a clause in force that is still open; returns the Assignment.

    Raises Refused: the clause is not in force or has ended, or what ``assignments`` refuses.
    """
    lock_resolutions(clause.resolution_id)
    clause = _open_clause(clause)
    assignment = _give(clause, owner=owner, title=title, detail=detail, due_on=due_on, by=by)
    record(clause, "clause.given", by=by, assignment=assignment.pk)
    return assignment


# Ended by a decision


@transaction.atomic
def end_clause(clause, *, ending, text, meeting=None, replaced_by=None, by) -> ClauseDecision:
    """Record the decision that ends a clause; tasks still open are withdrawn with its words, their owners are told.

    ``meeting`` is the held meeting that decided, ``replaced_by`` the open clause that takes the place. Where the
    meeting found the clause done, a task that waits for confirmation is confirmed. Raises Refused at the field.
    """
    text = nfc(" ".join(text.split()))
    if not text:
        raise Refused("Ghi quyết định của chi bộ.", field="text")
    if len(text) > TEXT_LIMIT:
        raise Refused(f"Quyết định dài quá {TEXT_LIMIT} chữ. Ghi gọn lại.", field="text")
    # both at once, so that two clauses cannot replace each other at the same moment
    lock_resolutions(*{each.resolution_id for each in (clause, replaced_by) if each})
    clause = _open_clause(clause)
    _check_meeting(clause, meeting)
    _check_replacement(clause, ending, replaced_by)
    decision = ClauseDecision.objects.create(
        clause=clause, ending=ending, text=text, meeting=meeting, replaced_by=replaced_by, by=by
    )
    _finish_tasks(clause, ending, text, by)
    record(clause, "clause.ended", by=by, ending=ending, replaced_by=replaced_by and replaced_by.pk)
    return decision


def _open_clause(clause) -> Clause:
    """The clause of a locked resolution in force, not done and not ended; its tasks are locked, so it stays so."""
    tasks = Assignment.objects.filter(of_clause__clause=clause).select_for_update(of=("self",), no_key=True)
    list(tasks.order_by("pk"))  # before the diary, as reports do
    rows = queries.with_state(Clause.objects.select_related("resolution__paper__organisation"))
    fresh = rows.select_related("resolution__meeting__cell").filter(pk=clause.pk).first()
    if fresh is None or not queries.is_in_force(fresh.resolution):  # withdrawn; then it may have left the draft too
        raise WrongState(NOT_ADOPTED)
    if fresh.state_key not in CLAUSE_OPEN:
        raise WrongState(f"Mục này đã kết thúc: {ClauseState(fresh.state_key).label.lower()}.")
    return fresh


def _check_meeting(clause, meeting):
    if meeting is None:
        return
    adopted = clause.resolution.meeting
    if (meeting.cell_id, meeting.body) != (adopted.cell_id, adopted.body) or meeting.state not in HELD:
        raise Refused("Chọn buổi họp đã diễn ra của chi bộ.", field="meeting")
    if meeting.day < adopted.day:
        day = date_text(adopted.day)
        raise Refused(f"Chọn buổi họp từ ngày {day}, ngày thông qua nghị quyết, trở đi.", field="meeting")


def _check_replacement(clause, ending, other):
    """Only an open clause in force may take the place, so a chain of replacements always ends at one."""
    if ending not in Ending.values:
        raise Refused("Chọn cách kết thúc mục này.", field="ending")
    if ending != Ending.REPLACED:
        if other is not None:
            raise Refused("Chỉ chọn mục thay thế khi mục này được thay bằng mục khác.", field="replaced_by")
        return
    if other is None:
        raise Refused("Chọn mục thay thế.", field="replaced_by")
    if not queries.replacements(clause).filter(pk=other.pk).exists():
        raise Refused("Chọn một mục còn mở của nghị quyết cùng ngày hoặc ban hành sau.", field="replaced_by")


def _finish_tasks(clause, ending, text, by):
    for task in Assignment.objects.filter(of_clause__clause=clause, state__in=UNFINISHED).order_by("pk"):
        if ending == Ending.DONE and task.state == TaskState.REPORTED and _may_confirm(by, task):
            progress.confirm(task, by=by)
        else:
            progress.cancel(task, reason=f"{Ending(ending).label}: {text}"[:300], by=by)


def _may_confirm(by, task) -> bool:
    return by is not None and by.has_perm("assignments.confirm_assignment", task)


def reopen_clauses(resolution, *, by) -> None:
    """A withdrawn resolution takes with it the decisions on its clauses and those by which they replaced others."""
    rows = ClauseDecision.objects.filter(Q(clause__resolution=resolution) | Q(replaced_by__resolution=resolution))
    rows = rows.select_for_update(of=("self",), no_key=True).select_related("clause__resolution__meeting")
    for decision in rows.order_by("pk"):
        decision.delete()
        record(decision.clause, "clause.reopened", by=by)
