from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0002_put_off")]

    operations = [
        migrations.AddField(
            model_name="minutes",
            name="sections",
            field=models.JSONField(null=True, verbose_name="phần do sổ khác ghi"),
        ),
    ]
