"""Who has not paid up to a month: a page and its files; amounts only for who keeps the book."""

from django.shortcuts import render
from django.utils import timezone

from core.downloads import XLSX, made_pdf
from core.paging import paginate
from fees import exporting
from fees import printing_reports as printing
from fees.queries.arrears import arrears
from fees.views.books import asked
from fees.views.offered import address


def page(request, year):
    """``?den=`` is the last month looked at."""
    cell, found, amounts = _found(request, year)
    until = {"den": found.until.month}
    files = [(end.upper(), address(request, f"arrears_{end}", [year], **until)) for end in ("pdf", "xlsx")]
    context = {
        "cell": cell,
        "found": found,
        "page": paginate(request, found.debtors),
        "amounts": amounts,
        "files": files,
        "back_url": address(request, "books", [year]),
    }
    return render(request, "fees/arrears.html", context)


def pdf(request, year):
    """The list on paper."""
    cell, found, amounts = _found(request, year)
    data = printing.arrears_pdf(cell, found, timezone.localdate(), amounts=amounts)
    return made_pdf(data, f"chua-dong-dang-phi-{found.until:%Y-%m}.pdf")


def xlsx(request, year):
    """The list as a workbook."""
    cell, found, amounts = _found(request, year)
    title = f"Đảng viên chưa đóng đảng phí đến hết tháng {found.until:%m/%Y} - {cell.document_name}"
    data = exporting.arrears_xlsx(title, printing.arrears_notes(found, amounts=amounts), found, amounts=amounts)
    return made_pdf(data, f"chua-dong-dang-phi-{found.until:%Y-%m}.xlsx", XLSX)


def _found(request, year):
    """(cell, Arrears, whether with amounts); no later than the present month."""
    cell, period = asked(request, year, "fees.view_status")
    until = min(period.last, timezone.localdate().replace(day=1))
    return cell, arrears(cell, until), request.user.has_perm("fees.keep_book", cell)  # months of all years
