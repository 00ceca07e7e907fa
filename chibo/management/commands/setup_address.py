from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from members.services.setup import issue_setup_address


class Command(BaseCommand):
    help = "In địa chỉ dùng một lần để lập quản trị, tổ chức và chi bộ đầu tiên."

    def handle(self, **options):
        if get_user_model().objects.exists():
            raise CommandError("Đã có tài khoản; địa chỉ lập lần đầu không còn dùng được.")
        self.stdout.write(f"{settings.BASE_URL}{issue_setup_address()}")
