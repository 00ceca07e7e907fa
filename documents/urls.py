"""The check page."""

from django.urls import path

from documents import views

app_name = "documents"

urlpatterns = [
    path("<slug:code>/", views.verify, name="verify"),
]
