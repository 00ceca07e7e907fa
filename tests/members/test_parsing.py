"""Lines pasted from a spreadsheet (issue 2, item 2: many at once, a preview says line by line what will happen)."""

import datetime
import unicodedata

import pytest

from members.parsing import Unreadable, parse, read_date, read_name, read_sex

D = datetime.date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5/12/2026", D(2026, 12, 5)),
        ("05/12/2026", D(2026, 12, 5)),
        ("5-12-2026", D(2026, 12, 5)),
        ("5.12.2026", D(2026, 12, 5)),
        (" 5 / 12 / 2026 ", D(2026, 12, 5)),
        ("2026-12-05", D(2026, 12, 5)),
        ("2026-12-05 00:00:00", D(2026, 12, 5)),
        ("5-12-74", D(1974, 12, 5)),
        ("1/3/05", D(2005, 3, 1)),
        ("29/2/2024", D(2024, 2, 29)),
        ("27100", D(1974, 3, 12)),  # Excel's day number of 12/03/1974
        ("27100.0", D(1974, 3, 12)),
    ],
)
def test_dates_people_write_are_read(text, day):
    assert read_date(text, this_year=2026) == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/2/1980", "“31/2/1980” không có trong lịch."),
        ("13/13/1980", "“13/13/1980” không có trong lịch."),
        ("1980", "“1980” chỉ có năm; ghi đủ ngày/tháng/năm."),
        ("99999", "“99999” không phải ngày."),
        ("tháng 3", "“tháng 3” không phải ngày/tháng/năm."),
        ("3/1980", "“3/1980” không phải ngày/tháng/năm."),
    ],
)
def test_dates_that_cannot_be_read_say_why(text, reason):
    with pytest.raises(Unreadable) as caught:
        read_date(text, this_year=2026)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("text", "sex"), [("Nam", "nam"), ("NỮ", "nữ"), ("nu", "nữ"), (unicodedata.normalize("NFD", "Nữ"), "nữ")]
)
def test_sex_is_read_with_or_without_marks(text, sex):
    assert read_sex(text) == sex


def test_unknown_sex_is_told():
    with pytest.raises(Unreadable, match=r"^“khác” không phải Nam hay Nữ\.$"):
        read_sex("khác")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Nguyễn   Văn  Anh ", "Nguyễn Văn Anh"),
        ("NGUYỄN VĂN ANH", "Nguyễn Văn Anh"),
        ("ĐỖ THỊ ỴẾN", "Đỗ Thị Ỵến"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("Lê Thị K", "Lê Thị K"),
        (unicodedata.normalize("NFD", "Nguyễn Văn Ánh"), "Nguyễn Văn Ánh"),
        ("A" * 99 + "b", "A" * 99 + "b"),  # a name of 100 characters breaks nothing
    ],
)
def test_names_are_tidied_and_capitals_written_small(text, name):
    assert read_name(text) == name


def test_rewriting_capitals_is_noted():
    notes = []
    read_name("NGUYỄN VĂN ANH", notes)
    assert notes == ["NGUYỄN VĂN ANH viết thành Nguyễn Văn Anh"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("A" * 101, "dài quá 100 ký tự."), ("12/3/1974", "“12/3/1974” có chữ số; kiểm tra thứ tự cột.")],
)
def test_names_that_are_none_say_why(text, reason):
    with pytest.raises(Unreadable) as caught:
        read_name(text)
    assert str(caught.value) == reason


TABS = "Lê Thị Hồng\t12/3/1980\tNữ\t19/5/2005\t19/5/2006\t000741037001\t0900 000 001\thong@example.com"
HONG = {
    "full_name": "Lê Thị Hồng",
    "birth_date": D(1980, 3, 12),
    "sex": "nữ",
    "admitted_on": D(2005, 5, 19),
    "official_on": D(2006, 5, 19),
    "card_no": "000741037001",
    "phone": "0900 000 001",
    "email": "hong@example.com",
}


@pytest.mark.parametrize(
    "text",
    [
        TABS,
        TABS.replace("\t", ";"),
        TABS.replace("\t", "; "),
        TABS.replace("\t", "   ").replace("0900 000 001", "0900 000 001"),
        TABS.replace("\t", ","),
        f"1\t{TABS}",
        f"\n\n{TABS}\r\n\n",
        unicodedata.normalize("NFD", TABS),
        '"' + TABS.replace("\t", '"\t"') + '"',
    ],
    ids=["tabs", "semicolons", "semicolons and spaces", "spaces", "commas", "numbered", "blank lines", "NFD", "quoted"],
)
def test_columns_in_the_fixed_order_are_read(text):
    (line,) = parse(text, this_year=2026).lines
    assert (line.values, line.error) == (HONG, "")


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("STT\tHọ và tên\tNgày sinh\tGiới tính", "1\tLê Thị Hồng\t12/3/1980\tNữ"),
        ("GIỚI TÍNH\tNGÀY SINH\tHỌ TÊN", "Nữ\t12/3/1980\tLê Thị Hồng"),
        ("Họ và tên đệm\tTên\tNgày, tháng, năm sinh\tGiới", "Lê Thị\tHồng\t12/3/1980\tNữ"),
        ("Họ và tên (viết hoa)\tNgày sinh:\tNam/Nữ", "LÊ THỊ HỒNG\t12/3/1980\tNữ"),
    ],
)
def test_header_line_names_the_columns_in_any_order(header, row):
    (line,) = parse(f"{header}\n{row}", this_year=2026).lines
    wanted = {"full_name": "Lê Thị Hồng", "birth_date": D(1980, 3, 12), "sex": "nữ"}
    assert (line.number, line.values, line.error) == (2, wanted, "")


def test_unknown_headings_are_told_and_left_out():
    paste = parse("Họ và tên\tQuê quán\tSố lý lịch\nLê Thị Hồng\tHòa Sơn\t001213HS", this_year=2026)
    assert paste.unknown == ["Quê quán"]
    assert paste.lines[0].values == {"full_name": "Lê Thị Hồng", "dossier_no": "001213HS"}


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("\t12/3/1980", "Thiếu họ và tên."),
        ("Lê Thị Hồng\t31/2/1980", "Ngày sinh: “31/2/1980” không có trong lịch."),
        ("Lê Thị Hồng\t12/3/1980\tx", "Giới tính: “x” không phải Nam hay Nữ."),
        ("Lê Thị Hồng\t12/3/1980\tNữ\t1/1/1979", "Ngày vào Đảng phải sau ngày sinh."),
        ("Lê Thị Hồng\t12/3/1980\tNữ\t1/1/2005\t1/1/2004", "Ngày chính thức phải sau ngày vào Đảng."),
        ("Lê Thị Hồng\t\t\t\t\t" + "1" * 21, "Số thẻ đảng: dài quá 20 ký tự."),
        ("Lê Thị Hồng\t\t\t\t\t\t\thong", "Thư điện tử: “hong” không phải địa chỉ thư."),
        (TABS + "\tthừa", "Thừa cột: có 9 ô mà chỉ nhận ra 8 cột."),
    ],
)
def test_a_line_that_cannot_be_taken_says_why(row, error):
    (line,) = parse(row, this_year=2026).lines
    assert line.error == error


def test_nothing_pasted_is_no_line():
    assert parse(" \n\t\n;;\n", this_year=2026).lines == []
