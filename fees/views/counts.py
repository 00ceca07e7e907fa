"""Counting the cash against the book."""

from django.shortcuts import redirect, render
from django.urls import reverse

from core.access import get_for
from core.forms import attempt, form_status, posted
from core.paging import paginate
from fees.forms.cash import CountForm, DifferenceForm
from fees.models import CashCount
from fees.queries.cash import open_count
from fees.queries.ledger import balances
from fees.services import counting
from fees.states import Account
from fees.views.places import cell_for
from fees.views.whose import address


def counts(request):
    """Every count of the cash, newest first."""
    cell = cell_for(request, "fees.view_vouchers")
    rows = CashCount.objects.visible_to(request.user).filter(cell=cell)
    context = {
        "cell": cell,
        "page": paginate(request, rows),
        "keeps": request.user.has_perm("fees.keep_book", cell),
        "back_url": address("fees:cash", cell, request.user),
    }
    return render(request, "fees/counts.html", context)


def count(request):
    """Write down what was counted; what the book says stands beside it only afterwards."""
    cell, made = cell_for(request, "fees.keep_book"), []
    form = CountForm(posted(request))

    def service(**values):
        made.append(counting.count_cash(cell, **values))

    if attempt(request, form, service, by=request.user, success="Đã ghi kết quả kiểm quỹ."):
        return redirect("fees:count_detail", made[0].pk) if made else redirect("fees:counts")
    context = {"form": form, "heading": "Kiểm quỹ", "verb": "Ghi kết quả kiểm quỹ",
               "back_url": reverse("fees:cash"), "back_name": "Sổ quỹ"}  # fmt: skip
    return render(request, "fees/count.html", context, status=form_status(form))


def _count(request, perm, pk):
    rows = CashCount.objects.select_related("cell", "voucher", "counted_by__member")
    return get_for(request.user, rows, perm, pk=pk)


def detail(request, pk):
    """Counted, by the book, the difference and what became of it."""
    row = _count(request, "fees.view_cashcount", pk)
    pieces = [(int(value), number, int(value) * number) for value, number in row.pieces.items()]
    waits = bool(row.difference) and not row.voucher_id
    context = {
        "count": row,
        "pieces": sorted(pieces, reverse=True),
        **_compared(row),
        "waits": waits,
        "may_settle": waits and request.user.has_perm("fees.settle_cashcount", row) and open_count(row.cell) == row,
        "back_url": address("fees:counts", row.cell, request.user),
    }
    return render(request, "fees/count_detail.html", context)


def _compared(row):
    """(label, đồng) of what was found, what the book says, and the difference; of the bank only where it was asked."""
    cash = [("Tiền mặt đếm được", row.counted), ("Tiền mặt theo sổ", row.book), ("Chênh lệch", row.difference)]
    if row.bank_statement is None:
        return {"cash": cash, "bank": []}
    apart = row.bank_statement - row.bank_book
    bank = [("Ngân hàng theo sao kê", row.bank_statement), ("Ngân hàng theo sổ", row.bank_book), ("Chênh lệch", apart)]
    return {"cash": cash, "bank": bank}


def settle(request, pk):
    """Book the difference with its explanation."""
    row = _count(request, "fees.settle_cashcount", pk)
    form = DifferenceForm(posted(request), initial={"explanation": row.explanation})
    success = "Đã ghi chênh lệch vào sổ."
    if attempt(request, form, counting.book_difference, row, by=request.user, success=success):
        return redirect("fees:count_detail", pk)
    difference = row.counted - balances(row.cell, row.counted_on)[Account.CASH]
    context = {"form": form, "count": row, "difference": difference, "short": -difference,
               "back_url": reverse("fees:count_detail", args=[pk])}  # fmt: skip
    return render(request, "fees/count_settle.html", context, status=form_status(form))
