"""One payer: a payment by one click or by the form, and its reversal."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from core.access import get_for
from core.forms import attempt, form_status, posted
from core.states import Move
from fees.forms.collecting import PayForm, ReverseForm
from fees.models import Payment
from fees.queries import collection, payers
from fees.queries.owing import owed
from fees.services import collecting
from fees.services.allotting import waiting
from fees.views import places
from fees.views.month import month_sum

REVERSE = Move(
    "Hủy biên lai", (), "", question="Hủy biên lai này?", risk=True,
    effect="Một biên lai hủy có số riêng được ghi vào sổ tháng đang mở. Số tiền đã đóng thành chưa đóng.",
)  # fmt: skip


def pay(request, year, month, pk):
    """The button of a payer sends what is owed; the form takes other cases. The month only says where one came from."""
    day = places.known_month(year, month)
    cell = places.cell_for(request, "fees.keep_book")
    member = get_object_or_404(payers.known(cell), pk=pk)
    rows = list(owed(cell, members=[member.pk]).values())
    form = PayForm(posted(request), rows=rows)
    done = attempt(request, form, collecting.pay, cell, member, by=request.user)
    if request.htmx:
        return _row(request, cell, day, member, form)
    if done:
        messages.success(request, f"Đã ghi biên lai {_last(cell, member).number_text}.")
        return redirect(reverse("fees:month", args=[year, month]) + places.here(request) + f"#m{pk}")
    context = {"form": form, "member": member, "month": day, "rows": rows, "here": places.here(request)}
    context |= {"left": sum(row.left for row in rows), "waiting": waiting(rows)}
    return render(request, "fees/pay.html", context, status=form_status(form))


def _last(cell, member):
    """The receipt written last for a payer."""
    return Payment.objects.filter(cell=cell, member=member).order_by("-pk").first()


def _row(request, cell, day, member, form):
    """The row of the payer as it is now, and the sums of the month beside it."""
    found = collection.payers(cell, day)
    gone = collection.Payer(member.pk, member.full_name, None)  # paid an old month and is on the roll no longer
    payer = next((one for one in found if one.member_id == member.pk), gone)
    errors = [error for errors in form.errors.values() for error in errors]
    context = {
        "payer": payer,
        "error": " ".join(errors),
        "receipt": None if errors else _last(cell, member),
        "month": day,
    }
    context |= {"sum": month_sum(found, day), "reads": True, "takes": True, "keeps": True, "swap": True}
    context |= {"here": places.here(request), "today": timezone.localdate()}
    context["month_url"] = reverse("fees:month", args=[day.year, day.month])
    return render(request, "fees/_payer.html", context, status=form_status(form))


def reverse_receipt(request, pk):
    """Take a receipt back, with a reason."""
    payment = get_for(request.user, Payment.objects.select_related("member", "cell"), "fees.reverse_payment", pk=pk)
    form = ReverseForm(posted(request))
    if attempt(request, form, collecting.reverse, payment, by=request.user, success="Đã hủy biên lai."):
        return redirect(payment)
    context = {"obj": payment, "step": REVERSE, "form": form}
    return render(request, "fees/reverse.html", context, status=form_status(form))
