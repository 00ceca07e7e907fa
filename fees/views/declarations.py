"""Declarations of income, for who answers them: one by one, the list of the cell, what was told on paper."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.access import get_for
from core.forms import ConfirmForm, attempt, form_status, posted
from core.paging import chip, paginate
from core.states import actions_for
from fees.forms.people import EnterForm, declaration_form
from fees.queries import declarations as queries
from fees.queries.payers import closed_months
from fees.services import declaring
from fees.states import DECLARATION_MOVES
from fees.views import places
from fees.views.doors import doors

SUCCESS = {
    "accept": "Đã tiếp nhận kê khai, đồng chí kê khai được báo.",
    "return": "Đã trả lại kê khai, đồng chí kê khai được báo.",
    "withdraw": "Đã rút kê khai.",
}


def detail(request, pk):
    """One declaration: what was said, what counts before, what can be done."""
    row = get_for(request.user, queries.whole(), "fees.view_declaration", pk=pk)
    context = {
        "declaration": row,
        "actions": actions_for(request.user, row),
        "is_mine": row.member_id == request.user.member_id,
        "closed": closed_months(row.cell_id, row.from_month),
        "before": _before(row),
    }
    return render(request, "fees/declaration.html", context)


def _before(row):
    """What counts without this declaration, while it waits."""
    found = queries.in_force_on(row.member_id, row.from_month) if row.state == "declared" else None
    return found if found is not None and found.pk != row.pk else None


def move(request, pk, action):
    """GET asks the question; POST acts."""
    row = get_for(request.user, queries.whole(), f"fees.{action}_declaration", pk=pk)
    if action not in DECLARATION_MOVES:
        raise PermissionDenied
    form = declaration_form(action, row, request.user, posted(request))
    step = declaring.STEPS[action]
    if attempt(request, form, step, row, by=request.user, success=SUCCESS[action]):
        return redirect(row)
    closed = closed_months(row.cell_id, row.from_month) if action == "accept" else []
    context = {"obj": row, "step": DECLARATION_MOVES[action], "form": form, "action": action, "closed": closed}
    return render(request, "fees/declaration_move.html", context, status=form_status(form))


def listing(request):
    """For who reads the book: what waits, what counts, who has declared nothing."""
    cell = places.cell_for(request, "fees.view_book")
    name = request.GET.get("loc", "")
    name = name if name in (*queries.FILTERS, queries.UNDECLARED) else ""
    lacking = name == queries.UNDECLARED
    rows = queries.undeclared(cell) if lacking else queries.of_cell(cell, name).visible_to(request.user)
    context = {
        "cell": cell,
        "page": paginate(request, rows),
        "lacking": lacking,
        "filters": _filters(request, name),
        "keeps": request.user.has_perm("fees.enter_declaration", cell),
        "here": places.here(request),
        "doors": doors(request.user, cell, "fees:declarations"),
    }
    return render(request, "fees/declarations.html", context)


def _filters(request, current):
    labels = {name: label for name, (label, _) in queries.FILTERS.items()}
    labels = {"": labels.pop(""), queries.UNDECLARED: "Chưa kê khai", **labels}
    kept = places.kept(request)
    return [chip(request.path, label, current=name == current, loc=name, **kept) for name, label in labels.items()]


def enter(request):
    """What a member told the collector on paper; it counts at once."""
    cell = places.cell_for(request, "fees.enter_declaration")
    form = EnterForm(posted(request), cell=cell, initial={"member": request.GET.get("dv", "")})
    back = reverse("fees:declarations") + places.here(request)
    done = "Đã ghi kê khai, đồng chí kê khai được báo."
    if attempt(request, form, declaring.enter, cell=cell, by=request.user, success=done):
        return redirect(back)
    context = {
        "form": form, "heading": "Ghi kê khai trên giấy", "verb": "Ghi kê khai", "back_url": back,
        "back_name": "Kê khai thu nhập",
        "intro": "Ghi đúng số đồng chí kê khai đã báo. Kê khai có hiệu lực ngay và đồng chí đó được báo. "
        "Kê khai của chính người thu do bí thư tiếp nhận.",
    }  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))


@require_POST
def remind(request):
    """Ask everybody who has declared nothing; once a month at most."""
    cell = places.cell_for(request, "fees.enter_declaration")
    form = ConfirmForm(posted(request))
    done = "Đã nhắc các đồng chí chưa kê khai."
    if not attempt(request, form, declaring.remind, cell, by=request.user, success=done):
        messages.error(request, " ".join(form.non_field_errors()))
    return redirect(f"{reverse('fees:declarations')}?loc={queries.UNDECLARED}")
