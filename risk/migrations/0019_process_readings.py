"""Which processes whoever is to approve an annex has opened, while it waits for them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from registry import migrating


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0019_trail_chains"),
        ("risk", "0018_screen_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProcessReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="chi",
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="registry.process",
                        verbose_name="processo",
                    ),
                ),
            ],
            options={
                "verbose_name": "lettura di un processo",
                "verbose_name_plural": "letture dei processi",
                "ordering": ["process_id", "person_id"],
                "constraints": [
                    models.UniqueConstraint(fields=("process", "person"), name="risk_reading_once")
                ],
            },
        ),
    ]
