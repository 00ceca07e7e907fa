"""What the pages of an audit ask: which there are, how far one is, what its checks found, who may still answer."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from core.states import Look
from core.steps import Step, in_order
from documents.states import OFFICIAL, PaperState
from fees.checks import BY_KEY, CHECKS, Check, Sheets
from fees.models import Audit, Demand, Finding, Inspector
from fees.states import INSPECTING, AuditState

CLEAN = Look("Không thấy sai sót", "ok", "check-lg")
UNKNOWN = Look("Chưa cấu hình", "line", "sliders")
KEPT = Look("Giữ phát hiện", "danger", "exclamation-triangle")
DROPPED = Look("Bỏ phát hiện", "line", "x-lg")
ANSWERED = Look("Đã giải trình", "info", "check-lg")
SILENT = Look("Chờ giải trình", "warn", "hourglass-split")
NEW = Look("Chưa gửi giải trình", "line", "pencil")
BY_HAND = Check("", "Tổ kiểm tra phát hiện", "Sổ, chứng từ giấy và lời kể", lambda sheets: ())


def whole():
    """Audits with cell, collector, paper and inspectors."""
    rows = Audit.objects.select_related("cell__parent", "collector", "paper__organisation", "planned_by__member")
    inspectors = Prefetch("inspectors", Inspector.objects.select_related("member"))
    return rows.prefetch_related(inspectors)


def findings_of(audit):
    """Findings in the order in which they were written, each with its member."""
    return list(Finding.objects.filter(audit=audit).select_related("member"))


def whole_findings():
    """Findings with the audit and all that its rules ask."""
    inspectors = Prefetch("audit__inspectors", Inspector.objects.select_related("member"))
    return Finding.objects.select_related("audit__cell", "audit__collector", "member").prefetch_related(inspectors)


def demands_of(audit):
    return list(Demand.objects.filter(audit=audit).select_related("owner", "assignment"))


@dataclass(frozen=True)
class Looked:
    """One check of an audit with what it found; ``note`` says why it could not be made."""

    check: Check
    rows: list
    note: str = ""

    @property
    def look(self) -> Look:
        if self.rows:
            return Look(f"{len(self.rows)} phát hiện", "danger", "exclamation-triangle")
        return UNKNOWN if self.note else CLEAN


def looked_over(audit, rows) -> list[Looked]:
    """Every check in its order with its rows of ``rows`` (findings), last what the inspectors found themselves."""
    sheets = Sheets(audit.cell, audit.from_month, audit.to_month)
    by_key: dict[str, list] = {}
    for row in rows:
        by_key.setdefault(row.check_key if row.check_key in BY_KEY else "", []).append(row)
    found = [Looked(check, by_key.get(check.key, []), check.unconfigured(sheets)) for check in CHECKS]
    return [*found, Looked(BY_HAND, by_key[""])] if "" in by_key else found


def look_of(finding, audit) -> Look:
    """Where a finding stands: sent, answered, judged."""
    if finding.upheld is not None:
        return KEPT if finding.upheld else DROPPED
    if finding.answered_at:
        return ANSWERED
    return NEW if audit.answer_by is None else SILENT


def may_be_judged(finding, audit) -> bool:
    """Once it was answered, or the time for answers is over."""
    over = audit.answer_by is not None and audit.answer_by < timezone.localdate()
    return audit.state == AuditState.ANSWERING and (finding.answered_at is not None or over)


def steps(audit) -> list[Step]:
    """The audit as five steps."""
    if audit.state == AuditState.CANCELLED:
        return [
            Step("Lập kế hoạch", f"{timezone.localtime(audit.planned_at):%d/%m}", "done"),
            Step("Đã hủy", "", "now"),
        ]
    begun, done = audit.checked_at is not None, audit.state == AuditState.CONCLUDED
    asked = audit.answer_by is not None
    paper = audit.paper
    signed = paper is not None and paper.state == PaperState.SIGNED
    until = f"hạn {audit.answer_by:%d/%m}" if asked and not done else ""
    return in_order(
        [
            ("Lập kế hoạch", f"{timezone.localtime(audit.planned_at):%d/%m}", begun or done),
            ("Rà sổ, kiểm quỹ", "" if begun else f"ngày {audit.planned_on:%d/%m}", asked or done),
            ("Giải trình", until, done),
            ("Kết luận", f"{audit.concluded_on:%d/%m}" if done else "", done),
            ("Ký biên bản", "đủ chữ ký" if signed else "", signed),
        ]
    )


@dataclass(frozen=True)
class Row:
    """A finding on the page: where it stands, what the person may do about it now."""

    finding: Finding
    look: Look
    may_answer: bool
    may_judge: bool


def dressed(audit, rows, *, answers, judges) -> list[Row]:
    """Findings with what may be done by who answers (``answers``) and who judges."""
    asking = audit.state == AuditState.ANSWERING
    return [
        Row(row, look_of(row, audit), answers and asking and row.upheld is None, judges and may_be_judged(row, audit))
        for row in rows
    ]


def first_move(audit, number) -> tuple[str, str]:
    """(the move that comes next, the one that does not come now) of an audit with ``number`` findings."""
    if audit.state == AuditState.RUNNING:
        return ("ask", "conclude") if number else ("conclude", "ask")
    return {AuditState.PLANNED: "start", AuditState.ANSWERING: "conclude"}.get(audit.state, ""), ""


def check_of(finding) -> Check:
    """The check that found it, or that it was found by hand."""
    return BY_KEY.get(finding.check_key, BY_HAND)


def is_under_way(audit) -> bool:
    return audit.state in INSPECTING


def is_sealed(audit) -> bool:
    """Whether the record of the audit can be signed or was."""
    return audit.paper is not None and audit.paper.state in OFFICIAL
