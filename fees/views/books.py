"""The hub of books and reports of a year, and those of the whole cell: S01/ĐP, the summary."""

from itertools import pairwise

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone

from core.downloads import XLSX, made_pdf
from fees import exporting, periods
from fees import printing_reports as printing
from fees.queries import cash, member_year, reports, summary
from fees.queries.readable import readable
from fees.views import places
from fees.views.offered import BOOK, EVERYBODY, STATUS, VOUCHERS, address, offered, quick


def hub(request, year):
    """Everything that can be printed of a year, by what the person may read; ``?nguoi=`` goes to a member's year."""
    period = periods.asked(places.known_year(year), request.GET)
    cell = places.cell_for(request, "fees.view_fees")
    rights, who = _rights(request.user, cell, period), request.GET.get("nguoi", "")
    keeps = request.user.has_perm("fees.keep_book", cell)
    if keeps and who.isascii() and who.isdigit():
        return redirect(address(request, "member_year", [year, int(who[:9])]))
    context = {
        "cell": cell,
        "period": period,
        "slug": request.GET.get("chi-bo", ""),
        "here": places.here(request),
        "quick": quick(request, period),
        "numbers": range(1, 13),
        "items": offered(request, period, rights),
        "people": member_year.payers_of(cell, year) if keeps else None,
        "remittances": cash.passed_up(cell, year) if VOUCHERS in rights else None,
    }
    return render(request, "fees/books.html", context)


def _rights(user, cell, period) -> set:
    """Which offers are for this person; who reads the book needs no further question, but some month to read."""
    if months := readable(user, cell):
        return {EVERYBODY, STATUS, VOUCHERS} | ({BOOK} if any(month in months for month in period.months) else set())
    asked_of = {STATUS: "fees.view_status", VOUCHERS: "fees.view_vouchers"}
    return {EVERYBODY, *(right for right, perm in asked_of.items() if user.has_perm(perm, cell))}


def asked(request, year, perm):
    """(cell, period) of an address of this folder; 403 or 404 as ``places.cell_for``."""
    period = periods.asked(places.known_year(year), request.GET)
    return places.cell_for(request, perm), period


def _read(request, year):
    """(cell, period) cut to the months whose amounts the person reads; 403 where there is none."""
    cell, period = asked(request, year, "fees.view_book")
    months = readable(request.user, cell)
    read = [month.month for month in period.months if month in months]
    if not read:
        raise PermissionDenied
    until = next((last for last, after in pairwise(read) if after != last + 1), read[-1])  # audits may lie apart
    return cell, periods.Period(period.year, read[0], until)


def s01_pdf(request, year):
    """``?tu=1&den=3`` prints these months only; an inspector those of the audit."""
    cell, period = _read(request, year)
    data = printing.book_pdf(cell, period, reports.book(cell, period.months), timezone.localdate())
    return made_pdf(data, f"so-thu-nop-dang-phi-{period.file}.pdf")


def s01_xlsx(request, year):
    """The same as a workbook; amounts are numbers."""
    cell, period = _read(request, year)
    found = reports.book(cell, period.months)
    title = f"Sổ thu, nộp đảng phí {period.words} - {cell.document_name}"
    data = exporting.book_xlsx(title, printing.book_notes(found), found)
    return made_pdf(data, f"so-thu-nop-dang-phi-{period.file}.xlsx", XLSX)


def b01_pdf(request, year):
    """The sums of a period; open months only for who may see them."""
    cell, period, found = _summary(request, year)
    data = printing.summary_pdf(cell, period, found, timezone.localdate())
    return made_pdf(data, f"bao-cao-dang-phi-{period.file}.pdf")


def b01_xlsx(request, year):
    """The same as a workbook."""
    cell, period, found = _summary(request, year)
    title = f"Báo cáo tình hình thu, nộp đảng phí {period.words} - {cell.document_name}"
    data = exporting.summary_xlsx(title, printing.summary_notes(found), printing.summary_lines(found), found)
    return made_pdf(data, f"bao-cao-dang-phi-{period.file}.xlsx", XLSX)


def _summary(request, year):
    cell, period = asked(request, year, "fees.view_fees")
    return cell, period, summary.summary(cell, period, closed_only=not places.sees_open(request.user, cell))
