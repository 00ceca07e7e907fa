"""The written PDF read back: DOMAIN §2.4 (36-HD/VPTW), PDF/A-3a, Tinos only."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from time import perf_counter

import pytest
from django.template.loader import render_to_string
from pypdf import PdfReader

from documents import layout, rendering
from tests.documents import reading
from tests.documents.reading import MM

LONG_NAME = "Nguyễn Phúc Hoàng Thị Thiên Hương Khuê " + "Trường " * 8 + "Xuân"


@pytest.fixture
def context():
    head = layout.Head(
        superior_name="ĐẢNG BỘ PHƯỜNG HÒA MAI",
        issuing_name="CHI BỘ TỔ DÂN PHỐ SỐ 5",
        number_line="Số 12-BB/CB",
        place_date_line=layout.place_date("Hòa Mai", date(2026, 12, 5)),
        type_name="Biên bản",
        subject="sinh hoạt chi bộ thường kỳ tháng 12/2026",
    )
    places = [layout.Signature("clerk", "THƯ KÝ", "Đỗ Thị Mai Anh"), layout.Signature("chair", "CHỦ TRÌ", LONG_NAME)]
    return {"head": head, "signatures": places, "items": range(12)}


@pytest.fixture
def pdf(sample, context):
    return rendering.render(sample, context)


def test_head_and_title_have_the_sizes_of_the_guide(pdf):
    """DOMAIN §2.4: title of the Party 15 bold, superior 14, issuing body 14 bold, date 14 italic, type 16 bold."""
    runs = reading.runs(pdf)
    assert [runs[words] for words in (
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "ĐẢNG BỘ PHƯỜNG HÒA MAI",
        "CHI BỘ TỔ DÂN PHỐ SỐ 5",
        "*",
        "Số 12-BB/CB",
        "Hòa Mai, ngày 05 tháng 12 năm 2026",
        "BIÊN BẢN",
        "sinh hoạt chi bộ thường kỳ tháng 12/2026",
        "-----",
        "I. THÔNG TIN CHUNG",
    )] == [
        (15.0, "Tinos-Bold"),
        (14.0, "Tinos"),
        (14.0, "Tinos-Bold"),
        (14.0, "Tinos"),
        (14.0, "Tinos"),
        (14.0, "Tinos-Italic"),
        (16.0, "Tinos-Bold"),
        (14.0, "Tinos-Bold"),
        (14.0, "Tinos"),
        (14.0, "Tinos-Bold"),
    ]  # fmt: skip


def test_body_is_14_points(pdf):
    sizes = {size for run, (size, _) in reading.runs(pdf, 1).items() if len(run) > 30}
    assert sizes == {14.0}


def test_margins_are_20_15_20_30_mm(pdf):
    """Top 20, right 15, bottom 20, left 30 mm; the head alone reaches 6 mm into the left margin for its centring."""
    body = [word for page in reading.words(pdf) for word in page if word.top > 20 * MM]
    page_2 = [word for word in reading.words(pdf)[1] if word.top > 15 * MM]
    assert round(min(word.left for word in page_2) / MM, 1) == 30.0
    assert abs(max(word.right for word in page_2) / MM - 195) < 0.2
    assert min(word.top for word in body) / MM >= 20
    assert max(word.bottom for word in body) / MM <= 277


def test_number_shares_its_row_with_place_and_date(pdf):
    page = reading.words(pdf)[0]
    number = next(word for word in page if word.text == "12-BB/CB")
    day = next(word for word in page if word.text == "ngày")
    assert round(number.top, 1) == round(day.top, 1)
    assert number.right < day.left


def test_line_below_the_partys_title_is_as_long_as_the_title(pdf):
    """The border of the inline block: a filled rectangle or stroke between the title's edges."""
    page = reading.words(pdf)[0]
    title = [word for word in page if word.text in ("ĐẢNG", "CỘNG", "SẢN", "VIỆT", "NAM") and word.left > 250]
    left, right = min(word.left for word in title), max(word.right for word in title)
    content = PdfReader(BytesIO(pdf)).pages[0].get_contents().get_data().decode("latin-1")
    widths = []
    for line in content.splitlines():
        parts = line.split()
        if len(parts) >= 5 and parts[-1] == "re":
            widths.append(round(float(parts[-3]) * 0.75, 0))
    assert round(right - left, 0) in widths


