import shutil

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection

from chibo.processes import Record
from members.queries import is_demo_data


class Command(BaseCommand):
    help = "Xóa toàn bộ dữ liệu dùng thử: cơ sở dữ liệu, tệp, thư, chứng thư dùng thử."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--yes", action="store_true", help="không hỏi lại")

    def handle(self, *, yes, **options):
        users, _ = Record(settings.VAR / "run" / "up.json").read()
        if users and users[0].alive():
            raise CommandError("Chibo đang chạy. Hãy dừng (Ctrl-C) rồi chạy lại lệnh này.")
        if self.holds_real_data():
            raise CommandError("Dữ liệu ở đây không phải của chi bộ dùng thử nên lệnh này không xóa.")
        if not yes and input("Xóa toàn bộ dữ liệu dùng thử? Gõ “xoa” để xóa: ").strip().lower() not in (
            "xoa",
            "xóa",
            "xoá",
        ):
            raise CommandError("Không xóa gì.")
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        cache.clear()
        for folder in (settings.MEDIA_ROOT, settings.MAIL_DIR, settings.DEMO_PKI):
            shutil.rmtree(folder, ignore_errors=True)
        call_command("migrate", verbosity=0, interactive=False)
        self.stdout.write("Đã xóa. `make run` nạp lại chi bộ dùng thử; `make run DEMO=0` bắt đầu từ trống.")

    def holds_real_data(self):
        try:
            return get_user_model().objects.exists() and not is_demo_data()
        except ProgrammingError:  # no tables yet
            return False
