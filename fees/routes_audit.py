"""Addresses: audits and hand-overs."""

urlpatterns: list = []
