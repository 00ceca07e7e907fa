"""The cell's table of a year as XLSX (openpyxl only here)."""

from io import BytesIO

from django.utils import timezone

from core.vietnamese import date_text
from pledges.models import PledgeYear
from pledges.summary import summary

HEADS = ("STT", "Họ và tên", "Bản đăng ký", "Số việc", "Sáu tháng đầu năm", "Cả năm")
WIDTHS = (6, 32, 22, 10, 20, 20)


def summary_xlsx(year: PledgeYear) -> bytes:
    """One sheet: what the counts are, then a row for the collective and for everybody who registers."""
    from openpyxl import Workbook

    found, book = summary(year), Workbook()
    page = book.active
    page.title = f"Năm {year.year}"
    title = f"Tổng hợp việc đăng ký làm theo Bác năm {year.year} - {year.cell.document_name}"
    for line in (title, f"Đến ngày {date_text(timezone.localdate())}", *found.sentences, None):
        page.append([line])
    page.append(HEADS)
    head = page.max_row
    page.append([None, *_cells(found.collective)])
    for place, line in enumerate(found.lines, 1):
        page.append([place, *_cells(line)])
    _shape(page, head)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(line):
    return [line.name, line.state, line.deeds, line.half, line.whole]


def _shape(page, head):
    """Bold heads, widths of the columns; on paper as wide as the page."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for cell in (page["A1"], *page[head]):
        cell.font = Font(bold=True)
    for row in page.iter_rows(min_row=head + 1):
        for cell in row:
            if cell.data_type == "f":  # a name that begins with "=" stays a word
                cell.data_type = "s"
    for column, width in enumerate(WIDTHS, 1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = page.cell(head + 1, 3)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr.fitToPage, page.page_setup.fitToHeight = True, 0
