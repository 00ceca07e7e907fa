"""Claim one row, join that person's other due rows, send one mail, write one outcome per row.

Needs no task queue: call ``deliver_due()`` from anywhere outside a transaction. However many workers run, a row is
held by one of them; one whose lease ran out is sent again and marked "maybe twice".
"""

import logging
import smtplib
import time
from datetime import timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.utils import timezone

from notices.models import Notice, Outcome
from notices.services import mail

log = logging.getLogger(__name__)

RETRY_MINUTES = (1, 5, 15, 30, 60, 120, 240)  # after the last one the row is refused: eight attempts in all
JOIN_LIMIT = 50

FREE = "(claim IS NULL OR claimed_at < clock_timestamp() - make_interval(secs => %(lease)s))"
HOLD = "claimed_at = clock_timestamp(), maybe_twice = maybe_twice OR claim IS NOT NULL"
CLAIM = f"""
UPDATE notices_notice SET claim = gen_random_uuid(), {HOLD}
WHERE id = (SELECT id FROM notices_notice
            WHERE outcome = '' AND due_at <= %(now)s AND {FREE}
            ORDER BY due_at, id FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING claim, recipient_id"""  # noqa: S608 -- constants of this module
JOIN = f"""
UPDATE notices_notice SET claim = %(claim)s, {HOLD}
WHERE id IN (SELECT id FROM notices_notice
             WHERE recipient_id = %(recipient)s AND outcome = '' AND due_at <= %(now)s AND {FREE}
             ORDER BY due_at, id FOR UPDATE SKIP LOCKED LIMIT %(limit)s)"""  # noqa: S608 -- constants of this module


class ServerDown(Exception):
    """The mail server does not answer: no use in trying the next row now."""


def deliver_due(limit=200, seconds=50) -> int:
    """Send what is due, at most ``limit`` mails, starting none after ``seconds``; returns the number of mails tried."""
    end = time.monotonic() + seconds
    tried = 0
    backend = get_connection()
    try:
        while tried < limit and time.monotonic() < end:
            notices = claim_next()
            if not notices:
                break
            tried += 1
            deliver(notices, backend)
    except ServerDown as error:
        log.warning("mail server: %s", error)
    finally:
        close(backend)
    return tried


def claim_next():
    """The next due row and whatever else is due for the same person, all under one fresh claim; [] when none."""
    values = {"now": timezone.now(), "lease": settings.NOTICE_LEASE_SECONDS, "limit": JOIN_LIMIT}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        row = cursor.fetchone()
        if row is None:
            return []
        claim, recipient = row
        cursor.execute(JOIN, {**values, "claim": claim, "recipient": recipient})
    return list(Notice.objects.filter(claim=claim).select_related("recipient", "cell").order_by("due_at", "pk"))


def deliver(notices, backend):
    """One mail for one person's claimed rows; raises ServerDown after giving them back."""
    address = notices[0].recipient.email
    if not address:
        finish(notices, Outcome.NO_ADDRESS)
        return
    parts = _render(notices)
    if not parts:
        return
    notices = [part.notice for part in parts]
    try:
        backend.open()
        backend.send_messages([mail.compose(parts, address)])
    except Exception as error:  # whatever the server or the address does, the row gets its outcome
        close(backend)
        _failed(notices, address, error)
        if isinstance(error, OSError) and not _code(error) and not _is_final(error):
            raise ServerDown(str(error)) from error
    else:
        finish(notices, Outcome.SENT, address=address)


def _render(notices):
    """The parts of the mail; a row whose text cannot be rendered is refused alone."""
    parts = []
    for notice in notices:
        try:
            parts.append(mail.part(notice))
        except Exception as error:
            log.exception("notice %s cannot be rendered", notice.pk)
            finish([notice], Outcome.REFUSED, error=f"Không dựng được nội dung thư: {error}")
    return parts


def finish(notices, outcome, *, address="", error=""):
    """Write the outcome of rows that are still under the claim they were taken with."""
    held = Notice.objects.filter(pk__in=[notice.pk for notice in notices], claim=notices[0].claim, outcome="")
    held.update(outcome=outcome, done_at=timezone.now(), address=address, error=error[:300],
                attempts=notices[0].attempts + 1)  # fmt: skip


def _failed(notices, address, error):
    """A refusal for good ends the row; anything else is tried again later, eight times in all."""
    text = _words(error)
    for notice in notices:
        if _is_final(error) or notice.attempts >= len(RETRY_MINUTES):
            finish([notice], Outcome.REFUSED, address=address, error=text)
            continue
        wait = timedelta(minutes=RETRY_MINUTES[notice.attempts])
        Notice.objects.filter(pk=notice.pk, claim=notice.claim, outcome="").update(
            claim=None, claimed_at=None, due_at=timezone.now() + wait, attempts=notice.attempts + 1, error=text,
            maybe_twice=notice.maybe_twice or _maybe_arrived(error),
        )  # fmt: skip


def _code(error) -> int:
    """The server's answer, 0 when there was none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return getattr(error, "smtp_code", 0)


def _is_final(error) -> bool:
    """5xx about this mail or this address; a server that refuses the greeting or our password may be mended."""
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError | smtplib.SMTPAuthenticationError):
        return False
    if isinstance(error, smtplib.SMTPNotSupportedError | ValueError):  # an address this server cannot write
        return True
    return 500 <= _code(error) < 600


def _maybe_arrived(error) -> bool:
    """The line broke after we may have handed the mail over."""
    return isinstance(error, TimeoutError | smtplib.SMTPServerDisconnected)


def _words(error) -> str:
    """What the server said, for the page of the notice: at most 300 characters."""
    said = getattr(error, "smtp_error", None) or str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = next(iter(error.recipients.values()))[1]
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return f"{_code(error)} {words}".removeprefix("0 ").strip()[:300] or type(error).__name__


def close(backend):
    """Close the line, whatever state it is in."""
    try:
        backend.close()
    except (smtplib.SMTPException, OSError):
        backend.connection = None
