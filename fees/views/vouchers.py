"""One voucher: its entries, its paper, taking it back."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from core.access import get_for
from core.downloads import stored_file
from core.forms import attempt, form_status, posted
from core.sniffing import MIMES, SAME
from fees.forms.cash import PaperForm, ReverseForm
from fees.models import Remittance, Spending, Voucher
from fees.services import cash as services
from fees.services import papers
from fees.views.whose import address


def _voucher(request, perm, pk):
    rows = Voucher.objects.select_related("cell", "by__member", "payment", "reverses", "reversed_by")
    return get_for(request.user, rows, perm, pk=pk)


def _detail(voucher):
    """The remittance or spending that a voucher books, or None."""
    return getattr(voucher, "remittance", None) or getattr(voucher, "spending", None)


def voucher(request, pk):
    """Date, words, both sides, who booked it, what it took back or was taken back by."""
    row, user = _voucher(request, "fees.view_voucher", pk), request.user
    reads = user.has_perm("fees.view_vouchers", row.cell)
    keeps = user.has_perm("fees.reverse_voucher", row)
    taken_back = getattr(row, "reversed_by", None)
    context = {
        "voucher": row,
        "entries": row.entries.all(),
        "detail": _detail(row),
        "taken_back": taken_back,
        "back_url": address("fees:cash", row.cell, user) if reads else "",
        "keeps": keeps,
        "may_receipt": row.payment and user.has_perm("fees.view_payment", row.payment),
        "may_reverse": keeps and row.kind in services.REVERSIBLE and taken_back is None,
    }
    return render(request, "fees/voucher.html", context)


def reverse_voucher(request, pk):
    """Take it back by its own sides negated."""
    row = _voucher(request, "fees.reverse_voucher", pk)
    form, address_of = ReverseForm(posted(request)), reverse("fees:voucher", args=[pk])
    success = "Đã đảo chứng từ bằng một bút toán ngược."
    if attempt(request, form, services.reverse_voucher, row, by=request.user, success=success):
        return redirect("fees:cash")
    context = {"form": form, "question": "Đảo chứng từ", "verb": "Đảo chứng từ", "risk": True, "eyebrow": row.text,
               "back_url": address_of, "consequence": "Chứng từ cũ giữ nguyên; một bút toán ngược dấu được ghi vào "
               "tháng đang mở, kèm lý do. Mỗi chứng từ chỉ đảo một lần."}  # fmt: skip
    return render(request, "core/move.html", context, status=form_status(form))


def _papered(request, perm, pk):
    model = Spending if Spending.objects.filter(voucher=pk).exists() else Remittance
    return get_for(request.user, model.objects.select_related("voucher"), perm, voucher=pk)


def paper(request, pk):
    """The file of a remittance or spending, as a download that the browser may not run."""
    row = _papered(request, "fees.view_paper", pk)
    if not row.paper:
        raise Http404
    ending = row.paper.name.rsplit(".", 1)[-1]
    return stored_file(row.paper, row.paper_name, MIMES[SAME.get(ending, ending)])


def attach(request, pk):
    """Add the paper of a voucher that was booked without one."""
    row = _papered(request, "fees.keep_book", pk)
    form = PaperForm(posted(request), request.FILES or None)
    if attempt(request, form, papers.add_paper, row, by=request.user, success="Đã đính kèm chứng từ."):
        return redirect("fees:voucher", pk)
    context = {"form": form, "heading": "Đính kèm chứng từ", "verb": "Đính kèm chứng từ", "meta": [row.voucher.text],
               "back_url": reverse("fees:voucher", args=[pk]), "back_name": "Chứng từ"}  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))
