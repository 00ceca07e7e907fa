"""The right of inspectors ends on a day; audits that stand get sixty days from theirs."""

import datetime

from django.db import migrations, models

SIXTY = "UPDATE fees_audit SET ends_on = planned_on + 60"


class Migration(migrations.Migration):
    dependencies = [("fees", "0005_references")]

    operations = [
        migrations.AddField(
            "audit",
            "ends_on",
            models.DateField("kiểm tra đến hết ngày", default=datetime.date(2026, 12, 31)),
            preserve_default=False,
        ),
        migrations.RunSQL(SIXTY, migrations.RunSQL.noop),
    ]
