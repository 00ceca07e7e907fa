import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import core.folding


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
        ("meetings", "0001_initial"),
        ("members", "0002_diary_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="agendaitem",
            name="item_words",
        ),
        migrations.RemoveIndex(
            model_name="agendaitem",
            name="item_record_words",
        ),
        migrations.RemoveIndex(
            model_name="clause",
            name="clause_words",
        ),
        migrations.RemoveIndex(
            model_name="meetingpaper",
            name="meeting_paper_words",
        ),
        migrations.RemoveIndex(
            model_name="resolution",
            name="resolution_words",
        ),
        migrations.RemoveIndex(
            model_name="speech",
            name="speech_words",
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="folded_words",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    core.folding.Fold(
                        django.db.models.functions.text.Concat(
                            models.F("title"), models.Value(" "), models.F("decide"), output_field=models.TextField()
                        )
                    ),
                    config="simple",
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="record_words",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    core.folding.Fold(
                        django.db.models.functions.text.Concat(
                            models.F("narrative"),
                            models.Value(" "),
                            models.F("conclusion"),
                            output_field=models.TextField(),
                        )
                    ),
                    config="simple",
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="clause",
            name="folded_words",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    core.folding.Fold(models.F("text")), config="simple"
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="meetingpaper",
            name="folded_words",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    core.folding.Fold(models.F("title")), config="simple"
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="resolution",
            name="folded_words",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    core.folding.Fold(
                        django.db.models.functions.text.Concat(
                            models.F("subject"),
                            models.Value(" "),
                            models.F("assessment"),
                            models.Value(" "),
                            models.F("organisation_text"),
                            output_field=models.TextField(),
                        )
                    ),
                    config="simple",
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="speech",
            name="folded_words",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    core.folding.Fold(models.F("text")), config="simple"
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="agendaitem",
            index=django.contrib.postgres.indexes.GinIndex(fields=["folded_words"], name="item_words"),
        ),
        migrations.AddIndex(
            model_name="agendaitem",
            index=django.contrib.postgres.indexes.GinIndex(fields=["record_words"], name="item_record_words"),
        ),
        migrations.AddIndex(
            model_name="clause",
            index=django.contrib.postgres.indexes.GinIndex(fields=["folded_words"], name="clause_words"),
        ),
        migrations.AddIndex(
            model_name="meetingpaper",
            index=django.contrib.postgres.indexes.GinIndex(fields=["folded_words"], name="meeting_paper_words"),
        ),
        migrations.AddIndex(
            model_name="resolution",
            index=django.contrib.postgres.indexes.GinIndex(fields=["folded_words"], name="resolution_words"),
        ),
        migrations.AddIndex(
            model_name="speech",
            index=django.contrib.postgres.indexes.GinIndex(fields=["folded_words"], name="speech_words"),
        ),
    ]
