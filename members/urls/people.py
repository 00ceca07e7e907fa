"""Addresses of people, organisations, slips and the first set-up."""

from django.http import HttpResponse
from django.urls import path

people_urls = [
    path("members/", lambda request: HttpResponse(""), name="list"),
    path("members/<int:pk>/", lambda request, pk: HttpResponse(""), name="detail"),
    path("cells/<slug:slug>/", lambda request, slug: HttpResponse(""), name="cell"),
    path("l/<str:token>/", lambda request, token: HttpResponse(""), name="slip"),
    path("setup/<str:token>/", lambda request, token: HttpResponse(""), name="setup"),
]
