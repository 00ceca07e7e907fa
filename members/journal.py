"""What the page of the diary asks: lines one may read, whose, of which kind and month, and where they lead."""

import datetime
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from members.activity_words import sentence, verbs_of
from members.models import Activity, User

CLOCK = "he-thong"  # acts without a person: the clock, the first filling

# objects whose address needs nothing but their own row; one query per kind that stands on the page
LINKED = ("meetings.meeting", "meetings.resolution", "assignments.assignment", "members.member")


@dataclass
class Entry:
    """A line as the page shows it."""

    line: Activity
    text: str
    who: object  # Member, or None for the clock
    url: str = ""
    where: str = ""

    @property
    def short_hash(self) -> str:
        return self.line.hash[:8]


def lines(user, *, person="", group="", month=""):
    """Lines the person may read, newest first, narrowed by the three filters; a wrong filter value is no filter.

    Rows are numbered under the lock of their chain's head, so this order is that of every chain.
    """
    rows = Activity.objects.visible_to(user).select_related("organisation", "actor__member").order_by("-pk")
    if person == CLOCK:
        rows = rows.filter(actor=None)
    elif person.isascii() and person.isdigit():
        rows = rows.filter(actor=int(person[:18]))
    if verbs := verbs_of(group):
        rows = rows.filter(verb__in=verbs)
    if span := month_span(month):
        rows = rows.filter(at__gte=span[0], at__lt=span[1])
    return rows


def entries(user, rows):
    """Entries of one page of lines; links only to what the person may see."""
    rows = list(rows)
    urls = _addresses(user, rows)
    several = len({row.organisation_id for row in rows}) > 1
    return [
        Entry(
            row,
            sentence(row.verb),
            row.actor.member if row.actor else None,
            urls.get((row.object_label, row.object_id), ""),
            row.organisation.short_name if several else "",
        )
        for row in rows
    ]


def people(user):
    """(value, name) of those who wrote lines in the diaries that the person reads whole."""
    wrote = Activity.objects.filter(actor=OuterRef("pk"), organisation__in=user.committee_ids)
    rows = User.objects.filter(Exists(wrote)).select_related("member").order_by("member__sort_key")
    return [*((str(row.pk), row.member.full_name) for row in rows), (CLOCK, "Hệ thống tự ghi")]


def months(user, limit=36):
    """(value, label) of the months from now back to the first line, the newest ``limit``."""
    first = Activity.objects.visible_to(user).aggregate(first=Min("at"))["first"]
    day = timezone.localdate().replace(day=1)
    start = timezone.localtime(first).date().replace(day=1) if first else day
    found = []
    while day >= start and len(found) < limit:
        found.append((f"{day:%Y-%m}", f"Tháng {day:%m/%Y}"))
        day = (day - datetime.timedelta(days=1)).replace(day=1)
    return found


def month_span(month):
    """First moments of "2026-11" and of the month after; None for anything else."""
    try:
        first = datetime.datetime.strptime(month, "%Y-%m")
        after = (first + datetime.timedelta(days=32)).replace(day=1)
        return timezone.make_aware(first), timezone.make_aware(after)
    except (ValueError, OverflowError):
        return None


def _addresses(user, rows):
    """(label, id) -> address of the objects on the page that the person may see."""
    found = {}
    for label in LINKED:
        ids = {row.object_id for row in rows if row.object_label == label}
        if ids:
            visible = apps.get_model(label).objects.visible_to(user).filter(pk__in=ids)
            found.update({(label, obj.pk): obj.get_absolute_url() for obj in visible})
    return found
