"""Requests too large to be read; and buttons without text: a refusal becomes a message where they came from."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from core.errors import Refused


class BodyLimitMiddleware:
    """Answers 413 before a byte is read: Django itself would write an upload of any size to the disk."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.BODY_LIMIT:
            return render(request, "413.html", status=413)
        return self.get_response(request)


class RefusedMiddleware:
    """Turns Refused into a message and a way back (same host only; htmx reloads the page)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, Refused):
            return None
        messages.error(request, exception.message)
        if getattr(request, "htmx", False):
            return HttpResponse(status=200, headers={"HX-Refresh": "true"})
        back = request.headers.get("Referer", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
            back = "/"
        return redirect(back)
