"""Health, style guide, the yardstick page, size of print, help."""

from itertools import cycle, islice

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from redis import Redis

from chibo.context import TEXT_COOKIE
from chibo.embedded import cache_url
from core import samples
from members.models import Member

FLOOR_ROWS = 30


def _database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cache():
    cache.set("healthz", "1", 5)
    if cache.get("healthz") != "1":
        raise ConnectionError("cache")


def _broker():
    with Redis.from_url(cache_url(settings.REDIS_URL, number=0), socket_timeout=2) as broker:
        broker.ping()


@login_not_required
def healthz(request):
    """200 when database, cache and broker answer; else 503 and which one does not."""
    answers = {}
    for name, ask in {"database": _database, "cache": _cache, "broker": _broker}.items():
        try:
            ask()
            answers[name] = "ok"
        except Exception:  # whatever is wrong with a server, the answer is "down"
            answers[name] = "down"
    return JsonResponse(answers, status=503 if "down" in answers.values() else 200)


@login_not_required
@require_POST
def text_size(request):
    """Switch between normal and large print; kept in a cookie for a year."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = redirect(target)
    large = request.COOKIES.get(TEXT_COOKIE) == "large"
    response.set_cookie(
        TEXT_COOKIE, "normal" if large else "large", 365 * 86400, secure=settings.SECURE, httponly=True, samesite="Lax"
    )
    return response


@login_not_required
def help_page(request):
    return render(request, "help.html")


def no_mail(request):
    """Where the login library would confirm mail addresses: accounts know none."""
    return redirect("me")


def styleguide(request):
    """Every part of the interface once."""
    return render(request, "styleguide.html", samples.context())


def floor(request):
    """The yardstick of DESIGN §7: login, base template, a table of 30 rows, three queries of its own at most.

    Names that the person sees, again and again until there are thirty.
    """
    rows = list(Member.objects.visible_to(request.user).with_standing().order_by("sort_key")[:FLOOR_ROWS])
    return render(request, "floor.html", {"rows": islice(cycle(rows), FLOOR_ROWS)})
