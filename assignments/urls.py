"""Addresses of work given to people."""

from django.urls import path

from assignments import views

app_name = "assignments"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/do/<slug:action>/", views.move, name="move"),
    path("evidence/<int:pk>/", views.evidence, name="evidence"),
]
