"""Uploads are judged by content: what is let in, each refusal, and the marks of secret papers (DESIGN §1, §8)."""

import io
import time
import zipfile
import zlib

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin
from pypdf.generic import DictionaryObject, NameObject, StreamObject
from weasyprint import HTML

from core import office, sniffing
from core.errors import Refused
from core.sniffing import inspect, inspect_upload, safe_name, secrecy_mark

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
    "dotx": "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
}
PARTS = {
    "docx": ("word/document.xml", "<w:document xmlns:w='w'><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:document>"),
    "xlsx": ("xl/sharedStrings.xml", "<sst xmlns='s'><si><t>{}</t></si></sst>"),
    "pptx": ("ppt/slides/slide1.xml", "<p:sld xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sld>"),
}  # fmt: skip


def packed(kind, text="Dự thảo nghị quyết", extra=(), declared=None):
    name, part = PARTS.get(kind, PARTS["docx"])
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        mime = declared or TYPES[kind]
        archive.writestr("[Content_Types].xml", f'<Types xmlns="t"><Override ContentType="{mime}"/></Types>')
        archive.writestr(name, part.format(text))
        for entry, data in extra:
            archive.writestr(entry, data)
    return target.getvalue()


def pdf(body="Chương trình sinh hoạt", pages=1):
    sheets = "".join(f"<section style='break-after:page'>{body}</section>" for _ in range(pages - 1)) + f"<p>{body}</p>"
    return HTML(string=f"<html lang=vi><meta charset=utf-8><title>t</title><body>{sheets}</body></html>").write_pdf()


def picture(kind, mode="RGB", size=(20, 10), **options):
    target = io.BytesIO()
    Image.new(mode, size, "red").save(target, kind, **options)
    return target.getvalue()


def refusal(name, data):
    with pytest.raises(Refused) as caught:
        inspect(name, data)
    assert caught.value.field == "file"
    return caught.value.message


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
def test_office_files_are_let_in_with_their_first_words(kind):
    data = packed(kind)
    checked = inspect(f"Dự thảo.{kind.upper()}", data)
    assert (checked.name, checked.extension, checked.pages) == (f"Dự thảo.{kind.upper()}", kind, 0)
    assert (checked.data, checked.first_page_text) == (data, "Dự thảo nghị quyết")
    assert checked.mime == sniffing.MIMES[kind]


def test_pdf_is_let_in_with_pages_and_first_page():
    checked = inspect("chương trình.pdf", pdf(pages=3))
    assert (checked.mime, checked.pages, checked.first_page_text) == ("application/pdf", 3, "Chương trình sinh hoạt")


def test_a_scan_has_no_text():
    assert inspect("quét.pdf", pdf(body="")).first_page_text == ""


@pytest.mark.parametrize(
    ("kind", "name"), [("JPEG", "a.jpg"), ("JPEG", "a.jpeg"), ("PNG", "a.png"), ("WEBP", "a.webp")]
)
def test_pictures_are_drawn_anew(kind, name):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by the camera
    exif[0x010E] = "Số 12 ngõ 5"
    checked = inspect(name, picture(kind, exif=exif))
    with Image.open(io.BytesIO(checked.data)) as image:
        assert (image.format, image.size, dict(image.getexif())) == (kind, (10, 20), {})
    assert (checked.pages, checked.first_page_text) == (1, "")


def test_png_loses_its_texts_and_keeps_its_transparency():
    words = PngImagePlugin.PngInfo()
    words.add_text("GPS", "21.02,105.85")
    checked = inspect("a.png", picture("PNG", mode="RGBA", pnginfo=words))
    with Image.open(io.BytesIO(checked.data)) as image:
        image.load()
        assert (image.mode, image.info) == ("RGBA", {})


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("a.html", b"<!doctype html><script>1</script>"),
        ("a.png", b"<!doctype html><script>1</script>"),
        ("a.gif", picture("GIF")),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("a.exe", b"MZ" + b"\0" * 100),
        ("a.txt", "Chương trình".encode()),
    ],
)
def test_other_kinds_are_refused(name, data):
    assert refusal(name, data) == (
        "Chỉ nhận tệp PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx) hoặc ảnh (PNG, JPEG, WEBP)."
    )


