from django.db import migrations, models

# links that are out already: the address their mail went to
FILL = """
UPDATE notices_maillink l SET address = coalesce(nullif(n.address, ''), m.email)
FROM notices_notice n JOIN members_member m ON m.id = n.recipient_id WHERE n.id = l.notice_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="maillink",
            name="address",
            field=models.CharField(blank=True, max_length=254, verbose_name="địa chỉ thư mang nó"),
        ),
        migrations.AddField(
            model_name="notice",
            name="withdrawn_because",
            field=models.CharField(blank=True, max_length=200, verbose_name="lý do thôi gửi"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
