"""Calendar files (RFC 5545/5546) for mails: pure, no database."""

import datetime
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vText

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
REMIND = ((datetime.timedelta(days=-1), "Ngày mai"), (datetime.timedelta(hours=-1), "Một giờ nữa"))


@cache
def zone_definition() -> Timezone:
    """The VTIMEZONE of our times, made once: working it out takes longer than a whole mail."""
    return Timezone.from_tzid(ZONE.key)


def calendar_file(entry, *, organiser, attendee, name, now) -> bytes:
    """The .ics of one meeting.

    ``entry``: method, uid (the same for the life of the meeting), sequence (grows with every change), title,
    starts_at (ISO with offset), minutes, place, description, invited. Whoever is invited gets REQUEST or CANCEL and
    stands in it; whoever only has to know (``invited`` false) gets PUBLISH or CANCEL, which names nobody, rings no
    alarm and leaves their time free (RFC 5546 §3.2.1: no ATTENDEE, nothing to reply to). ``organiser`` and
    ``attendee`` are mail addresses, ``name`` that of the attendee, ``now`` an aware moment.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Chi bo//VI")
    calendar.add("version", "2.0")
    calendar.add("method", entry["method"])
    calendar.add_component(zone_definition())
    calendar.add_component(_event(entry, organiser, attendee, name, now))
    return calendar.to_ical()


def _event(entry, organiser, attendee, name, now):
    starts_at = datetime.datetime.fromisoformat(entry["starts_at"]).astimezone(ZONE)
    cancelled = entry["method"] == "CANCEL"
    event = Event()
    event.add("uid", entry["uid"])
    event.add("sequence", entry.get("sequence", 0))
    event.add("dtstamp", now.astimezone(datetime.UTC))
    event.add("dtstart", starts_at)
    event.add("dtend", starts_at + datetime.timedelta(minutes=entry.get("minutes") or 90))
    event.add("summary", entry["title"])
    event.add("location", entry.get("place", ""))
    event.add("description", entry.get("description", ""))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{organiser}"))
    if not entry.get("invited", True):
        event.add("transp", "TRANSPARENT")
        return event
    event.add("attendee", _invited(attendee, name), encode=False)
    for before, words in () if cancelled else REMIND:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", before)
        alarm.add("description", f"{words}: {entry['title']}")
        event.add_component(alarm)
    return event


def _invited(attendee, name):
    """The answer is given by the button of the mail, so calendar programs ask for none."""
    address = vCalAddress(f"mailto:{attendee}")
    address.params["cn"] = vText(name)
    address.params["partstat"] = vText("NEEDS-ACTION")
    address.params["rsvp"] = vText("FALSE")
    return address
