"""Signing the sealed papers of a meeting: who signs, with what, and what stands on the file."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from core.access import get_for, require
from core.forms import attempt, form_status
from documents.forms import SIGNING_FORMS
from documents.states import FileKind, PaperState, SigningWay
from meetings.models import Resolution
from meetings.queries import official
from meetings.queries.record import record_of
from meetings.queries.signers import signers_with_file
from meetings.queries.stepper import RELATED, Step, paper_of, steps
from meetings.services import publishing
from meetings.views.minutes import fetch

SERVICES = {SigningWay.P12: publishing.sign_with_p12, SigningWay.UPLOAD: publishing.accept_signed_upload}
THANKS = "Đã ghi nhận chữ ký."
SCANNED = "Đã nhận bản quét ký tay."


@dataclass
class Card:
    """One place to sign; ``form`` only for the person whose turn it is."""

    signer: object
    form: object = None


@sensitive_post_parameters("passphrase")
def sign(request, pk):
    """Sign the minutes: chair and clerk, in either order."""
    meeting = fetch(request, pk, "meetings.view_draft")
    paper = paper_of(meeting, "minutes")
    here, back = reverse("meetings:sign", args=[pk]), reverse("meetings:minutes", args=[pk])
    place = {"here": here, "back": back, "pdf": reverse("meetings:minutes_pdf", args=[pk]), "heading": "Ký biên bản"}
    if paper is None or paper.state not in (PaperState.SEALED, PaperState.SIGNED):
        messages.error(request, "Biên bản chưa khóa nên chưa ký được.")
        return redirect(back)
    read = {"printed": official.minutes_context(record_of(meeting)), "steps": steps(meeting)}
    return _sign(request, meeting, paper, place, read, "meetings.scan_minutes")


@sensitive_post_parameters("passphrase")
def sign_resolution(request, pk):
    """Sign the resolution: the secretary, or the deputy who chaired."""
    related = ("paper__organisation", "vote", "meeting__cell__parent", *(f"meeting__{name}" for name in RELATED))
    rows = Resolution.objects.select_related(*related)
    resolution = get_for(request.user, rows, "meetings.view_resolution", pk=pk)
    if not resolution.paper or not resolution.paper.signers.filter(member=request.user.member_id).exists():
        require(request.user, "meetings.change_resolution", resolution)  # a signer may since have left the committee
    paper, back = resolution.paper, resolution.get_absolute_url()
    here, pdf = reverse("resolutions:sign", args=[pk]), reverse("meetings:resolution_pdf", args=[resolution.meeting_id])
    place = {"here": here, "back": back, "pdf": pdf, "heading": "Ký nghị quyết"}
    if paper is None or paper.state not in (PaperState.SEALED, PaperState.SIGNED):
        messages.error(request, "Nghị quyết chưa khóa nên chưa ký được.")
        return redirect(back)
    read = {"resolution": official.resolution_context(resolution), "steps": steps(resolution.meeting)}
    return _sign(request, resolution.meeting, paper, place, read, "meetings.scan_resolution")


def _sign(request, meeting, paper, place, read, scan_perm):
    """GET shows the places to sign; POST signs the place named ``role``, or takes the scan."""
    signers = list(signers_with_file(paper))
    form = None
    if request.method == "POST":
        form = _form(paper, signers, request.POST, request.FILES)
        if _done(request, meeting, paper, signers, form, scan_perm):
            return redirect(place["here"])
    may_scan = request.user.has_perm(scan_perm, meeting)
    context = place | read | _signatures(request.user, paper, signers, form, may_scan) | {"meeting": meeting}
    return render(request, "meetings/sign.html", context, status=form_status(form) if form else 200)


def _signatures(user, paper, signers, form, may_scan):
    """The right column: cards, the file, what happened."""
    return {
        "paper": paper,
        "form": form,
        "cards": [_card(user, paper, signer, form) for signer in signers],
        "scan_form": _scan_form(paper, signers, form) if may_scan else None,
        "signed": sum(signer.signed_at is not None for signer in signers),
        "waiting": _waiting(paper, signers),
        "file": signers[0],
        "file_words": FileKind(signers[0].file_kind).label.lower(),
        "timeline": timeline(paper, signers),
    }


def _waiting(paper, signers) -> str:
    """ "Chờ chủ trì ký" when one signature is missing; the paper's own words otherwise."""
    missing = [signer for signer in signers if signer.signed_at is None]
    if paper.state != PaperState.SEALED or len(missing) != 1:
        return ""
    one = missing[0]
    return f"Chờ {(one.title if one.role == 'secretary' else one.get_role_display()).lower()} ký"


def _done(request, meeting, paper, signers, form, scan_perm):
    if paper.way == SigningWay.INK:
        require(request.user, scan_perm, meeting)
        return attempt(request, form, publishing.accept_scan, paper, by=request.user, success=SCANNED)
    role = request.POST.get("role", "")
    signer = next((one for one in signers if one.role == role), None)
    if signer is None:
        raise Http404
    require(request.user, "meetings.sign_paper", signer)
    return attempt(request, form, SERVICES[paper.way], paper, role, by=request.user, success=THANKS)


def _card(user, paper, signer, form):
    open_here = paper.state == PaperState.SEALED and paper.way != SigningWay.INK and signer.signed_at is None
    if not open_here or not user.has_perm("meetings.sign_paper", signer):
        return Card(signer)
    return Card(signer, form or SIGNING_FORMS[paper.way]())


def _form(paper, signers, *data):
    """The form of the paper's way of signing; the one for scans names who signed by hand."""
    more = {"signers": signers} if paper.way == SigningWay.INK else {}
    return SIGNING_FORMS[paper.way](*data, **more)


def _scan_form(paper, signers, form):
    if paper.state != PaperState.SEALED or paper.way != SigningWay.INK:
        return None
    return form or _form(paper, signers)


def timeline(paper, signers):
    """What happened to the paper, and what is still to come."""

    def at(moment):
        return f"{timezone.localtime(moment):%H:%M, %d/%m/%Y}" if moment else ""

    found = [
        Step("Chi bộ thông qua, lấy số" if paper.number else "Chi bộ thông qua", at(paper.adopted_at), "done"),
        Step("Khóa nội dung", at(paper.sealed_at), "done"),
    ]
    waiting, now = False, timezone.now()
    for signer in sorted(signers, key=lambda one: (one.signed_at is None, one.signed_at or now, one.position)):
        label = f"{signer.get_role_display()} ký" if signer.role != "secretary" else f"{signer.title} ký"
        state = "done" if signer.signed_at else "todo" if waiting else "now"
        waiting = waiting or signer.signed_at is None
        found.append(Step(label, at(signer.signed_at), state))
    kept = paper.state == PaperState.SIGNED
    return [*found, Step("Lưu", at(paper.signed_at) or "sau khi ký đủ", "done" if kept else "todo")]
