"""Addresses: the grid of the year, the month's collection, receipts."""

urlpatterns: list = []
