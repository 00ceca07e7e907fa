"""The cell's table of a year as XLSX (core.workbooks)."""

from django.utils import timezone

from core.vietnamese import date_text
from core.workbooks import Sheet, workbook
from pledges.models import PledgeYear
from pledges.summary import summary

HEADS = ["STT", "Họ và tên", "Bản đăng ký", "Số việc", "Sáu tháng đầu năm", "Cả năm"]


def summary_xlsx(year: PledgeYear) -> bytes:
    """One sheet: what the counts are, then a row for the collective and for everybody who registers."""
    found = summary(year)
    rows = [[place, *_cells(line)] for place, line in enumerate([found.collective, *found.lines])]
    rows[0][0] = None
    title = f"Tổng hợp việc đăng ký làm theo Bác năm {year.year} - {year.cell.document_name}"
    notes = [f"Đến ngày {date_text(timezone.localdate())}", *found.sentences]
    return workbook(title, notes, [Sheet(f"Năm {year.year}", HEADS, rows, summed=False, widths={3: 22, 5: 20, 6: 20})])


def _cells(line):
    return [line.name, line.state, line.deeds, line.half, line.whole]
