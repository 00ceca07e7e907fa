"""Planning and withdrawing: rows written in the transaction of whoever changes the fact."""

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from notices.models import Notice, Outcome

TOLD = (Outcome.SENT, Outcome.REFUSED, Outcome.NO_ADDRESS, Outcome.IN_APP)  # what no mail brought is read in the app


def gather_until(now=None):
    """The moment up to which what is not urgent waits, so that several notices meet in one mail."""
    return (now or timezone.now()) + datetime.timedelta(minutes=settings.NOTICE_GATHER_MINUTES)


@transaction.atomic
def plan(recipient, kind, key, *, cell, subject, context, url="", due_at=None, attachments=(), urgent=False,
         private=False, action="", target=None):  # fmt: skip
    """Tell one member one thing, once per ``key``; returns the Notice.

    ``kind`` names the templates ``email/<kind>.txt`` and ``.html``, rendered at delivery from ``context`` (JSON)
    alone; ``url`` is a path of this site. ``due_at`` (a moment) is for reminders; without it an urgent notice goes
    at once, any other after settings.NOTICE_GATHER_MINUTES. Only an ``urgent`` one leaves in the quiet hours. A
    ``private`` one is shown to its recipient only. ``action`` (a purpose of notices.actions) and ``target`` (the id
    of the thing it is done to) make the one button of the mail.

    The same key again: a row still waiting takes the new text (its time only if ``due_at`` is given), a withdrawn
    one is planned anew, a row sent or held by a worker stays as it is (one whose worker died counts as waiting).
    """
    fresh = {
        "cell": cell,
        "kind": kind,
        "subject": " ".join(subject.split())[:200],
        "context": context,
        "attachments": list(attachments),
        "url": url,
        "private": private,
        "urgent": urgent,
        "action": action,
        "target": target,
    }
    due = due_at or (timezone.now() if urgent else gather_until())
    Notice.objects.bulk_create(
        [Notice(recipient=recipient, key=key, due_at=due, **fresh)],
        ignore_conflicts=True,  # a transaction beside this one may plan the same key
    )
    notice = Notice.objects.select_for_update(no_key=True).get(recipient=recipient, key=key)
    again = _again(notice, due, due_at)
    if again is not None:
        for name, value in {**fresh, **again}.items():
            setattr(notice, name, value)
        notice.save(update_fields=[*fresh, *again])
    return notice


def _again(notice, due, due_at):
    """What a row planned once more takes besides its text; None for one that is sent or in a worker's hands."""
    if notice.outcome == Outcome.WITHDRAWN:
        fresh_start = {
            "outcome": "",
            "claim": None,
            "claimed_at": None,
            "attempts": 0,
            "error": "",
            "withdrawn_because": "",
        }
        return {**fresh_start, "due_at": due, "done_at": None, "seen_at": None}
    if notice.outcome == Outcome.WAITING and (notice.claim is None or notice.claimed_at < _stale()):
        return {"due_at": due_at} if due_at else {}
    return None


def _stale():
    """A claim older than this is that of a worker that died."""
    return timezone.now() - datetime.timedelta(seconds=settings.NOTICE_LEASE_SECONDS)


@transaction.atomic
def withdraw(key, *, recipients=None, reason=""):
    """Take back what waits under ``key``, or under all keys ``<key>:…``; returns ids of members already told.

    ``recipients`` (members) narrows it; ``reason`` is a sentence for the committee's page. Told are those whose
    notice has an outcome, whichever it is (what no mail brought stands in the app and on the phone list), or is in a
    worker's hands this very moment: such a row stays as it is, and the caller plans a correction for them. Told are
    also those who saw it in the app before it left, and those who may have got a mail whose answer was lost, or
    whose worker died.
    """
    rows = Notice.objects.filter(Q(key=key) | Q(key__startswith=f"{key}:"))
    if recipients is not None:
        rows = rows.filter(recipient__in=recipients)
    free = Q(claim=None) | Q(claimed_at__lt=_stale())
    waiting = rows.filter(free, outcome=Outcome.WAITING).order_by("pk").select_for_update(no_key=True)
    taken = list(waiting.only("recipient", "maybe_twice", "claim", "seen_at"))
    Notice.objects.filter(pk__in=[row.pk for row in taken]).update(
        outcome=Outcome.WITHDRAWN, claim=None, done_at=timezone.now(), address="", withdrawn_because=reason
    )
    told = rows.filter(Q(outcome__in=TOLD) | Q(outcome=Outcome.WAITING, claim__isnull=False))
    perhaps = {row.recipient_id for row in taken if row.maybe_twice or row.claim or row.seen_at}
    return perhaps | set(told.values_list("recipient_id", flat=True))
