"""The parts of a task: added and taken out by whoever directs it, ticked off by those who work on it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from assignments.forms import PartForm
from assignments.models import Assignment
from assignments.services import parts
from core.access import get_for
from core.forms import ConfirmForm, attempt, form_status, posted


def new(request, pk):
    """One more part; the field stands on the page of the task too."""
    assignment = get_for(request.user, Assignment.objects, "assignments.change_parts", pk=pk)
    form = PartForm(posted(request))
    if attempt(request, form, parts.add, assignment, by=request.user, success="Đã thêm phần việc."):
        return redirect(assignment)
    context = {"form": form, "heading": "Thêm phần việc", "verb": "Thêm phần việc", "meta": [assignment.title],
               "back_url": assignment.get_absolute_url(), "back_name": "Nhiệm vụ"}  # fmt: skip
    return render(request, "core/form.html", context, status=form_status(form))


def _part(request, perm, pk, part):
    assignment = get_for(request.user, Assignment.objects, perm, pk=pk)
    return get_object_or_404(assignment.parts.select_related("assignment"), pk=part)


@require_POST
def tick(request, pk, part, done):
    """Mark a part as done, or as not done after all."""
    row = _part(request, "assignments.tick_part", pk, part)
    return _done(request, row, parts.tick, row, done=done)


@require_POST
def delete(request, pk, part):
    """Take a part out."""
    row = _part(request, "assignments.change_parts", pk, part)
    return _done(request, row, parts.remove, row)


def _done(request, row, service, *args, **kwargs):
    """Do it and go back to the task; a refusal is said on top of its page."""
    form = ConfirmForm(posted(request))
    if not attempt(request, form, service, *args, by=request.user, **kwargs):
        messages.error(request, " ".join(form.non_field_errors()))
    return redirect(row.assignment)
