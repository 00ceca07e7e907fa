"""Receipts: their page, written again for another payer; as PDF, singly and by month; the list that a meeting signs."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core.access import get_for
from core.downloads import made_pdf
from core.errors import Refused
from core.forms import attempt, form_status, posted
from core.states import Move
from fees import printing
from fees.forms.receipts import RewriteForm
from fees.models import FeeMonth, Payment
from fees.queries import receipts as queries
from fees.queries.payers import ever_paying
from fees.services import collecting
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


REWRITE = Move(
    "Ghi lại cho người khác", (), "", question="Ghi lại biên lai này cho người đã nộp?", risk=True,
    effect="Biên lai này bị hủy và một biên lai mới thay vào, cùng số tiền, hình thức và số giao dịch; tiền không rời "
    "nơi đang giữ. Số tiền trả các tháng cũ nhất chưa đóng của người đã nộp.",
)  # fmt: skip


def rewrite(request, pk):
    """Written for the wrong payer: once more for who really paid, with a reason."""
    payment = get_for(request.user, Payment.objects.select_related("member", "cell"), "fees.reverse_payment", pk=pk)
    form = RewriteForm(posted(request), payers=ever_paying(payment.cell).exclude(pk=payment.member_id))
    made = []

    def service(**values):
        made.append(collecting.rewrite(payment, **values))

    if attempt(request, form, service, by=request.user, success="Đã ghi lại biên lai."):
        return redirect(made[0] if made else payment)
    context = {"obj": payment, "step": REWRITE, "form": form}
    return render(request, "fees/reverse.html", context, status=form_status(form))


def receipt_pdf(request, pk):
    """The receipt on A5."""
    payment = get_for(request.user, queries.whole(), "fees.view_payment", pk=pk)
    data = printing.receipts_pdf(queries.whole().filter(pk=payment.pk))
    return made_pdf(data, f"bien-lai-{payment.number:04d}-{payment.year}.pdf")


def receipts_pdf(request, year, month):
    """All receipts of the book of a month, two on a page, in the order of their numbers."""
    day = places.known_month(year, month)
    cell = places.month_for(request, day)
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
    cell = places.cell_for(request, "fees.keep_book")  # tells debts of any month
    get_object_or_404(FeeMonth, cell=cell, month=day)
    amounts = request.GET.get("so-tien") != WITHOUT
    data = printing.collection_list_pdf(cell, day, timezone.localdate(), amounts=amounts)
    return made_pdf(data, f"bang-thu-dang-phi-{day:%Y-%m}.pdf")
