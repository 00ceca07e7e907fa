"""The local PostgreSQL and Valkey out of pip packages: used when no address is given. Importing starts nothing.

`start(var)` starts them, or finds them running; whoever started them stops them. The owner (process id and time of
birth) and the servers stand in `var/run/servers.json`; when the owner has died, the next `start` ends what it left,
the web server and the workers of `up.json` included. Needs neither Django nor its settings.
"""

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from chibo.processes import POLL_SECONDS, Process, Record, end
from chibo.servers import DATABASE, SYSTEM_USER, EmbeddedError, Postgres, Valkey, home, socket_folder

START_SECONDS = 60
_children: dict[int, subprocess.Popen] = {}  # servers this process started: it has to take their exit status


class Addresses(NamedTuple):
    """Where the servers answer: `postgres://postgres@//folder/chibo` and `unix:///folder/valkey.sock`."""

    database: str
    redis: str


@dataclass
class Servers:
    """Running servers. `started`: by this call; `note`: a sentence about an unusual place of the data, or empty."""

    database_url: str
    redis_url: str
    started: bool
    note: str = ""
    record: Record | None = field(default=None, repr=False)

    def stop(self):
        """Leave the servers: stop them, unless they are somebody else's or somebody else still uses them."""
        if self.record:
            leave(self.record)
            self.record = None


# ---------------------------------------------------------------- addresses


def addresses(var):
    """Addresses of the servers of folder `var`, whether they run or not. Starts and creates nothing."""
    sockets = socket_folder(var)
    return Addresses(f"postgres://postgres@/{quote(str(sockets))}/{DATABASE}", f"unix://{sockets}/valkey.sock")


def celery_url(redis_url):
    """The broker's address for Celery: `redis://…` as it is, `unix:///path` as `redis+socket:///path`."""
    return "redis+socket://" + redis_url.removeprefix("unix://") if redis_url.startswith("unix://") else redis_url


def cache_url(redis_url, number=1):
    """The cache's address for redis-py: database `number` of the same server."""
    if redis_url.startswith("unix://"):
        return f"{redis_url}{'&' if '?' in redis_url else '?'}db={number}"
    address, mark, options = redis_url.partition("?")
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/{number}{mark}{options}"


def wanted(settings):
    """Which of the two servers Django's settings expect here: arguments for `start`."""
    own = addresses(settings.VAR)
    return {
        "database": settings.DATABASES["default"]["HOST"] == str(socket_folder(settings.VAR)),
        "redis": own.redis == settings.REDIS_URL,
    }


# ---------------------------------------------------------------- start, stop


def start(var, *, database=True, redis=True, forgetful=False):
    """Make sure the servers of folder `var` run; `forgetful` trades safety against power cuts for speed (tests).

    Raises EmbeddedError with a sentence when they cannot be started.
    """
    var = Path(var).resolve()
    record = Record(var / "run" / "servers.json")
    with record.locked():
        Record(var / "run" / "up.json").end_orphans()
        record.end_orphans()
        servers = [Postgres(var, forgetful)] * database + [Valkey(var)] * redis
        started = {process.name: process for process in record.read()[1]}
        missing = [server for server in servers if not _found(server, started.get(server.name))]
        joined = _join(record, missing)
        for server in missing:
            _launch(server, record)
    note = "" if home(var) == var else f"Dữ liệu nằm ở {home(var)}: tài khoản {SYSTEM_USER} không vào được thư mục này."
    database_url, redis_url = addresses(var)
    return Servers(database_url, redis_url, bool(missing), note, record if joined else None)


def _found(server, process):
    """Whether the server answers. While its process (None: not in the record) runs it is busy, not missing."""
    deadline = time.monotonic() + START_SECONDS
    while not server.answers():
        if process is None or not process.alive() or time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _join(record, missing):
    """Write this process among the users; False where the servers run without any owner (not ours to stop)."""
    users, processes = record.read()
    me = Process.of("user", os.getpid())
    names = {process.name for process in processes}
    if users and users[0] != me and any(server.name in names for server in missing):
        raise EmbeddedError(
            f"Máy chủ dữ liệu do tiến trình {users[0].pid} giữ không trả lời. Hãy dừng tiến trình đó rồi chạy lại."
        )
    if not users and not missing:
        return False
    users = users if me in users else [*users, me]
    record.write(users, [process for process in processes if process.running()])
    return True


def leave(record):
    """This process no longer needs the servers: the next user becomes the owner, the last one stops them."""
    with record.locked():
        users, processes = record.read()
        me = Process.of("user", os.getpid())
        if me not in users:
            return
        others = [user for user in users if user != me and user.alive()]
        if not others:
            end(reversed(processes), patience=30)
            for child in [_children.pop(process.pid, None) for process in processes]:
                if child:
                    child.wait()
            processes = []
        record.write(others, processes)


def _launch(server, record):
    """Start one server, write it down, wait until it answers."""
    server.prepare()
    log = record.path.parent / f"{server.name}.log"
    with open(log, "wb") as output:
        child = subprocess.Popen(
            server.command(), stdout=output, stderr=output, stdin=subprocess.DEVNULL, **server.account.popen()
        )
    _children[child.pid] = child
    process = Process.of(server.name, child.pid, stop_signal=server.stop_signal)
    record.add(process)
    deadline = time.monotonic() + START_SECONDS
    while not server.answers():
        if child.poll() is not None or time.monotonic() > deadline:
            end([process])
            child.wait()
            lines = log.read_text(errors="replace").strip().splitlines() or ["không có thông báo"]
            raise EmbeddedError(f"Không khởi động được {server.name}: {lines[-1]}")
        time.sleep(POLL_SECONDS)
    server.after_start()


# ---------------------------------------------------------------- one command


WITHOUT_DATABASE = {
    "", "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "mailcatcher",
    "makemessages", "startapp", "up", "version",
}  # fmt: skip


@contextlib.contextmanager
def ensure(argv):
    """Servers for the length of one management command: what does not run is started, and stopped at the end."""
    command = next((part for part in argv[1:] if not part.startswith("-")), "")
    if command in WITHOUT_DATABASE or {"--help", "-h", "--version"} & set(argv):
        yield
        return
    from django.conf import settings

    need = wanted(settings)
    if not any(need.values()):
        yield
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        servers = start(settings.VAR, **need)
    except EmbeddedError as error:
        sys.exit(str(error))
    atexit.register(servers.stop)
    try:
        yield
    finally:
        servers.stop()
