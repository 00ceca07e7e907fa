"""Looking into Office files (OOXML): zipped XML, with limits on what a small file may unpack to. Pure."""

import re
import zipfile
from io import BytesIO

from core.errors import Refused

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # compound file: old formats, and new ones behind a password
MAX_ENTRIES = 3000
MAX_PLAIN = 150 * 1024 * 1024
MAX_RATIO = 200
MAX_PART = 8 * 1024 * 1024
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
BROKEN = "Không mở được tệp, có thể tệp bị hỏng. Lưu lại từ chương trình đã soạn rồi chọn tệp mới."
BOMB = "Tệp nén quá nhiều nội dung bên trong nên không nhận. Lưu lại thành PDF rồi chọn tệp mới."
NOT_OFFICE = "Tệp nén không phải DOCX, XLSX, PPTX. Giải nén rồi chọn từng tài liệu."
MACROS = "Tệp có mã lệnh (macro) nên không nhận. Lưu lại thành DOCX, XLSX, PPTX hay PDF."


def _refused(sentence):
    return Refused(sentence, field="upload")


def _open(data) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _refused(BROKEN) from error
    entries = archive.infolist()
    plain = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if len(entries) > MAX_ENTRIES or plain > MAX_PLAIN or (plain > MAX_PART and plain / packed > MAX_RATIO):
        raise _refused(BOMB)
    return archive


def kind_of(data) -> str:
    """ "docx", "xlsx" or "pptx"; raises Refused for other archives, for macros and for what unpacks too far."""
    names = set(_open(data).namelist())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _refused(MACROS)
    if "[Content_Types].xml" in names:
        for kind, part in MAIN.items():
            if part in names:
                return kind
    raise _refused(NOT_OFFICE)


def _xml(archive, name):
    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    try:
        info = archive.getinfo(name)
        if info.file_size > MAX_PART * 4:
            raise _refused(BOMB)
        with archive.open(info) as part:
            return ElementTree.parse(part).getroot()
    except KeyError:
        return None
    except (ElementTree.ParseError, DefusedXmlException, zipfile.BadZipFile, OSError, RuntimeError, ValueError,
            NotImplementedError, EOFError) as error:  # fmt: skip
        raise _refused(BROKEN) from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise _refused(BROKEN) from error
        raise


def _lines(root, paragraph, text):
    """One line per paragraph element: its text runs joined (namespaces ignored)."""
    for element in root.iter():
        if element.tag.rsplit("}", 1)[-1] == paragraph:
            yield "".join(run.text or "" for run in element.iter() if run.tag.rsplit("}", 1)[-1] == text)


def first_page(data, kind) -> str:
    """Text of the first page, sheet or slide, one paragraph or cell a line; headers of a DOCX belong to it."""
    archive = _open(data)
    if kind == "docx":
        names = ["word/document.xml", *_some(archive, r"word/header\d*\.xml")]
        roots = [(_xml(archive, name), "p", "t") for name in names]
    elif kind == "pptx":
        roots = [(_xml(archive, _some(archive, r"ppt/slides/slide\d+\.xml", "ppt/slides/slide1.xml")[0]), "p", "t")]
    else:
        roots = [(_xml(archive, "xl/sharedStrings.xml"), "si", "t")]
        roots += [(_xml(archive, name), "is", "t") for name in _some(archive, r"xl/worksheets/sheet\d+\.xml")[:1]]
    return "\n".join(line for root, *tags in roots if root is not None for line in _lines(root, *tags))


def _some(archive, pattern, default="") -> list[str]:
    """Names that match, by their number; ``default`` when there is none."""
    found = [name for name in archive.namelist() if re.fullmatch(pattern, name)]
    found.sort(key=lambda name: int(re.sub(r"\D", "", name) or 0))
    return found or ([default] if default else [])
