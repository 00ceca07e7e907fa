"""What changed between two versions of a text, as data that a template shows with del and ins. Pure."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\w+(?:[/.-]\w+)*\s*|[^\w\s]\s*|\s+")  # a date or a number of a paper stays whole
ALIKE = 0.4  # below this share of common words two lines are two lines, not one that was changed
MOST = 250_000  # pairs of words or lines that are compared; beyond it the old is shown whole, and then the new
NEAR = 20  # how many old lines a new one is held against
KEPT, GONE, NEW = "kept", "gone", "new"


@dataclass(frozen=True)
class Change:
    """One changed line: ``pieces`` are (kept | gone | new, words) in reading order."""

    pieces: tuple

    @property
    def is_new(self) -> bool:
        return all(kind == NEW for kind, _ in self.pieces)

    @property
    def is_gone(self) -> bool:
        return all(kind == GONE for kind, _ in self.pieces)


def changed_parts(before, after, labels) -> list:
    """[(label, [Change])] of the parts that differ; ``before`` and ``after`` are lists of (part, line).

    ``labels`` maps each part to its heading, in the order of the text.
    """
    found = []
    for part, label in labels.items():
        old, new = ([line for name, line in lines if name == part] for lines in (before, after))
        if changes := changed_lines(old, new):
            found.append((label, changes))
    return found


def changed_lines(old, new) -> list[Change]:
    """The lines that differ; a line that was only reworded comes once, with its words marked."""
    _, old, new, _ = _trimmed(old, new)
    if len(old) * len(new) > MOST:
        return [Change(((GONE, line),)) for line in old] + [Change(((NEW, line),)) for line in new]
    found: list[Change] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            found += _block(old[a:b], new[c:d])
    return found


def _trimmed(old, new):
    """(common start, what is left of both, common end): the usual small change costs little in a long text."""
    most, start, end = min(len(old), len(new)), 0, 0
    while start < most and old[start] == new[start]:
        start += 1
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return new[:start], old[start : len(old) - end], new[start : len(new) - end], new[len(new) - end :]


def _block(old, new):
    """Lines of a changed stretch: each new one beside the first old one that it resembles."""
    left = list(old)
    for line in new:
        place = next((place for place, other in enumerate(left[:NEAR]) if _alike(other, line)), None)
        if place is None:
            yield Change(((NEW, line),))
            continue
        yield from (Change(((GONE, other),)) for other in left[:place])
        yield Change(_pieces(left[place], line))
        left = left[place + 1 :]
    yield from (Change(((GONE, other),)) for other in left)


def _alike(old, new) -> bool:
    """Whether enough words of the shorter line stand in the longer one, wherever."""
    a, b = Counter(WORDS.findall(old)), Counter(WORDS.findall(new))
    return 2 * (a & b).total() >= ALIKE * (a.total() + b.total())


def _pieces(old, new):
    start, a, b, end = _trimmed(WORDS.findall(old), WORDS.findall(new))
    found = [(KEPT, "".join(start)), *_middle(a, b), (KEPT, "".join(end))]
    return tuple((kind, words) for kind, words in found if words)


def _middle(a, b):
    if len(a) * len(b) > MOST:
        yield from ((GONE, "".join(a)), (NEW, "".join(b)))
        return
    for kind, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            yield KEPT, "".join(b[k:m])
        else:
            yield from ((GONE, "".join(a[i:j])), (NEW, "".join(b[k:m])))
