"""What an uploaded paper really is, told by its content and never by its name. Pure: bytes in, facts out.

Allowed are PDF, DOCX, XLSX, PPTX and pictures up to 20 MB. Pictures are drawn anew, so that nothing hidden (place,
camera) comes along. A paper marked Mật, Tối mật or Tuyệt mật on its first page is refused: such papers may not be held
here (38-HD, DOMAIN §2.5).
"""

import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from core.errors import Refused
from meetings import office, secrecy

LIMIT = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
KINDS = {
    "pdf": ("PDF", "application/pdf"),
    "docx": ("DOCX (Word)", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("XLSX (Excel)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pptx": ("PPTX (PowerPoint)", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "png": ("ảnh PNG", "image/png"),
    "jpg": ("ảnh JPG", "image/jpeg"),
    "webp": ("ảnh WEBP", "image/webp"),
}
SAME = {"jpeg": "jpg"}
PICTURES = ("png", "jpg", "webp")
ALLOWED_WORDS = "PDF, DOCX, XLSX, PPTX hoặc ảnh PNG, JPG, WEBP"
BROKEN = "Không mở được tệp, có thể tệp bị hỏng. Lưu lại từ chương trình đã soạn rồi chọn tệp mới."
LOCKED = "Tệp có đặt mật khẩu nên không xem được. Bỏ mật khẩu rồi chọn lại tệp."


@dataclass(frozen=True)
class Sniffed:
    """A checked file: the bytes to store, its kind, MIME type, number of pages (PDF) and whether text was found."""

    data: bytes
    kind: str
    mime: str
    pages: int | None
    has_text: bool


def inspect(data: bytes, filename: str) -> Sniffed:
    """Check one upload. Raises Refused at field ``upload`` with a sentence that says what to do."""
    if not data:
        raise _refused("Tệp trống, không có nội dung. Chọn tệp khác.")
    if len(data) > LIMIT:
        raise _refused(f"Tệp nặng {len(data) / 1048576:.0f} MB, lớn hơn 20 MB. Giảm dung lượng rồi chọn lại.")
    kind = kind_of(data)
    _check_name(kind, filename)
    pages, text = None, ""
    if kind == "pdf":
        pages, text = _pdf(data)
    elif kind in PICTURES:
        data = _redrawn(data, kind)
    else:
        text = office.first_page(data, kind)
    if mark := secrecy.mark_in(text):
        raise _refused(secrecy.sentence(mark))
    return Sniffed(data, kind, KINDS[kind][1], pages, bool(text.strip()))


def kind_of(data: bytes) -> str:
    """ "pdf", "docx", "xlsx", "pptx", "png", "jpg", "webp"; raises Refused for anything else."""
    import filetype

    head = data[:1024].lstrip().lower()
    if head.startswith((b"<svg", b"<!doctype html", b"<html")) or b"<svg" in head:
        raise _refused(f"Không nhận tệp SVG, HTML vì có thể chứa mã chạy được. Chọn tệp {ALLOWED_WORDS}.")
    if data[:5] == b"%PDF-":
        return "pdf"
    if data[:8] == office.OLD_OFFICE:
        raise _refused("Tệp Word, Excel, PowerPoint kiểu cũ hoặc có mật khẩu. Lưu lại thành DOCX, XLSX, PPTX hay PDF.")
    if data[:4] == b"PK\x03\x04":
        return office.kind_of(data)
    found = filetype.guess(data)
    extension = found.extension if found else ""
    if extension not in PICTURES:
        raise _refused(f"Tệp không thuộc loại được nhận. Chọn tệp {ALLOWED_WORDS}.")
    return extension


def _check_name(kind, filename):
    ending = PurePath(filename).suffix.lower().lstrip(".")
    ending = SAME.get(ending, ending)
    if ending == kind:
        return
    said = KINDS[ending][0] if ending in KINDS else f"“.{ending}”" if ending else "loại"
    raise _refused(f"Tệp không đúng là {said} như tên tệp nói: nội dung là {KINDS[kind][0]}. Kiểm tra rồi chọn lại.")


def _pdf(data) -> tuple[int, str]:
    """Number of pages and the text of the first."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise _refused(LOCKED)
        return len(reader.pages), reader.pages[0].extract_text() or ""
    except Refused:
        raise
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise _refused(BROKEN) from error


def _redrawn(data, kind) -> bytes:
    """The picture drawn anew: upright, without EXIF, GPS, comments or anything behind its end."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    out = BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data)) as picture:
                picture.verify()  # leaves the picture unusable, hence opened again
            with Image.open(BytesIO(data)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise _refused("Ảnh quá lớn. Chụp hoặc lưu lại ở cỡ nhỏ hơn 50 triệu điểm ảnh.")
                upright = ImageOps.exif_transpose(picture)
                clean = Image.new("RGBA" if "A" in upright.getbands() and kind != "jpg" else "RGB", upright.size)
                clean.paste(upright.convert(clean.mode))
        clean.save(out, format={"jpg": "JPEG"}.get(kind, kind.upper()), **({} if kind == "png" else {"quality": 88}))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError, ValueError) as error:
        raise _refused(BROKEN) from error
    return out.getvalue()


def _refused(sentence) -> Refused:
    return Refused(sentence, field="upload")
