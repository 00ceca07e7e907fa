"""Asking an address as somebody, with nothing left behind: every request runs in a savepoint that is rolled back."""

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
        got_request_exception.connect(self._broken, weak=False)

    @staticmethod
    def _session(user):
        client = Client()
        client.force_login(user, backend="members.backends.MemberBackend")
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    @staticmethod
    def _broken(sender, **kwargs):
        raise  # noqa: PLE0704 (sent from inside an except clause)

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
            request._cached_user = self.who[name]
        writes = []
        with transaction.atomic(), connection.execute_wrapper(_noting(writes)):
            response = self.handler.get_response(request)
            _close(response)
            transaction.set_rollback(True)
        return Answer(self.letter(response), response, writes)

    def letter(self, response):
        """One letter for an answer; what is none of them is "?"."""
        status = response.status_code
        if status == 302 and response.headers["Location"].startswith(f"{self.login}?next="):
            return "l"
        return LETTERS.get(status, "y" if status in ALLOWED else "?")


def _close(response):
    """Files are closed, the connection with its savepoints stays (Django's own client does the same)."""
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)


def _noting(writes):
    def note(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(WRITES) and not any(table in sql for table in OWN_TABLES):
            writes.append(sql)
        return execute(sql, params, many, context)

    return note
