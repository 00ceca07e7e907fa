"""Who contributes to an agenda and to the minutes: functions handed over by chibo/wiring.py, in a fixed order. Pure."""

OFFERS = []
SOURCES: set[str] = set()
SECTIONS = []
PLACES: dict[str, tuple[str, str]] = {}


def offer(contribute, *sources):
    """Register ``contribute(cell, on) -> list[ProposedItem]``.

    ``sources`` are what stands before ":" in its keys where the app proposes anew what a meeting did not come to: such
    an item is not carried over, or it would stand on the next agenda twice.
    """
    if contribute not in OFFERS:
        OFFERS.append(contribute)
    SOURCES.update(sources)


def offer_section(contribute):
    """Register ``contribute(cell, on, since) -> list[MinutesSection]`` for the minutes of meetings of the whole cell.

    ``on`` is the day of the meeting, ``since`` that of the one held before it, None for the first.
    """
    if contribute not in SECTIONS:
        SECTIONS.append(contribute)


def lead(source, name, words):
    """Let items of a source (what stands before ":" in their key) link to a page: its URL name, words of the link.

    The page must open for whoever has a cell, since everybody invited sees the agenda.
    """
    PLACES[source] = (name, words)


def place_of(origin):
    """(URL name, words) of the page that an item with this origin leads to; None for most."""
    return PLACES.get(origin.partition(":")[0])
