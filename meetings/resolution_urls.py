"""The register of resolutions."""

from django.urls import path

from meetings.views import clauses, register, resolution, signing

app_name = "resolutions"
urlpatterns = [
    path("", register.resolutions, name="list"),
    path("book.pdf", register.book, name="book"),
    path("clauses/", clauses.board, name="clauses"),
    path("clauses/<int:pk>/", clauses.detail, name="clause"),
    path("clauses/<int:pk>/do/give/", clauses.give, name="clause_give"),
    path("clauses/<int:pk>/do/end/", clauses.end, name="clause_end"),
    path("<int:pk>/", resolution.detail, name="detail"),
    path("<int:pk>/sign/", signing.sign_resolution, name="sign"),
    path("<int:pk>/do/seal/", resolution.resolution_seal, name="seal"),
    path("<int:pk>/do/withdraw/", resolution.resolution_withdraw, name="withdraw"),
]
