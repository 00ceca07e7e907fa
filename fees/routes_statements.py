"""Addresses: exports of a bank or of the portal."""

from django.urls import path

from fees.views import statements

urlpatterns: list = [
    path("sources/", statements.sources, name="sources"),
    path("sources/new/", statements.source_new, name="source_new"),
    path("sources/<int:pk>/", statements.source, name="source"),
    path("sources/<int:pk>/read/", statements.read, name="statement_read"),
    path("statements/", statements.statements, name="statements"),
    path("statements/<int:pk>/", statements.statement, name="statement"),
    path("statements/<int:pk>/lines/<int:row>/", statements.line, name="statement_line"),
    path("statements/<int:pk>/do/<slug:action>/", statements.move, name="statement_move"),
]
