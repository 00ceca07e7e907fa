"""The life of an official paper: draft, adopted, sealed, signed; a sealed paper nobody has signed can be withdrawn."""

from django.db import models

from core.states import Look, Move


class PaperState(models.TextChoices):
    DRAFT = "draft", "Dự thảo"
    ADOPTED = "adopted", "Đã thông qua"
    SEALED = "sealed", "Chờ ký"
    SIGNED = "signed", "Đã ký"
    WITHDRAWN = "withdrawn", "Đã hủy"


class PaperType(models.TextChoices):
    MINUTES = "minutes", "Biên bản"
    RESOLUTION = "resolution", "Nghị quyết"


class SignerRole(models.TextChoices):
    CLERK = "clerk", "Thư ký"
    CHAIR = "chair", "Chủ trì"
    SECRETARY = "secretary", "Người ký"
    # records of the fee book: an audit (up to three inspectors), a hand-over
    INSPECTOR = "inspector", "Tổ trưởng kiểm tra"
    INSPECTOR_2 = "inspector2", "Người kiểm tra"
    INSPECTOR_3 = "inspector3", "Người kiểm tra"
    COLLECTOR = "collector", "Người thu đảng phí"
    GIVER = "giver", "Bên giao"
    RECEIVER = "receiver", "Bên nhận"


class SigningWay(models.TextChoices):
    P12 = "p12", "Ký bằng tệp chứng thư trên trang này"
    UPLOAD = "upload", "Tải về, ký bằng thiết bị ký số, tải lên"
    INK = "ink", "In ra, ký tay, quét lại"


class FileKind(models.TextChoices):
    SEALED = "sealed", "Bản đã khóa"
    SIGNED = "signed", "Bản ký số"
    SCAN = "scan", "Bản quét chữ ký tay"


# Order in which signatures are printed, from left to right: clerk left, chair right (DOMAIN §2.6).
# Of a record of two sides, who was audited or hands over stands left.
PRINT_ORDER = (
    SignerRole.CLERK,
    SignerRole.CHAIR,
    SignerRole.SECRETARY,
    SignerRole.COLLECTOR,
    SignerRole.INSPECTOR_3,
    SignerRole.INSPECTOR_2,
    SignerRole.INSPECTOR,
    SignerRole.GIVER,
    SignerRole.RECEIVER,
)
OFFICIAL = (PaperState.SEALED, PaperState.SIGNED)
IN_FORCE = (PaperState.ADOPTED, *OFFICIAL)  # passed, and not withdrawn since


def nobody_signed(paper) -> bool:
    """Only an unsigned paper may be withdrawn; afterwards only a signed addendum corrects it."""
    return not paper.has_signatures


def everybody_signed(paper) -> bool:
    """The paper is signed when its last signer has signed."""
    return paper.is_complete


MOVES = {
    "adopt": Move("Ghi nhận đã thông qua", (PaperState.DRAFT,), PaperState.ADOPTED),
    "seal": Move(
        "Khóa văn bản để ký",
        (PaperState.ADOPTED,),
        PaperState.SEALED,
        question="Khóa văn bản để ký",
        effect="Sau khi khóa, nội dung không sửa được nữa.",
    ),
    "sign": Move("Ký văn bản", (PaperState.SEALED,), PaperState.SIGNED, when=everybody_signed),
    "withdraw": Move(
        "Hủy văn bản",
        (PaperState.SEALED,),
        PaperState.WITHDRAWN,
        when=nobody_signed,
        question="Hủy văn bản đã khóa",
        effect="Số văn bản giữ nguyên và ghi là hủy; văn bản làm lại mang số tiếp theo.",
        risk=True,
    ),
}

STATE_UI = {
    PaperState.DRAFT: Look("Dự thảo", "line", "pencil"),
    PaperState.ADOPTED: Look("Đã thông qua", "info", "check-lg"),
    PaperState.SEALED: Look("Chờ ký", "warn", "pen"),
    PaperState.SIGNED: Look("Đã ký", "ok", "check-lg"),
    PaperState.WITHDRAWN: Look("Đã hủy", "line", "x-lg"),
}
