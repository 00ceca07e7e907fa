"""Addresses; replaced by the real pages."""

from django.http import HttpResponse
from django.urls import path

app_name = "meetings"
urlpatterns = [path("", lambda request: HttpResponse(""), name="list")]
