"""The same as the clock does on the first day of a month, by hand and with progress."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from fees.services import opening


class Command(BaseCommand):
    help = "Mở sổ đảng phí đến tháng này cho mọi chi bộ đã bắt đầu sổ. Dừng giữa chừng thì chạy lại để làm tiếp."

    def handle(self, **options):
        opened = opening.open_all(timezone.localdate(), progress=self.progress)
        self.stdout.write(f"Đã mở {opened} tháng.")

    def progress(self, done, total):
        if done % 100 == 0 or done == total:
            self.stdout.write(f"{done}/{total} chi bộ")
