"""Codes of the check page that are not those of papers: an app above answers for its own (offered by wiring)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Issued:
    """What was issued under a code.

    All but ``amount`` is shown to whoever has the code. ``amount`` (đồng) is never shown: it is only compared with a
    number that somebody reads off the paper in their hand.
    """

    kind: str
    number: str
    dated_on: date
    issuer: str
    valid: bool
    state: str
    amount: int | None = None


_finders: list[Callable[[str], Issued | None]] = []


def answer(finder: Callable[[str], Issued | None]):
    """Let an app answer for its codes: ``finder(code)`` gives what was issued, or None."""
    if finder not in _finders:
        _finders.append(finder)


def find(code: str) -> Issued | None:
    """What an app issued under a code."""
    return next((found for finder in _finders if (found := finder(code)) is not None), None)
