import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import core.folding


class Migration(migrations.Migration):
    dependencies = [
        ("assignments", "0001_initial"),
        ("members", "0002_diary_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="assignment",
            name="assignment_words",
        ),
        migrations.AddField(
            model_name="assignment",
            name="folded_words",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    core.folding.Fold(
                        django.db.models.functions.text.Concat(
                            models.F("title"), models.Value(" "), models.F("detail"), output_field=models.TextField()
                        )
                    ),
                    config="simple",
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=django.contrib.postgres.indexes.GinIndex(fields=["folded_words"], name="assignment_words"),
        ),
    ]
