"""Quiet hours: when what is not urgent waits for the morning. Pure: no clock, no settings."""

import datetime


def parse(text):
    """``"21:30-06:00"`` as (from, until), two local times of day; None for an empty text, which means no quiet hours.

    Raises ValueError when it is written in any other way.
    """
    if not text.strip():
        return None
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f"NOTICE_QUIET_HOURS is written like 21:30-06:00, not {text!r}")
    return datetime.time.fromisoformat(start.strip()), datetime.time.fromisoformat(end.strip())


def is_quiet(hours, time) -> bool:
    """Whether a local time of day lies in ``hours`` (of parse); the first minute does, the last does not."""
    if hours is None:
        return False
    start, end = hours
    if start <= end:
        return start <= time < end
    return time >= start or time < end
