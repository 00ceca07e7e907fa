"""The member's own fee: what is owed and why, what was paid, what was declared; to declare anew."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from core.forms import attempt, form_status, posted
from core.paging import chip
from fees.forms.people import DeclareForm
from fees.models import Declaration, Waiver
from fees.queries import declarations, mine, payers
from fees.services import declaring
from fees.standing import WAITS
from fees.views.doors import doors

SENT = "Đã gửi kê khai. Đồng chí được báo khi có trả lời."


def me(request):
    """``?nam=`` shows another year; what is owed counts all years."""
    user, cell = request.user, payers.paying_cell(request.user)
    lines = mine.lines(user.member_id)
    context = {
        "cell": cell,
        "collector": payers.collector(cell) if cell else None,
        "doors": doors(user, user.home_cell, "fees:me"),
        "debts": [line for line in reversed(lines) if line.left],
        "owed": sum(line.left for line in lines),
        "uncounted": [line for line in lines if line.standing in WAITS],
    }
    return render(request, "fees/me.html", context | _year(request, lines) | _people(user))


def _year(request, lines):
    """The months and receipts of the year that is looked at."""
    present = timezone.localdate().year
    years = sorted({line.month.year for line in lines} | {present}, reverse=True)
    year = next((each for each in years if str(each) == request.GET.get("nam")), present)
    return {
        "year": year,
        "years": [chip(request.path, str(each), current=each == year, nam=str(each)) for each in years],
        "lines": [line for line in lines if line.month.year == year],
        "receipts": mine.receipts(request.user.member_id, year),
    }


def _people(user):
    """Declarations and waivers of the person, and the declarations that this person answers."""
    declared = list(Declaration.objects.filter(member=user.member_id).select_related("cell"))
    present = timezone.localdate().replace(day=1)
    accepted = [row for row in declared if row.state == "accepted"]
    newest = max(declared, key=lambda row: row.pk, default=None)
    return {
        "returned": newest if newest is not None and newest.state == "returned" else None,
        "in_force": next((row for row in accepted if row.from_month <= present), next(iter(accepted), None)),
        "waiting": next((row for row in declared if row.state == "declared"), None),
        "declared": declared[:10],
        "waivers": Waiver.objects.filter(member=user.member_id)[:10],
        "to_answer": list(declarations.waiting_for(user)[:30]) if user.posts else [],
    }


def declare(request):
    """One form: the category, an amount where one is needed, the month."""
    cell = payers.paying_cell(request.user)
    if cell is None or not request.user.has_perm("fees.declare", cell):
        raise PermissionDenied
    user = request.user
    before = declarations.in_force_on(user.member_id, timezone.localdate().replace(day=1))
    form = DeclareForm(posted(request), initial=_as_before(before))
    if attempt(request, form, declaring.declare, cell=cell, member=user.member, by=user, success=SENT):
        return redirect("fees:me")
    context = {"form": form, "before": before, "collector": payers.collector(cell), "back_url": reverse("fees:me"),
               "verb": "Gửi kê khai"}  # fmt: skip
    return render(request, "fees/declare.html", context, status=form_status(form))


def _as_before(declaration):
    """What counts now, so that only what changed is typed."""
    return {"category": declaration.category, "amount": declaration.amount or None} if declaration else {}
