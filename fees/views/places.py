"""Which cell and month an address of the book is about."""

import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404

from core.access import known, require
from fees.queries.cells import book_cell
from fees.queries.readable import readable

YEARS = range(2000, 2101)


def cell_for(request, perm):
    """The cell of ``?chi-bo=``, else one's own. 404 for a cell one may not know of, 403 without any or without perm."""
    slug = request.GET.get("chi-bo", "")
    cell = book_cell(request.user, slug)
    if cell is None and slug:
        raise Http404
    if cell is None:
        raise PermissionDenied
    require(request.user, perm, cell)
    return cell


def here(request) -> str:
    """What an address of the same cell carries on: "?chi-bo=…" or nothing."""
    slug = request.GET.get("chi-bo", "")
    return f"?chi-bo={slug}" if slug else ""


def kept(request) -> dict:
    """The same for core.paging.chip."""
    return {"chi-bo": request.GET.get("chi-bo", "")}


def known_year(year: int) -> int:
    return known(year, YEARS)


def known_month(year: int, month: int) -> datetime.date:
    """The first day; 404 for a month that no calendar has."""
    if year not in YEARS or not 1 <= month <= 12:
        raise Http404
    return datetime.date(year, month, 1)


def sees_open(user, cell, reads=None) -> bool:
    """Whether the sums of an open month are for this person: one that grows by a receipt tells what its payer paid.

    For who keeps the book or audits it, so not for the chi ủy, who see beside it who has just paid. ``reads``: where
    the caller knows it.
    """
    return user.has_perm("fees.view_book", cell) if reads is None else bool(reads)


def month_for(request, day):
    """The cell of a paper with amounts by person in one month; 403 for who reads no or another month."""
    cell = cell_for(request, "fees.view_book")
    if day not in readable(request.user, cell):
        raise PermissionDenied
    return cell
