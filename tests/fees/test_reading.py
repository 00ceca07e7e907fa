"""Three made-up exports of different shape, and what may stand in a cell (issue: the mapping is kept per source)."""

import datetime
import io

import pytest
from openpyxl import Workbook

from core.errors import Refused
from fees import reading
from fees.reading import Line

DAY = datetime.date

BANK_CSV = """\
NGÂN HÀNG MẪU;;;;
Số tài khoản;0123 456 789;;;
STT;Ngày giao dịch;Ghi nợ;Ghi có;Diễn giải;Mã GD
1;05/11/2026 08:23:11;;70.200;NGUYEN THI ANH dong dang phi T11;FT01
2;06/11/2026 09:00:00;15.000;;Phi dich vu;FT02
3;07/11/2026 10:11:12;;15.930;DP THANG 11 LE VAN BAY;FT03
Tổng cộng;;15.000;86.130;;
"""
COMMA_CSV = """\
"Transaction Date","Amount","Description","Reference"
"2026-11-05","+70,200.00 VND","Dang phi, Nguyen Thi Anh","A-1"
"2026-11-06","(5,000.00)","Fee","A-2"
"""
MAPS = {
    "bank": {"date": "Ngày giao dịch", "amount": "Ghi có", "text": "Diễn giải", "reference": "Mã GD"},
    "comma": {"date": "Transaction date", "amount": "AMOUNT", "text": "Description", "reference": "Reference"},
    "portal": {"date": "Thời gian nộp", "amount": "Số tiền (đồng)", "text": "Người nộp", "reference": "Mã biên nhận"},
}


