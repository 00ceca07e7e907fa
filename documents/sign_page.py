"""The page on which a sealed paper is signed; its owner says where it stands and which services act."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from core.access import require
from core.forms import attempt, form_status
from core.steps import Step
from documents.forms import SIGNING_FORMS
from documents.queries import signers_with_file
from documents.states import OFFICIAL, FileKind, PaperState, SigningWay

THANKS = "Đã ghi nhận chữ ký."
SCANNED = "Đã nhận bản quét ký tay."


@dataclass(frozen=True)
class Place:
    """Where a paper is signed: addresses of the page, of what lies behind it and of the PDF.

    ``scan_perm`` is asked of ``owner``. ``services`` holds the functions of documents.services.signing, with what
    the owner does after them. ``template`` extends documents/sign.html; ``passed`` words how the text became final.
    """

    here: str
    back: str
    pdf: str
    heading: str
    owner: Any
    scan_perm: str
    services: Any
    template: str
    passed: str = "Chi bộ thông qua"


@dataclass
class Card:
    """One place to sign; ``form`` only for the person whose turn it is."""

    signer: Any
    form: Any = None


def may_be_signed(paper) -> bool:
    """Whether there is something to sign, or signed."""
    return paper is not None and paper.state in OFFICIAL


def sign_page(request, paper, place, read):
    """GET shows the places to sign; POST signs the place named ``role``, or takes the scan. ``read``: the context of
    what is signed. The caller has asked who may see it and marks its view with sensitive_post_parameters("passphrase").
    """
    signers = list(signers_with_file(paper))
    form = None
    if request.method == "POST":
        form = _form(paper, signers, request.POST, request.FILES)
        if _done(request, paper, signers, form, place):
            return redirect(place.here)
    may_scan = request.user.has_perm(place.scan_perm, place.owner)
    context = {"here": place.here, "back": place.back, "pdf": place.pdf, "heading": place.heading}
    context |= read | _signatures(request.user, paper, signers, form, may_scan)
    context["timeline"] = timeline(paper, signers, place.passed)
    return render(request, place.template, context, status=form_status(form) if form else 200)


def _signatures(user, paper, signers, form, may_scan):
    """The right column: cards, the file."""
    return {
        "paper": paper,
        "form": form,
        "cards": [_card(user, paper, signer, form) for signer in signers],
        "scan_form": _scan_form(paper, signers, form) if may_scan else None,
        "signed": sum(signer.signed_at is not None for signer in signers),
        "waiting": _waiting(paper, signers),
        "file": signers[0],
        "file_words": FileKind(signers[0].file_kind).label.lower(),
    }


def _waiting(paper, signers) -> str:
    """ "Chờ chủ trì ký" when one signature is missing; the paper's own words otherwise."""
    missing = [signer for signer in signers if signer.signed_at is None]
    if paper.state != PaperState.SEALED or len(missing) != 1:
        return ""
    one = missing[0]
    return f"Chờ {(one.title if one.role == 'secretary' else one.get_role_display()).lower()} ký"


def _done(request, paper, signers, form, place):
    services = place.services
    if paper.way == SigningWay.INK:
        require(request.user, place.scan_perm, place.owner)
        return attempt(request, form, services.accept_scan, paper, by=request.user, success=SCANNED)
    role = request.POST.get("role", "")
    signer = next((one for one in signers if one.role == role), None)
    if signer is None:
        raise Http404
    require(request.user, "documents.sign_paper", signer)
    sign = services.sign_with_p12 if paper.way == SigningWay.P12 else services.accept_signed_upload
    return attempt(request, form, sign, paper, role, by=request.user, success=THANKS)


def _card(user, paper, signer, form):
    open_here = paper.state == PaperState.SEALED and paper.way != SigningWay.INK and signer.signed_at is None
    if not open_here or not user.has_perm("documents.sign_paper", signer):
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


def timeline(paper, signers, passed):
    """What happened to the paper, and what is still to come."""

    def at(moment):
        return f"{timezone.localtime(moment):%H:%M, %d/%m/%Y}" if moment else ""

    found = [
        Step(f"{passed}, lấy số" if paper.number else passed, at(paper.adopted_at), "done"),
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
