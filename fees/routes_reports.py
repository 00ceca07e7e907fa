"""Addresses: books and reports as PDF and XLSX."""

urlpatterns: list = []
