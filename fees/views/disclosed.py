"""What is told without names: to the members of the cell, and to the superior of the cells they follow."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone

from core.paging import chip, paginate
from fees.queries import cash as queries
from fees.queries.sums import years_of
from fees.views.places import YEARS, cell_for, here, kept, sees_open
from fees.views.whose import address
from members.models import Organisation

SHOWN_YEARS = 3


def _year(request):
    """The year asked for by ``?nam=``, else this one."""
    asked = request.GET.get("nam", "")
    known = asked.isascii() and asked.isdigit() and len(asked) == 4 and int(asked) in YEARS
    return int(asked) if known else timezone.localdate().year


def public(request):
    """Collected, retained, passed up, spent and what is left, by month of a year."""
    cell, user, year = cell_for(request, "fees.view_fees"), request.user, _year(request)
    reads, closed_only = user.has_perm("fees.view_vouchers", cell), not sees_open(user, cell)
    inside = reads or cell.pk in user.cell_ids
    years = sorted({year, *years_of(cell)}, reverse=True)[:SHOWN_YEARS]
    context = {
        "cell": cell,
        "year": year,
        "here": here(request),
        "years": [chip(request.path, str(each), current=each == year, nam=each, **kept(request)) for each in years],
        "sums": queries.year_sums([cell], year, closed_only=closed_only)[cell.pk],
        "inside": inside,
        "may_order": user.has_perm("fees.order_audit", cell),
        "remittances": queries.passed_up(cell, year) if inside else [],
        "spendings": queries.spent_on(cell, year) if inside else [],
        "book_url": address("fees:cash", cell, user) if reads else "",
    }
    return render(request, "fees/public.html", context)


def overseen(request):
    """The same sums of the cells one follows, a line for each."""
    below, year = request.user.overseen_ids, _year(request)
    if not below:
        raise PermissionDenied
    page = paginate(request, Organisation.objects.cells().filter(pk__in=below).order_by("name", "pk"))
    sums = queries.year_sums(page.object_list, year, closed_only=True)
    this = timezone.localdate().year
    years = sorted({year, *range(this - SHOWN_YEARS + 1, this + 1)}, reverse=True)
    context = {
        "page": page,
        "lines": [(cell, sums[cell.pk]) for cell in page.object_list],
        "year": year,
        "years": [chip(request.path, str(each), current=each == year, nam=each) for each in years],
    }
    return render(request, "fees/overseen.html", context)
