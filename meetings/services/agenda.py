"""Proposing, adding, ordering and removing the items of an agenda."""

OFFERS = []


def offer(contribute):
    """Register ``contribute(cell, on) -> list[ProposedItem]``; called by chibo/wiring.py in a fixed order."""
    if contribute not in OFFERS:
        OFFERS.append(contribute)
