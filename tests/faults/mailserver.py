"""A real SMTP server of a test: writes down every mail it took; its answers depend on the address."""

import asyncio
import re
import time
from typing import NamedTuple

from aiosmtpd.controller import Controller

from tests.faults.conftest import free_port

MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)", re.MULTILINE)
HANG_SECONDS = 60


class Taken(NamedTuple):
    """One mail that was answered with 250."""

    receiver: str
    message_id: str
    at: float


class MailServer:
    """aiosmtpd in a thread. Addresses begin with a word: gone… 550, busy… 451 always, once… 451 the first time, slow…
    no answer to RCPT, late… no answer to the text; all others are taken after ``pause`` seconds."""

    def __init__(self, pause=0.0):
        self.port, self.pause = free_port(), pause
        self.taken, self.asked, self.controller = [], [], None

    def start(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self):
        if self.controller:
            self.controller.stop()
        self.controller = None

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        known, word = address in self.asked, address.partition("-")[0]
        self.asked.append(address)
        if word == "slow":
            await asyncio.sleep(HANG_SECONDS)
        if word == "gone":
            return "550 5.1.1 No such user"
        if word == "busy" or (word == "once" and not known):
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        (receiver,) = envelope.rcpt_tos
        if receiver.startswith("late"):
            await asyncio.sleep(HANG_SECONDS)
        await asyncio.sleep(self.pause)
        message_id = MESSAGE_ID.search(envelope.content).group(1).decode()
        self.taken.append(Taken(receiver, message_id, time.time()))
        return "250 OK"
