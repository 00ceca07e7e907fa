"""Signing the sealed papers of a meeting: the page of documents with the text of the minutes or the resolution."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from core.access import get_for, require
from documents.sign_page import Place, may_be_signed, sign_page
from meetings.models import Resolution
from meetings.queries import official
from meetings.queries.record import record_of
from meetings.queries.stepper import RELATED, paper_of, steps
from meetings.services import publishing
from meetings.views.minutes import fetch

TEMPLATE = "meetings/sign.html"


@sensitive_post_parameters("passphrase")
def sign(request, pk):
    """Sign the minutes: chair and clerk, in either order."""
    meeting = fetch(request, pk, "meetings.view_draft")
    paper, back = paper_of(meeting, "minutes"), reverse("meetings:minutes", args=[pk])
    if not may_be_signed(paper):
        messages.error(request, "Biên bản chưa khóa nên chưa ký được.")
        return redirect(back)
    here, pdf = reverse("meetings:sign", args=[pk]), reverse("meetings:minutes_pdf", args=[pk])
    place = Place(here, back, pdf, "Ký biên bản", meeting, "meetings.scan_minutes", publishing.SIGNING, TEMPLATE)
    read = {"printed": official.minutes_context(record_of(meeting)), "steps": steps(meeting), "meeting": meeting}
    return sign_page(request, paper, place, read)


@sensitive_post_parameters("passphrase")
def sign_resolution(request, pk):
    """Sign the resolution: the secretary, or the deputy who chaired."""
    resolution = _resolution(request, pk)
    paper, meeting, back = resolution.paper, resolution.meeting, resolution.get_absolute_url()
    if not may_be_signed(paper):
        messages.error(request, "Nghị quyết chưa khóa nên chưa ký được.")
        return redirect(back)
    here, pdf = reverse("resolutions:sign", args=[pk]), reverse("meetings:resolution_pdf", args=[meeting.pk])
    place = Place(here, back, pdf, "Ký nghị quyết", meeting, "meetings.scan_resolution", publishing.SIGNING, TEMPLATE)
    read = {"resolution": official.resolution_context(resolution), "steps": steps(meeting), "meeting": meeting}
    return sign_page(request, paper, place, read)


def _resolution(request, pk):
    related = ("paper__organisation", "vote", "meeting__cell__parent", *(f"meeting__{name}" for name in RELATED))
    rows = Resolution.objects.select_related(*related)
    resolution = get_for(request.user, rows, "meetings.view_resolution", pk=pk)
    if not resolution.paper or not resolution.paper.signers.filter(member=request.user.member_id).exists():
        require(request.user, "meetings.change_resolution", resolution)  # a signer may since have left the committee
    return resolution