def test_an_empty_file_is_refused():
    assert refusal("a.pdf", b"") == "Tệp rỗng, không có nội dung. Đồng chí chọn lại tệp."


def test_more_than_20_mb_is_refused():
    sentence = "Tệp lớn hơn 20 MB. Đồng chí nén ảnh trong tệp hoặc chia thành nhiều tệp."
    data = b"%PDF-1.7" + b"\0" * sniffing.MAX_BYTES
    assert refusal("a.pdf", data) == sentence
    with pytest.raises(Refused) as caught:
        inspect_upload(SimpleUploadedFile("a.pdf", data))
    assert caught.value.message == sentence


@pytest.mark.parametrize(
    ("name", "data", "claimed", "real"),
    [
        ("a.pdf", packed("docx"), "pdf", "docx"),
        ("a.jpg", picture("PNG"), "jpg", "png"),
        ("a.docx", pdf(), "docx", "pdf"),
        ("a.xlsx", packed("docx"), "xlsx", "docx"),
    ],
)
def test_a_name_that_does_not_agree_is_refused(name, data, claimed, real):
    assert refusal(name, data) == (
        f"Tên tệp ghi .{claimed} nhưng nội dung là .{real}. Đồng chí đặt đúng tên tệp rồi tải lên."
    )


def test_a_name_without_an_ending_is_refused():
    assert refusal("tài liệu", pdf()) == (
        "Tên tệp “tài liệu” không có đuôi được nhận. "
        "Chỉ nhận tệp PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx) hoặc ảnh (PNG, JPEG, WEBP)."
    )


def test_a_broken_pdf_is_refused():
    assert refusal("a.pdf", b"%PDF-1.7\nnothing") == (
        "Không đọc được tệp PDF này. Đồng chí xuất lại PDF từ máy rồi tải lên."
    )


def test_a_locked_pdf_is_refused():
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("mat-khau", algorithm="AES-128")
    target = io.BytesIO()
    writer.write(target)
    assert refusal("a.pdf", target.getvalue()) == "Tệp được đặt mật khẩu. Đồng chí bỏ mật khẩu rồi tải lên."


def test_a_pdf_without_pages_is_refused():
    target = io.BytesIO()
    pypdf.PdfWriter().write(target)
    assert refusal("a.pdf", target.getvalue()) == "Tệp PDF không có trang nào. Đồng chí chọn lại tệp."


@pytest.mark.parametrize(
    "data",
    [
        packed("docx", declared=TYPES["dotx"]),
        packed("docx", declared="text/plain"),
        packed("docx")[:-40],
        b"PK\x03\x04" + b"\0" * 200,
        packed("docx", extra=[("../../etc/x", "1")]),
        packed("docx", text='<!DOCTYPE x [<!ENTITY a "b">]>'),
    ],
    ids=["template", "no office", "cut off", "no zip", "climbing name", "entities"],
)
def test_a_broken_office_file_is_refused(data):
    assert refusal("a.docx", data) == office.BROKEN


def test_entities_in_a_part_are_refused():
    """Billion laughs: entity declarations are never expanded."""
    part = '<!DOCTYPE d [<!ENTITY a "aaaa">]><w:document xmlns:w="w"><w:p><w:t>&a;</w:t></w:p></w:document>'
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="t"><Override ContentType="{TYPES["docx"]}"/></Types>')
        archive.writestr("word/document.xml", part)
    assert refusal("a.docx", target.getvalue()) == office.BROKEN


@pytest.mark.parametrize(
    "data",
    [packed("docx", declared=TYPES["docm"]), packed("docx", extra=[("word/vbaProject.bin", "x")])],
    ids=["declared", "carried"],
)
def test_macros_are_refused(data):
    assert refusal("a.docx", data) == office.MACRO


def test_a_zip_bomb_is_refused():
    assert refusal("a.docx", packed("docx", extra=[("word/media/x.bin", b"\0" * 20_000_000)])) == office.TOO_BIG


def test_a_document_of_countless_empty_paragraphs_is_read_at_once():
    """Only the first page is parsed, in one pass: 300.000 paragraphs in front of it must not hold a worker."""
    words = "</w:t></w:r></w:p>" + "".join(f'<w:p id="{n * n}"/>' for n in range(300_000)) + "<w:p><w:r><w:t>"
    before = time.process_time()
    assert inspect("a.docx", packed("docx", words)).first_page_text == ""
    assert time.process_time() - before < 3


