"""Is an uploaded PDF our file plus exactly one signature? Pure: bytes in, facts or a refusal out."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.utils import timezone

from core.errors import Refused
from documents.certificates import Certificate, describe, trusted_roots

NOT_EXTENDED = (
    "Tệp tải lên không phải bản nối tiếp của bản đã khóa. Tải lại bản đã khóa từ trang này, ký ngay trên tệp đó "
    "(không in lại, không lưu thành tệp mới) rồi tải lên."
)
UNREADABLE = "Không đọc được phần ký số trong tệp. Ký lại trên bản đã khóa rồi tải lên."
NOT_SIGNED = "Tệp tải lên chưa có thêm chữ ký số nào. Ký vào ô đã dành sẵn rồi tải lên."
TOO_MANY = "Tệp có hơn một chữ ký mới. Mỗi lần tải lên chỉ nhận một chữ ký."
WRONG_FIELD = "Chữ ký không nằm ở ô đã dành cho người ký này. Ký vào đúng ô có tên của đồng chí."
CHANGES_MORE = "Tệp có thay đổi ngoài chữ ký. Chỉ nhận tệp được ký, không sửa, không ghi chú thêm."
BROKEN = "Chữ ký trong tệp không khớp với nội dung văn bản. Ký lại trên bản đã khóa rồi tải lên."
LOCKS_OTHERS = "Chữ ký này khóa văn bản nên người khác không ký được nữa. Ký lại, không chọn khóa văn bản sau khi ký."
UNKNOWN_ROOT = (
    "Chứng thư “{name}” do “{issuer}” cấp, không thuộc các nơi cấp được hệ thống công nhận. "
    "Dùng chứng thư được công nhận, hoặc báo người quản trị thêm nơi cấp."
)


@dataclass(frozen=True)
class Extension:
    """The signature that was added: its certificate and the time the signer's device gave."""

    certificate: Certificate
    signed_at: datetime


def field_size(handler, role) -> tuple[float, float]:
    """Width and height in points of the signature field of a role."""
    from pyhanko.sign.fields import enumerate_sig_fields

    for name, _, reference in enumerate_sig_fields(handler):
        if name == role:
            x1, y1, x2, y2 = (float(edge) for edge in reference.get_object()["/Rect"])
            return abs(x2 - x1), abs(y2 - y1)
    raise LookupError(f"no signature field {role}")


def read_extension(previous: bytes, data: bytes, role: str) -> Extension:
    """The one signature that ``data`` adds to ``previous`` in the field of ``role``.

    Raises Refused at field ``pdf``: not our bytes continued, more changed than the field, a broken signature, one
    that locks out the other signer, or a certificate that does not chain to a configured root.
    """
    if not data.startswith(previous):
        raise _refusal(NOT_EXTENDED)
    if len(data) == len(previous):
        raise _refusal(NOT_SIGNED)
    try:
        return _read(previous, data, role)
    except Refused:
        raise
    except Exception as error:  # a hostile file makes the parser fail in many ways; none of them is ours to tell
        raise _refusal(UNREADABLE) from error


def _read(previous, data, role):
    from pyhanko.pdf_utils.reader import PdfFileReader

    before, after = PdfFileReader(BytesIO(previous)), PdfFileReader(BytesIO(data))
    new = after.embedded_signatures[len(before.embedded_signatures) :]
    if not new:
        raise _refusal(NOT_SIGNED)
    if len(new) > 1:
        raise _refusal(TOO_MANY)
    if new[0].field_name != role:
        raise _refusal(WRONG_FIELD)
    _require_open(new[0])
    _require_only_field(before, after, role)
    status = _validate(new[0])
    certificate = describe(new[0].signer_cert)
    if not status.trusted:
        raise _refusal(UNKNOWN_ROOT.format(name=certificate.name, issuer=certificate.issuer))
    return Extension(certificate, status.signer_reported_dt or timezone.now())


def _require_only_field(before, after, role):
    """The revisions of ``before`` stand unchanged below the new ones, which fill the field of the role only."""
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel

    last = before.xrefs.total_revisions - 1
    if after.xrefs.total_revisions <= last + 1:
        raise _refusal(NOT_EXTENDED)
    if after.xrefs.get_startxref_for_revision(last) != before.xrefs.get_startxref_for_revision(last):
        raise _refusal(NOT_EXTENDED)
    difference = DEFAULT_DIFF_POLICY.review_file(after, last)
    if not isinstance(difference, DiffResult) or difference.modification_level > ModificationLevel.FORM_FILLING:
        raise _refusal(CHANGES_MORE)
    if difference.changed_form_fields - {role}:
        raise _refusal(CHANGES_MORE)


def _require_open(signature):
    """A certification or a field lock would shut out the second signer."""
    if signature.docmdp_level is not None or signature.fieldmdp is not None:
        raise _refusal(LOCKS_OTHERS)


def _validate(signature):
    from pyhanko.sign.validation import KeyUsageConstraints, validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    usage = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
    context = ValidationContext(trust_roots=trusted_roots(), allow_fetching=False)
    status = validate_pdf_signature(signature, context, key_usage_settings=usage)
    if not (status.intact and status.valid) or status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise _refusal(BROKEN)
    return status


def _refusal(sentence) -> Refused:
    return Refused(sentence, field="pdf")
