"""Measures the pages against the floor page in the same run, through gunicorn with two workers."""

import os
import shutil
import subprocess
import sys
import tempfile

from django.core.management.base import BaseCommand

from chibo import embedded


class Command(BaseCommand):
    help = "Đo số truy vấn, thời gian, bộ nhớ của các trang so với trang nền, trên dữ liệu dùng thử riêng."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--rounds", type=int, default=40, help="số lượt đo mỗi trang")
        parser.add_argument("--inside", action="store_true", help="dùng dữ liệu của thư mục hiện tại (lệnh tự gọi)")

    def handle(self, *, rounds, inside, **options):
        if inside:
            from chibo import benchmark

            self.stdout.write(benchmark.run(rounds))
            return
        folder = tempfile.mkdtemp(prefix="chibo-bench-")
        env = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
        env |= {"CHIBO_VAR": folder, "DEMO": "1"}
        servers = embedded.start(folder)
        try:
            for arguments in (["migrate", "--verbosity=0"], ["demo"], ["collectstatic", "--noinput", "--verbosity=0"]):
                subprocess.run([sys.executable, "manage.py", *arguments], env=env, check=True)
            inner = [sys.executable, "manage.py", "bench", "--inside", f"--rounds={rounds}"]
            subprocess.run(inner, env=env, check=True)
        finally:
            servers.stop()
            shutil.rmtree(folder, ignore_errors=True)
