"""The diary: ``record()`` is the last call of every service.

A line holds ids, numbers and keyed digests (HMAC); never a name, never prose. Each line carries the hash of the
one before, so that an edit, a removal or a reordering by SQL is found by ``manage.py verify_chain``.
"""

import hashlib
import hmac
import json

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from members.models import Activity, ChainHead

# label of a model -> function(obj) -> canonical text of what must not change silently; filled by chibo/wiring.py
COVERED = {}
RELATED = {}  # label -> lookups of prefetch_related

# functions () -> iterable of (organisation id, seq, hash, words) for what was printed outside the database; by wiring
ANCHORS = []


def cover(label, canonical, related=()):
    """Let ``verify_chain`` watch a model: ``canonical(obj)`` is a text or tuple, or None while it may still change.

    ``related`` names what it reads beside the row, to be fetched for many rows at once.
    """
    COVERED[label], RELATED[label] = canonical, related


def anchor(printed):
    """Let ``verify_chain`` hold the chain against numbers and hashes that papers carry outside the database."""
    if printed not in ANCHORS:
        ANCHORS.append(printed)


def keyed_digest(value) -> str:
    """HMAC-SHA256 of a canonical value under the diary's key, as hex."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hmac.new(settings.DIARY_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def digest_of(obj) -> str:
    """The digest of an object as it stands; empty when its model is not covered or it may still change."""
    canonical = COVERED.get(obj._meta.label_lower)
    value = canonical(obj) if canonical else None
    return keyed_digest(value) if value is not None else ""


def line_hash(previous: str, text: str) -> str:
    """Hash of a line: that of the line before and its own canonical text.

    Keyed as the digests are: who has only the database cannot compute a forged chain anew.
    """
    return hmac.new(settings.DIARY_KEY.encode(), f"{previous}\n{text}".encode(), hashlib.sha256).hexdigest()


def canonical_line(*, organisation_id, seq, at, actor_id, verb, label, object_id, data, digest) -> str:
    """The text that is stored and hashed: JSON with sorted keys."""
    return json.dumps(
        {
            "org": organisation_id,
            "seq": seq,
            "at": at.isoformat(),
            "by": actor_id,
            "verb": verb,
            "obj": f"{label}:{object_id}",
            "data": data,
            "digest": digest,
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def lock_head(organisation_id):
    """The locked head of an organisation's chain; made on first use."""
    ChainHead.objects.bulk_create([ChainHead(organisation_id=organisation_id)], ignore_conflicts=True)
    return ChainHead.objects.select_for_update().get(pk=organisation_id)


@transaction.atomic
def record(obj, verb, *, by, organisation=None, gone=False, **numbers):
    """Write one line about ``obj``; the last call of a service.

    ``by`` is a User or None (the clock). ``organisation`` (object or id) is taken from ``obj.cell_id`` when not
    given. ``numbers`` are ids, counts, dates: nothing readable about people. ``gone`` says that the object is
    deleted by this act, which ends its cover.
    """
    organisation_id = getattr(organisation, "pk", organisation) or obj.cell_id
    head = lock_head(organisation_id)
    columns = {
        "organisation_id": organisation_id,
        "seq": head.seq + 1,
        "at": timezone.now(),
        "actor_id": by.pk if by else None,
        "verb": verb,
        "object_id": obj.pk,
        "digest": "" if gone else digest_of(obj),
    }
    label = obj._meta.label_lower
    text = canonical_line(label=label, data=_said(numbers, gone), **columns)
    line = Activity.objects.create(object_label=label, text=text, hash=line_hash(head.hash, text), **columns)
    head.seq, head.hash = line.seq, line.hash
    head.save(update_fields=["seq", "hash"])
    return line


def _said(numbers, gone):
    said = {key: str(value) if value is not None else None for key, value in numbers.items()}
    return said | ({"gone": "1"} if gone else {})
