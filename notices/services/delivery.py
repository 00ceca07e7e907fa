"""Claim one person's due rows, send one mail, write one outcome per row.

Needs no task queue: call ``deliver_due()`` from anywhere outside a transaction. However many workers run, a row is
held by one of them; one whose lease ran out is sent again and marked "maybe twice".
"""

import logging
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F
from django.utils import timezone

from members.models import User
from notices import hours
from notices.models import Channel, Notice, Outcome
from notices.services import mail
from notices.services.line import Failed, Line, ServerDown

log = logging.getLogger(__name__)

JOIN_LIMIT = 50
CLAIM_PATIENCE = 30  # seconds to wait for the database only to give a claim back
AWAY = (OperationalError, InterfaceError)  # the database restarts, the line to it broke

DUE = """n.outcome = '' AND n.due_at <= %(now)s AND (n.urgent OR NOT %(quiet)s)
    AND (n.claim IS NULL OR n.claimed_at < clock_timestamp() - make_interval(secs => %(lease)s))"""
# The member's row is locked too, so that two workers never make two mails of what is due for one person. Rows a dead
# worker left are sent again as they were together: the same Message-ID.
CLAIM = f"""
WITH first AS (
    SELECT n.recipient_id, n.claim, n.maybe_twice
    FROM notices_notice n JOIN members_member m ON m.id = n.recipient_id
    WHERE {DUE} AND n.attempts <= %(attempts)s
    ORDER BY n.due_at LIMIT 1 FOR NO KEY UPDATE OF n, m SKIP LOCKED
), mine AS MATERIALIZED (
    SELECT n.id FROM notices_notice n JOIN first USING (recipient_id)
    WHERE {DUE} AND n.claim IS NOT DISTINCT FROM first.claim AND n.maybe_twice = first.maybe_twice
    ORDER BY n.due_at, n.id LIMIT %(limit)s FOR NO KEY UPDATE OF n SKIP LOCKED
)
UPDATE notices_notice n SET claim = %(claim)s, claimed_at = clock_timestamp(),
    maybe_twice = n.maybe_twice OR n.claim IS NOT NULL
FROM mine WHERE n.id = mine.id RETURNING n.id"""  # noqa: S608 -- constants of this module
FRESH, ANY = 0, 32767  # attempts so far: who waits for the first time goes before who failed already


def deliver_together(seconds=15) -> int:
    """Deliver over up to settings.NOTICE_LINES lines at once, so that one slow mail holds up nobody else.

    Starts no mail after ``seconds``; returns the number of mails tried.
    """
    try:
        hands = people_waiting(settings.NOTICE_LINES)
    except AWAY as error:
        _without_database(error)
        return 0
    if hands <= 1:
        return deliver_due(seconds=seconds) if hands else 0
    over = threading.Event()
    with ThreadPoolExecutor(hands, thread_name_prefix="mail") as pool:
        return sum(pool.map(lambda _: _hand(seconds, over), range(hands)))


def _hand(seconds, over) -> int:
    """One thread of deliver_together, with connections of its own."""
    try:
        return deliver_due(limit=None, seconds=seconds, over=over)
    finally:
        connection.close()


def deliver_due(limit=200, seconds=50, over=None) -> int:
    """Send what is due, at most ``limit`` mails, starting none after ``seconds``; returns the number of mails tried.

    ``over`` (an Event) ends all who share it: set when the server takes no mail, or the database is away.
    """
    end, over = time.monotonic() + seconds, over or threading.Event()
    tried = 0
    line = Line()
    try:
        while (limit is None or tried < limit) and time.monotonic() < end and not over.is_set():
            notices = claim_next()
            if not notices:
                break
            tried += 1
            try:
                deliver(notices, line)
            except ServerDown as error:
                give_back(notices, str(error))
                raise
    except ServerDown as error:
        over.set()
        log.warning("mail server: %s", error)
    except AWAY as error:
        over.set()
        _without_database(error)
    finally:
        line.close()
    return tried


def _without_database(error):
    """Leave the rest to the next beat; rows still held come back when their lease runs out."""
    if connection.in_atomic_block:
        raise error
    connection.close()
    log.warning("database: %s", error)


def _now_due() -> dict:
    """The parameters of DUE."""
    now = timezone.now()
    quiet = hours.is_quiet(hours.parse(settings.NOTICE_QUIET_HOURS), timezone.localtime(now).time())
    return {"now": now, "quiet": quiet, "lease": settings.NOTICE_LEASE_SECONDS}


