"""What an audit finds by hand, the collector's answers, the inspectors' verdicts, and what is demanded by when."""

from django.db import transaction
from django.utils import timezone

from core.errors import Refused, needed
from core.states import WrongState, move
from core.vietnamese import date_text, one_line
from fees.models import Audit, Demand, Finding
from fees.services import audit_told
from fees.services.auditing import locked
from fees.states import AuditState
from members.activity import record
from members.queries import attenders

LONGEST = 250  # of a demand: it becomes the title of a task


@transaction.atomic
def add_finding(audit, *, text, by, member=None, amount=None) -> Finding:
    """What the inspectors themselves found; ``amount`` in đồng. Raises Refused once the findings were sent."""
    audit = locked(audit, AuditState.RUNNING)
    text = needed(one_line(text), "Ghi nội dung phát hiện.", "text")
    finding = Finding.objects.create(audit=audit, text=text[:500], member=member, amount=amount)
    record(audit, "audit.found", by=by, finding=finding.pk)
    return finding


@transaction.atomic
def ask(audit, *, answer_by, by) -> Audit:
    """Send the findings to the collector, who answers each until the day ``answer_by``.

    Raises Refused: nothing found, a day gone by.
    """
    audit = move(audit, "ask")
    if answer_by < timezone.localdate():
        raise Refused(f"Ngày {date_text(answer_by)} đã qua. Chọn hạn từ hôm nay trở đi.", field="answer_by")
    if not audit.findings.exists():
        raise Refused("Không có phát hiện nào cần giải trình. Ghi kết luận luôn.")
    audit.answer_by = answer_by
    audit.save(update_fields=["answer_by"])
    audit_told.asked(audit)
    record(audit, "audit.asked", by=by, answer_by=answer_by)
    return audit


@transaction.atomic
def answer(finding, *, answer, by) -> Finding:
    """The collector's answer; may be written anew until the inspectors have judged. With the last one the head is told.

    Raises Refused: nothing asked, judged already, empty.
    """
    audit = locked(finding.audit, AuditState.ANSWERING)
    finding = _locked(finding)
    if finding.upheld is not None:
        raise WrongState("Tổ kiểm tra đã nhận xét phát hiện này, không sửa giải trình được nữa.")
    finding.answer = needed(one_line(answer), "Ghi giải trình.", "answer")[:500]
    first, finding.answered_at = finding.answered_at is None, timezone.now()
    finding.save(update_fields=["answer", "answered_at"])
    if first and not audit.findings.filter(answered_at=None).exists():
        audit_told.answered(audit)
    record(audit, "audit.answered", by=by, finding=finding.pk)
    return finding


@transaction.atomic
def judge(finding, *, upheld, by, verdict="") -> Finding:
    """Keep a finding or drop it, after the answer or when the time for it is over; may be judged anew.

    Raises Refused: too early, dropped without a word.
    """
    audit = locked(finding.audit, AuditState.ANSWERING)
    finding = _locked(finding)
    if finding.answered_at is None and not deadline_over(audit):
        raise WrongState(f"Người thu chưa giải trình và còn hạn đến hết ngày {date_text(audit.answer_by)}.")
    verdict = one_line(verdict)[:300]
    if not upheld and not verdict:
        raise Refused("Bỏ một phát hiện thì ghi vì sao.", field="verdict")
    finding.upheld, finding.verdict = upheld, verdict
    finding.save(update_fields=["upheld", "verdict"])
    record(audit, "audit.judged", by=by, finding=finding.pk, upheld=upheld)
    return finding


@transaction.atomic
def add_demand(audit, *, text, owner, due_on, by, finding=None) -> Demand:
    """What must be mended by whom until when; the conclusion makes a task of it. Raises Refused for a day gone by,
    for who is not in the cell, for a finding of another audit or one that was dropped."""
    audit = locked(audit)
    text = needed(one_line(text), "Ghi việc phải khắc phục.", "text")
    if len(text) > LONGEST:
        raise Refused(f"Yêu cầu dài quá {LONGEST} chữ. Viết ngắn hơn, một yêu cầu một việc.", field="text")
    if due_on < timezone.localdate():
        raise Refused(f"Hạn {date_text(due_on)} đã qua. Chọn ngày từ hôm nay trở đi.", field="due_on")
    if not attenders(audit.cell).filter(pk=owner.pk).exists():
        raise Refused(f"Đồng chí {owner.full_name} không có trong danh sách của {audit.cell.name}.", field="owner")
    if finding is not None and (finding.audit_id != audit.pk or finding.upheld is False):
        raise Refused("Phát hiện này đã bỏ, không kèm yêu cầu khắc phục.", field="finding")
    demand = Demand.objects.create(audit=audit, finding=finding, text=text, owner=owner, due_on=due_on)
    record(audit, "audit.demanded", by=by, demand=demand.pk, owner=owner.pk, due_on=due_on)
    return demand


@transaction.atomic
def remove_demand(demand, *, by):
    """Take a demand out again while the audit has no conclusion."""
    audit = locked(demand.audit)
    pk = demand.pk
    Demand.objects.filter(pk=pk).delete()
    record(audit, "audit.demand_removed", by=by, demand=pk)


def deadline_over(audit) -> bool:
    """Whether the time for answers is over."""
    return audit.answer_by is not None and audit.answer_by < timezone.localdate()


def _locked(finding) -> Finding:
    return Finding.objects.select_for_update(of=("self",), no_key=True).get(pk=finding.pk)
