"""Lines pasted from a spreadsheet, read into people. Pure: knows no table and no clock.

Cells are separated by tabs (what a spreadsheet copies), else by semicolons, else by two or more spaces, else by
commas. A header line is recognised by its names, in any order of columns. A line that cannot be read carries the
reason; nothing is guessed silently: what was rewritten stands in ``notes``.
"""

import datetime
import re
from dataclasses import dataclass, field

from core.vietnamese import fold, nfc, one_line

COLUMNS = ("full_name", "birth_date", "sex", "admitted_on", "official_on", "card_no", "phone", "email")
LABELS = {
    "full_name": "Họ và tên",
    "birth_date": "Ngày sinh",
    "sex": "Giới tính",
    "admitted_on": "Ngày vào Đảng",
    "official_on": "Ngày chính thức",
    "card_no": "Số thẻ đảng",
    "dossier_no": "Số lý lịch",
    "occupation": "Nghề nghiệp",
    "phone": "Điện thoại",
    "email": "Thư điện tử",
}
HEADERS = {
    "full_name": ("ho va ten", "ho ten", "ho va ten khai sinh", "ho ten khai sinh", "ho va ten dang vien", "dang vien"),
    "family_name": ("ho va ten dem", "ho ten dem", "ho dem", "ho va dem", "ho va chu dem", "ho lot", "ho"),
    "given_name": ("ten",),
    "birth_date": ("ngay sinh", "ngay thang nam sinh", "sinh ngay", "nam sinh"),
    "sex": ("gioi tinh", "gioi", "nam/nu", "nam nu"),
    "admitted_on": ("ngay vao dang", "ngay ket nap", "vao dang", "ket nap", "ngay du bi", "ngay vao dang du bi"),
    "official_on": ("ngay chinh thuc", "chinh thuc", "ngay cong nhan chinh thuc", "ngay vao dang chinh thuc"),
    "card_no": ("so the", "so the dang", "so the dang vien", "the dang", "the dang vien"),
    "dossier_no": ("so ly lich", "so ly lich dang vien", "ly lich"),
    "occupation": ("nghe nghiep", "chuc vu", "chuc vu cong tac", "don vi cong tac", "cong viec", "nghe nghiep chuc vu"),
    "phone": ("dien thoai", "so dien thoai", "sdt", "dt", "dtdd", "di dong"),
    "email": ("email", "e-mail", "thu dien tu", "dia chi email", "mail"),
    "": ("stt", "tt", "so tt", "so thu tu", "ghi chu"),
}
KNOWN = {name: column for column, names in HEADERS.items() for name in names}
LONGEST = {"full_name": 100, "card_no": 20, "dossier_no": 12, "occupation": 150, "phone": 20, "email": 254}
DATES = ("birth_date", "admitted_on", "official_on")
SEXES = {"nam": "nam", "nu": "nữ", "trai": "nam", "gai": "nữ", "m": "nam", "f": "nữ", "male": "nam", "female": "nữ"}
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
EXCEL_ZERO = datetime.date(1899, 12, 30)
EXCEL_FROM, EXCEL_TO = 3654, 73050  # serial numbers of 1910 and 2099
NUMBERING = re.compile(r"\d{1,4}[.)]?")


class Unreadable(ValueError):
    """A cell that cannot be read; its text is the reason."""


@dataclass
class Line:
    """One line of the paste: number in the text (from 1), the values read, the reason if it cannot be taken."""

    number: int
    values: dict = field(default_factory=dict)
    error: str = ""
    notes: list = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.values.get("full_name", "")


@dataclass
class Paste:
    """All lines with people, and the headings that were not understood."""

    lines: list
    unknown: list = field(default_factory=list)


def parse(text: str, *, this_year: int) -> Paste:
    """Read a paste. ``this_year`` decides the century of years of two digits."""
    rows = _rows(nfc(text))
    if not rows:
        return Paste([])
    columns, unknown = _header(rows[0][1])
    if columns is None:
        columns = _plain_columns(rows)
    else:
        rows = rows[1:]
    return Paste([_line(number, cells, columns, this_year) for number, cells in rows], unknown)


