from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chibo.demo.loading import load
from members.models import Organisation


class Command(BaseCommand):
    help = "Nạp chi bộ dùng thử: người, mười hai tháng sinh hoạt, buổi họp tới đang soạn, chứng thư dùng thử."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="chỉ nạp khi cơ sở dữ liệu còn trống")

    def handle(self, *, if_empty, **options):
        if not settings.DEMO:
            raise CommandError("Chỉ nạp được ở chế độ dùng thử (DEMO=1).")
        if Organisation.objects.exists():
            if if_empty:
                return
            raise CommandError("Cơ sở dữ liệu đã có tổ chức. Dữ liệu dùng thử chỉ nạp vào cơ sở dữ liệu trống.")
        self.stdout.write("Đang nạp chi bộ dùng thử (mười hai tháng sinh hoạt, biên bản được ký thật)…")
        self.stdout.flush()
        load(timezone.localdate(), progress=self.tell)

    def tell(self, text):
        self.stdout.write(f"  {text}")
        self.stdout.flush()
