"""The year's calendar of a cell."""

from django.urls import path

from meetings.views import year

app_name = "calendar"
urlpatterns = [
    path("", year.this_year, name="home"),
    path("<int:year>/", year.strip, name="year"),
    path("<int:year>/plan.pdf", year.plan_pdf, name="pdf"),
    path("<int:year>/do/fill/", year.fill, name="fill"),
    path("<int:year>/new/", year.new, name="new"),
    path("planned/<int:pk>/edit/", year.edit, name="edit"),
    path("planned/<int:pk>/do/remove/", year.remove, name="remove"),
    path("planned/<int:pk>/do/draft/", year.draft, name="draft"),
]
