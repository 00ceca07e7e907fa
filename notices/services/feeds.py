"""The private calendar of a person: made, renewed, taken back. Only a digest of its address is kept."""

import secrets

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from members.activity import record
from members.models import User
from members.queries import diary_home
from members.services.accounts import digest
from notices.models import Feed


@transaction.atomic
def make(member, *, by) -> str:
    """A new address, returned once; the former one stops working at once, also one made at the same moment."""
    token = secrets.token_urlsafe(32)
    fresh = {"digest": digest(token), "created_at": timezone.now()}
    feed, _ = Feed.objects.update_or_create(member=member, defaults=fresh)
    record(feed, "feed.made", by=by, organisation=diary_home(member), member=member.pk)
    return token


@transaction.atomic
def revoke(member, *, by):
    """The address stops working; raises Refused when there is none."""
    feed = Feed.objects.select_for_update(of=("self",)).filter(member=member).first()
    if feed is None:
        raise Refused("Đồng chí chưa có địa chỉ lịch nào để thu hồi.")
    record(feed, "feed.revoked", by=by, organisation=diary_home(member), gone=True, member=member.pk)
    feed.delete()


def reader(token: str) -> User | None:
    """The account whose calendar this is; None when the address is unknown or taken back, or the account closed."""
    found = User.objects.filter(is_active=True, member__calendar_feed__digest=digest(token))
    return found.select_related("member").first()
