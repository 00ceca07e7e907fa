"""Whose money a line of a statement is. Pure: certain only when the text names one person in whole words."""

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
    """The ids that the text may mean; ``certain`` when it is exactly one, named in whole words or by number."""

    found: tuple[int, ...] = ()
    whole: bool = True

    @property
    def certain(self) -> int | None:
        return self.found[0] if self.whole and len(self.found) == 1 else None


def match(text: str, payers) -> Match:
    """The payers whom a text names: by card or phone number, else by the full name in whole words, marks ignored.

    A name that stands inside a longer one ("Lê Thị Hồng" in "Lê Thị Hồng Nhung") does not count there. Only where no
    name stands so are names looked for that the bank wrote together; they are never certain, for "TRANTHIHOAI" holds
    "TRANTHIHOA" as well.
    """
    numbers = set(re.findall(r"\d{9,12}", text))
    known = [payer.pk for payer in payers if numbers & {payer.card_no, payer.phone} - {""}]
    if known:
        return Match(tuple(known))
    words = f" {re.sub(r'[^a-z0-9]+', ' ', fold(text)).strip()} "
    named = _named(words, [(f" {fold(payer.name)} ", payer.pk) for payer in payers])
    if named:
        return Match(named)
    joined = [(fold(payer.name).replace(" ", ""), payer.pk) for payer in payers]
    return Match(_named(words.replace(" ", ""), [row for row in joined if len(row[0]) >= SHORTEST]), whole=False)


def _named(text, names) -> tuple[int, ...]:
    """Ids of the names that stand in the text elsewhere than inside a longer one."""
    hits = []
    for name, pk in names:
        if name in text:
            places = re.finditer(f"(?={re.escape(name)})", text)
            hits += [(place.start(), place.start() + len(name), pk) for place in places]
    inside = {hit for hit in hits for a, b, _ in hits if a <= hit[0] and hit[1] <= b and b - a > hit[1] - hit[0]}
    return tuple(dict.fromkeys(hit[2] for hit in hits if hit not in inside))
