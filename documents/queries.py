"""What pages ask about papers; nothing here writes."""

import hashlib
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from core.errors import Refused
from documents import layout, rendering
from documents.models import Paper, PaperFile
from documents.states import PaperState, SignerRole

AUTHORITY = "T/M CHI BỘ"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def head_of(paper) -> layout.Head:
    """The head of a paper as it stands; without a date the place-and-date line stays open."""
    organisation = paper.organisation
    return layout.Head(
        superior_name=layout.upper(organisation.superior_line),
        issuing_name=layout.upper(organisation.document_name),
        number_line=paper.number_line,
        place_date_line=layout.place_date(organisation.place, paper.dated_on),
        type_name=paper.get_type_display(),
        subject=paper.subject,
    )


def signatures_of(paper, authority: str = AUTHORITY) -> list[layout.Signature]:
    """Places to sign, left to right: clerk and chair by role, the signer of a resolution by authority and post."""
    places = []
    for signer in signing_state(paper):
        if signer.role == SignerRole.SECRETARY:
            title = layout.upper(signer.title)
            places.append(layout.Signature(signer.role, title, signer.member_name, authority=authority, note=""))
        else:
            title = layout.upper(signer.get_role_display())
            places.append(layout.Signature(signer.role, title, signer.member_name))
    return places


def paper_context(paper, context: dict) -> dict:
    """The owner's context with head, signatures and recipients ready to print."""
    return {
        **context,
        "head": head_of(paper),
        "signatures": signatures_of(paper, context.get("authority", AUTHORITY)),
        "recipients": layout.recipient_lines(context.get("recipients", ())),
    }


def draft_pdf(paper, template: str, context: dict) -> bytes:
    """The paper as it would be sealed now, with the watermark DỰ THẢO."""
    return rendering.render(template, {**paper_context(paper, context), "draft": True})


def check_url(paper) -> str:
    """Address of the check page as printed on the paper."""
    return f"{settings.BASE_URL.rstrip('/')}{paper.verify_path}"


def base_url_warning() -> str:
    """A sentence while the printed address would lead nowhere outside this machine; else empty."""
    if (urlsplit(settings.BASE_URL).hostname or "") in LOOPBACK:
        return (
            "Địa chỉ kiểm tra in trên văn bản đang là địa chỉ của riêng máy này, người ngoài không mở được. "
            "Người quản trị cần đặt BASE_URL trước khi khóa văn bản chính thức."
        )
    return ""


def signing_state(paper) -> list:
    """Signers in printed order."""
    return list(paper.signers.all())


def signers_with_file(paper):
    """The signers of a paper in printed order, in one query; each carries ``file_count`` and, of the newest stored
    file, ``file_sha256``, ``file_size`` (bytes), ``file_kind`` and ``file_at``.
    """
    files = PaperFile.objects.filter(paper=OuterRef("paper")).order_by("-pk")
    number = files.order_by().values("paper").annotate(n=Count("pk")).values("n")
    return paper.signers.annotate(
        file_count=Coalesce(Subquery(number, output_field=IntegerField()), 0),
        file_sha256=Subquery(files.values("sha256")[:1]),
        file_size=Subquery(files.values("size")[:1]),
        file_kind=Subquery(files.values("kind")[:1]),
        file_at=Subquery(files.values("created_at")[:1]),
    )


def current_file(paper):
    """The stored file to serve: the newest one (sealed, then each signature or the scan); None before sealing."""
    return paper.files.order_by("-pk").first()


def read_checked(paper_file) -> bytes:
    """Bytes of a stored file; Refused when the disk no longer holds what was written."""
    with paper_file.file.open("rb") as source:
        data = source.read()
    if hashlib.sha256(data).hexdigest() != paper_file.sha256:
        raise Refused("Tệp đã lưu không còn nguyên vẹn so với lúc khóa. Báo người quản trị trước khi ký.")
    return data


def canonical(paper):
    """What must not change silently, for ``verify_chain``; None while the paper is a draft."""
    if paper.state == PaperState.DRAFT:
        return None
    signers = paper.signers.values_list(
        "role", "member_id", "member_name", "title", "signed_at", "certificate_name", "certificate_serial"
    )
    return (
        [
            paper.organisation_id,
            paper.type,
            paper.term,
            paper.number,
            paper.subject,
            paper.state,
            paper.way,
            paper.code,
        ],
        [paper.dated_on, paper.adopted_at, paper.sealed_at, paper.signed_at, paper.withdrawn_at, paper.withdraw_reason],
        [paper.sealed_sha256, paper.anchor_seq, paper.anchor_hash],
        [[str(field) for field in row] for row in signers.order_by("position")],
        [list(row) for row in paper.files.order_by("pk").values_list("kind", "sha256", "size")],
    )


def checkable():
    """Papers the check page answers for: whatever was once sealed."""
    return Paper.objects.exclude(state__in=[PaperState.DRAFT, PaperState.ADOPTED]).select_related("organisation")


def hash_head(paper) -> str:
    """First eight digits of the hash of the newest stored file."""
    stored = current_file(paper)
    return stored.sha256[:8] if stored else ""
