"""A real SMTP server on loopback, with answers a test may choose."""

import asyncio
import email
import email.policy
import socket
import threading
import time

import pytest
from aiosmtpd.controller import Controller

from notices.models import Notice
from notices.services import planning
from tests.factories import at


class Postbox:
    """aiosmtpd's handler: keeps what arrives; ``answers`` maps an address to the reply to its RCPT."""

    def __init__(self):
        self.messages = []
        self.answers = {}
        self.hangs = set()
        self.sender_answer = ""
        self.mails_per_line = 0
        self.data_answer = "250 OK"
        self.delay = 0
        self.lock = threading.Lock()

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        session.mails = getattr(session, "mails", 0) + 1
        if self.mails_per_line and session.mails > self.mails_per_line:
            server.transport.close()
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address in self.hangs:
            await asyncio.sleep(30)
        if reply := self.answers.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        time.sleep(self.delay)
        if self.data_answer.startswith("250"):
            with self.lock:
                lines = envelope.content.replace(b"\r\n", b"\n")
                self.messages.append(email.message_from_bytes(lines, policy=email.policy.default))
        return self.data_answer

    @property
    def receivers(self):
        return [message["To"] for message in self.messages]

    @property
    def subjects(self):
        return [message["Subject"].strip() for message in self.messages]  # a long one is folded before its first word


def free_port():
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


@pytest.fixture
def postbox(settings):
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.port = controller.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.BASE_URL = "https://chibo.example"
    settings.DEFAULT_FROM_EMAIL = "Chi bộ <chibo@example.com>"
    yield box
    controller.stop()


@pytest.fixture
def tell(cell):
    """Plan a notice that is due now."""

    def plan(person, key="assignment:1:given", **changes):
        values = {
            "cell": cell,
            "subject": "Nhiệm vụ mới, hạn 05/12/2026: Vận động 6 hộ",
            "context": {"title": "Vận động 6 hộ", "due_on": "05/12/2026", "giver": "Trần Quốc Bình"},
            "url": "/assignments/1/",
            "due_at": at(days=-1),
        }
        return planning.plan(person, "assignment.given", key, **{**values, **changes})

    return plan


def words(response):
    """The page as it is read: what is tied together by a no-break space has a plain one."""
    return response.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")


def outcomes():
    return list(Notice.objects.order_by("pk").values_list("key", "outcome"))
