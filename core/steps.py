"""One line of a process: what core/_stepper.html and core/_timeline.html draw. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """``state`` is done, now or todo; ``sub`` a date, a length or a count."""

    label: str
    sub: str = ""
    state: str = "todo"


def in_order(parts) -> list[Step]:
    """(label, sub, done) in order; the first that is not done is the present one, nothing behind it is done."""
    found, current = [], True
    for label, sub, done in parts:
        state = "done" if done and current else "now" if current else "todo"
        current = current and done
        found.append(Step(label, sub, state))
    return found
