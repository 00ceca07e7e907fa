"""Looks into Office files (DOCX, XLSX, PPTX) as zip archives, within limits; runs nothing, resolves nothing."""

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from core.errors import Refused

MAX_ENTRIES = 5_000
MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 250  # of one entry over a megabyte; XML of a long table packs about 1:40
MAX_TEXT_PART = 30 * 1024 * 1024
MAX_TYPES = 1024 * 1024  # the list of parts is parsed whole
MAX_NODES = 100_000  # beginnings and ends of elements read of one part
FIRST_PAGE = 3_000  # characters read as "the first page": these formats have no pages before they are laid out

MAIN_PARTS = {
    "wordprocessingml.document.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "presentationml.presentation.main+xml": "pptx",
}
BROKEN = "Tệp hỏng hoặc không phải tệp Word, Excel, PowerPoint. Đồng chí mở lại, lưu thành tệp mới rồi tải lên."
TOO_BIG = "Tệp nén chứa quá nhiều dữ liệu so với kích thước, không mở được an toàn. Đồng chí lưu lại thành tệp mới."
MACRO = "Tệp có chương trình chạy kèm (macro). Đồng chí lưu lại thành .docx, .xlsx hoặc .pptx không kèm macro."
LOCKED = "Tệp được đặt mật khẩu. Đồng chí bỏ mật khẩu rồi tải lên."


def look(data: bytes) -> tuple[str, str]:
    """(extension, text of the beginning) of an Office file; raises Refused for anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_limits(archive)
            extension = _kind(archive)
            return extension, _beginning(archive, extension)
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, DefusedXmlException, KeyError, EOFError,
            NotImplementedError, UnicodeError, RuntimeError) as error:  # fmt: skip
        raise Refused(BROKEN, field="file") from error


def _check_limits(archive):
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Refused(TOO_BIG, field="file")
    for entry in entries:
        if entry.flag_bits & 1:
            raise Refused(LOCKED, field="file")
        if entry.file_size > 1024 * 1024 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Refused(TOO_BIG, field="file")
        path = PurePosixPath(entry.filename)
        if path.is_absolute() or ".." in path.parts:
            raise Refused(BROKEN, field="file")
        if path.name.lower().startswith("vbaproject"):
            raise Refused(MACRO, field="file")


def _read(archive, name, limit) -> bytes:
    """One part, never more than the limit (bytes): the size in the header may lie."""
    with archive.open(name) as part:
        data = part.read(limit + 1)
    if len(data) > limit:
        raise Refused(TOO_BIG, field="file")
    return data


def _kind(archive) -> str:
    types = ElementTree.fromstring(_read(archive, "[Content_Types].xml", MAX_TYPES))
    declared = [node.get("ContentType", "") for node in types]
    if any("macroEnabled" in mime for mime in declared):
        raise Refused(MACRO, field="file")
    for mime in declared:
        for ending, extension in MAIN_PARTS.items():
            if mime.endswith(ending):
                return extension
    raise Refused(BROKEN, field="file")


def _beginning(archive, extension) -> str:
    patterns = {
        "docx": r"word/(header\d*|document)\.xml",
        "xlsx": r"xl/sharedStrings\.xml|xl/worksheets/sheet1\.xml",
        "pptx": r"ppt/slides/slide1\.xml",
    }
    wanted = [name for name in archive.namelist() if re.fullmatch(patterns[extension], name)][:8]
    return "\n".join(_text(archive, name) for name in wanted)


def _text(archive, name) -> str:
    """The text of the first page of a part, one paragraph or cell a line; nothing behind it is parsed."""
    found, length = [], 0
    nodes = ElementTree.iterparse(io.BytesIO(_read(archive, name, MAX_TEXT_PART)), events=("start", "end"))
    for _, (event, node) in zip(range(MAX_NODES), nodes, strict=False):
        tag = node.tag.rpartition("}")[2]
        if event == "start":
            found += "\n" if tag in ("p", "si", "is", "br", "tab") else ""
            continue
        if tag == "t" and node.text:
            found.append(node.text)
            length += len(node.text)
        node.clear()
        if length > FIRST_PAGE:
            break
    return "".join(found)[:FIRST_PAGE].strip()
