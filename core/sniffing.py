"""What an uploaded file really is: judged by its content, never by its name.

Allowed are PDF, DOCX, XLSX, PPTX, PNG, JPEG, WEBP up to 20 MB. Every refusal is a Refused at the field ``file``.
"""

import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

import filetype
import pypdf
from PIL import Image, ImageOps

from core import office
from core.errors import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000
PDF_LIMITS = pypdf.Configuration(  # so that a small file cannot hold a worker or fill its memory
    zlib_maximum_output_length=20_000_000,
    lzw_maximum_output_length=20_000_000,
    stream_parsing_work_maximum_count=200_000,
    xform_maximum_invocations_per_extraction=200,
)
ACCEPT = ".pdf,.docx,.xlsx,.pptx,.png,.jpg,.jpeg,.webp"  # for the file input
MIMES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
}
IMAGES = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
SAME = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg"}
TOO_LARGE = "Tệp lớn hơn 20 MB. Đồng chí nén ảnh trong tệp hoặc chia thành nhiều tệp."
ALLOWED_WORDS = "Chỉ nhận tệp PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx) hoặc ảnh (PNG, JPEG, WEBP)."


@dataclass(frozen=True)
class Checked:
    """A file that may be stored: ``data`` are the bytes to store (images re-encoded), ``name`` a safe file name.

    ``pages`` is the number of pages of a PDF, 1 for an image, 0 where the format has none. ``first_page_text`` is
    empty for images and for scans: nobody but a person can say what these are.
    """

    name: str
    mime: str
    extension: str
    data: bytes
    pages: int = 0
    first_page_text: str = ""


def inspect_upload(upload, field="file", *, one_of_many=False) -> Checked:
    """``inspect`` for an uploaded file of the form's ``field``; one that is too large is not read.

    Raises Refused at that field; with ``one_of_many`` the sentence names the file.
    """
    try:
        if upload.size > MAX_BYTES:
            raise Refused(TOO_LARGE)
        upload.seek(0)
        return inspect(upload.name, upload.read())
    except Refused as refusal:
        words = f"{upload.name}: {refusal.message}" if one_of_many else refusal.message
        raise Refused(words, field=field) from refusal


def inspect(name: str, data: bytes) -> Checked:
    """Judge an upload by its content; raises Refused(field="file")."""
    if not data:
        raise Refused("Tệp rỗng, không có nội dung. Đồng chí chọn lại tệp.", field="file")
    if len(data) > MAX_BYTES:
        raise Refused(TOO_LARGE, field="file")
    name = safe_name(name)
    extension = _kind(data)
    pages, text = 0, ""
    if extension == "pdf":
        pages, text = _pdf(data)
    elif extension in IMAGES:
        pages, data = 1, _clean_image(data, extension)
    else:
        extension, text = office.look(data)
    _check_name(name, extension)
    if mark := secrecy_mark(text):
        raise Refused(f"Tài liệu có dấu “{mark}”. Hệ thống này không nhận tài liệu mật; "
                      "đồng chí trình bày trực tiếp theo quy định bảo mật.", field="file")  # fmt: skip
    return Checked(name, MIMES[extension], extension, data, pages, text)


