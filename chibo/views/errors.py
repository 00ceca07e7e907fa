"""What happened and what to do, in plain words."""

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    """Without context processors: whatever broke may break them too."""
    return HttpResponseServerError(render_to_string("500.html"))
