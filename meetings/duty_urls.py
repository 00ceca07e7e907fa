"""The yearly assignment of work."""

from django.urls import path

from meetings.views import duties

app_name = "duties"
urlpatterns = [
    path("", duties.listing, name="list"),
    path("new/", duties.new, name="new"),
    path("<int:pk>/", duties.plan, name="plan"),
    path("<int:pk>/members/<int:member>/", duties.duty, name="duty"),
    path("<int:pk>/do/complete/", duties.complete, name="complete"),
    path("<int:pk>/do/lay/", duties.lay, name="lay"),
    path("<int:pk>/do/remove/", duties.remove, name="remove"),
    path("<int:pk>/sheet.pdf", duties.sheet, name="sheet"),
]
