"""Pages of the yearly assignment of work."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.access import get_for
from core.downloads import made_pdf
from core.forms import ConfirmForm, attempt, form_status, posted
from core.paging import paginate
from core.states import Move
from meetings.forms.duties import DutyForm, LayForm, YearForm
from meetings.models import DutyPlan
from meetings.queries import duties as queries
from meetings.queries.duty_sheet import sheet_pdf
from meetings.services import duties as services

LAY = Move(
    "Đưa vào nghị quyết",
    (),
    "",
    question="Đưa bản phân công vào dự thảo nghị quyết nào?",
    effect="Nghị quyết được chi bộ biểu quyết thông qua thì bản phân công có hiệu lực và không sửa nữa.",
)
REMOVE = Move("Bỏ bản soạn", (), "", question="Bỏ bản phân công đang soạn?", risk=True)


def _cell(request):
    cell = request.user.home_cell
    if cell is None:
        raise PermissionDenied
    return cell


def _plan(request, perm, pk):
    rows = DutyPlan.objects.select_related("cell__parent", "resolution__paper__organisation", "resolution__meeting")
    return get_for(request.user, rows, f"meetings.{perm}_dutyplan", pk=pk)


def listing(request):
    """Plans of the cell, the one in force first."""
    cell = _cell(request)
    context = {
        "page": paginate(request, queries.plans(request.user, cell)),
        "mine": queries.duty_of(request.user.member_id, cell),
        "may_add": request.user.has_perm("meetings.add_dutyplan", cell),
    }
    return render(request, "duties/list.html", context)


def new(request):
    """Begin the plan of a year, or an adjustment of it."""
    cell = _cell(request)
    if not request.user.has_perm("meetings.add_dutyplan", cell):
        raise PermissionDenied
    form = YearForm(posted(request))
    if attempt(request, form, services.start_plan, cell, by=request.user, success="Đã lập bản phân công để soạn."):
        return redirect("duties:list")
    context = {"form": form, "heading": "Lập bản phân công công tác", "verb": "Lập bản phân công",
               "intro": "Mỗi đảng viên, cả đồng chí sinh hoạt tạm thời, có một dòng, chép từ bản đang có hiệu lực.",
               "back_url": reverse("duties:list"), "back_name": "Phân công công tác"}  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))


def plan(request, pk):
    """One plan: who does what, who follows."""
    found = _plan(request, "view", pk)
    adopted = queries.is_adopted(found)
    may_change = not adopted and request.user.has_perm("meetings.change_dutyplan", found)
    rows = list(queries.lines(found))
    context = {
        "plan": found,
        "lines": rows,
        "adopted": adopted,
        "may_change": may_change,
        "empty": sum(not row.text for row in rows),
        "missing": queries.unassigned(found) if may_change else [],
    }
    return render(request, "duties/plan.html", context)


def duty(request, pk, member):
    """Write what one member does; then on to the next one without a text."""
    found = _plan(request, "change", pk)
    row = get_object_or_404(found.duties.select_related("member", "plan"), member=member)
    form = DutyForm(posted(request), instance=row, cell=found.cell)
    if attempt(request, form, services.change_duty, by=request.user, success="Đã ghi phân công."):
        return redirect(f"{found.get_absolute_url()}#m{row.member_id}")
    context = {"form": form, "heading": row.member.full_name, "meta": str(found), "verb": "Ghi phân công",
               "back_url": found.get_absolute_url(), "back_name": str(found),
               "draft_key": f"duty-{row.pk}"}  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))


@require_POST
def complete(request, pk):
    """Add the members who came after the draft was begun."""
    found = _plan(request, "change", pk)
    added = services.add_newcomers(found, by=request.user)
    messages.success(request, f"Đã thêm {added} đồng chí vào bản phân công.")
    return redirect(found)


def lay(request, pk):
    """Put the plan into a draft resolution."""
    found = _plan(request, "change", pk)
    form = LayForm(posted(request), cell=found.cell)
    if attempt(request, form, services.lay_plan, found, by=request.user, success="Đã đưa vào dự thảo nghị quyết."):
        return redirect(found)
    has_drafts = form.fields["resolution"].queryset.exists()
    context = {"obj": found, "step": LAY, "form": form, "stale": not has_drafts, "has_drafts": has_drafts}
    return render(request, "duties/lay.html", context, status=form_status(form))


def remove(request, pk):
    """Throw a draft away."""
    found = _plan(request, "change", pk)
    form = ConfirmForm(posted(request))
    if attempt(request, form, services.remove_plan, found, by=request.user, success="Đã bỏ bản soạn."):
        return redirect("duties:list")
    return render(request, "core/move.html", {"obj": found, "step": REMOVE, "form": form}, status=form_status(form))


def sheet(request, pk):
    """The sheet that goes with the resolution, as PDF."""
    found = _plan(request, "view", pk)
    return made_pdf(sheet_pdf(found), f"phan-cong-cong-tac-{found.year}-lan-{found.number}.pdf")
