"""The register of resolutions: the papers with how far their clauses are, and the book to print."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from core.downloads import made_pdf
from core.paging import chip, paginate
from meetings.queries import clauses as queries
from meetings.queries import register_book


def resolutions(request):
    """All resolutions one may see, newest first, with how many of their clauses are done and how many late."""
    name, year = _choice(request), chosen_year(request)
    page = paginate(request, queries.register(request.user, year=year, name=name))
    progress = queries.progress_of([resolution.pk for resolution in page])
    context = {
        "page": page,
        "rows": [(resolution, progress.get(resolution.pk)) for resolution in page],
        "ways": tabs("papers"),
        "filters": [
            chip(request.path, label, current=key == name, loc=key, nam=year)
            for key, (label, _) in queries.PAPER_FILTERS.items()
        ],
        "years": year_chips(request, year, loc=name),
        "filtered": bool(name or year),
        "book_url": book_url(request.user, year),
    }
    return render(request, "resolutions/list.html", context)


def _choice(request):
    name = request.GET.get("loc", "")
    return name if name in queries.PAPER_FILTERS else ""


def chosen_year(request):
    """The year asked for by ``?nam=``; None for all."""
    asked = request.GET.get("nam", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 and int(asked) else None


def tabs(current):
    """The two views of the register."""
    return [
        chip(reverse("resolutions:list"), "Theo văn bản", current=current == "papers"),
        chip(reverse("resolutions:clauses"), "Theo mục nhiệm vụ", current=current == "clauses"),
    ]


def year_chips(request, year, **query):
    """A choice of year where there is more than one."""
    found = queries.years(request.user)
    if len(found) < 2 and year in (None, *found):
        return []
    chips = [chip(request.path, "Mọi năm", current=year is None, **query)]
    return chips + [chip(request.path, str(one), current=one == year, nam=one, **query) for one in found]


def book_url(user, year):
    """Where the book of the person's cell is printed; empty for somebody without a cell."""
    return f"{reverse('resolutions:book')}?nam={year or timezone.localdate().year}" if user.home_cell else ""


def book(request):
    """The book of a year as PDF (sổ nghị quyết) of the person's own cell."""
    cell, year = request.user.home_cell, chosen_year(request) or timezone.localdate().year
    if cell is None:
        raise Http404
    return made_pdf(register_book.book_pdf(cell, request.user, year), f"so-nghi-quyet-{year}.pdf")
