"""Addresses: exports of a bank or of the portal."""

urlpatterns: list = []
