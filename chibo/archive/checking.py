"""Proves an archive: unpacked and restored beside the running database, then looked through with the keys at hand.

`unpack` works on the file alone; `restored` makes a database that is dropped at the end; `look_through` runs in a
process of its own whose DATABASE_URL and MEDIA_ROOT name what was restored (`manage.py restore_check`).
"""

import contextlib
import hashlib
import json
import secrets
import subprocess
import tarfile
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import FileField
from psycopg2 import sql

from chibo.archive.packing import DUMP, FORMAT, MANIFEST
from chibo.archive.programs import environment, program
from core.encryption import UnreadableText, decrypt, encrypted_fields, fingerprint
from members import verification
from members.models import ChainHead

ROWS = 500


class BadArchiveError(RuntimeError):
    """The archive is not whole, or cannot be opened here; the text is a sentence for whoever runs the command."""


def unpack(archive: Path, folder: Path) -> dict:
    """Unpack into a folder, compare every file with its digest, return the manifest. Raises BadArchiveError."""
    try:
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (tarfile.TarError, OSError, ValueError) as error:
        raise BadArchiveError(f"Không đọc được bản sao lưu: {error}") from error
    if manifest.get("format") != FORMAT:
        raise BadArchiveError("Bản sao lưu do một phiên bản khác của Chibo lập.")
    if manifest["text_key"] != fingerprint():
        raise BadArchiveError(
            f"Bản sao lưu cần TEXT_KEY có dấu {manifest['text_key']}; khóa ở đây có dấu {fingerprint()}."
        )
    for name, digest in manifest["digests"].items():
        if _digest(folder / name) != digest:
            raise BadArchiveError(f"Tệp {name} trong bản sao lưu thiếu hoặc đã bị thay đổi.")
    return manifest


def _digest(path):
    if not path.is_file():
        return ""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextlib.contextmanager
def restored(folder: Path):
    """A database of its own with the dump in it; gives its name, drops it at the end."""
    name = f"chibo_check_{secrets.token_hex(6)}"
    _execute("CREATE DATABASE {} TEMPLATE template0", name)
    try:
        arguments = ["--no-owner", "--exit-on-error", f"--dbname={name}", str(folder / DUMP)]
        subprocess.run([program("pg_restore"), *arguments], env=environment(name), check=True)
        yield name
    finally:
        _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _execute(statement, name):
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))


def look_through(manifest: dict) -> dict:
    """What the restored database and files are found to hold; raises BadArchiveError at the first thing wrong."""
    applied = sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations())
    if applied != manifest["migrations"]:
        raise BadArchiveError("Cấu trúc dữ liệu phục hồi khác với cấu trúc ghi trong bản sao lưu.")
    heads = {str(head.pk): [head.seq, head.hash] for head in ChainHead.objects.order_by("pk")}
    if heads != manifest["heads"]:
        raise BadArchiveError("Đầu chuỗi nhật ký sau phục hồi khác với lúc sao lưu.")
    texts = _read_texts()
    files = _find_files()
    wrong = next(verification.verify(), None)
    if wrong is not None:
        raise BadArchiveError(f"Nhật ký sau phục hồi có chỗ sai: {wrong.text}")
    return {"chains": len(heads), "lines": sum(seq for seq, _ in heads.values()), "texts": texts, "files": files}


def _read_texts():
    """How many encrypted texts there are; every one is opened."""
    count = 0
    for model, field in encrypted_fields(apps.get_models()):
        column = sql.Identifier(field.column)
        statement = sql.SQL("SELECT {} FROM {} WHERE {} <> ''")
        with connection.cursor() as cursor:
            cursor.execute(statement.format(column, sql.Identifier(model._meta.db_table), column))
            while rows := cursor.fetchmany(ROWS):
                for (token,) in rows:
                    _open(token, model)
                count += len(rows)
    return count


def _open(token, model):
    try:
        decrypt(token)
    except UnreadableText as error:
        raise BadArchiveError(f"Không giải mã được nội dung của “{model._meta.verbose_name}”: {error}") from error


def _find_files():
    """How many files the rows name; every one is there."""
    count = 0
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, FileField):
                named = model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
                for name in named.iterator(chunk_size=ROWS):
                    if not (Path(settings.MEDIA_ROOT) / name).is_file():
                        raise BadArchiveError(f"Bản sao lưu thiếu tệp {name} mà dữ liệu có nhắc đến.")
                    count += 1
    return count