def test_page_number_stands_from_page_2_at_the_top_centre(pdf):
    """DOMAIN §2.4: from page 2, Arabic, centred at the top, 10 mm from the edge, 14 pt."""
    pages = reading.words(pdf)
    assert [word.text for word in pages[0] if word.top < 18 * MM] == []
    number = [word for word in pages[1] if word.top < 18 * MM]
    assert [word.text for word in number] == ["2"]
    centre = (30 + 195) / 2
    assert abs((number[0].left + number[0].right) / 2 / MM - centre) < 0.5
    assert abs(number[0].top / MM - 10) < 1
    assert reading.runs(pdf, 1)["2"] == (14.0, "Tinos")


def test_only_tinos_is_in_the_file_and_embedded(sample, context):
    data = rendering.render(sample, {**context, "text": "Biểu tượng 🎉 và chữ 中文, dấu ✓", "draft": True})
    assert reading.fonts(data) == [("Tinos", "yes"), ("Tinos-Bold", "yes"), ("Tinos-Italic", "yes")]


def test_signs_tinos_lacks_become_boxes_and_invisible_ones_go():
    assert rendering.in_tinos("Đ\U000e0061ỷ 中 🎉\ufe0f “…” – €\n\tx") == "Đỷ □ □ “…” – €\n\tx"


def test_file_claims_pdf_a_3a_and_is_tagged(pdf):
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert reading.pdfa_claim(pdf) == ("3", "A")
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], "/StructTreeRoot" in root) == ("vi", True, True)


def test_text_comes_out_in_nfc(sample, context):
    data = rendering.render(sample, {**context, "text": "Nghi\u0323 quye\u0302\u0301t Đường Ủy ban"})
    assert "Nghị quyết Đường Ủy ban" in reading.text(data)


@pytest.mark.parametrize("letters", ["Ế Ỗ ữ ợ Đ Ỷ", "Ắ Ằ Ẳ Ẵ Ặ ỹ ỵ ở ỡ", "ƯƠNG ươu"])
def test_every_vietnamese_letter_is_read_back(sample, context, letters):
    assert letters in reading.text(rendering.render(sample, {**context, "text": letters}))


def test_draft_carries_the_watermark_on_each_page_and_the_sealed_not(sample, context):
    draft = rendering.render(sample, {**context, "draft": True})
    pages = len(PdfReader(BytesIO(draft)).pages)
    assert ["DỰ THẢO" in reading.text(draft, page) for page in range(pages)] == [True] * pages
    assert "DỰ THẢO" not in reading.text(rendering.render(sample, context))


def test_table_head_repeats_on_the_next_page(sample, context):
    """DOMAIN §11 case 20: a table of many rows keeps its header row on each page."""
    data = rendering.render(sample, {**context, "items": [], "rows": [LONG_NAME] * 45})
    pages = len(PdfReader(BytesIO(data)).pages)
    with_rows = [page for page in range(pages) if "có mặt" in reading.text(data, page)]
    assert len(with_rows) == 3
    assert [reading.text(data, page).count("Họ và tên") for page in with_rows] == [1, 1, 1]


@pytest.mark.parametrize("count", range(8, 16))
def test_signature_block_is_never_torn(sample, context, count):
    """Heading, place to sign and name of both stand on one page, however long the text is."""
    data = rendering.render(sample, {**context, "items": range(count)})
    last = reading.text(data, len(PdfReader(BytesIO(data)).pages) - 1)
    assert [words in last for words in ("THƯ KÝ", "CHỦ TRÌ", "Đỗ Thị Mai Anh", "Xuân")] == [True] * 4


