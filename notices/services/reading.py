"""What a person says about their notices: seen, and how they want to be told."""

from django.db import transaction
from django.utils import timezone

from members.activity import record
from members.queries import diary_home
from notices import queries
from notices.models import Preference


@transaction.atomic
def mark_seen(member, *, until=None) -> int:
    """Everything shown to this person up to the moment ``until`` (now) counts as seen; returns how many were new.

    No line in the diary: what somebody looked at is theirs.
    """
    moment = min(until or timezone.now(), timezone.now())
    rows = queries.shown_to(member.pk, moment).filter(created_at__lte=moment, seen_at=None)
    return rows.update(seen_at=timezone.now())


@transaction.atomic
def choose_channel(member, *, channel, by):
    """By mail and in the app, or in the app only (a value of Channel)."""
    chosen, _ = Preference.objects.select_for_update(of=("self",), no_key=True).get_or_create(member=member)
    chosen.channel = channel
    chosen.save(update_fields=["channel"])
    record(chosen, "notice.channel_chosen", by=by, organisation=diary_home(member), member=member.pk)
