"""The head of the trail that an issue is printed with; those made before have none."""

from django.db import migrations, models

from registry import migrating


class Migration(migrating.Migration):
    dependencies = [
        ("risk", "0011_sources_are_lines"),
    ]

    operations = [
        migrations.AddField(
            model_name="annexissue",
            name="anchor",
            field=models.CharField(
                blank=True, default="", max_length=120, verbose_name="ancora della traccia"
            ),
        ),
        migrations.AddField(
            model_name="planissue",
            name="anchor",
            field=models.CharField(
                blank=True, default="", max_length=120, verbose_name="ancora della traccia"
            ),
        ),
    ]
