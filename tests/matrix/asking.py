"""Asking an address as somebody, with nothing left behind: every request runs in a savepoint that is rolled back."""

from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.signals import got_request_exception, request_finished
from django.db import close_old_connections, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

WRITES = ("INSERT", "UPDATE", "DELETE")
OWN_TABLES = ("django_session", "usersessions_usersession")  # a visit may touch its own session
LETTERS = {403: "f", 404: "n", 405: "m"}
FORM = "application/x-www-form-urlencoded"
ALLOWED = (200, 302, 410, 422)


@dataclass
class Answer:
    """``letter`` as in the matrix; ``writes`` are the statements that changed rows."""

    letter: str
    response: object
    writes: list


class Asker:
    """The people of a scene with their sessions."""

    def __init__(self, who):
        self.handler, self.factory = BaseHandler(), RequestFactory()
        self.handler.load_middleware()
        self.login = reverse(settings.LOGIN_URL)
        self.who = who
        self.keys = {name: self._session(user) for name, user in who.items()}
        self.asked = 0

    @staticmethod
    def _session(user):
        client = Client()
        client.force_login(user, backend="members.backends.MemberBackend")
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def ask(self, name, method, url, data=None):
        """The answer to ``name`` ("anonymous" for nobody); a POST without ``data`` carries a field no form knows."""
        self.asked += 1  # an address of its own each time, so that no limit by address counts
        request = self.factory.generic(
            method, url, urlencode(data or {"x": "1"}) if method == "POST" else "", FORM,
            REMOTE_ADDR=f"10.{self.asked >> 16}.{self.asked >> 8 & 255}.{self.asked & 255}",
        )  # fmt: skip
        request._dont_enforce_csrf_checks = True
        if name in self.keys:
            request.COOKIES[settings.SESSION_COOKIE_NAME] = self.keys[name]
            request._cached_user = self.who[name]  # with posts and cells: asked of the database once, not 600 times
        writes = []
        with transaction.atomic(), connection.execute_wrapper(_noting(writes)), _as_in_a_test():
            response = self.handler.get_response(request)
            response.close()
            transaction.set_rollback(True)
        return Answer(self.letter(response), response, writes)

    def letter(self, response):
        """One letter for an answer; what is none of them is "?"."""
        status = response.status_code
        if status == 302 and response.headers["Location"].startswith(f"{self.login}?next="):
            return "l"
        return LETTERS.get(status, "y" if status in ALLOWED else "?")


@contextmanager
def _as_in_a_test():
    """What breaks is raised, and the end of a request leaves the connection with its savepoints open."""
    request_finished.disconnect(close_old_connections)
    got_request_exception.connect(_raise)
    try:
        yield
    finally:
        got_request_exception.disconnect(_raise)
        request_finished.connect(close_old_connections)


def _raise(sender, **kwargs):
    raise  # the signal is sent while the exception is handled


def _noting(writes):
    def note(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(WRITES) and not any(table in sql for table in OWN_TABLES):
            writes.append(sql)
        return execute(sql, params, many, context)

    return note
