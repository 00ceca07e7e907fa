import hashlib
import os
import signal
import sys

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from chibo import embedded
from chibo.mailcatcher import free_port, port_is_free
from chibo.processes import Process, Record
from chibo.supervisor import Family, commands

LOOPBACK = ("127.0.0.1", "localhost", "::1")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (compared, not bound)
CHILD_NAMES = {"web": "máy chủ web", "worker": "tiến trình gửi thư", "beat": "đồng hồ", "mail": "hộp thư thử"}


class Command(BaseCommand):
    help = "Chạy toàn bộ Chibo: cơ sở dữ liệu, web, tiến trình gửi thư, đồng hồ, hộp thư thử."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--no-demo", action="store_true", help="không nạp chi bộ dùng thử (như DEMO=0)")

    def handle(self, *, no_demo, **options):
        self.host, self.port = os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or 8000)
        self.demo = settings.DEMO and not no_demo
        os.environ["DEMO"] = "1" if self.demo else "0"
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit(0))  # until the children run: leave by the `finally` below
        record, servers = self.claim(), None
        try:
            if not port_is_free(self.host, self.port):
                raise CommandError(
                    f"Cổng {self.port} đang có chương trình khác dùng. Chọn cổng khác: PORT=8001 make run"
                )
            servers = embedded.start(settings.VAR, **embedded.wanted(settings))
            if servers.note:
                self.say(servers.note)
            self.prepare()
            self.run(record)
        except embedded.EmbeddedError as error:
            raise CommandError(str(error)) from None
        finally:
            if servers:
                servers.stop()
            with record.locked():
                record.write([], [])

    def say(self, line=""):
        self.stdout.write(line)
        self.stdout.flush()

    def claim(self):
        """One `up` a folder: refuse beside a running one, end what a killed one left."""
        record = Record(settings.VAR / "run" / "up.json")
        with record.locked():
            users, _ = record.read()
            if users and users[0].alive():
                raise CommandError(f"Chibo đang chạy ở đây rồi (tiến trình {users[0].pid}).")
            if record.end_orphans():
                self.say("Đã dọn các tiến trình mà lần chạy trước để lại.")
            record.write([Process.of("up", os.getpid())], [])
        return record

    def prepare(self):
        """Tables, the demo cell, static files."""
        self.say("Đang chuẩn bị cơ sở dữ liệu…")
        call_command("migrate", verbosity=0, interactive=False)
        self.refuse_mixed_data()
        if self.demo:
            call_command("demo", "--if-empty", stdout=self.stdout)
        self.collect_static()

    def refuse_mixed_data(self):
        """Demo data never turns into real data, and demo accounts never face a network."""
        from members.queries import demo_accounts_exist, is_demo_data

        if not self.demo and is_demo_data():
            raise CommandError("Dữ liệu ở đây là của chi bộ dùng thử. Xóa bằng `make demo-reset`, rồi chạy lại.")
        if self.host not in LOOPBACK and (self.demo or demo_accounts_exist()):
            raise CommandError("Không mở ra mạng khi còn tài khoản dùng thử. Dùng: make run DEMO=0 HOST=" + self.host)

    def collect_static(self):
        """Copy static files when one of them has changed since the last time."""
        found = []
        for finder in get_finders():
            for path, storage in finder.list([]):
                state = os.stat(storage.path(path))
                found.append(f"{path} {state.st_size} {int(state.st_mtime)}")
        digest = hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()
        stamp = settings.VAR / "run" / "static"
        if not stamp.exists() or stamp.read_text() != digest or not settings.STATIC_ROOT.exists():
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            stamp.write_text(digest)

    def run(self, record):
        """Start the processes, say where everything is, wait, stop."""
        (settings.VAR / "beat").mkdir(exist_ok=True)
        env, mail = {"DJANGO_SETTINGS_MODULE": "chibo.settings", "CHIBO_VAR": str(settings.VAR)}, None
        if not os.environ.get("EMAIL_URL"):
            mail = free_port("127.0.0.1", int(os.environ.get("MAIL_PORT") or 8025))
            env["EMAIL_URL"] = f"smtp://127.0.0.1:{mail}"
        family = Family(record, env)
        try:
            if mail:
                family.begin("mail", ["manage.py", "mailcatcher", "--port", str(mail)])
            for name, arguments in commands(self.host, self.port, settings.VAR).items():
                family.begin(name, arguments)
            if family.wait_ready(f"http://{self.local()}/healthz"):
                self.greet(bool(mail))
                self.complain(family.watch())
            elif not family.stopping.is_set():
                self.complain(next(iter(family.dead()), "web"))
        finally:
            self.say("Đang dừng…")
            family.stop()
            self.say("Đã dừng.")

    def local(self):
        host = "127.0.0.1" if self.host in EVERYWHERE else self.host
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"

    def complain(self, name):
        if name:
            raise CommandError(
                f"Phần “{CHILD_NAMES[name]}” đã ngừng ngoài ý muốn nên toàn bộ dừng lại; xem lỗi ở trên."
            )

    def greet(self, mail):
        """Address, people, mail, how to stop."""
        address = f"http://{self.local()}"
        self.say(f"\nChibo đã sẵn sàng: {address}/")
        if self.demo:
            from members.queries import demo_accounts_exist

            if demo_accounts_exist():
                self.say("\nNgười dùng thử (mật khẩu chung: chibo-demo)")
                for user in get_user_model().objects.filter(is_demo=True, is_active=True).order_by("pk"):
                    self.say(f"  {user.get_username():<10} {user.get_full_name()}")
        elif not get_user_model().objects.exists():
            from members.services.setup import issue_setup_address

            self.say(f"\nLập quản trị, tổ chức và chi bộ đầu tiên (trong một giờ): {address}{issue_setup_address()}")
        if mail:
            self.say(f"\nThư gửi đi: {address}/demo/mail/" if self.demo else f"\nThư gửi đi nằm ở {settings.MAIL_DIR}")
        self.say("Dừng: Ctrl-C\n")