@pytest.mark.parametrize("name", ["TRẦN THỊ HỒNG LÊ " * 6, LONG_NAME, "Nguyễn" + "ê" * 94])
def test_long_names_and_capitals_stay_inside_the_margins(sample, context, name):
    long = name[:100]
    head = replace(context["head"], issuing_name=long, superior_name=long.upper(), subject=long)
    places = [layout.Signature("clerk", "THƯ KÝ", long), layout.Signature("chair", "CHỦ TRÌ", long)]
    data = rendering.render(sample, {**context, "head": head, "signatures": places, "rows": [long]})
    found = [word for page in reading.words(data) for word in page]
    assert min(word.left for word in found) / MM > 23.9
    assert max(word.right for word in found) / MM < 195.1


def test_recipients_stand_left_of_a_single_signature(sample, context):
    places = [layout.Signature("secretary", "BÍ THƯ", "Nguyễn Văn Thành", authority="T/M CHI BỘ", note="")]
    lines = layout.recipient_lines(["Đảng ủy phường (để báo cáo)", "Lưu chi bộ"])
    data = rendering.render(sample, {**context, "items": [], "signatures": places, "recipients": lines})
    runs = reading.runs(data)
    assert [runs[words] for words in ("T/M CHI BỘ", "BÍ THƯ", "Nguyễn Văn Thành", "Nơi nhận:", "- Lưu chi bộ.")] == [
        (14.0, "Tinos-Bold"),
        (14.0, "Tinos"),
        (14.0, "Tinos-Bold"),
        (14.0, "Tinos"),
        (12.0, "Tinos"),
    ]
    page = reading.words(data)[0]
    assert next(w.left for w in page if w.text == "Nơi") < next(w.left for w in page if w.text == "T/M")


@pytest.mark.parametrize(
    "address",
    ["https://example.vn/x.png", "file:///etc/passwd", "../manage.py", "data:image/png;base64,AAAA", "absent.png"],
)
def test_fetcher_stops_at_anything_but_our_static_files(sample, context, address, tmp_path, settings):
    from weasyprint.urls import FatalURLFetchingError

    (tmp_path / "bad.html").write_text(f'<html lang="vi"><title>x</title><img alt="" src="{address}"></html>')
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    with pytest.raises(FatalURLFetchingError):
        rendering.render("bad.html", {})


def test_sealable_reserves_one_field_per_role_at_its_gap(sample, context):
    data = rendering.render_sealable(sample, context, {"clerk": "Thư ký", "chair": "Chủ trì"})
    reader = PdfReader(BytesIO(data))
    page = len(reader.pages) - 1
    boxes = {
        a["/T"]: [float(x) for x in a["/Rect"]] for a in (ref.get_object() for ref in reader.pages[page]["/Annots"])
    }
    words = reading.words(data)[page]
    height = float(reader.pages[page].mediabox.height)
    how = next(word for word in words if word.text == "(ký,")
    assert sorted(boxes) == ["chair", "clerk"]
    for left, bottom, right, top in boxes.values():
        assert round((top - bottom) / MM) == 25
        assert round((right - left) / MM, 1) == 78.5  # half of 165 mm less 2 mm on each side
        assert height - top >= how.bottom - 3
    assert boxes["clerk"][2] <= boxes["chair"][0]
    assert (reading.pdfa_claim(data), reading.fonts(data)[0]) == (("3", "A"), ("Tinos", "yes"))


def test_sealable_refuses_a_template_without_the_place_to_sign(sample, context):
    with pytest.raises(LookupError):
        rendering.render_sealable(sample, context, {"secretary": "Bí thư"})


def test_draft_costs_little_more_than_weasyprint_alone(sample, context):
    """DESIGN §7: at most 1.5 times what WeasyPrint alone needs for the same HTML."""
    whole = {**context, "draft": True}
    html = render_to_string(sample, whole)
    rendering.render(sample, whole)

    def best(work):
        times = []
        for _ in range(3):
            start = perf_counter()
            work()
            times.append(perf_counter() - start)
        return min(times)

    ours, alone = best(lambda: rendering.render(sample, whole)), best(lambda: rendering.plain_pdf(html))
    assert ours <= 1.5 * alone