def portal_xlsx(total=20930):
    book = Workbook()
    sheet = book.active
    sheet.append(["Danh sách biên nhận"])
    sheet.append(["Người nộp", "Số thẻ đảng", "Thời gian nộp", "Số tiền (đồng)", "Mã biên nhận"])
    sheet.append(["Lê Văn Bảy", "012345678901", datetime.datetime(2026, 11, 3, 7, 5), 15930, "G22.99"])
    sheet.append(["Trần Em", "", datetime.date(2026, 11, 4), 5000.0, "G22.100"])
    sheet.append(["Tổng số", None, None, total, None])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_csv_of_a_bank_with_lines_above_and_a_total_below():
    found = reading.read(reading.table(BANK_CSV.encode("utf-8-sig"), "a.csv"), MAPS["bank"])
    assert found.lines == [
        Line(4, DAY(2026, 11, 5), 70200, "NGUYEN THI ANH dong dang phi T11", "FT01"),
        Line(6, DAY(2026, 11, 7), 15930, "DP THANG 11 LE VAN BAY", "FT03"),
    ]
    assert (found.said_total, found.total, found.problems) == (86130, 86130, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_csv_with_commas_english_headings_and_decimal_parts(encoding):
    found = reading.read(reading.table(COMMA_CSV.encode(encoding), "b.csv"), MAPS["comma"])
    assert found.lines == [Line(2, DAY(2026, 11, 5), 70200, "Dang phi, Nguyen Thi Anh", "A-1")]
    assert found.said_total is None


def test_workbook_of_the_portal():
    found = reading.read(reading.table(portal_xlsx(), "c.xlsx"), MAPS["portal"])
    assert found.lines == [
        Line(3, DAY(2026, 11, 3), 15930, "Lê Văn Bảy", "G22.99"),
        Line(4, DAY(2026, 11, 4), 5000, "Trần Em", "G22.100"),
    ]
    assert found.said_total == 20930


def test_file_with_a_wrong_total_is_refused_whole():
    with pytest.raises(Refused, match=r"Tổng ghi trong tệp là 20\.931 đồng, các dòng cộng lại là 20\.930 đồng"):
        reading.read(reading.table(portal_xlsx(total=20931), "c.xlsx"), MAPS["portal"])


NAMES = """\
Người nộp;Ngày;Tiền
Tống Văn Bảy;05/11/2026;70.200
Công Thị Em;06/11/2026;5.000
TONG VAN BAY;07/11/2026;1.000
{total};;{sum}
"""
SIMPLE = {"date": "Ngày", "amount": "Tiền", "text": "Người nộp"}


@pytest.mark.parametrize("total", ["Tổng cộng", "TỔNG SỐ:", "Cộng", "Tong cong", "CONG:", "Cộng phát sinh"])
def test_people_called_tong_and_cong_are_no_total(total):
    """Tống and Công are family names: a total says "Tổng" or "Cộng" and has no day."""
    data = NAMES.format(total=total, sum="76.200").encode()
    found = reading.read(reading.table(data, "a.csv"), SIMPLE)
    assert [(line.row, line.amount, line.text) for line in found.lines] == [
        (2, 70200, "Tống Văn Bảy"), (3, 5000, "Công Thị Em"), (4, 1000, "TONG VAN BAY"),
    ]  # fmt: skip
    assert (found.said_total, found.problems) == (76200, [])


def test_person_without_a_day_is_a_row_that_cannot_be_read():
    found = reading.read(reading.table(NAMES.format(total="Tống Thị Ba", sum="5.000").encode(), "a.csv"), SIMPLE)
    assert (found.said_total, [row for row, _ in found.problems]) == (None, [5])


def test_total_in_the_column_of_the_day():
    data = "Ngày;Tiền;Lời\n05/11/2026;70.200;a\nTổng cộng;70.200;\n".encode()
    assert reading.read(reading.table(data, "a.csv"), {"date": "Ngày", "amount": "Tiền"}).said_total == 70200


def test_headings_of_a_file_are_offered():
    assert reading.headings(reading.table(BANK_CSV.encode(), "a.csv")) == [
        "STT", "Ngày giao dịch", "Ghi nợ", "Ghi có", "Diễn giải", "Mã GD",
    ]  # fmt: skip
    assert reading.headings([["1", "2"]]) == []


def test_file_without_the_columns_of_the_source_is_refused():
    with pytest.raises(Refused, match="Tệp không có đủ các cột “Thời gian nộp”, “Số tiền"):
        reading.read(reading.table(BANK_CSV.encode(), "a.csv"), MAPS["portal"])


def test_row_that_cannot_be_read_is_named():
    data = "Ngày;Tiền;Lời\n5/11/26;70.200;a\n05/11/2026;7o.200;b\n".encode()
    found = reading.read(reading.table(data, "a.csv"), {"date": "Ngày", "amount": "Tiền"})
    assert [row for row, _ in found.problems] == [2, 3]
    assert found.problems[0][1] == "Không hiểu “5/11/26”. Sửa trong tệp hoặc ghi khoản này bằng tay."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a" * (reading.MAX_BYTES + 1), "lớn hơn 5 MB"),
        (b"a;b\n" * (reading.MAX_ROWS + 1), "hơn 5000 dòng"),
        (b"\n;;\n", "không có dòng nào"),
        (b"PK\x03\x04rubbish", "Tệp hỏng"),
        (b"%PDF-1.7\0\0", "Không đọc được tệp"),
        (b"Ng\xc3\xa0y;Ti\xe1\xbb\x81n;x\n", "không có khoản tiền vào"),
    ],
    ids=["too big", "too long", "empty", "broken", "binary", "no payment"],
)
def test_what_is_no_statement_is_refused(data, sentence):
    with pytest.raises(Refused, match=sentence):
        reading.read(reading.table(data, "x"), {"date": "Ngày", "amount": "Tiền"})


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (70200, 70200),
        (70200.0, 70200),
        ("70.200", 70200),
        ("70,200", 70200),
        ("+70,200.00 VND", 70200),
        ("1.070.200,00 đ", 1070200),
        ("1 070 200 đồng", 1070200),
        ("-5.000", -5000),
        ("(5.000)", -5000),
        ("", None),
        (None, None),
    ],
)
def test_amounts_as_files_write_them(cell, amount):
    assert reading.amount_of(cell) == amount


@pytest.mark.parametrize("cell", ["7o.200", "70.200,50", 70200.5, "1.2.3x"])
def test_amount_that_is_none_is_no_guess(cell):
    with pytest.raises(ValueError, match=r"\S"):
        reading.amount_of(cell)
