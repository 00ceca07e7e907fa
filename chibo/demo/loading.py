"""Loads the whole demo through the services of the apps, each act at its own time of the past year."""

import datetime

import time_machine
from django.conf import settings
from django.utils import timezone

from chibo.demo.fees import load_fees
from chibo.demo.meetings import MeetingLoader, mark_sent
from chibo.demo.people import load_organisations, load_people
from chibo.demo.pledges import load_pledges
from chibo.demo.texts import PASSWORD, Almanac
from chibo.demo.year import plan_coming_year
from documents.demo_pki import issue_demo_certificates

# keys of people.toml who chair, write or sign
SIGNERS = ("bithu", "phobithu", "chiuy", "thuky", "thuquy", "chibokhac", "en")


def at(day, hour=9, minute=0):
    """A local moment of a day."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))


def load(today, progress=lambda text: None):
    """Fill an empty database; ``progress`` is told what was just done. About half a minute: the papers are signed."""
    almanac = Almanac(today)
    start = at(today - datetime.timedelta(days=420))
    with time_machine.travel(start, tick=True):
        organisations = load_organisations()
        members = load_people(organisations, almanac)
        issue_demo_certificates(settings.DEMO_PKI, [(key, members[key].full_name) for key in SIGNERS], PASSWORD)
    progress(f"{len(members)} người, {len(organisations)} tổ chức")
    loader = MeetingLoader(organisations, members, almanac, progress)
    loader.load()
    load_fees(organisations, members, almanac, progress)
    load_pledges(organisations["vanphong"], loader.users, today, progress)
    plan_coming_year(organisations["vanphong"], members, loader.users["bithu"])
    mark_sent(at(today))
