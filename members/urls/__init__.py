"""Addresses of people and of the house: rules, diary, slips, first set-up."""

from django.urls import path

from members.urls.people import people_urls
from members.views import days, diary, rules

app_name = "members"

urlpatterns = [
    *people_urls,
    path("rules/", rules.listing, name="rules"),
    path("rules/<str:key>/edit/", rules.edit, name="rule_edit"),
    path("rules/<int:pk>/remove/", rules.remove, name="rule_remove"),
    path("rules/days/", days.this_year, name="days_now"),
    path("rules/days/<int:year>/", days.listing, name="days"),
    path("rules/days/<int:year>/new/", days.new, name="day_new"),
    path("rules/days/rows/<int:pk>/remove/", days.remove, name="day_remove"),
    path("diary/", diary.diary, name="diary"),
]
