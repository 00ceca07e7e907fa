"""The end of an audit: the conclusion, tasks out of its demands, its record as a numbered paper that both sign."""

from django.db import transaction
from django.utils import timezone

from assignments.services.giving import give
from assignments.states import Audience
from core.errors import Refused, needed
from core.states import WrongState, move
from core.vietnamese import date_text, nfc
from documents.services import papers
from documents.states import OFFICIAL, PaperState, PaperType, SignerRole
from fees.models import Audit
from fees.queries.audit_record import RECORD, record_context
from fees.services import audit_told
from fees.services.auditing import locked
from fees.services.findings import deadline_over
from fees.states import AuditState
from members.activity import record

PLACES = (SignerRole.INSPECTOR, SignerRole.INSPECTOR_2, SignerRole.INSPECTOR_3)
WHAT = "biên bản kiểm tra đảng phí"


@transaction.atomic
def conclude(audit, *, conclusion, by) -> Audit:
    """Write the conclusion: demands become tasks of their owners, the record gets its number.

    Raises Refused: no count of the cash, findings not sent, not answered before the deadline, or not judged; a demand
    whose day went by meanwhile.
    """
    audit = move(audit, "conclude")
    conclusion = _text(conclusion)
    _check_ready(audit)
    audit.conclusion, audit.concluded_on = conclusion, timezone.localdate()
    audit.paper = _new_paper(audit, by)
    audit.save(update_fields=["conclusion", "concluded_on", "paper"])
    _give(audit, by)
    audit_told.concluded(audit)
    record(audit, "audit.concluded", by=by, paper=audit.paper.pk, number=audit.paper.number)
    return audit


@transaction.atomic
def reword(audit, *, conclusion, by) -> Audit:
    """Another wording of the conclusion, as long as the record is not sealed, or after it was withdrawn."""
    audit = locked(audit, AuditState.CONCLUDED)
    if audit.paper is not None and audit.paper.state in OFFICIAL:
        raise WrongState("Biên bản đã khóa, không sửa kết luận được nữa. Hủy bản đã khóa trước khi có chữ ký.")
    audit.conclusion = _text(conclusion)
    audit.save(update_fields=["conclusion"])
    record(audit, "audit.reworded", by=by)
    return audit


@transaction.atomic
def seal(audit, *, way, by) -> Audit:
    """Render the record for good and ask inspectors and collector to sign; after a withdrawal under the next number."""
    audit = locked(audit, AuditState.CONCLUDED)
    if audit.paper is None or audit.paper.state == PaperState.WITHDRAWN:
        audit.paper = _new_paper(audit, by)
        audit.save(update_fields=["paper"])
    audit.paper = papers.seal_paper(audit.paper, RECORD, record_context(audit), way=way, by=by)
    audit_told.ask_to_sign(audit.paper, cell=audit.cell, what=WHAT, url=audit_told.sign_url(audit))
    record(audit, "audit.sealed", by=by, paper=audit.paper.pk)
    return audit


@transaction.atomic
def withdraw(audit, *, reason, by) -> Audit:
    """Take back the sealed record that nobody has signed; its number stays as "hủy". Raises Refused otherwise."""
    audit = locked(audit, AuditState.CONCLUDED)
    if audit.paper is None:
        raise WrongState("Biên bản chưa khóa nên không có gì để hủy.")
    audit.paper = papers.withdraw_paper(audit.paper, reason, by=by)
    audit_told.stop_asking(audit.paper)
    record(audit, "audit.withdrawn", by=by, paper=audit.paper.pk, number=audit.paper.number)
    return audit


def _text(conclusion) -> str:
    return needed(nfc(conclusion or ""), "Ghi kết luận kiểm tra.", "conclusion")


def _check_ready(audit):
    if not audit.counts.exists():
        raise Refused("Chưa kiểm quỹ. Đếm tiền mặt và so với sổ trước khi kết luận.")
    rows = list(audit.findings.all())
    if rows and audit.answer_by is None:
        raise Refused(f"Có {len(rows)} phát hiện chưa gửi người thu giải trình. Gửi giải trình trước khi kết luận.")
    silent = [row for row in rows if row.answered_at is None]
    if silent and not deadline_over(audit):
        raise Refused(
            f"Còn {len(silent)} phát hiện chưa được giải trình, hạn đến hết ngày {date_text(audit.answer_by)}. "
            "Chờ giải trình hoặc chờ hết hạn."
        )
    if open_ones := [row for row in rows if row.upheld is None]:
        raise Refused(f"Còn {len(open_ones)} phát hiện chưa có nhận xét của tổ kiểm tra.")


def _new_paper(audit, by):
    """The record with its number, dated the day of the conclusion."""
    rows = audit.inspectors.select_related("member")
    signers = [
        (role, row.member, "Tổ trưởng tổ kiểm tra" if row.is_head else "Thành viên tổ kiểm tra")
        for role, row in zip(PLACES, rows, strict=False)
    ]
    signers.append((SignerRole.COLLECTOR, audit.collector, "Người thu đảng phí"))
    subject = f"kiểm tra thu, nộp, quản lý, sử dụng đảng phí {audit_told.period(audit)}"
    paper = papers.create_paper(
        audit.cell, PaperType.MINUTES, term=audit.cell.term, subject=subject, signers=signers, by=by
    )
    return papers.adopt_paper(paper, on=audit.concluded_on, by=by)


def _give(audit, by):
    """Each demand as a task that only its owner and the giver see."""
    label = f"Kiểm tra đảng phí {audit_told.period(audit)}"
    for demand in audit.demands.select_related("owner"):
        demand.assignment = give(
            cell=audit.cell, owner=demand.owner, title=demand.text, due_on=demand.due_on, by=by,
            audience=Audience.OWNER, source_label=label, source_url=audit.get_absolute_url(),
        )  # fmt: skip
        demand.save(update_fields=["assignment"])
