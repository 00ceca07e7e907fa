"""Who contributes to an agenda: functions handed over by chibo/wiring.py, kept in a fixed order. Pure."""

OFFERS = []


def offer(contribute):
    """Register ``contribute(cell, on) -> list[ProposedItem]``."""
    if contribute not in OFFERS:
        OFFERS.append(contribute)
