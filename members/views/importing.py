"""Many people at once: lines pasted from the spreadsheet every cell has, seen line by line before written."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from core.access import get_for
from core.errors import Refused
from core.forms import attempt, form_status, posted
from members.forms.people import ImportForm
from members.models import Organisation
from members.services import importing
from members.views.roll import chosen_slug


def import_lines(request):
    """POST shows what would happen; POST with ``confirm`` writes the same text, read again under a lock."""
    cells = Organisation.objects.cells()
    cell = get_for(request.user, cells, "members.add_member", slug=chosen_slug(request))
    form = ImportForm(posted(request))

    def keep(**values):
        done = importing.import_members(cell, **values).counts
        skipped = f", bỏ qua {done['same']} dòng đã có" if done["same"] else ""
        messages.success(request, f"Đã ghi {done['new']} đồng chí vào sổ{skipped}.")

    back = f"{reverse('members:list')}?chi-bo={cell.slug}"
    if "confirm" in request.POST and attempt(request, form, keep, by=request.user):
        return redirect(back)
    context = {"form": form, "cell": cell, "plan": _plan(cell, form), "back_url": back}
    return render(request, "members/import.html", context, status=form_status(form))


def _plan(cell, form):
    """What would happen to each line of what was pasted, or None; an unreadable paste becomes the form's error."""
    lines = form.data.get("lines", "") if form.is_bound else ""
    if not form.is_bound or form.has_error("lines", "max_length") or form.has_error("lines", "required"):
        return None
    try:
        return importing.plan(cell, lines)
    except Refused as refusal:
        if not form.errors:
            form.add_error("lines", refusal.message)
        return None
