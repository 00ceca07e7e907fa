"""Books as XLSX: the only writer with openpyxl. Amounts are numbers (đồng), so that they can be added up."""

from io import BytesIO

WORD_WIDTH, NAME_WIDTH, AMOUNT_WIDTH = 6, 30, 15
AMOUNT = "#,##0"


def book_xlsx(title: str, notes: list[str], found) -> bytes:
    """S01/ĐP: sheet "Phần I" with one line per member, sheet "Phần II" with the sums of each month."""
    from openpyxl import Workbook

    workbook = Workbook()
    first, second = workbook.active, workbook.create_sheet("Phần II")
    first.title = "Phần I"
    months = [f"{row.month:%m/%Y}" for row in found.months]
    rows = [[place, line.name, line.base, *line.paid, line.total] for place, line in enumerate(found.lines, 1)]
    rows.append([None, "Cộng", None, *found.by_month, found.paid])
    _fill(first, title, notes, ["STT", "Họ và tên", "Căn cứ đóng", *months, "Cộng"], rows)
    words = [
        [place, f"{row.month:%m/%Y}", row.collected, row.why if row.retained is None else row.retained, row.remitted]
        for place, row in enumerate(found.months, 1)
    ]
    words.append(
        [None, "Cộng", found.collected, "chưa đủ" if found.retained is None else found.retained, found.remitted]
    )
    _fill(second, title, notes, ["STT", "Sổ tháng", "Đã thu", "Để lại chi bộ", "Đã nộp cấp trên"], words)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def _fill(sheet, title, notes, heads, rows):
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for line in (title, *notes, None):
        sheet.append([line])
    sheet["A1"].font = Font(bold=True)
    sheet.append(heads)
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            if cell.data_type == "f":  # a name that begins with "=" stays a word
                cell.data_type = "s"
            if cell.column > 2:
                cell.number_format = AMOUNT
    for column in range(1, len(heads) + 1):
        width = {1: WORD_WIDTH, 2: NAME_WIDTH}.get(column, AMOUNT_WIDTH)
        sheet.column_dimensions[get_column_letter(column)].width = width
