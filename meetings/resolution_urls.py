"""The book of resolutions."""

from django.urls import path

from meetings.views import resolution, signing

app_name = "resolutions"
urlpatterns = [
    path("", resolution.resolutions, name="list"),
    path("<int:pk>/", resolution.detail, name="detail"),
    path("<int:pk>/sign/", signing.sign_resolution, name="sign"),
    path("<int:pk>/do/seal/", resolution.resolution_seal, name="seal"),
    path("<int:pk>/do/withdraw/", resolution.resolution_withdraw, name="withdraw"),
]
