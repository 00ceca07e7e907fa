"""What exists in demo mode only: the mail catcher's box and the demo authority's certificate files."""

import email
from email import policy

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404
from django.shortcuts import render

from core.paging import paginate


def _demo_only():
    if not settings.DEMO:
        raise Http404


def _read(path):
    with path.open("rb") as source:
        return email.message_from_binary_file(source, policy=policy.default)


@login_not_required
def demo_mail(request):
    """Every mail that left the system, newest first."""
    _demo_only()
    files = sorted(settings.MAIL_DIR.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    page = paginate(request, files)
    mails = [{"name": path.stem, "message": _read(path)} for path in page]
    return render(request, "demo_mail.html", {"page": page, "mails": mails})


@login_not_required
def demo_message(request, name):
    """One mail: its text, the addresses in it, its attachments' names."""
    _demo_only()
    path = settings.MAIL_DIR / f"{name}.eml"
    if not path.is_file() or path.parent != settings.MAIL_DIR:
        raise Http404
    message = _read(path)
    text = message.get_body(("plain",))
    attached = [
        {"name": part.get_filename() or part.get_content_type(), "text": str(part.get_content())}
        for part in message.walk()
        if part.get_content_type() == "text/calendar"
    ]
    context = {"message": message, "text": text.get_content() if text else "", "attached": attached}
    return render(request, "demo_message.html", context)


@login_not_required
def demo_certificate(request, name):
    """A demo PKCS#12 file; its password is on the login page."""
    _demo_only()
    path = settings.DEMO_PKI / name
    if not path.is_file() or path.suffix != ".p12" or path.parent != settings.DEMO_PKI:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/x-pkcs12")
