"""What a file is, told by its content; marks of secrecy on the first page. No database."""

from io import BytesIO

import pytest
from PIL import Image

from core.errors import Refused
from meetings import secrecy, sniffing
from tests.meetings import files


def refused(data, name):
    with pytest.raises(Refused) as refusal:
        sniffing.inspect(data, name)
    assert refusal.value.field == "upload"
    return refusal.value.message


TEXT = "Báo cáo kết quả tháng mười một"


class TestKinds:
    @pytest.mark.parametrize(
        ("name", "make", "kind"),
        [
            ("a.pdf", lambda: files.pdf(TEXT), "pdf"),
            ("A.PDF", lambda: files.pdf(TEXT), "pdf"),
            ("a.docx", lambda: files.docx(TEXT), "docx"),
            ("a.xlsx", lambda: files.xlsx(TEXT), "xlsx"),
            ("a.pptx", lambda: files.pptx(TEXT), "pptx"),
            ("a.png", lambda: files.picture("PNG"), "png"),
            ("a.jpg", lambda: files.picture("JPEG"), "jpg"),
            ("a.jpeg", lambda: files.picture("JPEG"), "jpg"),
            ("a.webp", lambda: files.picture("WEBP"), "webp"),
        ],
    )
    def test_allowed(self, name, make, kind):
        found = sniffing.inspect(make(), name)
        assert (found.kind, found.mime) == (kind, sniffing.KINDS[kind][1])

    def test_pages_and_text_of_a_pdf(self):
        found = sniffing.inspect(files.pdf(TEXT), "a.pdf")
        assert (found.pages, found.has_text) == (1, True)

    def test_scan_has_no_text(self):
        assert sniffing.inspect(files.pdf(), "a.pdf").has_text is False
        assert sniffing.inspect(files.picture(), "a.jpg").has_text is False


class TestNames:
    @pytest.mark.parametrize(
        ("name", "sentence"),
        [
            ("a.docx", "Tệp không đúng là DOCX (Word) như tên tệp nói: nội dung là PDF. Kiểm tra rồi chọn lại."),
            ("a.exe", "Tệp không đúng là “.exe” như tên tệp nói: nội dung là PDF. Kiểm tra rồi chọn lại."),
            ("a", "Tệp không đúng là loại như tên tệp nói: nội dung là PDF. Kiểm tra rồi chọn lại."),
        ],
    )
    def test_the_name_agrees_with_the_content(self, name, sentence):
        assert refused(files.pdf(TEXT), name) == sentence

    def test_word_called_excel(self):
        assert refused(files.docx(TEXT), "a.xlsx").startswith("Tệp không đúng là XLSX (Excel) như tên tệp nói")


class TestRefused:
    @pytest.mark.parametrize(
        "data",
        [
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            b'<?xml version="1.0"?>\n<svg onload="x"/>',
            b"<!DOCTYPE html><p>x",
            b"  <html><script>",
        ],
    )
    def test_what_can_run(self, data):
        assert refused(data, "a.png").startswith("Không nhận tệp SVG, HTML")

    @pytest.mark.parametrize("data", [b"MZ\x90\x00" + b"\0" * 300, b"chi la chu", b"GIF89a" + b"\0" * 50])
    def test_other_kinds(self, data):
        assert refused(data, "a.pdf").startswith("Tệp không thuộc loại được nhận")

    def test_empty_and_too_big(self):
        assert refused(b"", "a.pdf") == "Tệp trống, không có nội dung. Chọn tệp khác."
        assert refused(b"%PDF-" + b"0" * sniffing.LIMIT, "a.pdf").startswith("Tệp nặng 20 MB, lớn hơn 20 MB")

    def test_password(self):
        assert refused(files.locked_pdf(), "a.pdf") == sniffing.LOCKED

    @pytest.mark.parametrize("data", [b"%PDF-1.7\nhong", b"%PDF-1.7\n%%EOF\n"])
    def test_broken_pdf(self, data):
        assert refused(data, "a.pdf") == sniffing.BROKEN

    def test_broken_archive_and_document(self):
        assert refused(files.docx(TEXT)[:60], "a.docx").startswith("Không mở được tệp")
        broken = files.archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document"})
        assert refused(broken, "a.docx").startswith("Không mở được tệp")

    def test_entities_are_not_expanded(self):
        xml = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><w:document xmlns:w="w">&a;</w:document>'
        bomb = files.archive({"[Content_Types].xml": "<Types/>", "word/document.xml": xml})
        assert refused(bomb, "a.docx").startswith("Không mở được tệp")

    def test_old_office(self):
        assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "a.doc").startswith("Tệp Word, Excel")

    def test_other_zip_and_macros(self):
        assert refused(files.archive({"a.txt": "x"}), "a.zip").startswith("Tệp nén không phải DOCX")
        assert refused(files.docx(TEXT, **{"word/vbaProject.bin": b"x"}), "a.docx").startswith("Tệp có mã lệnh")

    def test_unpacking_too_far(self):
        assert refused(files.docx(TEXT, **{"word/media/a.xml": b"0" * 30_000_000}), "a.docx").startswith("Tệp nén quá")

    def test_truncated_picture(self):
        assert refused(files.picture("PNG")[:60], "a.png") == sniffing.BROKEN