def _rows(text):
    """(line number, cells) of every line that is not empty."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip(" \t;,")]
    split = _splitter("\n".join(line for _, line in lines))
    return [(number, [cell.strip().strip('"').strip() for cell in split(line)]) for number, line in lines]


def _splitter(text):
    for mark in ("\t", ";"):
        if mark in text:
            return lambda line: line.split(mark)
    if re.search(r"\S {2,}\S", text):
        return lambda line: re.split(r" {2,}", line.strip())
    return lambda line: line.split(",")


def _header(cells):
    """Columns by the names of a header line and the names not understood; (None, []) when it is no header."""
    names = [fold(cell).strip(" .:*") for cell in cells]
    columns = [KNOWN.get(re.sub(r"\s*\(.*\)", "", name).replace(",", "").strip()) for name in names]
    if not {"full_name", "given_name"} & set(columns):
        return None, []
    return columns, [cell for cell, column in zip(cells, columns, strict=True) if column is None and cell]


def _plain_columns(rows):
    """The fixed order; a first column of running numbers is left out."""
    numbered = all(NUMBERING.fullmatch(cells[0]) for _, cells in rows)
    return ["", *COLUMNS] if numbered else list(COLUMNS)


def _line(number, cells, columns, this_year):
    line = Line(number)
    given = dict(zip(columns, cells, strict=False))
    parts = (given.pop("family_name", ""), given.pop("given_name", ""))
    given["full_name"] = given.get("full_name") or " ".join(part for part in parts if part)
    if len([cell for cell in cells[len(columns) :] if cell]):
        line.error = f"Thừa cột: có {len(cells)} ô mà chỉ nhận ra {len(columns)} cột."
    for column, label in LABELS.items():
        if text := given.get(column, ""):
            try:
                line.values[column] = _value(column, text, this_year, line.notes)
            except Unreadable as reason:
                line.values[column] = text
                line.error = line.error or f"{label}: {reason}"
    line.error = line.error or _wrong(line.values)
    return line


def _value(column, text, this_year, notes):
    if column in DATES:
        return read_date(text, this_year)
    if column == "sex":
        return read_sex(text)
    if column == "full_name":
        return read_name(text, notes)
    text = " ".join(text.split())
    if len(text) > LONGEST[column]:
        raise Unreadable(f"dài quá {LONGEST[column]} ký tự.")
    if column == "email" and not MAIL.fullmatch(text):
        raise Unreadable(f"“{text}” không phải địa chỉ thư.")
    return text


def _wrong(values) -> str:
    """The reason why values that can be read one by one do not go together; empty when they do."""
    if not values.get("full_name"):
        return "Thiếu họ và tên."
    born, admitted, official = (values.get(column) for column in DATES)
    if born and admitted and admitted <= born:
        return "Ngày vào Đảng phải sau ngày sinh."
    if admitted and official and official < admitted:
        return "Ngày chính thức phải sau ngày vào Đảng."
    return ""


def read_name(text: str, notes=None) -> str:
    """A name with single spaces; written all in capitals it becomes "Nguyễn Văn Anh", which is noted."""
    name = one_line(text)
    if len(name) > LONGEST["full_name"]:
        raise Unreadable(f"dài quá {LONGEST['full_name']} ký tự.")
    if any(char.isdigit() for char in name):
        raise Unreadable(f"“{name}” có chữ số; kiểm tra thứ tự cột.")
    if name.isupper() and len(name) > 1:
        plain = re.sub(r"[^\W\d_]+", lambda word: word[0][:1] + word[0][1:].lower(), name)
        if notes is not None:
            notes.append(f"{name} viết thành {plain}")
        return plain
    return name


def read_sex(text: str) -> str:
    """ "Nam", "NỮ", "nu" -> "nam", "nữ"; raises Unreadable for anything else."""
    try:
        return SEXES[fold(text).strip(" .")]
    except KeyError:
        raise Unreadable(f"“{text}” không phải Nam hay Nữ.") from None


def read_date(text: str, this_year: int) -> datetime.date:
    """d/m/yyyy (also with - or .), d/m/yy, yyyy-mm-dd, an Excel serial number. Raises Unreadable with the reason."""
    plain = re.sub(r"\s+00:00(:00)?$", "", text.strip())
    if re.fullmatch(r"\d{5}(\.0+)?", plain):
        serial = int(float(plain))
        if not EXCEL_FROM <= serial <= EXCEL_TO:
            raise Unreadable(f"“{text}” không phải ngày.")
        return EXCEL_ZERO + datetime.timedelta(days=serial)
    if re.fullmatch(r"\d{4}", plain):
        raise Unreadable(f"“{text}” chỉ có năm; ghi đủ ngày/tháng/năm.")
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", plain):
        year, month, day = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})", plain):
        day, month, year = (int(part) for part in found.groups())
    else:
        raise Unreadable(f"“{text}” không phải ngày/tháng/năm.")
    if year < 100:
        year += 2000 if year <= this_year % 100 else 1900
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise Unreadable(f"“{text}” không có trong lịch.") from None
