"""Books and reports as XLSX: the only writer with openpyxl. Amounts are numbers (đồng) that can be added up."""

from dataclasses import dataclass
from io import BytesIO

PLACE_WIDTH, NAME_WIDTH, AMOUNT_WIDTH, TEXT_WIDTH = 6, 30, 15, 60
AMOUNT = "#,##0"


@dataclass(frozen=True)
class Sheet:
    """One sheet: column 1 the place, column 2 a name; the last row is the sum where ``summed``, ``texts`` are wide."""

    name: str
    heads: list[str]
    rows: list[list]
    summed: bool = True
    texts: tuple[int, ...] = ()


def workbook(title: str, notes: list[str], sheets: list[Sheet]) -> bytes:
    """The sheets in one file, each under the title and what the reader must know of the numbers."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), title, notes, sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def book_xlsx(title: str, notes: list[str], found) -> bytes:
    """S01/ĐP: sheet "Phần I" with one line per member, sheet "Phần II" with the sums of each month."""
    months = [f"{row.month:%m/%Y}" for row in found.months]
    rows = [[place, line.name, line.base, *line.paid, line.total] for place, line in enumerate(found.lines, 1)]
    rows.append([None, "Cộng", None, *found.by_month, found.paid])
    sums = [
        [place, f"{row.month:%m/%Y}", row.collected, row.why if row.retained is None else row.retained, row.remitted]
        if row.opened
        else [place, f"{row.month:%m/%Y}", "chưa mở sổ"]
        for place, row in enumerate(found.months, 1)
    ]
    sums.append(
        [None, "Cộng", found.collected, "chưa đủ" if found.retained is None else found.retained, found.remitted]
    )
    first = Sheet("Phần I", ["STT", "Họ và tên", "Căn cứ đóng", *months, "Cộng"], rows)
    second = Sheet("Phần II", ["STT", "Sổ tháng", "Đã thu", "Để lại chi bộ", "Đã nộp cấp trên"], sums)
    return workbook(title, notes, [first, second])


def summary_xlsx(title: str, notes: list[str], lines, found) -> bytes:
    """The sums of a period: sheet "Chỉ tiêu" as the report prints them, sheet "Theo tháng"."""
    rows = [[place, line.name, line.unit, None, _or(line.value, line.why), line.note]
            for place, line in enumerate(lines, 1)]  # fmt: skip
    months = [
        [place, f"{row.month:%m/%Y}", row.collected, *([row.retained, row.payable] if row.is_split else [None, None]),
         row.remitted]
        for place, row in enumerate(found.months, 1)
    ]  # fmt: skip
    months.append([None, "Cộng", found.collected, _or(found.retained, found.why), _or(found.payable, found.why),
                   found.remitted])  # fmt: skip
    heads = ["STT", "Sổ tháng", "Đã thu", "Để lại chi bộ", "Phải nộp cấp trên", "Đã nộp cấp trên"]
    first = Sheet("Chỉ tiêu", ["STT", "Chỉ tiêu", "Đơn vị tính", "Mã số", "Số liệu", "Ghi chú"], rows, False, (6,))
    return workbook(title, notes, [first, Sheet("Theo tháng", heads, months)])


def arrears_xlsx(title: str, notes: list[str], found, *, amounts: bool) -> bytes:
    """Who has not paid: sheet "Chưa đóng", amounts only for who may read the book; sheet "Chưa tính được mức"."""
    heads, last = ["STT", "Họ và tên", "Tháng chưa đóng"], ["Còn phải đóng"] if amounts else []
    rows = [
        [place, debtor.name, debtor.words, *([debtor.left] if amounts else [])]
        for place, debtor in enumerate(found.debtors, 1)
    ]
    if amounts:
        rows.append([None, "Cộng", None, found.left])
    waiting = [[place, row.name, row.words] for place, row in enumerate(found.uncounted, 1)]
    sheets = [Sheet("Chưa đóng", heads + last, rows, amounts, (3,))]
    if waiting:
        sheets.append(Sheet("Chưa tính được mức", ["STT", "Họ và tên", "Tháng"], waiting, False, (3,)))
    return workbook(title, notes, sheets)


def _or(value, why):
    return why if value is None else value


def _fill(page, title, notes, sheet):
    from openpyxl.styles import Font

    bold = Font(bold=True)
    for line in (title, *notes, None):
        page.append([line])
    page["A1"].font = bold
    page.append(sheet.heads)
    for cell in page[page.max_row]:
        cell.font = bold
    page.freeze_panes = page.cell(page.max_row + 1, 3)
    for row in sheet.rows:
        page.append(row)
        for cell in page[page.max_row]:
            if cell.data_type == "f":  # a name that begins with "=" stays a word
                cell.data_type = "s"
            if cell.column > 2:
                cell.number_format = AMOUNT
            if sheet.summed and row is sheet.rows[-1]:
                cell.font = bold
    _shape(page, sheet)


def _shape(page, sheet):
    """Widths of the columns; on paper as wide as the page."""
    from openpyxl.utils import get_column_letter

    for column in range(1, len(sheet.heads) + 1):
        width = TEXT_WIDTH if column in sheet.texts else {1: PLACE_WIDTH, 2: NAME_WIDTH}.get(column, AMOUNT_WIDTH)
        page.column_dimensions[get_column_letter(column)].width = width
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr.fitToPage, page.page_setup.fitToHeight = True, 0
