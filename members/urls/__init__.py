"""Addresses of people and of the house: rules, diary, slips, first set-up."""

from django.urls import path

from members.urls.people import people_urls
from members.views import diary, rules

app_name = "members"

urlpatterns = [
    *people_urls,
    path("rules/", rules.listing, name="rules"),
    path("rules/<str:key>/edit/", rules.edit, name="rule_edit"),
    path("rules/<int:pk>/remove/", rules.remove, name="rule_remove"),
    path("diary/", diary.diary, name="diary"),
]
