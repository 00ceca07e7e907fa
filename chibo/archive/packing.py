"""Writes the archive: a dump of the database, the uploaded files, a manifest. No key is in it.

Dump and manifest look at one snapshot. Files have names that tell nothing (core.uploads.random_name) and are never
changed, so those of a moment later only add to what the snapshot knows. What people write in confidence is
encrypted in the dump as it is in the database; the manifest holds numbers and digests.
"""

import contextlib
import hashlib
import json
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from chibo.archive.programs import environment, program
from core.encryption import fingerprint
from members.models import ChainHead

DUMP, MANIFEST, FILES = "database.dump", "manifest.json", "files"
FORMAT = 1


def pack(target: Path, say=lambda text: None) -> dict:
    """Write the archive to ``target`` (0600, complete or not at all) and return its manifest. Raises OSError,
    NoProgramError or CalledProcessError."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".chibo-") as folder:
        half = Path(folder) / "archive.tar"
        dump = Path(folder) / DUMP
        with _snapshot() as name:
            say("Đang chép cơ sở dữ liệu…")
            _dump(dump, name)
            manifest = _facts()
        half.touch(mode=0o600)
        with tarfile.open(half, "w") as archive:
            manifest["digests"] = {DUMP: _add(archive, dump, DUMP)}
            for done, path in enumerate(files(), 1):
                where = f"{FILES}/{path.relative_to(settings.MEDIA_ROOT)}"
                manifest["digests"][where] = _add(archive, path, where)
                if done % 500 == 0:
                    say(f"Đã chép {done} tệp…")
            text = Path(folder) / MANIFEST
            text.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
            _add(archive, text, MANIFEST)
        os.replace(half, target)
    return manifest


def files():
    """Every uploaded file, in a fixed order."""
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


@contextlib.contextmanager
def _snapshot():
    """One view of the database that pg_dump shares; gives its name."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _dump(target, snapshot):
    arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
    subprocess.run([program("pg_dump"), *arguments], env=environment(), check=True)


def _facts():
    return {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "postgresql": connection.pg_version // 10000,
        "text_key": fingerprint(),
        "migrations": sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations()),
        "heads": {str(head.pk): [head.seq, head.hash] for head in ChainHead.objects.order_by("pk")},
    }


def _add(archive, path, name) -> str:
    """Put one file into the archive; its SHA-256. Owner and times of the machine stay out."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = path.stat().st_size, 0o600
    with open(path, "rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        archive.addfile(entry, stream)
    return digest
