"""Progress on a deed from the phone; its photos and files."""

from django.shortcuts import get_object_or_404, redirect, render

from core.access import get_for
from core.downloads import stored_file
from core.forms import attempt, form_status, posted
from pledges.forms import ReportForm
from pledges.models import Deed, Proof
from pledges.services import reporting
from pledges.states import PledgeState
from pledges.views.places import pledge_for


def report(request, year, pk, deed):
    """What was done, with photos; ticked when the target is met."""
    pledge = pledge_for(request, "pledges.report_pledge", year, pk)
    row = get_object_or_404(Deed.objects.select_related("pledge"), pk=deed, pledge=pledge)
    if request.method == "GET" and pledge.state != PledgeState.REGISTERED:
        return redirect(pledge)
    form = ReportForm(posted(request), request.FILES or None)
    if attempt(request, form, reporting.report, row, by=request.user, success="Đã ghi tiến độ."):
        return redirect(f"{pledge.get_absolute_url()}#viec-{row.pk}")
    context = {
        "form": form, "deed": row, "pledge": pledge, "heading": "Ghi tiến độ", "verb": "Ghi tiến độ",
        "eyebrow": str(row), "back_url": pledge.get_absolute_url(), "back_name": "Bản đăng ký",
    }  # fmt: skip
    return render(request, "pledges/report.html", context, status=form_status(form))


def proof(request, pk):
    """A photo or file, as a download that the browser may not run."""
    row = get_for(request.user, Proof.objects.all(), "pledges.view_proof", pk=pk)
    return stored_file(row.file, row.filename, row.mime)
