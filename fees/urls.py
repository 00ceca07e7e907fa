"""Addresses of the fee book, grouped by what they are about."""

from fees import routes_audit, routes_book, routes_cash, routes_members, routes_reports, routes_statements

app_name = "fees"
urlpatterns = [
    *routes_book.urlpatterns,
    *routes_members.urlpatterns,
    *routes_cash.urlpatterns,
    *routes_statements.urlpatterns,
    *routes_reports.urlpatterns,
    *routes_audit.urlpatterns,
]
