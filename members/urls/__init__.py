"""Addresses of people and of the house: rules, diary, slips, first set-up."""

from django.http import HttpResponse
from django.urls import include, path

app_name = "members"

people_urls = [
    path("", lambda request: HttpResponse(""), name="list"),
    path("<int:pk>/", lambda request, pk: HttpResponse(""), name="detail"),
]
urlpatterns = [
    path("members/", include(people_urls)),
    path("rules/", lambda request: HttpResponse(""), name="rules"),
    path("diary/", lambda request: HttpResponse(""), name="diary"),
]
