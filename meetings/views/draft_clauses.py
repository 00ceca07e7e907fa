"""The clauses of a draft resolution: add, change, take out, put in order."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.forms import ConfirmForm, attempt, form_status, posted
from core.states import Move
from meetings.forms.resolution import ClauseForm
from meetings.models import Clause
from meetings.services import clauses as services
from meetings.views.resolution import fetch, question

CHANGE = "meetings.change_resolution"


def _back(pk):
    return f"{reverse('meetings:resolution', args=[pk])}#muc"


def clause_new(request, pk):
    """Add a clause."""
    found = fetch(request, CHANGE, meeting=pk)
    form = ClauseForm(posted(request), meeting=found.meeting)
    if attempt(request, form, services.add_clause, found, by=request.user, success="Đã thêm mục."):
        return redirect(_back(pk))
    return _clause_form(request, found, form, "Thêm mục nghị quyết", "Thêm mục")


def clause_edit(request, pk, clause):
    """Change a clause."""
    found = fetch(request, CHANGE, meeting=pk)
    row = _clause(found, clause)
    form = ClauseForm(posted(request), instance=row, meeting=found.meeting)
    if attempt(request, form, services.change_clause, by=request.user, success="Đã ghi mục."):
        return redirect(_back(pk))
    return _clause_form(request, found, form, f"Sửa mục {row.position}", "Ghi mục")


def _clause(resolution, pk):
    return get_object_or_404(Clause.objects.select_related("resolution"), pk=pk, resolution=resolution)


def _clause_form(request, resolution, form, heading, verb):
    back = reverse("meetings:resolution", args=[resolution.meeting_id])
    context = {"form": form, "heading": heading, "verb": verb, "back_url": back, "back_name": "Nghị quyết"}
    return render(request, "core/form.html", context, status=form_status(form))


def clause_delete(request, pk, clause):
    """Take a clause out."""
    found = fetch(request, CHANGE, meeting=pk)
    row = _clause(found, clause)
    form = ConfirmForm(posted(request))
    if attempt(request, form, services.remove_clause, row, by=request.user, success="Đã bỏ mục."):
        return redirect(_back(pk))
    step = Move("Bỏ mục", (), "", question=f"Bỏ mục {row.position}?", effect=row.text, risk=True)
    return question(request, found, form, step=step, back_url=reverse("meetings:resolution", args=[pk]))


@require_POST
def clause_move(request, pk, clause):
    """Move a clause one place up or down."""
    found = fetch(request, CHANGE, meeting=pk)
    direction = "up" if request.POST.get("direction") == "up" else "down"
    services.move_clause(_clause(found, clause), direction=direction, by=request.user)
    return redirect(_back(pk))
