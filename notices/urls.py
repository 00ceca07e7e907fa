"""Addresses of what people were told."""

from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [
    path("", views.listing, name="list"),
    path("phone-list/", views.phone_list, name="phone_list"),
    path("<int:pk>/", views.detail, name="detail"),
]
