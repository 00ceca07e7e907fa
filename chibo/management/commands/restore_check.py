import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chibo import embedded
from chibo.archive.checking import BadArchiveError, look_through, restored, unpack
from chibo.archive.packing import FILES, MANIFEST
from chibo.archive.programs import NoProgramError


class Command(BaseCommand):
    help = "Phục hồi một bản sao lưu sang bên cạnh và kiểm tra: tệp, giải mã, chuỗi nhật ký. Dữ liệu đang dùng để yên."

    def add_arguments(self, parser):
        parser.add_argument("archive", type=Path, help="tệp do manage.py backup ghi")
        parser.add_argument("--inside", action="store_true", help="kiểm tra dữ liệu đã phục hồi (lệnh tự gọi)")

    def handle(self, *, archive, inside, **options):
        try:
            if inside:
                self.report(look_through(json.loads(archive.read_text(encoding="utf-8"))))
                return
            with tempfile.TemporaryDirectory(prefix="chibo-check-") as folder:
                self.prove(archive, Path(folder))
        except (BadArchiveError, NoProgramError) as error:
            raise CommandError(str(error)) from error

    def prove(self, archive, folder):
        """Restore beside and look through it in a process that knows nothing else."""
        manifest = unpack(archive, folder)
        self.stdout.write(f"Bản sao lưu lập lúc {manifest['made_at']}: {len(manifest['digests'])} tệp khớp.")
        with restored(folder) as name:
            env = os.environ | {"DATABASE_URL": self.address(name), "MEDIA_ROOT": str(folder / FILES)}
            inner = [sys.executable, "manage.py", "restore_check", "--inside", str(folder / MANIFEST)]
            found = subprocess.run(inner, env=env, capture_output=True, text=True, encoding="utf-8")
        if found.returncode:
            raise BadArchiveError(found.stderr.strip().removeprefix("CommandError: ") or "Phục hồi không đạt.")
        self.stdout.write(found.stdout.strip())

    def address(self, name):
        """DATABASE_URL of the restored database on the same server."""
        running = urlsplit(os.environ.get("DATABASE_URL") or embedded.addresses(settings.VAR).database)
        return running._replace(path=f"{running.path.rpartition('/')[0]}/{name}").geturl()

    def report(self, found):
        self.stdout.write(f"Nhật ký: {found['chains']} chuỗi, {found['lines']} dòng, đầu chuỗi bằng nhau.")
        self.stdout.write(f"Nội dung kín: giải mã được cả {found['texts']}.")
        self.stdout.write(f"Tệp: có đủ {found['files']} tệp mà dữ liệu nhắc đến.")
        self.stdout.write("Bản sao lưu dùng được.")
