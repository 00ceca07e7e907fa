"""Which cell and year an address is about, and the opened pledge of an address."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from core.access import get_for, known
from pledges import queries
from pledges.models import Pledge, PledgeYear

YEARS = range(2016, 2101)  # Chỉ thị 05-CT/TW is of 2016


def known_year(year: int) -> int:
    return known(year, YEARS)


def cell_for(request, perm):
    """The person's cell; 403 without one, or without ``perm`` on it."""
    cell = queries.cell_of(request.user)
    if cell is None or not request.user.has_perm(perm, cell):
        raise PermissionDenied
    return cell


def opened(request, year) -> PledgeYear:
    """The registration of a year of one's own cell, for its chi ủy."""
    cell = cell_for(request, "pledges.open_year")
    row = queries.year_of(cell, known_year(year))
    if row is None:
        raise Http404
    return row


def pledge_for(request, perm, year, pk, rows=None) -> Pledge:
    """The pledge of an address; another's draft is not found, whoever asks."""
    rows = Pledge.objects.select_related("cell__parent", "member") if rows is None else rows
    return get_for(request.user, rows, perm, pk=pk, year=year)
