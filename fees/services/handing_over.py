"""The book and the money pass from one collector to the next: cash counted, balances frozen, a paper signed by both.

The post itself is changed on the pages of the members; here only what was handed over is written down.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from core.states import WrongState
from core.vietnamese import date_text, nfc
from documents.services import papers
from documents.states import PaperState, PaperType, SignerRole
from fees.models import Handover, Payment
from fees.queries.handovers import RECORD, givers, open_things, record_context
from fees.queries.ledger import balances
from fees.services import audit_told
from fees.services.counting import count_cash
from members.activity import record
from members.models import Member

WHAT = "biên bản bàn giao sổ đảng phí"
LONGEST = 1000


@transaction.atomic
def hand_over(
    cell, *, giver, receiver, handed_on, pieces, by, bank_statement=None, explanation="", note=""
) -> Handover:
    """Write down a hand-over of today: cash as counted (``pieces``), balances, the last receipt, what is open.

    ``note``: papers and things handed over. The record gets its number at once. Raises Refused: one person on both
    sides, a giver who did not collect, a receiver from outside, another day than today: the last receipt and what is
    open are those of now, and a record of two days is none.
    """
    _check(cell, giver, receiver, handed_on)
    count = count_cash(
        cell, counted_on=handed_on, pieces=pieces, by=by, bank_statement=bank_statement, explanation=explanation
    )
    last = Payment.objects.filter(cell=cell).order_by("-year", "-number").first()
    open_lines = [f"- {line}" for line in open_things(cell)]
    text = "\n".join(filter(None, [nfc(note).strip(), "Việc còn dở:" if open_lines else "", *open_lines]))
    row = Handover.objects.create(
        cell=cell, giver=giver, receiver=receiver, handed_on=handed_on, count=count,
        balances={account.value: amount for account, amount in balances(cell, handed_on).items() if amount},
        last_receipt=last.number_text if last else "", note=text[:LONGEST], by=by,
    )  # fmt: skip
    row.paper = _new_paper(row, by)
    row.save(update_fields=["paper"])
    record(row, "handover.written", by=by, giver=giver.pk, receiver=receiver.pk, number=row.paper.number)
    return row


@transaction.atomic
def seal(handover, *, way, by) -> Handover:
    """Render the record for good and ask both sides to sign; after a withdrawal under the next number."""
    row = _locked(handover)
    if row.paper is not None and row.paper.state == PaperState.WITHDRAWN:
        row.paper = _new_paper(row, by)
        row.save(update_fields=["paper"])
    row.paper = papers.seal_paper(row.paper, RECORD, record_context(row), way=way, by=by)
    audit_told.ask_to_sign(row.paper, cell=row.cell, what=WHAT, url=audit_told.sign_url(row))
    record(row, "handover.sealed", by=by, paper=row.paper.pk)
    return row


@transaction.atomic
def withdraw(handover, *, reason, by) -> Handover:
    """Take back the sealed record that nobody has signed; its number stays as "hủy"."""
    row = _locked(handover)
    if row.paper is None or row.paper.state != PaperState.SEALED:
        raise WrongState("Biên bản không ở tình trạng chờ ký nên không hủy được.")
    row.paper = papers.withdraw_paper(row.paper, reason, by=by)
    audit_told.stop_asking(row.paper)
    record(row, "handover.withdrawn", by=by, paper=row.paper.pk, number=row.paper.number)
    return row


def _check(cell, giver, receiver, handed_on: datetime.date):
    if giver.pk == receiver.pk:
        raise Refused("Bên giao và bên nhận phải là hai đồng chí.", field="receiver")
    if handed_on != (today := timezone.localdate()):
        raise Refused(
            f"Biên bản ghi số dư, biên lai cuối và việc còn dở của hôm nay, nên ngày bàn giao là {date_text(today)}. "
            "Đã bàn giao hôm trước thì hai bên đếm lại quỹ hôm nay.",
            field="handed_on",
        )
    if not givers(cell).filter(pk=giver.pk).exists():
        raise Refused(
            f"Đồng chí {giver.full_name} không thu đảng phí của {cell.name} trong một năm qua.", field="giver"
        )
    if not Member.objects.on_roll(cell, timezone.localdate()).filter(pk=receiver.pk).exists():
        raise Refused(f"Đồng chí {receiver.full_name} không sinh hoạt tại {cell.name}.", field="receiver")


def _locked(handover) -> Handover:
    rows = Handover.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("cell__parent", "giver", "receiver", "count", "paper").get(pk=handover.pk)


def _new_paper(row, by):
    signers = [
        (SignerRole.GIVER, row.giver, "Bên giao"),
        (SignerRole.RECEIVER, row.receiver, "Bên nhận"),
    ]
    subject = f"bàn giao sổ, quỹ đảng phí ngày {date_text(row.handed_on)}"
    paper = papers.create_paper(
        row.cell, PaperType.MINUTES, term=row.cell.term, subject=subject, signers=signers, by=by
    )
    return papers.adopt_paper(paper, on=row.handed_on, by=by)
