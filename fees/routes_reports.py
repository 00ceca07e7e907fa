"""Addresses: books and reports as pages, PDF and XLSX."""

from django.urls import path

from fees.views import arrears, books, sheets

YEAR = "<int:year>/books/"
urlpatterns: list = [
    path(YEAR, books.hub, name="books"),
    path(f"{YEAR}s01.pdf", books.s01_pdf, name="s01_pdf"),
    path(f"{YEAR}s01.xlsx", books.s01_xlsx, name="s01_xlsx"),
    path(f"{YEAR}b01.pdf", books.b01_pdf, name="b01_pdf"),
    path(f"{YEAR}b01.xlsx", books.b01_xlsx, name="b01_xlsx"),
    path(f"{YEAR}arrears/", arrears.page, name="arrears"),
    path(f"{YEAR}arrears.pdf", arrears.pdf, name="arrears_pdf"),
    path(f"{YEAR}arrears.xlsx", arrears.xlsx, name="arrears_xlsx"),
    path(f"{YEAR}remittances.pdf", sheets.remittances_pdf, name="remittances_pdf"),
    path(f"{YEAR}members/<int:pk>.pdf", sheets.member_year, name="member_year"),
    path(f"{YEAR}chart/", sheets.cell_year, name="cell_year"),
    path("vouchers/<int:pk>/sheet.pdf", sheets.remittance_sheet, name="remittance_sheet"),
]
