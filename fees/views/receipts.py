"""Receipts: their page, one as PDF, those of a month as PDF; the list that is signed at the meeting."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from core.access import get_for
from core.downloads import made_pdf
from core.errors import Refused
from fees import printing
from fees.models import FeeMonth, Payment
from fees.queries import receipts as queries
from fees.views import places

MOST = 200  # receipts in one file
WITHOUT = "khong"


def receipt(request, pk):
    """One receipt as it was written: what it pays for and how that was counted."""
    payment = get_for(request.user, queries.whole(), "fees.view_payment", pk=pk)
    found = queries.receipts(Payment.objects.filter(pk=payment.pk))[0]
    cell_keeps = request.user.has_perm("fees.reverse_payment", payment)
    context = {
        "payment": payment,
        "receipt": found,
        "may_reverse": cell_keeps and not payment.reverses_id and found.back is None,
        "keeps": cell_keeps,
    }
    return render(request, "fees/receipt.html", context)


def receipt_pdf(request, pk):
    """The receipt on A5."""
    payment = get_for(request.user, queries.whole(), "fees.view_payment", pk=pk)
    data = printing.receipts_pdf(queries.whole().filter(pk=payment.pk))
    return made_pdf(data, f"bien-lai-{payment.number:04d}-{payment.year}.pdf")


def receipts_pdf(request, year, month):
    """All receipts of the book of a month, two on a page, in the order of their numbers."""
    day = places.known_month(year, month)
    cell = places.cell_for(request, "fees.view_book")
    fee_month = get_object_or_404(FeeMonth, cell=cell, month=day)
    payments = queries.whole().filter(fee_month=fee_month).order_by("year", "number")
    number = payments.count()
    if not number:
        raise Refused(f"Sổ tháng {day:%m/%Y} chưa có biên lai nào để in.")
    if number > MOST:
        raise Refused(f"Tháng này có {number} biên lai, nhiều nhất {MOST} trong một tệp. In từng biên lai.")
    return made_pdf(printing.receipts_pdf(payments, batch=True), f"bien-lai-{day:%Y-%m}.pdf")


def collection_list(request, year, month):
    """``?so-tien=khong`` leaves the amounts out, so that the list may go round the table."""
    day = places.known_month(year, month)
    cell = places.cell_for(request, "fees.view_book")
    get_object_or_404(FeeMonth, cell=cell, month=day)
    amounts = request.GET.get("so-tien") != WITHOUT
    data = printing.collection_list_pdf(cell, day, timezone.localdate(), amounts=amounts)
    return made_pdf(data, f"bang-thu-dang-phi-{day:%Y-%m}.pdf")
