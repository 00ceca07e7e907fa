"""Reading the export of a bank or of the portal: CSV or XLSX in, payments out. Pure; nothing is guessed silently.

A source keeps which column is which (``mapping``: date, amount, text, reference -> heading in the file), because every
bank words and orders them differently. What cannot be read is a problem of its row, said in one sentence.
"""

import csv
import datetime
import io
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from core.errors import Refused
from core.vietnamese import fold, money, nfc

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5_000
LOOK_FOR_HEAD = 40  # rows of bank name, account and period that may stand above the headings
COLUMNS = {"date": "Ngày", "amount": "Số tiền", "text": "Nội dung", "reference": "Số giao dịch"}
NEEDED = ("date", "amount")
ENCODINGS = ("utf-8-sig", "utf-16", "cp1258")
DATES = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d")
TOTAL = re.compile(r"^(tổng|tong|cộng|cong)\b")  # with its marks or with none: Tống and Công are family names
UNREADABLE = "Không đọc được tệp. Tải lại sao kê dạng CSV hoặc Excel (.xlsx) từ ngân hàng rồi đọc lại."


@dataclass(frozen=True)
class Line:
    """One incoming payment of the file; ``row`` as a spreadsheet counts, ``amount`` in đồng."""

    row: int
    paid_on: datetime.date
    amount: int
    text: str = ""
    reference: str = ""


