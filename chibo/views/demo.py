"""What exists in demo mode only: the mail catcher's box and the demo authority's certificate files."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from chibo import mailbox
from core.paging import paginate

# a mail carries its styles inline; it runs nothing, loads nothing, and its links leave the frame by a click only
LEAVES = "allow-top-navigation-by-user-activation"
OF_A_MAIL = {name: [NONE] for name in ("default-src", "script-src", "img-src", "font-src", "form-action")} | {
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "sandbox": [LEAVES],
}


def _demo_only():
    if not settings.DEMO:
        raise Http404


def _message(name):
    _demo_only()
    path = settings.MAIL_DIR / f"{name}.eml"
    if not path.is_file() or path.parent != settings.MAIL_DIR:
        raise Http404
    return mailbox.read(path)


@login_not_required
def demo_mail(request):
    """Every mail that left the system, newest first."""
    _demo_only()
    page = paginate(request, mailbox.newest_first(settings.MAIL_DIR))
    mails = [{"name": path.stem, "message": mailbox.read(path)} for path in page]
    return render(request, "demo_mail.html", {"page": page, "mails": mails})


@login_not_required
def demo_message(request, name):
    """One mail: as its reader sees it, its plain text with the addresses in it, its calendar files."""
    message = _message(name)
    context = {
        "name": name,
        "message": message,
        "has_html": bool(mailbox.body(message, "html")),
        "leaves": LEAVES,
        "text": mailbox.body(message, "plain"),
        "calendars": mailbox.calendars(message),
    }
    return render(request, "demo_message.html", context)


@login_not_required
@xframe_options_sameorigin
@csp_replace(OF_A_MAIL)
def demo_html(request, name):
    """The HTML part of a mail, for the frame on its page."""
    html = mailbox.body(_message(name), "html")
    if not html:
        raise Http404
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))


@login_not_required
def demo_certificate(request, name):
    """A demo PKCS#12 file; its password is on the login page."""
    _demo_only()
    path = settings.DEMO_PKI / name
    if not path.is_file() or path.suffix != ".p12" or path.parent != settings.DEMO_PKI:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/x-pkcs12")
