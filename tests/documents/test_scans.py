"""Papers signed by hand: the scan completes them."""

from io import BytesIO

import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from documents import queries
from documents.models import Paper
from documents.services import papers, signing
from members.models import Activity
from tests.documents.conftest import bytes_of, refusal


@pytest.fixture
def ink(adopted, cast, sample):
    return papers.seal_paper(adopted, sample, {"items": []}, way="ink", by=cast.by)


def picture(kind):
    out = BytesIO()
    Image.new("RGB", (1200, 1700), "white").save(out, format=kind)
    return out.getvalue()


def test_paper_sealed_for_ink_has_no_fields(ink):
    assert PdfFileReader(BytesIO(bytes_of(ink))).embedded_signatures == []
    assert "/AcroForm" not in PdfFileReader(BytesIO(bytes_of(ink))).root


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_becomes_a_pdf_and_completes_the_paper(ink, cast, kind):
    paper = signing.accept_scan(ink, picture(kind), by=cast.by)
    stored = queries.current_file(paper)
    assert (paper.state, stored.kind, bytes_of(paper)[:5]) == ("signed", "scan", b"%PDF-")
    assert list(paper.signers.values_list("certificate_name", flat=True)) == ["ký tay", "ký tay"]
    assert Activity.objects.filter(verb="paper.scanned").count() == 1


def test_a_scanned_pdf_is_kept_byte_by_byte(ink, cast):
    data = bytes_of(ink) + b"\n"
    assert bytes_of(signing.accept_scan(ink, data, by=cast.by)) == data


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Tệp này không phải bản quét. Chọn tệp PDF, hoặc ảnh chụp JPG, PNG của văn bản đã ký."),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "Tệp này không phải bản quét. Chọn tệp PDF, hoặc ảnh chụp JPG, PNG của văn bản đã ký.",
        ),
        (b"%PDF-1.7\nbroken", "Không mở được tệp. Quét lại rồi chọn tệp mới."),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "Không mở được tệp. Quét lại rồi chọn tệp mới."),
    ],
)
def test_what_is_no_scan_is_refused(ink, cast, data, sentence):
    assert refusal(signing.accept_scan, ink, data, by=cast.by) == ("scan", sentence)
    assert Paper.objects.get().state == "sealed"


def test_a_scan_is_taken_for_a_paper_sealed_for_ink_only(sealed, cast):
    assert refusal(signing.accept_scan, sealed, picture("PNG"), by=cast.by) == (
        None,
        "Văn bản này đã chọn cách ký khác khi khóa: ký bằng tệp chứng thư trên trang này.",
    )
