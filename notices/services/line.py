"""One line to the mail server, opened by the first mail and used for the next ones; what went wrong, in words.

Three things can go wrong. The server takes nothing from us (ServerDown): nobody's mail is to blame. It refuses this
mail for good, or for now, or the line broke (Failed): that is the matter of one person alone.
"""

import smtplib
import socket
import threading
from contextlib import contextmanager, suppress

from django.conf import settings
from django.core.mail import get_connection

TOO_BIG = 552  # the one answer to MAIL FROM that is about the mail; all others are about us


class ServerDown(Exception):
    """The server does not answer, or takes nothing from us: no use in trying the next mail now."""


class Failed(Exception):
    """This mail was not taken. ``final``: trying again is of no use; ``maybe_arrived``: it may have been taken after
    all, the answer got lost."""

    def __init__(self, words, *, final=False, maybe_arrived=False):
        super().__init__(words)
        self.final, self.maybe_arrived = final, maybe_arrived


class Line:
    """A line that opens itself. Not for two threads at once."""

    def __init__(self):
        self.backend = get_connection()
        self.carried = 0  # mails since it was opened
        self.handed = False  # the text of the present mail was on its way to the server
        self.cut = False  # the present mail took too long

    def send(self, message):
        """Hand one mail over; raises ServerDown or Failed.

        A server may close a line that has carried many mails: what was not yet handed over goes over a new one.
        """
        try:
            try:
                self._converse(message)
            except smtplib.SMTPException as error:
                if not self._worn_out(error):
                    raise
                self.close()
                self._converse(message)
        except ServerDown:
            raise
        except Exception as error:  # whatever the server or the address does, the row gets its outcome
            if not _code(error) or _code(error) == 421:
                self.close()
            raise self._verdict(error) from error

    def close(self):
        """Close the line, whatever state it is in."""
        try:
            self.backend.close()
        except (smtplib.SMTPException, OSError):
            self.backend.connection = None  # type: ignore[attr-defined]

    def _converse(self, message):
        self._open()
        self.handed, self.cut = self._smtp is None, False
        with self._limited():
            self.backend.send_messages([message])
        self.carried += 1

    @property
    def _smtp(self):
        """The SMTP client; None for a backend that writes to a file or to the terminal."""
        return getattr(self.backend, "connection", None)

    def _open(self):
        try:
            if self.backend.open() and self._smtp:
                self.carried = 0
                self._smtp.data = self._noting(self._smtp.data)
        except (OSError, ValueError) as error:  # no route, greeting or password refused, no TLS: mended by people
            self.close()
            raise ServerDown(words(error)) from error

    def _noting(self, data):
        """SMTP.data() that leaves a note: what breaks before it goes again, what breaks after it may be there."""

        def hand_over(text):
            self.handed = True
            return data(text)

        return hand_over

    @contextmanager
    def _limited(self):
        """EMAIL_TIMEOUT is for each answer; a server that drips one word at a time is cut off within the lease."""
        limit = min(3 * settings.EMAIL_TIMEOUT, settings.NOTICE_LEASE_SECONDS / 2)
        timer = threading.Timer(limit, self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _hang_up(self):
        self.cut = True
        with suppress(OSError, AttributeError, TypeError):  # gone already, or never one
            socket.socket.shutdown(self._smtp.sock, socket.SHUT_RDWR)  # not ssl's own, which is for one thread only

    def _worn_out(self, error) -> bool:
        """The server ended a line that had carried mails before, and nothing of this mail was handed over."""
        ended = _code(error) == 421 or (isinstance(error, smtplib.SMTPServerDisconnected) and not _timed_out(error))
        return ended and self.carried > 0 and not self.handed and not self.cut

    def _verdict(self, error):
        """ServerDown or Failed for what smtplib raised."""
        if isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code != TOO_BIG:
            return ServerDown(words(error))
        if self.cut or _timed_out(error):
            return Failed("Máy chủ thư không trả lời kịp", maybe_arrived=self.handed)
        return Failed(words(error), final=_is_final(error), maybe_arrived=self.handed and _is_silence(error))


def _code(error) -> int:
    """The server's answer, 0 when there was none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return getattr(error, "smtp_code", 0)


def _is_final(error) -> bool:
    """5xx about this mail or this address, or an address that cannot be written to this server."""
    return isinstance(error, smtplib.SMTPNotSupportedError | ValueError) or 500 <= _code(error) < 600


def _is_silence(error) -> bool:
    """The line broke: no answer at all."""
    return isinstance(error, OSError) and not _code(error)


def _timed_out(error) -> bool:
    """smtplib turns a time-out into "disconnected" and keeps the cause beside it."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def words(error) -> str:
    """What the server said, for the page of the notice: at most 300 characters."""
    said = getattr(error, "smtp_error", None) or str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = next(iter(error.recipients.values()))[1]
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    text = text.encode("utf-8", "replace").decode().replace("\0", " ")  # the database takes neither
    return f"{_code(error)} {text}".removeprefix("0 ").strip()[:300] or type(error).__name__
