"""Measures the pages against the floor page through gunicorn with two workers; then the fee book and the search."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chibo import embedded

PARTS = ["pages", "fees", "search"]
FOLDER = "chibo-bench-"  # what is measured inside such a folder is thrown away afterwards


class Command(BaseCommand):
    help = "Đo số truy vấn, thời gian, bộ nhớ của các trang, việc mở sổ đảng phí và tìm kiếm, trên dữ liệu riêng."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--rounds", type=int, default=40, help="số lượt đo mỗi trang")
        parser.add_argument("--search", action="store_true", help="chỉ đo tìm kiếm trên 200.000 dòng")
        parser.add_argument("--pages", action="store_true", help="chỉ đo các trang")
        parser.add_argument("--fees", action="store_true", help="chỉ đo việc mở sổ đảng phí của 2.000 chi bộ")
        parser.add_argument("--inside", action="store_true", help="dùng dữ liệu của thư mục hiện tại (lệnh tự gọi)")

    def handle(self, *, rounds, inside, **options):
        wanted = [name for name in PARTS if options[name]] or PARTS
        if inside:
            self.measure(wanted, rounds)
            return
        folder = tempfile.mkdtemp(prefix=FOLDER)
        env = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
        env |= {"CHIBO_VAR": folder, "DEMO": "1"}
        servers = embedded.start(folder)
        try:
            for arguments in (["migrate", "--verbosity=0"], ["demo"], ["collectstatic", "--noinput", "--verbosity=0"]):
                subprocess.run([sys.executable, "manage.py", *arguments], env=env, check=True)
            parts = [f"--{name}" for name in wanted]
            inner = [sys.executable, "manage.py", "bench", "--inside", f"--rounds={rounds}", *parts]
            subprocess.run(inner, env=env, check=True)
        finally:
            servers.stop()
            shutil.rmtree(folder, ignore_errors=True)

    def measure(self, wanted, rounds):
        """The pages first: the others fill the database."""
        from chibo import benchmark, fee_bench
        from chibo.search.measuring import NoIndexError

        if "pages" in wanted:
            self.stdout.write(benchmark.run(rounds))
        if wanted == ["pages"]:
            return
        if not Path(settings.VAR).name.startswith(FOLDER):
            raise CommandError("Phép đo này ghi thêm nhiều dòng: chạy “manage.py bench”, lệnh tự lập dữ liệu riêng.")
        try:
            if "fees" in wanted:
                benchmark.run_fees(rounds, self.stdout.write)
            if "search" in wanted:
                self.stdout.write(benchmark.run_search(rounds))
        except NoIndexError as error:
            raise CommandError(f"Tìm kiếm không dùng chỉ mục. {error}") from error
        except fee_bench.TooSlowError as error:
            raise CommandError(f"Mở sổ đảng phí không đạt. {error}") from error
