"""Addresses: the cash book, remittances, spending, counts."""

urlpatterns: list = []
