"""One transaction of a bank is booked once, however its number is written; what a line of a statement is to become."""

import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fees", "0004_parts_added_later"),
        ("members", "0002_diary_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="payment",
            name="payment_reference_once",
        ),
        migrations.AddField(
            model_name="statementline",
            name="into_open",
            field=models.BooleanField(default=False, verbose_name="ghi vào tháng đang mở"),
        ),
        migrations.AddField(
            model_name="statementline",
            name="rest",
            field=models.CharField(
                blank=True,
                choices=[("advance", "Đóng trước cho các tháng sau"), ("voluntary", "Tự nguyện đóng thêm")],
                max_length=10,
                verbose_name="phần nhiều hơn số còn phải đóng",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                models.F("cell"),
                models.F("method"),
                django.db.models.functions.text.Lower(
                    django.db.models.functions.text.Replace("reference", models.Value(" "), models.Value(""))
                ),
                models.F("again"),
                condition=models.Q(models.Q(("reference", ""), _negated=True), ("reverses__isnull", True)),
                name="payment_reference_once",
                violation_error_message="Số giao dịch này đã được ghi vào sổ.",
            ),
        ),
    ]
