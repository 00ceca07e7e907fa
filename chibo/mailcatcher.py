"""A mail server that delivers to nobody: every message becomes a file, read at /demo/mail/ in demo mode."""

import secrets
import socket
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.controller import Controller

KEEP = 500  # messages; the oldest go
SIZE_LIMIT = 30 * 1024 * 1024  # bytes of one message


class _Store:
    """aiosmtpd's handler: one `.eml` a message, named by the time of arrival, readable by its owner only."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    async def handle_DATA(self, server, session, envelope):
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}"
        draft = self.folder / f"{name}.part"
        draft.touch(mode=0o600)
        recipients = ", ".join(envelope.rcpt_tos).encode("utf-8", "replace")
        draft.write_bytes(b"X-Envelope-To: " + recipients + b"\r\n" + envelope.content)
        draft.rename(draft.with_suffix(".eml"))
        for old in sorted(self.folder.glob("*.eml"))[:-KEEP]:
            old.unlink(missing_ok=True)
        return "250 Message accepted"


def catcher(folder, host, port):
    """A controller (start(), stop()) that stores mail arriving at host:port in `folder`."""
    return Controller(_Store(folder), hostname=host, port=port, data_size_limit=SIZE_LIMIT, ready_timeout=20)


def port_is_free(host, port):
    """Whether a server may listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host, wanted):
    """`wanted` when it is free, else any free one."""
    if port_is_free(host, wanted):
        return wanted
    with socket.socket() as line:
        line.bind((host, 0))
        return line.getsockname()[1]
