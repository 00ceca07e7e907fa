"""Addresses of the minutes, the signatures and the draft of the resolution."""

urls: list = []
