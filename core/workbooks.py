"""Tables as XLSX: the only writer with openpyxl. Amounts are numbers (đồng) that can be added up."""

from dataclasses import dataclass, field
from io import BytesIO

PLACE_WIDTH, NAME_WIDTH, AMOUNT_WIDTH, TEXT_WIDTH = 6, 30, 15, 60
AMOUNT = "#,##0"


@dataclass(frozen=True)
class Sheet:
    """One sheet: column 1 the place, column 2 a name; the last row is the sum where ``summed``, ``texts`` are wide,
    ``widths`` are those of other columns that are no amounts."""

    name: str
    heads: list[str]
    rows: list[list]
    summed: bool = True
    texts: tuple[int, ...] = ()
    widths: dict[int, int] = field(default_factory=dict)


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

    known = {1: PLACE_WIDTH, 2: NAME_WIDTH} | dict.fromkeys(sheet.texts, TEXT_WIDTH) | sheet.widths
    for column in range(1, len(sheet.heads) + 1):
        width = known.get(column, AMOUNT_WIDTH)
        page.column_dimensions[get_column_letter(column)].width = width
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr.fitToPage, page.page_setup.fitToHeight = True, 0
