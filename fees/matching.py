"""Whose money a line of a statement is. Pure: certain only when the text can mean one person."""

import re
from dataclasses import dataclass

from core.vietnamese import fold

SHORTEST = 8  # letters of a name written without blanks; shorter ones are found in too many words


@dataclass(frozen=True)
class Payer:
    """Somebody who may have paid."""

    pk: int
    name: str
    card_no: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Match:
    """The ids that the text may mean, best first; ``certain`` when there is exactly one."""

    found: tuple[int, ...] = ()

    @property
    def certain(self) -> int | None:
        return self.found[0] if len(self.found) == 1 else None


def match(text: str, payers) -> Match:
    """The payers whom a text names: by card or phone number, else by the full name, marks and blanks ignored.

    A name that stands inside a longer one that is there as well ("Lê Thị Hồng" in "Lê Thị Hồng Nhung") does not count.
    """
    numbers = set(re.findall(r"\d{9,12}", text))
    known = [payer.pk for payer in payers if numbers & {payer.card_no, payer.phone} - {""}]
    if known:
        return Match(tuple(known))
    words = f" {re.sub(r'[^a-z0-9]+', ' ', fold(text)).strip()} "
    squeezed = words.replace(" ", "")
    named = []
    for payer in payers:
        name = fold(payer.name)
        joined = name.replace(" ", "")
        if f" {name} " in words or (len(joined) >= SHORTEST and joined in squeezed):
            named.append((joined, payer.pk))
    longest = [(name, pk) for name, pk in named if not any(name != other and name in other for other, _ in named)]
    return Match(tuple(pk for _, pk in longest))
