"""Addresses: the grid of the year, the month's collection, receipts."""

from django.urls import path

from fees.views import month, paying, receipts, year

MONTH = "<int:year>/<int:month>/"
urlpatterns: list = [
    path("", year.home, name="home"),
    path("<int:year>/", year.year, name="year"),
    path(MONTH, month.page, name="month"),
    path(f"{MONTH}open/", month.open_it, name="month_open"),
    path(f"{MONTH}do/<slug:action>/", month.move, name="month_move"),
    path(f"{MONTH}pay/<int:pk>/", paying.pay, name="pay"),
    path(f"{MONTH}correct/<int:pk>/", month.correct, name="correct"),
    path(f"{MONTH}list.pdf", receipts.collection_list, name="collection_list"),
    path(f"{MONTH}receipts.pdf", receipts.receipts_pdf, name="receipts_pdf"),
    path("receipts/<int:pk>/", receipts.receipt, name="receipt"),
    path("receipts/<int:pk>.pdf", receipts.receipt_pdf, name="receipt_pdf"),
    path("receipts/<int:pk>/reverse/", paying.reverse_receipt, name="reverse"),
    path("receipts/<int:pk>/rewrite/", receipts.rewrite, name="rewrite"),
]
