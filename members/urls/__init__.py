"""Addresses of people and of the house: rules, diary, slips, first set-up."""

from django.http import HttpResponse
from django.urls import path

from members.urls.people import people_urls

app_name = "members"

urlpatterns = [
    *people_urls,
    path("rules/", lambda request: HttpResponse(""), name="rules"),
    path("diary/", lambda request: HttpResponse(""), name="diary"),
]