class TestPictures:
    def test_place_and_camera_are_gone(self):
        data = files.picture("JPEG", gps=True)
        assert Image.open(BytesIO(data)).getexif().get_ifd(0x8825)
        clean = sniffing.inspect(data, "a.jpg").data
        assert dict(Image.open(BytesIO(clean)).getexif()) == {}

    def test_what_hides_behind_the_end_is_gone(self):
        data = files.picture("PNG") + b"<script>alert(1)</script>"
        assert b"script" not in sniffing.inspect(data, "a.png").data


class TestSecrecy:
    # DOMAIN §2.5: a paper marked Mật, Tối mật, Tuyệt mật may not be held here
    @pytest.mark.parametrize(
        ("line", "mark"),
        [
            ("MẬT", "MẬT"),
            ("  TỐI MẬT  ", "TỐI MẬT"),
            ("TUYỆT  MẬT", "TUYỆT MẬT"),
            ("[MẬT]", "MẬT"),
            ("Độ mật: thường", ""),
            ("ĐỘ MẬT: TỐI MẬT", "TỐI MẬT"),
            ("ĐẢNG ỦY PHƯỜNG   MẬT   ĐẢNG CỘNG SẢN VIỆT NAM", "MẬT"),
            ("Mật", ""),
            ("bí mật", ""),
            ("BÍ MẬT", ""),
            ("Quy chế bảo mật thông tin", ""),
            ("BẢO VỆ BÍ MẬT NHÀ NƯỚC", ""),
            ("Tài liệu độ Mật không đưa lên mạng", ""),
        ],
    )
    def test_mark_alone_in_capitals(self, line, mark):
        assert secrecy.mark_in(f"Đảng bộ\n{line}\nSố 05") == mark

    def test_heading_broken_in_the_middle_of_the_word_is_no_mark(self):
        assert secrecy.mark_in("QUY CHẾ BẢO VỆ BÍ\nMẬT\nNHÀ NƯỚC") == ""

    def test_decomposed_letters_count_too(self):
        import unicodedata

        assert secrecy.mark_in(unicodedata.normalize("NFD", "TỐI MẬT")) == "TỐI MẬT"

    @pytest.mark.parametrize(
        ("name", "make"),
        [
            ("a.pdf", lambda: files.pdf("ĐẢNG ỦY PHƯỜNG", "MẬT", "Báo cáo")),
            ("a.docx", lambda: files.docx("ĐẢNG ỦY PHƯỜNG", "MẬT", "Báo cáo")),
            ("a.docx", lambda: files.docx("Báo cáo", **{"word/header1.xml": files.header("MẬT")})),
            ("a.xlsx", lambda: files.xlsx("Danh sách", "MẬT")),
            ("a.pptx", lambda: files.pptx("Chuyên đề", "MẬT")),
        ],
    )
    def test_first_page_says_it(self, name, make):
        assert refused(make(), name) == secrecy.sentence("MẬT")

    def test_prose_about_secrecy_is_taken(self):
        text = "Triển khai Luật Bảo vệ bí mật nhà nước; giữ bí mật, bảo mật thông tin"
        assert sniffing.inspect(files.pdf(text), "a.pdf").has_text is True
        assert sniffing.inspect(files.docx(text), "a.docx").has_text is True
