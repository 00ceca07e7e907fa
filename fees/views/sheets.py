"""Papers of one thing: a remittance, the remittances of a period, the year of a member; the chart of the year."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from core.access import get_for
from core.downloads import made_pdf
from core.paging import chip
from fees import printing_reports as printing
from fees.models import Voucher
from fees.queries import member_year as years
from fees.queries import remittances, summary
from fees.queries.payers import paying_cell
from fees.queries.sums import years_of
from fees.states import VoucherKind
from fees.views import places
from fees.views.books import asked
from fees.views.offered import address


def remittance_sheet(request, pk):
    """The sheet that goes up with the money; 404 for a voucher that passes nothing up."""
    rows = Voucher.objects.filter(kind=VoucherKind.REMITTANCE).select_related("cell__parent", "reversed_by")
    voucher = get_for(request.user, rows, "fees.view_voucher", pk=pk)
    remittance = voucher.remittance
    remittance.cell, remittance.voucher = voucher.cell, voucher
    data = printing.remittance_pdf(voucher.cell, remittances.sheet(remittance))
    return made_pdf(data, f"giay-nop-dang-phi-{voucher.dated_on:%Y-%m-%d}.pdf")


def remittances_pdf(request, year):
    """What went up in the books of a period."""
    cell, period = asked(request, year, "fees.view_vouchers")
    data = printing.passed_pdf(cell, period, remittances.passed(cell, period), timezone.localdate())
    return made_pdf(data, f"bang-ke-nop-dang-phi-{period.file}.pdf")


def member_year(request, year, pk):
    """A member's year: the own one in whichever book it stands, another's in the book that one keeps."""
    places.known_year(year)
    user, cell, own = request.user, None, request.user.member_id == pk
    if own:
        writer, member = paying_cell(user) or user.home_cell, user.member
    else:
        writer = cell = places.cell_for(request, "fees.keep_book")
        member = get_object_or_404(years.payers_of(cell, year), pk=pk)
    if writer is None:
        raise Http404
    data = printing.member_year_pdf(writer, years.member_year(member, year, cell), timezone.localdate())
    return made_pdf(data, f"dang-phi-{year}-{pk}.pdf")


def cell_year(request, year):
    """Collected, retained, passed up by month, and who paid in time; open months only for who may see their sums."""
    places.known_year(year)
    cell = places.cell_for(request, "fees.view_fees")
    found = summary.cell_year(cell, year, closed_only=not places.sees_open(request.user, cell))
    shown = sorted({year, timezone.localdate().year, *years_of(cell)}, reverse=True)
    context = {
        "cell": cell,
        "year": year,
        "found": found,
        "totals": {name: found.total(name) for name in ("collected", "retained", "remitted")},
        "years": [chip(address(request, "cell_year", [each]), str(each), current=each == year) for each in shown],
        "money": _money(found),
        "names": ["Đã thu", "Để lại chi bộ", "Đã nộp cấp trên"],
        "timely": _timely(found),
        "books_url": address(request, "books", [year]),
    }
    return render(request, "fees/cell_year.html", context)


def _money(found):
    """Columns of the twelve months in đồng; what is not known yet has none."""
    of = {row.sums.month.month: row.sums for row in found.months}
    return [(number, _values(of.get(number))) for number in range(1, 13)]


def _values(sums):
    if sums is None:
        return (None, None, None)
    return (sums.collected, sums.retained if sums.is_split else None, sums.remitted)


def _timely(found):
    of = {row.sums.month.month: row.percent for row in found.months}
    return [{"label": number, "value": of.get(number)} for number in range(1, 13)]
