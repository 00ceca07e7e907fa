"""Words and numbers of the layout: Hướng dẫn 36-HD/VPTW, phụ lục 3."""

from datetime import date

import pytest

from documents import layout


@pytest.mark.parametrize(
    ("number", "paper_type", "issuer", "line"),
    [
        (5, "resolution", "CB", "Số 05-NQ/CB"),  # two digits, no colon, hyphen without spaces
        (12, "minutes", "CB", "Số 12-BB/CB"),
        (127, "resolution", "ĐU", "Số 127-NQ/ĐU"),
        (1, "notice", "CB", "Số 01-TB/CB"),
        (3, "conclusion", "ĐU", "Số 03-KL/ĐU"),
        (4, "report", "CB", "Số 04-BC/CB"),
        (9, "decision", "ĐU", "Số 09-QĐ/ĐU"),
        (7, "HD", "ĐU", "Số 07-HD/ĐU"),
        (None, "minutes", "CB", ""),  # many cells leave minutes unnumbered
    ],
)
def test_number_line_is_written_as_the_guide_asks(number, paper_type, issuer, line):
    assert layout.number_line(number, paper_type, issuer) == line


@pytest.mark.parametrize(
    ("place", "day", "line"),
    [
        ("Hạ Long", date(2026, 12, 5), "Hạ Long, ngày 05 tháng 12 năm 2026"),
        ("Hạ Long", date(2018, 2, 20), "Hạ Long, ngày 20 tháng 02 năm 2018"),  # the guide's own example
        ("Hòa Mai", None, "Hòa Mai, ngày … tháng … năm …"),
        ("", date(2026, 1, 1), "Ngày 01 tháng 01 năm 2026"),
    ],
)
def test_place_date_has_two_digits_for_day_and_month(place, day, line):
    assert layout.place_date(place, day) == line


@pytest.mark.parametrize(
    ("text", "upper"),
    [
        ("Chi bộ Tổ dân phố số 5", "CHI BỘ TỔ DÂN PHỐ SỐ 5"),
        ("đảng bộ phường Hòa Mai", "ĐẢNG BỘ PHƯỜNG HÒA MAI"),
        ("Ữ ợ ỷ ế ỗ đ", "Ữ Ợ Ỷ Ế Ỗ Đ"),
        ("chi bo\u0323\u0302", "CHI BỘ"),  # decomposed input comes out composed
    ],
)
def test_upper_keeps_every_mark(text, upper):
    assert layout.upper(text) == upper


@pytest.mark.parametrize(
    ("names", "lines"),
    [
        ([], []),
        (["Lưu chi bộ"], ["- Lưu chi bộ."]),
        (
            ["Đảng ủy phường (để báo cáo)", "Các đồng chí đảng viên,", "Lưu chi bộ."],
            ["- Đảng ủy phường (để báo cáo),", "- Các đồng chí đảng viên,", "- Lưu chi bộ."],
        ),
    ],
)
def test_recipient_lines_end_with_a_comma_and_the_last_with_a_full_stop(names, lines):
    assert layout.recipient_lines(names) == lines


def test_page_css_takes_margins_top_right_bottom_left():
    assert layout.Page().css == "@page{size:A4;margin:20mm 15mm 20mm 30mm;}"
    assert layout.Page("80pt 70pt", (0, 0, 0, 0), numbered=False).css == (
        "@page{size:80pt 70pt;margin:0mm 0mm 0mm 0mm;@top-center{content:none}}"
    )


def test_page_css_large_print_sets_the_body_in_18_points():
    assert layout.Page(large=True).css.endswith("html,h2,h3{font-size:18pt}table.grid,.note{font-size:16pt}")
