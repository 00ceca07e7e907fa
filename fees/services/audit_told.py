"""What people are told about an audit and its papers. Never a finding or an amount: these stand behind the login."""

from django.urls import reverse

from core.vietnamese import date_text
from documents.states import SigningWay
from fees.states import AuditKind
from members.queries import holder
from members.states import HEAD_TITLES
from notices.services import planning


def _tell(audit, recipient, what, subject, *, again="", **context):
    planning.plan(
        recipient,
        f"fee.audit_{what}",
        f"fee_audit:{audit.pk}:{what}{again}",
        cell=audit.cell,
        subject=subject,
        context={"cell_name": audit.cell.name, "period": period(audit), **context},
        url=audit.get_absolute_url(),
        private=True,
    )


def period(audit) -> str:
    """ "từ tháng 01/2026 đến tháng 12/2026"."""
    if audit.from_month == audit.to_month:
        return f"tháng {audit.from_month:%m/%Y}"
    return f"từ tháng {audit.from_month:%m/%Y} đến tháng {audit.to_month:%m/%Y}"


def planned(audit):
    """Inspectors and collector: who audits, when, by which paper."""
    rows = list(audit.inspectors.select_related("member"))
    people = ", ".join(row.member.full_name for row in rows)
    day = date_text(audit.planned_on)
    said = {
        "decision": audit.decision, "decided_on": date_text(audit.decided_on), "day": day, "people": people,
        "ordered": audit.kind == AuditKind.ORDERED,
    }  # fmt: skip
    for member in [*(row.member for row in rows), audit.collector]:
        is_audited = member.pk == audit.collector_id
        subject = f"{'Được kiểm tra' if is_audited else 'Kiểm tra'} đảng phí ngày {day}"
        _tell(audit, member, "planned", subject, audited=is_audited, **said)


def started(audit):
    """The collector: these inspectors read these months of the book until that day."""
    people = ", ".join(row.member.full_name for row in audit.inspectors.select_related("member"))
    _tell(audit, audit.collector, "started", "Tổ kiểm tra bắt đầu xem sổ đảng phí", people=people,
          day=date_text(audit.ends_on))  # fmt: skip


def extended(audit, reason):
    """Inspectors and collector: the book lies open until another day."""
    day = date_text(audit.ends_on)
    members = [row.member for row in audit.inspectors.select_related("member")]
    for member in [*members, audit.collector]:
        _tell(audit, member, "extended", f"Gia hạn kiểm tra đảng phí đến ngày {day}", again=f":{audit.ends_on}",
              day=day, reason=reason)  # fmt: skip


def asked(audit):
    """The collector: so many findings are to be answered by a day."""
    number, day = audit.findings.count(), date_text(audit.answer_by)
    _tell(audit, audit.collector, "asked", f"Đề nghị giải trình trước ngày {day}", number=number, day=day)


def answered(audit):
    """The head inspector: everything is answered."""
    head = audit.inspectors.select_related("member").get(is_head=True)
    _tell(audit, head.member, "answered", "Đã giải trình các phát hiện kiểm tra đảng phí")


def concluded(audit):
    """The collector and the heads of the cell: there is a conclusion. What waited about answers is needless."""
    planning.withdraw(f"fee_audit:{audit.pk}", reason="Cuộc kiểm tra đã kết luận.")
    people = {audit.collector_id: audit.collector}
    for title in HEAD_TITLES:
        if member := holder(audit.cell, title):
            people.setdefault(member.pk, member)
    for member in people.values():
        _tell(audit, member, "concluded", "Đã có kết luận kiểm tra đảng phí", audited=member.pk == audit.collector_id)
    _named(audit)


def _named(audit):
    """Who is named by a finding that was kept: each may read it now."""
    for row in audit.findings.filter(upheld=True).exclude(member=None).select_related("member"):
        planning.plan(
            row.member, "fee.audit_named", f"fee_audit:{audit.pk}:named:{row.pk}", cell=audit.cell,
            subject="Kết luận kiểm tra đảng phí có nội dung về đồng chí",
            context={"cell_name": audit.cell.name, "period": period(audit)},
            url=reverse("fees:finding", args=[row.pk]), private=True,
        )  # fmt: skip


def cancelled(audit):
    """Everybody who was told that there will be one."""
    planning.withdraw(f"fee_audit:{audit.pk}", reason="Cuộc kiểm tra đã hủy.")
    members = [row.member for row in audit.inspectors.select_related("member")]
    for member in [*members, audit.collector]:
        _tell(audit, member, "cancelled", "Hủy cuộc kiểm tra đảng phí")


# Papers


def _key(paper) -> str:
    return f"fee_paper:{paper.pk}:to_sign"


def ask_to_sign(paper, *, cell, what, url):
    """Sealed: each signer who has not signed is asked; ``what``: "biên bản kiểm tra đảng phí"."""
    context = {"what": what, "number": paper.number_text, "by_hand": paper.way == SigningWay.INK}
    for signer in paper.signers.select_related("member").filter(signed_at__isnull=True):
        planning.plan(
            signer.member, "fee.to_sign", _key(paper), cell=cell, subject=f"Ký {what}", context=context, url=url,
            private=True,
        )  # fmt: skip


def stop_asking(paper, members=None, reason="Văn bản đã rút lại, không phải ký nữa."):
    """Nobody is asked any more, or not these who have signed."""
    planning.withdraw(_key(paper), recipients=members, reason=reason)


def sign_url(row) -> str:
    """Where the record of an audit or a hand-over is signed."""
    return reverse(f"fees:{row._meta.model_name}_sign", args=[row.pk])
