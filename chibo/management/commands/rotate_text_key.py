from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg2 import sql

from core.encryption import UnreadableText, decrypt, encrypt, encrypted_fields, fingerprint, is_current

ROWS = 200


class Command(BaseCommand):
    help = "Mã hóa lại mọi nội dung kín bằng TEXT_KEY hiện tại; khóa cũ đặt ở TEXT_KEYS_OLD cho đến khi lệnh này xong."

    def handle(self, **options):
        if not settings.TEXT_KEYS_OLD:
            raise CommandError(
                "Chưa có khóa cũ. Đặt khóa mới vào TEXT_KEY, khóa đang dùng vào TEXT_KEYS_OLD, khởi động lại Chibo, "
                "rồi chạy lại lệnh này."
            )
        changed = 0
        for model, field in encrypted_fields(apps.get_models()):
            try:
                after, count = self.step(model, field, 0)
                while after:
                    changed += count
                    after, count = self.step(model, field, after)
            except UnreadableText as error:
                raise CommandError(f"{model._meta.verbose_name}: {error} Thêm khóa đó vào TEXT_KEYS_OLD.") from error
        self.stdout.write(f"Đã mã hóa lại {changed} nội dung bằng khóa có dấu {fingerprint()}.")
        self.stdout.write("Sao lưu lại, cất khóa mới, rồi bỏ TEXT_KEYS_OLD.")

    @transaction.atomic
    def step(self, model, field, after):
        """Write the texts of the next rows anew, under their locks: (the last id, None at the end; how many)."""
        table, column = sql.Identifier(model._meta.db_table), sql.Identifier(field.column)
        chosen = sql.SQL("SELECT id, {} FROM {} WHERE id > %s ORDER BY id LIMIT %s FOR NO KEY UPDATE")
        written = sql.SQL("UPDATE {} SET {} = %s WHERE id = %s").format(table, column)
        with connection.cursor() as cursor:
            cursor.execute(chosen.format(column, table), [after, ROWS])
            rows = cursor.fetchall()
            old = [(encrypt(decrypt(token)), pk) for pk, token in rows if token and not is_current(token)]
            cursor.executemany(written, old)
        return (rows[-1][0] if rows else None), len(old)
