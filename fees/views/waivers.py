"""Exemption and reduction: asked for, brought to the cell, decided."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from core.access import get_for
from core.downloads import stored_file
from core.forms import attempt, form_status, posted
from core.paging import chip, paginate
from core.sniffing import MIMES
from core.states import actions_for
from fees.forms.people import EnterWaiverForm, WaiverForm, waiver_form
from fees.models import Waiver
from fees.queries import waivers as queries
from fees.queries.payers import paying_cell
from fees.services import waiving
from fees.states import WAIVER_MOVES
from fees.views import places
from fees.views.doors import doors

SUCCESS = {
    "report": "Đã ghi nhận việc báo cáo cấp trên.",
    "decide": "Đã ghi quyết định, đồng chí xin miễn, giảm được báo. Mức đóng các tháng chưa khóa sổ đã tính lại.",
    "refuse": "Đã ghi kết quả không đồng ý, đồng chí xin miễn, giảm được báo.",
    "withdraw": "Đã rút đơn.",
    "end": "Đã ghi tháng kết thúc. Mức đóng các tháng chưa khóa sổ đã tính lại.",
    "annul": "Đã bỏ quyết định ghi nhầm. Mức đóng các tháng chưa khóa sổ đã tính lại.",
}
PRIMARY = ("decide",)


def listing(request):
    """Those of the cell, for heads, collector and inspectors."""
    cell = places.cell_for(request, "fees.view_waivers")
    name = request.GET.get("loc", "")
    name = name if name in queries.FILTERS else ""
    kept = places.kept(request)
    context = {
        "cell": cell,
        "page": paginate(request, queries.of_cell(request.user, cell, name)),
        "filters": [
            chip(request.path, label, current=key == name, loc=key, **kept) for key, label in queries.LABELS.items()
        ],
        "doors": doors(request.user, cell, "fees:waivers"),
        "may_enter": request.user.has_perm("fees.enter_waiver", cell),
    }
    return render(request, "fees/waivers.html", context)


def new(request):
    """A member asks; a head may write it down for another one."""
    user = request.user
    cell = paying_cell(user)
    if cell is None or not user.has_perm("fees.add_waiver", cell):
        raise PermissionDenied
    form, known = _new_form(request, cell)
    done = "Đã gửi đơn. Bí thư, phó bí thư đưa ra chi bộ xem xét; đồng chí được báo khi có kết quả."
    if attempt(request, form, waiving.ask, cell=cell, by=user, success=done, **known):
        return redirect("fees:waivers" if not known else "fees:me")
    back = reverse("fees:me" if known else "fees:waivers")
    context = {"form": form, "back_url": back, "back_name": "Đảng phí của tôi" if known else "Miễn, giảm đảng phí",
               "verb": "Gửi đơn" if known else "Ghi đơn"}  # fmt: skip
    return render(request, "fees/waiver_new.html", context, status=form_status(form))


def _new_form(request, cell):
    """(form, what the service is told beside it): heads choose for whom with ?nguoi=khac."""
    if request.GET.get("nguoi") == "khac" and request.user.has_perm("fees.enter_waiver", cell):
        return EnterWaiverForm(posted(request), request.FILES or None, cell=cell), {}
    return WaiverForm(posted(request), request.FILES or None, cell=cell), {"member": request.user.member}


def detail(request, pk):
    """One application: what is asked, what came of it, what can be done."""
    waiver = get_for(request.user, queries.whole(), "fees.view_waiver", pk=pk)
    actions = actions_for(request.user, waiver)
    context = {
        "waiver": waiver,
        "actions": actions,
        "primary": next((name for name, _ in actions if name in PRIMARY), ""),
        "is_mine": waiver.member_id == request.user.member_id,
        "untouched": queries.untouched_months(waiver),
    }
    return render(request, "fees/waiver.html", context)


def move(request, pk, action):
    """GET asks the question with the form of the move; POST acts."""
    waiver = get_for(request.user, queries.whole(), f"fees.{action}_waiver", pk=pk)
    if action not in WAIVER_MOVES:
        raise PermissionDenied
    form = waiver_form(action, waiver, posted(request), request.FILES or None)
    if attempt(request, form, waiving.STEPS[action], waiver, by=request.user, success=SUCCESS[action]):
        return redirect(waiver)
    context = {"obj": waiver, "step": WAIVER_MOVES[action], "form": form, "action": action}
    return render(request, "fees/waiver_move.html", context, status=form_status(form))


def paper(request, pk):
    """The file that came with the application, as a download that the browser may not run."""
    waiver = get_for(request.user, Waiver.objects, "fees.view_waiver", pk=pk)
    if not waiver.paper:
        raise Http404
    ending = waiver.paper.name.rpartition(".")[2]
    return stored_file(waiver.paper, waiver.paper_name, MIMES.get(ending, "application/octet-stream"))