@dataclass
class Reading:
    """What a file says: its payments, the total it states itself (đồng), and the rows nobody could read."""

    lines: list[Line] = field(default_factory=list)
    said_total: int | None = None
    problems: list[tuple[int, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)


def table(data: bytes, name: str) -> list[list]:
    """The cells of a file, row by row. Raises Refused for a file that is too long or is neither CSV nor XLSX."""
    if len(data) > MAX_BYTES:
        raise Refused("Tệp lớn hơn 5 MB. Tải sao kê của từng tháng.", field="file")
    rows = _workbook(data) if data[:2] == b"PK" else _csv(data)
    if len(rows) > MAX_ROWS:
        raise Refused(f"Tệp có hơn {MAX_ROWS} dòng. Tải sao kê của từng tháng.", field="file")
    if not any(any(_said(cell) for cell in row) for row in rows):
        raise Refused("Tệp không có dòng nào.", field="file")
    return rows


def headings(rows) -> list[str]:
    """The headings of the file, for choosing which column is which: the first row with at least three words cells."""
    for row in rows[:LOOK_FOR_HEAD]:
        named = [_said(cell) for cell in row]
        if sum(1 for text in named if text and not re.search(r"\d", text)) >= 3:
            return [text for text in named if text]
    return []


def read(rows, mapping: dict) -> Reading:
    """Payments of the file under the headings that ``mapping`` names.

    Money going out (empty or negative amount) is passed over. Raises Refused when the headings are not there, when
    no payment is found, or when the file's own total is not the sum of its rows.
    """
    head, places = _places(rows, mapping)
    reading = Reading()
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        cells = {name: row[place] if place < len(row) else "" for name, place in places.items()}
        if _is_total(row, cells["date"]):
            reading.said_total = _total(cells, reading)
        elif _said(cells["date"]) or _said(cells["amount"]):
            _take(reading, number, cells)
    if not reading.lines and not reading.problems:
        raise Refused("Tệp không có khoản tiền vào nào dưới các cột đã chọn.", field="file")
    if reading.said_total is not None and not reading.problems and reading.said_total != reading.total:
        raise Refused(
            f"Tổng ghi trong tệp là {money(reading.said_total)}, các dòng cộng lại là {money(reading.total)}. "
            "Tải lại sao kê từ ngân hàng; không ghi gì vào sổ.",
            field="file",
        )
    return reading


def amount_of(cell) -> int | None:
    """Đồng of a cell: 70200, "70.200", "+70,200.00 VND", "1 070 200 đ"; None for an empty one.

    A negative amount, also as "(70.200)", is money going out. Raises ValueError for anything else.
    """
    if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
        value = Decimal(str(cell))
    else:
        text = re.sub(r"(vnd|vnđ|đồng|đ|\s)", "", _said(cell).lower())
        if not text:
            return None
        if re.fullmatch(r"\(.+\)", text):
            text = f"-{text[1:-1]}"
        if re.search(r"[.,]\d{1,2}$", text):  # a decimal part: banks write ",00"
            text, cents = re.split(r"[.,](?=\d{1,2}$)", text)
            if cents.strip("0"):
                raise ValueError(text)
        try:
            value = Decimal(re.sub(r"(?<=\d)[.,](?=\d{3})", "", text))
        except InvalidOperation:
            raise ValueError(text) from None
    if value != value.to_integral_value():
        raise ValueError(str(value))
    return int(value)


def date_of(cell) -> datetime.date:
    """Day of a cell: a date of Excel, "05/11/2026 08:23:11", "2026-11-05". Raises ValueError for anything else."""
    if isinstance(cell, datetime.datetime):
        return cell.date()
    if isinstance(cell, datetime.date):
        return cell
    words = _said(cell).replace("T", " ").split()
    for word in words:
        for shape in DATES:
            try:
                return datetime.datetime.strptime(word, shape).date()
            except ValueError:
                continue
    raise ValueError(_said(cell))


def _take(reading, number, cells):
    try:
        amount = amount_of(cells["amount"])
        if amount is None or amount <= 0:
            return
        paid_on = date_of(cells["date"])
    except ValueError as error:
        reading.problems.append((number, f"Không hiểu “{error}”. Sửa trong tệp hoặc ghi khoản này bằng tay."))
        return
    text, reference = (" ".join(_said(cells.get(name, "")).split()) for name in ("text", "reference"))
    reading.lines.append(Line(number, paid_on, amount, text[:300], reference[:60]))


def _is_total(row, day) -> bool:
    """A row that begins with the word and has no day."""
    if not TOTAL.match(nfc(next((_said(cell) for cell in row if _said(cell)), "")).lower()):
        return False
    try:
        date_of(day)
    except ValueError:
        return True
    return False


def _total(cells, reading):
    try:
        return amount_of(cells["amount"]) if reading.said_total is None else reading.said_total
    except ValueError:
        return reading.said_total


def _places(rows, mapping):
    """(row of the headings, {name: column}) of the mapped headings, compared without marks and case."""
    wanted = {name: fold(heading) for name, heading in mapping.items() if heading}
    for number, row in enumerate(rows[:LOOK_FOR_HEAD]):
        folded = [fold(_said(cell)) for cell in row]
        if all(heading in folded for heading in wanted.values()):
            return number, {name: folded.index(heading) for name, heading in wanted.items()}
    missing = ", ".join(f"“{mapping[name]}”" for name in wanted)
    raise Refused(f"Tệp không có đủ các cột {missing}. Chọn đúng nguồn, hoặc sửa tên cột của nguồn.", field="file")


def _said(cell) -> str:
    return "" if cell is None else str(cell).strip()


def _csv(data) -> list[list]:
    for encoding in ENCODINGS:
        if encoding == "utf-16" and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise Refused(UNREADABLE, field="file")
    if "\0" in text:
        raise Refused(UNREADABLE, field="file")
    split = (list(csv.reader(io.StringIO(text), delimiter=sign)) for sign in ";,\t|")
    return max(split, key=lambda rows: sum(len(row) for row in rows[:LOOK_FOR_HEAD]))


def _workbook(data) -> list[list]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    from core import office

    kind, _ = office.look(data)  # limits of the archive, macros, passwords
    if kind != "xlsx":
        raise Refused(UNREADABLE, field="file")
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return [list(row) for row in book.active.iter_rows(max_row=MAX_ROWS + 1, values_only=True)]
    except (InvalidFileException, KeyError, ValueError) as error:
        raise Refused(UNREADABLE, field="file") from error
