import subprocess
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from chibo.archive.packing import pack
from chibo.archive.programs import NoProgramError
from core.encryption import fingerprint


class Command(BaseCommand):
    help = "Sao lưu cơ sở dữ liệu và mọi tệp vào một tệp duy nhất. Khóa không nằm trong đó."

    def add_arguments(self, parser):
        parser.add_argument("target", type=Path, help="tệp sẽ ghi, ví dụ chibo.tar")
        parser.add_argument("--text-key", default="", help="dấu của TEXT_KEY đang dùng, để chắc là khóa đã được cất")

    def handle(self, *, target, text_key, **options):
        if text_key != fingerprint():
            raise CommandError(
                "Nội dung kín trong bản sao lưu chỉ mở được bằng TEXT_KEY, và khóa không nằm trong bản sao lưu. "
                "Cất TEXT_KEY (và DIARY_KEY) ở một nơi khác, rồi chạy lại với dấu của khóa: "
                f"--text-key {fingerprint()}"
            )
        if target.exists():
            raise CommandError(f"{target} đã có. Chọn tên khác.")
        try:
            manifest = pack(target.resolve(), self.stdout.write)
        except (NoProgramError, OSError, subprocess.CalledProcessError) as error:
            raise CommandError(f"Không sao lưu được: {error}") from error
        size = target.stat().st_size / 2**20
        self.stdout.write(f"Đã ghi {target}: {len(manifest['digests']) - 1} tệp, {size:.1f} MiB.")
        self.stdout.write(f"Kiểm tra: manage.py restore_check {target}")
