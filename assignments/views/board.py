"""The committee's board: who works on what, who is behind."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from assignments import printing, queries
from core.downloads import made_pdf
from core.paging import chip, paginate

LATE = "qua-han"


def _cell(request):
    cell = queries.committee_cell(request.user)
    if cell is None or not request.user.has_perm("assignments.view_board", cell):
        raise PermissionDenied
    return cell


def board(request):
    """Everybody by given name with the numbers of their tasks and what is not finished."""
    cell, late = _cell(request), request.GET.get("loc") == LATE
    page = paginate(request, queries.board_people(cell, late_only=late))
    url = reverse("assignments:board")
    busy = [member for member in page if not member.is_idle]
    context = {
        "page": page,
        "lines": queries.board_lines(cell, busy, late_only=late),
        "idle": [member for member in page if member.is_idle],
        "filters": [chip(url, "Mọi người", current=not late), chip(url, "Có việc quá hạn", current=late, loc=LATE)],
        "late": late,
        "year": timezone.localdate().year,
        "totals": queries.board_totals(cell),
    }
    return render(request, "assignments/board.html", context)


def board_pdf(request):
    """The board on paper: everybody with unfinished tasks."""
    cell = _cell(request)
    return made_pdf(printing.board_pdf(cell), f"bang-nhiem-vu-{timezone.localdate():%Y-%m-%d}.pdf")