def laborious_pdf(count):
    """One page that writes one letter ``count`` times: some kilobytes, packed."""
    stream = zlib.compress(b"BT /F1 12 Tf (a) Tj ET " * count)
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(200, 200)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject()})
    content = StreamObject()
    content._data = stream
    content[NameObject("/Filter")] = NameObject("/FlateDecode")
    page[NameObject("/Contents")] = writer._add_object(content)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_a_first_page_too_laborious_to_read_is_treated_as_a_scan():
    """Parsing it to the end would take minutes and gigabytes; a person confirms what it is."""
    before = time.process_time()
    checked = inspect("a.pdf", laborious_pdf(500_000))
    assert (checked.pages, checked.first_page_text) == (1, "")
    assert time.process_time() - before < 5


def test_a_gigantic_list_of_parts_is_refused():
    declared = f'{TYPES["docx"]}"/>' + "<Default/>" * 110_000 + '<Default Extension="'
    assert refusal("a.docx", packed("docx", declared=declared)) == office.TOO_BIG


def test_too_many_entries_are_refused():
    many = [(f"word/media/{number}.txt", "") for number in range(office.MAX_ENTRIES)]
    assert refusal("a.docx", packed("docx", extra=many)) == office.TOO_BIG


def test_a_broken_picture_is_refused():
    assert (
        refusal("a.png", picture("PNG")[:40]) == "Không đọc được ảnh này. Đồng chí chụp hoặc lưu lại ảnh rồi tải lên."
    )


def test_a_gigantic_picture_is_refused():
    data = picture("PNG", mode="1", size=(9000, 9000))
    assert refusal("a.png", data) == "Ảnh quá lớn (trên 40 triệu điểm ảnh). Đồng chí thu nhỏ ảnh rồi tải lên."


@pytest.mark.parametrize("mark", ["Mật", "Tối mật", "Tuyệt mật"])
@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_secret_papers_are_refused_by_their_first_page(kind, mark):
    """The house holds nothing secret, whatever the uploader says (DESIGN §1)."""
    words = mark.upper()
    data = packed("docx", words) if kind == "docx" else pdf(f"<p>{words}</p><p>BÁO CÁO</p>")
    assert refusal(f"a.{kind}", data) == (
        f"Tài liệu có dấu “{mark}”. Hệ thống này không nhận tài liệu mật; "
        "đồng chí trình bày trực tiếp theo quy định bảo mật."
    )


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("MẬT", "Mật"),
        ("(MẬT)", "Mật"),
        ("Mật\nBáo cáo", "Mật"),
        ("M Ậ T", "Mật"),
        ("ĐẢNG BỘ PHƯỜNG MẬT", "Mật"),  # the columns of a heading read as one line
        ("Độ mật: Mật", "Mật"),
        ("TỐI MẬT", "Tối mật"),
        ("Độ mật: Tối mật", "Tối mật"),
        ("ĐỘ MẬT: TUYỆT  MẬT", "Tuyệt mật"),
        ("MẬT\nTUYỆT MẬT", "Tuyệt mật"),
        ("", ""),
        ("LUẬT BẢO VỆ BÍ MẬT NHÀ NƯỚC", ""),
        ("Tuyên truyền Luật Bảo vệ bí\nmật.", ""),
        ("CÔNG TÁC BẢO MẬT", ""),
        ("MẬT ĐỘ DÂN CƯ", ""),
        ("Mật khẩu\nnuôi ong lấy mật", ""),
        ("Không lưu tài liệu tối mật trên máy nối mạng", ""),
    ],
)
def test_secrecy_mark(text, mark):
    assert secrecy_mark(text) == mark


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("C:\\Tai lieu\\Báo cáo.docx", "Báo cáo.docx"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\u202efdp.exe", "a fdp.exe"),
        ('b"<á>.pdf', "b á .pdf"),
        ("x" * 300 + ".pdf", "x" * 140 + ".pdf"),
        ("", "tep"),
    ],
)
def test_safe_name(name, safe):
    assert safe_name(name) == safe
