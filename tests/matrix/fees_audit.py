"""Audits and hand-overs of the scene. Those under way stand in a cell of their own: an inspector reads its book.

Everywhere thuky leads, trinhbay inspects with them, thuquy is audited.
"""

import datetime

from django.utils import timezone

from fees.models import Audit, CashCount, Finding, Inspector
from fees.services import concluding, findings, handing_over
from tests.factories import CellFactory, MemberFactory
from tests.matrix.evenings import SECRET

DAY = datetime.date(2026, 12, 4)
LATER = datetime.date(2026, 12, 20)
MONTH = datetime.date(2026, 11, 1)


def scenes(cell, who):
    """``audit_<state>`` with a finding and a demand beside them; ``handover_adopted``, ``handover_sealed``."""
    other = CellFactory(parent=cell.parent, name="Chi bộ Ba", short_name="Ba", slug="ba")
    found = {}
    for name, place, state in (
        ("planned", cell, "planned"), ("ordered", cell, "planned"), ("cancelled", cell, "cancelled"),
        ("running", other, "running"), ("answering", other, "answering"),
    ):  # fmt: skip
        audit = make(place, who, state, kind="ordered" if name == "ordered" else "planned")
        found |= _beside(name, audit, who)
    for name in ("concluded", "sealed"):
        audit = concluded(cell, who)
        found |= _beside(name, audit, who)
        if name == "sealed":
            concluding.seal(audit, way="p12", by=who["thuky"])
            found["audit_sealed"]["POST"] = {"role": "inspector"}
    adopted, sealed = (hand_over(cell, who) for _ in range(2))
    handing_over.seal(sealed, way="p12", by=who["thuquy"])
    return found | {
        "handover_adopted": {"pk": adopted.pk},
        "handover_sealed": {"pk": sealed.pk, "POST": {"role": "giver"}},
    }


def make(cell, who, state, kind="planned"):
    audit = Audit.objects.create(
        cell=cell, kind=kind, decision="03-KH/CB", decided_on=DAY, from_month=MONTH, to_month=MONTH, planned_on=DAY,
        ends_on=LATER, collector=who["thuquy"].member, state=state,
        checked_at=None if state == "planned" else timezone.now(),
        answer_by=LATER if state == "answering" else None,
    )  # fmt: skip
    for name in ("thuky", "trinhbay"):
        Inspector.objects.create(audit=audit, member=who[name].member, is_head=name == "thuky")
    return audit


def concluded(cell, who, rows=1):
    """Under way for a moment only: thuky and trinhbay read no book of the cell afterwards."""
    audit = make(cell, who, "running")
    for number in range(rows):
        finding = Finding.objects.create(
            audit=audit, text=f"{SECRET} thiếu chứng từ {number}", upheld=True, answer="Quên"
        )
        Finding.objects.filter(pk=finding.pk).update(answered_at=audit.checked_at)
        findings.add_demand(
            audit, text="Bổ sung chứng từ", owner=who["thuquy"].member, due_on=LATER, finding=finding, by=who["thuky"]
        )
        CashCount.objects.create(cell=cell, audit=audit, counted_on=DAY, counted=0, book=0)
    Audit.objects.filter(pk=audit.pk).update(answer_by=LATER)
    return concluding.conclude(audit, conclusion="Sổ ghi đủ.", by=who["thuky"])


def _beside(name, audit, who):
    inspector = audit.inspectors.get(is_head=True).pk
    found = {f"audit_{name}": {"pk": audit.pk, "inspector": inspector}}
    finding = audit.findings.first() or Finding.objects.create(audit=audit, text=f"{SECRET} thiếu chứng từ")
    found[f"finding_{name}"] = {"pk": finding.pk}
    if audit.state in ("running", "answering"):
        findings.add_demand(audit, text="Bổ sung", owner=_of(audit.cell), due_on=LATER, by=who["thuky"])
    if demand := audit.demands.first():
        found[f"demand_{name}"] = {"pk": demand.pk}
    return found


def _of(cell):
    return MemberFactory(cell=cell, full_name="Ông Văn Ba")


def hand_over(cell, who):
    return handing_over.hand_over(
        cell, giver=who["thuquy"].member, receiver=who["dangvien"].member, handed_on=timezone.localdate(),
        pieces={10_000: 1}, note=f"{SECRET} 2 quyển biên lai", by=who["thuquy"],
    )  # fmt: skip


def some(cell, who, rows):
    """``rows`` of everything that the pages of audits list; arguments of their addresses."""
    for _ in range(rows):
        audit, handover = concluded(cell, who, rows), hand_over(cell, who)
    sealed, given = concluding.seal(concluded(cell, who, rows), way="p12", by=who["thuky"]), hand_over(cell, who)
    handing_over.seal(given, way="p12", by=who["thuquy"])
    running = make(CellFactory(parent=cell.parent, slug="kiem-tra"), who, "answering")
    for number in range(rows):
        finding = Finding.objects.create(audit=running, text=f"Phát hiện {number}", check_key="papers", key=f"{number}")
    pks = {"audit": audit, "audit_open": running, "audit_sealed": sealed, "finding": finding, "handover": handover}
    return {name: [row.pk] for name, row in (pks | {"handover_sealed": given}).items()}
