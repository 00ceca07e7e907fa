"""Small files of every kind, made in memory."""

import zipfile
from functools import cache
from html import escape
from io import BytesIO

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def archive(parts) -> bytes:
    """A zip of ``{name: text or bytes}``."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def docx(*lines, **more) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    xml = f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": xml, **more})


def header(*lines) -> str:
    body = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    return f'<w:hdr xmlns:w="{W}">{body}</w:hdr>'


def xlsx(*cells) -> bytes:
    strings = "".join(f"<si><t>{escape(cell)}</t></si>" for cell in cells)
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": "<workbook/>",
        "xl/sharedStrings.xml": f'<sst xmlns="{S}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}"/>',
    }
    return archive(parts)


def pptx(*lines) -> bytes:
    body = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in lines)
    parts = {
        "[Content_Types].xml": "<Types/>",
        "ppt/presentation.xml": "<presentation/>",
        "ppt/slides/slide1.xml": f'<p:sld xmlns:p="x" xmlns:a="{A}">{body}</p:sld>',
    }
    return archive(parts)


@cache
def pdf(*lines) -> bytes:
    """A PDF whose first page says the lines, one paragraph each; without lines a page with no text (a scan)."""
    from weasyprint import HTML

    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return HTML(string=f'<html lang="vi"><title>x</title><body>{body}</body></html>').write_pdf()


@cache
def locked_pdf() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf("Nội dung"))))
    writer.encrypt("bí mật", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(kind="JPEG", *, gps=False, size=(40, 30)) -> bytes:
    from PIL import Image

    image = Image.new("RGB", size, "white")
    out = BytesIO()
    more = {}
    if gps:
        exif = Image.Exif()
        exif[0x010F] = "Máy ảnh"
        exif[0x8825] = {1: "N", 2: (21.0, 1.0, 42.0)}
        more["exif"] = exif
    image.save(out, kind, **more)
    return out.getvalue()
