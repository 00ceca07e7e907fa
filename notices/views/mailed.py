"""The page behind the button of a mail: a GET shows, the POST acts, once."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.forms import attempt, form_status, posted
from members.entrance import limited
from notices.services import links


# No CSRF token: the address itself is the secret, no cookie gives any right here, and the web view of a mail program
# has none. The page answers the same whoever is logged in.
@login_not_required
@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def act(request, token):
    """What would be done and one button; a scanner that only fetches it changes nothing."""
    if refused := limited(request, "mailed"):
        return refused
    row = links.find(token)
    if row is None:
        raise Http404
    try:
        return _sealed(_answer(request, row))
    except links.DeadLink as dead:
        return _sealed(render(request, "notices/act_dead.html", {"dead": dead}, status=410))


def _answer(request, row):
    link, said = links.open_link(row), []
    form = link.action.form(posted(request))

    def keep(**cleaned):
        said.append(links.use(row, **cleaned))

    if attempt(request, form, keep) and not said:  # the same click twice, the first was faster
        link = links.open_link(row)
    if said:
        return render(request, "notices/act_done.html", {"said": said[0]})
    context = {"link": link, "page": link.page, "form": form, "member": row.member, "expires_at": row.expires_at}
    return render(request, "notices/act.html", context, status=form_status(form))


def _sealed(response):
    """The address goes into no cache, no index, no log of another site."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
