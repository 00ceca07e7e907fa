"""The addresses of the project, with error pages of no content: the matrix asks only whether they come."""

from django.http import HttpResponse

from chibo.urls import urlpatterns

__all__ = ["handler403", "handler404", "urlpatterns"]


def handler403(request, exception):
    return HttpResponse(status=403)


def handler404(request, exception):
    return HttpResponse(status=404)
