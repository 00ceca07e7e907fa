"""A person's private calendar (RFC 5545): the entries that apps offer, and the file made of them; no database here."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from icalendar import Alarm, Calendar, Event

from notices.invitations import ZONE, zone_definition

REFRESH = datetime.timedelta(hours=1)
MEETING_ALARMS = (datetime.timedelta(days=-1), datetime.timedelta(hours=-1))
TASK_ALARMS = (datetime.timedelta(hours=-15),)  # of a whole day: nine o'clock the morning before


@dataclass(frozen=True)
class Entry:
    """One thing in a calendar.

    ``uid`` is the same for its life, ``sequence`` grows with every change. ``starts`` and ``ends`` are aware moments,
    or dates for whole days (``ends`` exclusive). ``url`` is a path of this site. ``alarms`` are distances from the
    start, before it negative: MEETING_ALARMS, TASK_ALARMS.
    """

    uid: str
    sequence: int
    title: str
    starts: datetime.datetime | datetime.date
    ends: datetime.datetime | datetime.date
    place: str = ""
    description: str = ""
    url: str = ""
    alarms: tuple[datetime.timedelta, ...] = ()


Source = Callable[..., Iterable[Entry]]
_sources: list[Source] = []


def offer(source: Source) -> None:
    """Register ``source(user, since) -> [Entry]``: what of an app belongs to this person, from the moment ``since``."""
    if source not in _sources:
        _sources.append(source)


def entries(user, since: datetime.datetime) -> list[Entry]:
    """Everything the apps have for this person, in order of time."""
    found = [entry for source in _sources for entry in source(user, since)]
    return sorted(found, key=lambda entry: (_moment(entry.starts), entry.uid))


def _moment(start) -> datetime.datetime:
    """A whole day begins at its midnight here."""
    if isinstance(start, datetime.datetime):
        return start
    return datetime.datetime.combine(start, datetime.time(), ZONE)


def calendar_file(rows: Iterable[Entry], *, now: datetime.datetime, base_url: str) -> bytes:
    """The .ics of a subscription; ``now`` is an aware moment, ``base_url`` stands before the paths of the entries."""
    calendar = Calendar()
    calendar.add("prodid", "-//Chi bo//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Chi bộ")
    calendar.add("x-wr-timezone", ZONE.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(zone_definition())
    for entry in rows:
        calendar.add_component(_event(entry, now, base_url))
    return calendar.to_ical()


def _event(entry, now, base_url):
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now.astimezone(datetime.UTC))
    event.add("dtstart", _local(entry.starts))
    event.add("dtend", _local(entry.ends))
    event.add("summary", entry.title)
    event.add("status", "CONFIRMED")
    if not isinstance(entry.starts, datetime.datetime):
        event.add("transp", "TRANSPARENT")  # a day on which something is due is not a day one is busy
    for name in ("place", "description"):
        if text := getattr(entry, name):
            event.add({"place": "location"}.get(name, name), text)
    if entry.url:
        event.add("url", f"{base_url}{entry.url}")
    for before in entry.alarms:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", before)
        alarm.add("description", entry.title)
        event.add_component(alarm)
    return event


def _local(moment):
    return moment.astimezone(ZONE) if isinstance(moment, datetime.datetime) else moment
