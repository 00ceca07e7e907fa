"""The cash book and what the collector books into it."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from core.forms import attempt, form_status, posted
from core.paging import chip, paginate
from fees.forms.cash import OpeningForm, RemitForm, SpendForm, TransferForm
from fees.queries import cash as queries
from fees.queries.ledger import balances
from fees.services import cash as services
from fees.states import PLACES, Account
from fees.views.places import cell_for, sees_open
from fees.views.whose import address

OWNERS = (Account.RETAINED, Account.PAYABLE, Account.COLLECTED)


def book(request):
    """Where the money is, whose it is, and every voucher; who keeps the book sees what was left after each."""
    cell, user = cell_for(request, "fees.view_vouchers"), request.user
    place = request.GET.get("noi", "")
    place = place if place in {each.value for each in PLACES} else ""
    whole = user.has_perm("fees.keep_book", cell)
    context = {
        "cell": cell,
        "page": (page := paginate(request, queries.vouchers(user, cell, place))),
        "lines": queries.lines(cell, page.object_list, place, whole=whole),
        "whole": whole,
        "filters": _filters(request, place),
        "keeps": whole,
        "opened": queries.standing_opening(cell) is not None,
        "count": queries.open_count(cell),
        "public_url": address("fees:public", cell, user),
        "counts_url": address("fees:counts", cell, user),
        **_told(user, cell, whole),
    }
    return render(request, "fees/cash.html", context)


def _told(user, cell, whole):
    """Balances of today; for the chi ủy those of the last close, because one of today grows by a receipt."""
    sees = sees_open(user, cell, whole or None)
    until = None if sees else queries.last_close(cell)
    return {"sees_open": sees, "until": until} | (_standing(balances(cell, until)) if sees or until else {})


def _standing(now):
    return {
        "places": [(place.label, now[place]) for place in PLACES],
        "total": sum(now[place] for place in PLACES),
        "owners": [(owner.label, -now[owner]) for owner in OWNERS],
        "difference": now[Account.DIFFERENCE],
    }


def _filters(request, current):
    url, slug = request.path, request.GET.get("chi-bo", "")
    choices = [("", "Tất cả"), *((place.value, place.label) for place in PLACES)]
    return [chip(url, label, current=value == current, **{"chi-bo": slug, "noi": value}) for value, label in choices]


def _booking(request, cell, form, service, *, success, page="fees/booking.html", **words):
    """One page of a booking: the balances it draws on above the form, back to the book when it is done."""
    if attempt(request, form, service, cell, by=request.user, success=success):
        return redirect("fees:cash")
    back = {"back_url": reverse("fees:cash"), "back_name": "Sổ quỹ"}
    context = words | _standing(balances(cell)) | back | {"form": form}
    return render(request, page, context, status=form_status(form))


def opening(request):
    """What the last closed book left, once."""
    cell = cell_for(request, "fees.keep_book")
    first = queries.first_open_month(cell) or timezone.localdate()
    return _booking(
        request, cell, OpeningForm(posted(request), initial={"dated_on": first}), services.open_book,
        heading="Ghi số dư đầu", verb="Ghi số dư đầu", success="Đã ghi số dư đầu.", page="fees/opening.html",
        intro="Ghi một lần, theo số cuối của sổ đã khóa trước khi dùng phần mềm. Hai bên phải bằng nhau.",
    )  # fmt: skip


def remit(request):
    """Money passed up to the superior."""
    cell = cell_for(request, "fees.keep_book")
    payable = max(-balances(cell)[Account.PAYABLE], 0)
    initial = {"amount": payable or None, "receiver": cell.parent.name if cell.parent else ""}
    return _booking(
        request, cell, RemitForm(posted(request), request.FILES or None, initial=initial), services.remit,
        heading="Nộp đảng phí lên cấp trên", verb="Ghi khoản nộp", success="Đã ghi khoản nộp cấp trên.",
        intro="Phần mềm là sổ ghi, không chuyển tiền: ghi sau khi đã nộp và có số chứng từ.",
    )  # fmt: skip


def spend(request):
    """Money spent from the retained share."""
    cell = cell_for(request, "fees.keep_book")
    return _booking(
        request, cell, SpendForm(posted(request), request.FILES or None), services.spend,
        heading="Chi từ phần đảng phí để lại", verb="Ghi khoản chi", success="Đã ghi khoản chi.",
        intro="Chỉ chi khi đã có nghị quyết hoặc quyết định, không quá phần để lại chi bộ.",
    )  # fmt: skip


def transfer(request):
    """Money moved between cash and bank, or come back from the portal."""
    cell = cell_for(request, "fees.keep_book")
    return _booking(
        request, cell, TransferForm(posted(request), initial={"target": Account.BANK}), services.transfer,
        heading="Chuyển tiền giữa các nơi", verb="Ghi chuyển tiền", success="Đã ghi chuyển tiền.",
        intro="Nộp tiền mặt vào ngân hàng, rút về quỹ, hoặc phần tiền qua Cổng được chuyển về.",
    )  # fmt: skip
