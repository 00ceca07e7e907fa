"""PostgreSQL's own programs, of the version of the server that is asked."""

import contextlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from django.db import connection

from chibo.servers import EmbeddedError, wheel_folders

DEBIAN = Path("/usr/lib/postgresql")


class NoProgramError(RuntimeError):
    """No fitting pg_dump or pg_restore; the text is a sentence for whoever runs the command."""


def program(name: str) -> str:
    """Path of ``pg_dump`` or ``pg_restore`` of the server's major version; raises NoProgramError."""
    major = connection.pg_version // 10000
    for path in _places(name, major):
        if path and Path(path).exists() and _major(path) == major:
            return str(path)
    raise NoProgramError(
        f"Không tìm thấy {name} của PostgreSQL {major}. Cài gói postgresql-client-{major} rồi chạy lại."
    )


def _places(name, major):
    with contextlib.suppress(EmbeddedError):
        yield wheel_folders()[0] / "bin" / name
    yield DEBIAN / str(major) / "bin" / name
    yield shutil.which(name)


def _major(path):
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"\d+", said)[0])


def environment(database: str | None = None) -> dict:
    """The address of the server as libpq reads it, so that no password stands among the arguments."""
    settings = connection.settings_dict
    told = {
        "PGHOST": settings["HOST"],
        "PGPORT": str(settings["PORT"] or ""),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": database or settings["NAME"],
    }
    return os.environ | {key: value for key, value in told.items() if value}
