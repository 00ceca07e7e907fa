"""The life of a paper up to the signatures: made, adopted with its number, sealed, withdrawn.

Each function takes the acting account as ``by``, returns the fresh row and ends with a line of the diary.
"""

import hashlib
from datetime import date

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from core.states import WrongState, move
from core.vietnamese import nfc
from documents import layout, queries, rendering
from documents.models import Paper, PaperFile, PaperSigner, Sequence
from documents.states import PRINT_ORDER, FileKind, PaperState, PaperType, SignerRole, SigningWay
from members.activity import lock_head, record

digest = queries.canonical  # what the diary's chain covers; named for wiring


@transaction.atomic
def create_paper(organisation, type, *, term, subject, signers, by) -> Paper:
    """A draft paper of an organisation; ``signers`` is a list of (role, member, title).

    Raises Refused when a role stands twice, one person signs in two roles, or nobody signs.
    """
    paper = Paper.objects.create(organisation=organisation, type=PaperType(type), term=term, subject=nfc(subject))
    _write_signers(paper, signers)
    record(paper, "paper.created", by=by)
    return paper


@transaction.atomic
def adopt_paper(paper, *, on: date, by, numbered=True) -> Paper:
    """The paper was passed on that day: it gets its number and the names of the signers are frozen.

    The number is drawn in this transaction from the locked sequence of type and term (36-HD/VPTW: from 01 through
    the whole term): no gap, no reuse. ``numbered=False`` leaves minutes without number, as many cells do.
    """
    paper = move(paper, "adopt")
    paper.number = _next_number(paper) if numbered else None
    paper.dated_on = on
    paper.adopted_at = timezone.now()
    paper.save(update_fields=["number", "dated_on", "adopted_at"])
    for signer in paper.signers.select_related("member"):
        signer.member_name = signer.member.full_name
        signer.save(update_fields=["member_name"])
    record(paper, "paper.adopted", by=by, number=paper.number, on=on)
    return paper


@transaction.atomic
def seal_paper(paper, template: str, context: dict, *, way, by) -> Paper:
    """Render the paper for good and store the file, with one signature field per signer unless signed by hand.

    Number and hash of the diary's last line are printed on it, which anchors the diary outside the database; the
    line "paper.sealed" then carries the hash of the file. Raises Refused for an unknown way of signing.
    """
    if way not in SigningWay.values:
        raise Refused("Chọn một cách ký: bằng tệp chứng thư, bằng thiết bị ký số hoặc ký tay.", field="way")
    paper = _locked(paper, PaperState.ADOPTED, Paper.MOVES["seal"].label)
    head = lock_head(paper.organisation_id)
    paper.way, paper.sealed_at = way, timezone.now()
    paper.anchor_seq, paper.anchor_hash = head.seq, head.hash
    data = _render_final(paper, template, context)
    stored = store_file(paper, FileKind.SEALED, data)
    paper.sealed_sha256 = stored.sha256
    paper.save(update_fields=["way", "sealed_at", "anchor_seq", "anchor_hash", "sealed_sha256"])
    paper = move(paper, "seal")
    record(paper, "paper.sealed", by=by, sha256=stored.sha256, way=way)
    return paper


@transaction.atomic
def withdraw_paper(paper, reason: str, *, by) -> Paper:
    """Take back a sealed paper that nobody has signed; its number stays in use as "hủy".

    Raises Refused without a reason or once somebody has signed.
    """
    if not reason.strip():
        raise Refused("Ghi lý do hủy văn bản.", field="reason")
    Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if paper.signers.filter(signed_at__isnull=False).exists():
        raise WrongState("Văn bản đã có chữ ký nên không hủy được. Nội dung cần sửa thì lập văn bản bổ sung có ký.")
    paper = move(paper, "withdraw")
    paper.withdraw_reason = nfc(reason.strip())[:300]
    paper.withdrawn_at = timezone.now()
    paper.save(update_fields=["withdraw_reason", "withdrawn_at"])
    record(paper, "paper.withdrawn", by=by, number=paper.number)
    return paper


def store_file(paper, kind, data: bytes) -> PaperFile:
    """Write one version of the paper to the private storage; called by services under the paper's lock."""
    sha256 = hashlib.sha256(data).hexdigest()
    stored = PaperFile(paper=paper, kind=kind, sha256=sha256, size=len(data))
    stored.file.save("paper.pdf", ContentFile(data), save=False)
    stored.save()
    return stored


def _render_final(paper, template, context):
    import segno

    url = queries.check_url(paper)
    qr = segno.make(url, error="m").svg_inline(
        border=0, omitsize=True, svgclass=None, lineclass=None, title="Mã kiểm tra văn bản"
    )
    foot = layout.Foot(url, qr, paper.anchor_seq, paper.anchor_hash)
    fields = {}
    if paper.way != SigningWay.INK:
        fields = {signer.role: str(signer) for signer in queries.signing_state(paper)}
    whole = {**queries.paper_context(paper, context), "foot": foot, "draft": False}
    return rendering.render_sealable(template, whole, fields)


def _next_number(paper) -> int:
    key = {"organisation_id": paper.organisation_id, "type": paper.type, "term": paper.term}
    Sequence.objects.bulk_create([Sequence(**key)], ignore_conflicts=True)
    sequence = Sequence.objects.select_for_update().get(**key)
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return sequence.last


def _locked(paper, state, label):
    fresh = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if fresh.state != state:
        raise WrongState(f"Không thực hiện được “{label}”: văn bản hiện ở trạng thái “{fresh.get_state_display()}”.")
    return fresh


def _write_signers(paper, signers):
    roles = [SignerRole(role) for role, _, _ in signers]
    people = [member.pk for _, member, _ in signers]
    if not signers:
        raise Refused("Văn bản chưa có người ký.")
    if len(set(roles)) < len(roles):
        raise Refused("Mỗi vai trò chỉ có một người ký.")
    if len(set(people)) < len(people):
        raise Refused("Một đồng chí không ký hai vai trò trên cùng văn bản. Chọn người khác làm thư ký.")
    PaperSigner.objects.bulk_create(
        PaperSigner(
            paper=paper,
            role=SignerRole(role),
            position=PRINT_ORDER.index(SignerRole(role)),
            member=member,
            member_name=member.full_name,
            title=nfc(title),
        )
        for role, member, title in signers
    )
