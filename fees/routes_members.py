"""Addresses: declarations of income, exemption and reduction."""

urlpatterns: list = []
