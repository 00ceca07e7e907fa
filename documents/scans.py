"""A scan of a paper signed by hand becomes a plain PDF."""

import warnings
from io import BytesIO

from core.errors import Refused

NOT_A_SCAN = "Tệp này không phải bản quét. Chọn tệp PDF, hoặc ảnh chụp JPG, PNG của văn bản đã ký."
UNREADABLE = "Không mở được tệp. Quét lại rồi chọn tệp mới."
TOO_LARGE_PICTURE = "Ảnh quá lớn. Chụp hoặc quét lại ở cỡ nhỏ hơn 40 triệu điểm ảnh."
MAX_PIXELS = 40_000_000
LONG_EDGE = 3508  # A4 at 300 dpi


def as_pdf(data: bytes) -> bytes:
    """PDF bytes of a scan, told by its content and not by its name.

    A PDF is kept byte by byte if it opens and has pages; a picture is drawn anew (position data gone) onto one page.
    Raises Refused at field ``scan``.
    """
    import filetype

    kind = filetype.guess_mime(data)
    if kind == "application/pdf":
        return _checked_pdf(data)
    if kind in ("image/jpeg", "image/png"):
        return _from_picture(data)
    raise Refused(NOT_A_SCAN, field="scan")


def pages(data: bytes) -> int:
    """Number of pages of a readable PDF."""
    from pypdf import PdfReader

    return len(PdfReader(BytesIO(data), strict=False).pages)


def _checked_pdf(data):
    from pypdf import PdfReader

    try:
        reader = PdfReader(BytesIO(data), strict=False)
        readable = not reader.is_encrypted and len(reader.pages) > 0
    except Exception:  # a broken PDF breaks the parser in any way it likes
        readable = False
    if not readable:
        raise Refused(UNREADABLE, field="scan")
    return data


def _from_picture(data):
    from PIL import Image, ImageOps, UnidentifiedImageError

    out = BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise Refused(TOO_LARGE_PICTURE, field="scan")
                upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((LONG_EDGE, LONG_EDGE))
        upright.save(out, format="PDF", resolution=max(upright.size) / 11.69)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError, ValueError) as error:
        raise Refused(UNREADABLE, field="scan") from error
    return out.getvalue()
