"""Signing a sealed paper: with a PKCS#12 file, with a device outside, or by hand on paper.

A click in the app is never a signature: only the bytes of a PDF signature or a scan complete a paper.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from tempfile import NamedTemporaryFile

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from core.errors import Refused
from core.states import WrongState, move
from documents import certificates, extension, queries, rendering, scans
from documents.layout import Page
from documents.models import Paper
from documents.services.papers import store_file
from documents.states import FileKind, PaperState, SigningWay
from members.activity import record

BY_HAND = "ký tay"


@sensitive_variables()
@transaction.atomic
def sign_with_p12(paper, role, p12: bytes, passphrase: str, *, by, confirmed_name="") -> Paper:
    """Sign the current file in the field of ``role`` with a PKCS#12 file (PAdES); memory only, nothing of it is kept.

    Raises Refused at ``p12``, ``passphrase`` or ``confirmed_name`` (the certificate names somebody else).
    """
    paper, signer = _begin(paper, role, SigningWay.P12)
    keys = certificates.load_signer(p12, passphrase)
    certificate = certificates.describe(keys.signing_cert)
    certificates.require_in_force(certificate, "p12")
    certificates.require_person(certificate, signer, confirmed_name)
    now = timezone.now()
    data = _signed_bytes(queries.read_checked(queries.current_file(paper)), role, keys, certificate, now)
    return _finish(paper, signer, certificate, data, by=by, at=now)


@transaction.atomic
def accept_signed_upload(paper, role, pdf: bytes, *, confirmed_name, by) -> Paper:
    """Take a file that was signed outside: the current bytes, continued by one signature in the field of ``role``.

    Raises Refused at ``pdf`` (no continuation of our file, changes more than the field, foreign root, …) or
    ``confirmed_name``. Revocation is not checked: pages say so beside the name.
    """
    paper, signer = _begin(paper, role, SigningWay.UPLOAD)
    previous = queries.read_checked(queries.current_file(paper))
    found = extension.read_extension(previous, pdf, role)
    certificates.require_in_force(found.certificate, "pdf")
    certificates.require_person(found.certificate, signer, confirmed_name)
    return _finish(paper, signer, found.certificate, pdf, by=by, at=found.signed_at)


@transaction.atomic
def accept_scan(paper, scan: bytes, *, by) -> Paper:
    """Take the scan of the paper signed by hand; it completes the paper and is marked "ký tay".

    Raises Refused at ``scan`` when it is neither a readable PDF nor a picture, has fewer pages than the paper, or is
    the sealed file itself.
    """
    paper = _sealed(paper, SigningWay.INK)
    data, sealed = scans.as_pdf(scan), queries.read_checked(queries.current_file(paper))
    if (there := scans.pages(data)) < (wanted := scans.pages(sealed)):
        raise Refused(
            f"Bản quét có {there} trang, văn bản có {wanted} trang. Quét đủ các trang vào một tệp PDF.", field="scan"
        )
    if data == sealed:
        raise Refused("Tệp này là bản đã khóa, chưa có chữ ký tay. In ra, ký, quét rồi tải bản quét lên.", field="scan")
    stored = store_file(paper, FileKind.SCAN, data)
    now = timezone.now()
    paper.signers.update(signed_at=now, certificate_name=BY_HAND, file=stored)
    paper = _complete(paper, now)
    record(paper, "paper.scanned", by=by, sha256=stored.sha256)
    return paper


@dataclass(frozen=True)
class Followed:
    """The three ways of signing, each in one transaction with what the owner of the paper does ``after`` it."""

    after: Callable[[Paper], Paper]

    @sensitive_variables()
    @transaction.atomic
    def sign_with_p12(self, paper, role, *, by, **given) -> Paper:
        """``sign_with_p12`` and what follows; raises what it raises."""
        return self.after(sign_with_p12(paper, role, by=by, **given))

    @transaction.atomic
    def accept_signed_upload(self, paper, role, *, by, **given) -> Paper:
        """``accept_signed_upload`` and what follows."""
        return self.after(accept_signed_upload(paper, role, by=by, **given))

    @transaction.atomic
    def accept_scan(self, paper, *, by, **given) -> Paper:
        """``accept_scan`` and what follows."""
        return self.after(accept_scan(paper, by=by, **given))


def _begin(paper, role, way):
    """The locked sealed paper and its signer who has not signed yet."""
    paper = _sealed(paper, way)
    signer = paper.signers.filter(role=role).first()
    if signer is None:
        raise Refused("Văn bản này không có chỗ ký cho vai trò đó.")
    if signer.signed_at:
        raise WrongState(f"Đồng chí {signer.member_name} đã ký văn bản này, không ký lần thứ hai.")
    return paper, signer


def _sealed(paper, way):
    paper = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if paper.state != PaperState.SEALED:
        state = paper.get_state_display()
        raise WrongState(f"Chỉ ký được văn bản đã khóa, đang chờ ký; văn bản này hiện ở trạng thái “{state}”.")
    if paper.way != way:
        raise Refused(f"Văn bản này đã chọn cách ký khác khi khóa: {paper.get_way_display().lower()}.")
    return paper


def _finish(paper, signer, certificate, data, *, by, at):
    """Store the new version, remember who signed with what; the last signature completes the paper."""
    stored = store_file(paper, FileKind.SIGNED, data)
    signer.signed_at, signer.file = at, stored
    signer.certificate_name, signer.certificate_issuer = certificate.name, certificate.issuer
    signer.certificate_serial, signer.valid_until = certificate.serial, certificate.valid_until
    signer.save()
    if paper.is_complete:
        paper = _complete(paper, timezone.now())
    record(paper, "paper.signed", by=by, role=signer.role, sha256=stored.sha256)
    return paper


def _complete(paper, now):
    paper = move(paper, "sign")
    paper.signed_at = now
    paper.save(update_fields=["signed_at"])
    return paper


@sensitive_variables()
def _signed_bytes(previous, role, keys, certificate, now) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
    from pyhanko.stamp import StaticStampStyle

    writer = IncrementalPdfFileWriter(BytesIO(previous))
    meta = PdfSignatureMetadata(field_name=role, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    with NamedTemporaryFile(suffix=".pdf") as stamp:
        stamp.write(_stamp(extension.field_size(writer, role), certificate, now))
        stamp.flush()
        style = StaticStampStyle.from_pdf_file(stamp.name, border_width=0)
        signed = PdfSigner(meta, keys, stamp_style=style).sign_pdf(writer, existing_fields_only=True)
    return signed.getvalue()


def _stamp(size, certificate, now) -> bytes:
    """The visible stamp: a page as large as the field, set in Tinos like the paper."""
    width, height = size
    context = {
        "name": certificate.name,
        "issuer": certificate.issuer,
        "signed_at": timezone.localtime(now),
        "small": len(certificate.name) > 60 or len(certificate.issuer) > 60,
        "page": Page(size=f"{width:.2f}pt {height:.2f}pt", margins=(0, 0, 0, 0), numbered=False),
    }
    return rendering.render("documents/pdf/stamp.html", context, variant=None)
