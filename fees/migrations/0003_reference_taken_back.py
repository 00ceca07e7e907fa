"""A reference that was booked and taken back may be booked anew: uniqueness counts how often that happened."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fees", "0002_append_only"),
        ("members", "0002_diary_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="payment",
            name="payment_reference_once",
        ),
        migrations.AddField(
            model_name="payment",
            name="again",
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="lần ghi lại số giao dịch"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("reference", ""), _negated=True), ("reverses__isnull", True)),
                fields=("cell", "method", "reference", "again"),
                name="payment_reference_once",
                violation_error_message="Số giao dịch này đã được ghi vào sổ.",
            ),
        ),
    ]
