"""The S01/ĐP book of a year or of months as PDF and XLSX, for who may read the book."""

from django.http import HttpResponse
from django.utils import timezone

from core.downloads import made_pdf
from fees import exporting, printing
from fees.queries import reports
from fees.queries.owing import months_of
from fees.views import places

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def s01_pdf(request, year):
    """``?tu=1&den=3`` prints these months only."""
    cell, months = _asked(request, year)
    data = printing.book_pdf(cell, months, reports.book(cell, months), timezone.localdate())
    return made_pdf(data, f"{_name(months)}.pdf")


def s01_xlsx(request, year):
    """The same as a workbook; amounts are numbers."""
    cell, months = _asked(request, year)
    found = reports.book(cell, months)
    title = f"Sổ thu, nộp đảng phí {printing.period(months)} - {cell.document_name}"
    response = HttpResponse(exporting.book_xlsx(title, printing.book_notes(found), found), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{_name(months)}.xlsx"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _asked(request, year):
    months = months_of(places.known_year(year))
    cell = places.cell_for(request, "fees.view_book")
    start, end = _number(request, "tu", 1), _number(request, "den", 12)
    return cell, months[start - 1 : end] or months


def _number(request, name, otherwise) -> int:
    text = request.GET.get(name, "")
    return int(text) if text in {str(number) for number in range(1, 13)} else otherwise


def _name(months):
    return f"so-thu-nop-dang-phi-{months[0]:%Y-%m}-{months[-1]:%m}"
