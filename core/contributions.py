"""What an app may offer to an agenda or to the minutes, without either knowing the other."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProposedItem:
    """An item that an app proposes for an agenda.

    ``key`` is stable per open thing (``assignment:17``), so that the same thing is never proposed twice;
    ``section`` is A, B or C; ``minutes`` the planned length; ``source`` says where it comes from.
    """

    key: str
    section: str
    title: str
    decide: str = ""
    minutes: int = 5
    source: str = ""
    presenter_id: int | None = None


@dataclass(frozen=True)
class MinutesSection:
    """A part of the minutes that an app computes; every member reads it, so it holds nothing that a member may not see.

    ``lines`` are its paragraphs; ``source`` says where it comes from.
    """

    heading: str
    lines: tuple[str, ...]
    source: str = ""