def safe_name(name: str) -> str:
    """The last part of a file name, without control and direction characters, at most 150 characters."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(" " if unicodedata.category(ch)[0] in "CZ" else ch for ch in name)
    path = PurePath(" ".join(re.sub(r'[<>:"|?*]', " ", name).split()) or "tep")
    return f"{path.stem[:140]}{path.suffix[:10]}"


def _kind(data) -> str:
    guess = filetype.guess(data[:8192])
    mime = guess.mime if guess else ""
    for extension in ("pdf", *IMAGES):
        if mime == MIMES[extension]:
            return extension
    if data[:4] == b"PK\x03\x04":
        return "office"
    raise Refused(ALLOWED_WORDS, field="file")


def _check_name(name, extension):
    ending = PurePath(name).suffix.lower().lstrip(".")
    ending = SAME.get(ending, ending)
    if ending not in MIMES:
        raise Refused(f"Tên tệp “{name}” không có đuôi được nhận. {ALLOWED_WORDS}", field="file")
    if ending != extension:
        raise Refused(
            f"Tên tệp ghi .{ending} nhưng nội dung là .{extension}. Đồng chí đặt đúng tên tệp rồi tải lên.",
            field="file",
        )


def _pdf(data) -> tuple[int, str]:
    """(number of pages, text of the first page); a first page too laborious to read has no text, as a scan has none."""
    try:
        with pypdf.apply_configuration(PDF_LIMITS):
            reader = pypdf.PdfReader(io.BytesIO(data))
            if reader.is_encrypted and not reader.decrypt(""):
                raise Refused(office.LOCKED, field="file")
            pages = len(reader.pages)
            text = _first_text(reader.pages[0]) if pages else ""
    except Refused:
        raise
    except Exception as error:  # a broken PDF breaks the parser in any way it likes
        raise Refused("Không đọc được tệp PDF này. Đồng chí xuất lại PDF từ máy rồi tải lên.", field="file") from error
    if not pages:
        raise Refused("Tệp PDF không có trang nào. Đồng chí chọn lại tệp.", field="file")
    return pages, unicodedata.normalize("NFC", text).strip()


def _first_text(page) -> str:
    try:
        return page.extract_text()
    except pypdf.errors.LimitReachedError:
        return ""


def _clean_image(data, extension) -> bytes:
    """The picture drawn anew: position, camera and whatever else hides in the file is gone."""
    try:
        with Image.open(io.BytesIO(data), formats=[IMAGES[extension]]) as image:
            image.verify()  # a cut picture is refused even where a library has told Pillow to load such ones
        with Image.open(io.BytesIO(data), formats=[IMAGES[extension]]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Refused("Ảnh quá lớn (trên 40 triệu điểm ảnh). Đồng chí thu nhỏ ảnh rồi tải lên.", field="file")
            picture = ImageOps.exif_transpose(image)
            clear = extension != "jpg" and ("A" in picture.getbands() or "transparency" in picture.info)
            picture = picture.convert("RGBA" if clear else "RGB")
    except Refused:
        raise
    except Exception as error:  # so does a broken picture, its EXIF most of all
        raise Refused("Không đọc được ảnh này. Đồng chí chụp hoặc lưu lại ảnh rồi tải lên.", field="file") from error
    picture.info = {}
    target = io.BytesIO()
    picture.save(target, IMAGES[extension], **({} if extension == "png" else {"quality": 88}))
    return target.getvalue()


CAPITAL_MARK = re.compile(r"(?<![\w.])(TUYỆT\s+MẬT|TỐI\s+MẬT)(?!\w)")
CAPITAL_SECRET = re.compile(r"(?<!\w)(?<!BÍ )(?<!BẢO )(?<!CƠ )(?<!ĐỘ )(?<!TỐI )M\s?Ậ\s?T[\s)\].*]*$")
OWN_LINE = re.compile(r"[\W_]*(?:(?:Độ|Mức độ|ĐỘ) (?:mật|MẬT)\s*:?\s*)?(T(?i:uyệt\s+mật|ối\s+mật)|M(?i:ật))[\W_]*")


def secrecy_mark(text: str) -> str:
    """ "Tuyệt mật", "Tối mật" or "Mật" if the text of a first page carries such a mark, else "".

    A mark stands on a line of its own, or in capitals at the end of one (extractors join the columns of a
    heading). "bí mật nhà nước", "bảo mật", "MẬT ĐỘ", "mật ong" are no marks.
    """
    found = set()
    for line in unicodedata.normalize("NFC", text).splitlines():
        line = " ".join(line.split())
        if match := OWN_LINE.fullmatch(line) or CAPITAL_MARK.search(line):
            found.add(" ".join(match.group(1).split()).capitalize())
        elif CAPITAL_SECRET.search(line):
            found.add("Mật")
    return next((mark for mark in ("Tuyệt mật", "Tối mật", "Mật") if mark in found), "")