def people_waiting(limit) -> int:
    """For how many people something is due now and nobody holds it; counts no further than ``limit``."""
    people = f"SELECT DISTINCT n.recipient_id FROM notices_notice n WHERE {DUE} LIMIT %(limit)s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({people}) people", {**_now_due(), "limit": limit})  # noqa: S608
        return cursor.fetchone()[0]


def claim_next():
    """The next due row and whatever else is due for the same person, all under one fresh claim; [] when none."""
    claim = uuid.uuid4()
    try:
        return _claim(claim)
    except AWAY:  # it may have been written all the same: nothing was sent, so nobody has to be told "maybe twice"
        _patiently(CLAIM_PATIENCE, Notice.objects.filter(claim=claim, outcome="").update, claim=None, claimed_at=None)
        raise


def _claim(claim):
    values = {**_now_due(), "limit": JOIN_LIMIT, "claim": claim}
    with connection.cursor() as cursor:
        for attempts in (FRESH, ANY):
            cursor.execute(CLAIM, {**values, "attempts": attempts})
            ids = [pk for (pk,) in cursor.fetchall()]
            if ids:
                rows = Notice.objects.select_related("recipient__notice_preference", "cell")
                return list(rows.filter(pk__in=ids, claim=claim).order_by("due_at", "pk"))
    return []


def deliver(notices, line):
    """One mail for one person's claimed rows, one outcome for each of them; raises ServerDown without an outcome."""
    member = notices[0].recipient
    if _in_app_only(member):
        finish(notices, Outcome.IN_APP)
        return
    if not member.email:
        finish(notices, Outcome.NO_ADDRESS)
        return
    notices, message = _compose(notices, member.email)
    if message is None:
        return
    try:
        line.send(message)
    except Failed as failed:
        _failed(notices, member.email, failed)
    else:
        finish(notices, Outcome.SENT, address=member.email)


def _in_app_only(member) -> bool:
    """Who chose so and can open the app; whose account is closed gets mail all the same."""
    preference = getattr(member, "notice_preference", None)
    if preference is None or preference.channel != Channel.IN_APP:
        return False
    return User.objects.filter(member=member, is_active=True).exists()


def _compose(notices, address):
    """The rows that can be rendered and their one mail; the others failed, ([], None) when none is left.

    One mail whatever is broken, so that no row is sent after the lease it was claimed with.
    """
    try:
        return notices, mail.compose([mail.part(notice) for notice in notices], address)
    except AWAY as error:
        give_back(notices, str(error))
        raise
    except Exception as error:
        sound = [each for each in notices if _compose([each], address)[0]] if len(notices) > 1 else notices
        if len(sound) < len(notices):
            return _compose(sound, address) if sound else ([], None)
        log.exception("notices %s cannot be rendered", [notice.pk for notice in notices])
        _failed(notices, address, Failed(f"Không dựng được nội dung thư: {error}"))  # a later release may mend it
        return [], None


def finish(notices, outcome, *, address="", error=""):
    """Write the outcome of rows that are still under the claim they were taken with."""
    _write(notices, outcome=outcome, done_at=timezone.now(), address=address, error=error[:300],
           attempts=F("attempts") + 1)  # fmt: skip


def give_back(notices, words):
    """Nothing was tried: the rows wait as before, nobody's attempts are counted."""
    _write(notices, claim=None, claimed_at=None, error=words[:300])


def _failed(notices, address, failed):
    """A refusal for good ends the row; anything else is tried again later, each time after a longer wait."""
    for notice in notices:
        if failed.final or notice.attempts >= len(settings.NOTICE_RETRY_MINUTES):
            finish([notice], Outcome.REFUSED, address=address, error=str(failed))
            continue
        wait = timedelta(minutes=settings.NOTICE_RETRY_MINUTES[notice.attempts])
        _write([notice], claim=None, claimed_at=None, due_at=timezone.now() + wait, attempts=F("attempts") + 1,
               error=str(failed)[:300], maybe_twice=notice.maybe_twice or failed.maybe_arrived)  # fmt: skip


def _write(notices, **values):
    """Update rows under their own claim. What became of a mail is known only here: this waits as long as the claim
    lasts for a database that is away."""
    held = Notice.objects.filter(pk__in=[notice.pk for notice in notices], claim=notices[0].claim, outcome="")
    _patiently(settings.NOTICE_LEASE_SECONDS, held.update, **values)


def _patiently(seconds, write, **values):
    """Write, however often the line to the database breaks within so many seconds; raises what broke it last."""
    end = time.monotonic() + seconds
    while True:
        try:
            write(**values)
            return
        except AWAY:
            if connection.in_atomic_block or time.monotonic() > end:
                raise
            connection.close()
            time.sleep(0.2)
