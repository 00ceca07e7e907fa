"""What is printed and exported of pledges."""

from core.downloads import XLSX, made_pdf
from pledges import exporting, printing, queries
from pledges.views.places import opened, pledge_for


def pledge_pdf(request, year, pk):
    """The registration and the commitment, to be signed by hand."""
    row = pledge_for(request, "pledges.view_pledge", year, pk, queries.whole(request.user))
    return made_pdf(printing.pledge_pdf(row), f"dang-ky-lam-theo-bac-{year}.pdf")


def summary_pdf(request, year):
    """The cell's table with its levels."""
    row = opened(request, year)
    return made_pdf(printing.summary_pdf(row), f"tong-hop-lam-theo-bac-{year}.pdf")


def summary_xlsx(request, year):
    """The same as a workbook."""
    row = opened(request, year)
    return made_pdf(exporting.summary_xlsx(row), f"tong-hop-lam-theo-bac-{year}.xlsx", XLSX)
