import signal
import threading

from django.conf import settings
from django.core.management.base import BaseCommand

from chibo.mailcatcher import catcher


class Command(BaseCommand):
    help = "Nhận thư gửi đi và cất thành tệp, không chuyển cho ai (dùng khi chưa có máy chủ thư)."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="địa chỉ nghe (mặc định 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8025, help="cổng nghe (mặc định 8025)")

    def handle(self, *, host, port, **options):
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        server = catcher(settings.MAIL_DIR, host, port)
        server.start()
        self.stdout.write(f"Thư gửi đến {host}:{port} được cất ở {settings.MAIL_DIR}")
        stopped.wait()
        server.stop()
