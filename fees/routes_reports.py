"""Addresses: books and reports as PDF and XLSX."""

from django.urls import path

from fees.views import books

urlpatterns: list = [
    path("<int:year>/books/s01.pdf", books.s01_pdf, name="s01_pdf"),
    path("<int:year>/books/s01.xlsx", books.s01_xlsx, name="s01_xlsx"),
]
