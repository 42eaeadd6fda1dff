"""What all hosts of an installation have in common."""

from django.db import migrations, models

import registry.validators
from registry import migrating


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0023_file_pieces"),
    ]

    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.CharField(
                        max_length=120,
                        validators=[registry.validators.validate_printable],
                        verbose_name="versione",
                    ),
                ),
                (
                    "key_mark",
                    models.CharField(
                        max_length=64,
                        validators=[registry.validators.validate_printable],
                        verbose_name="segno della chiave",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        max_length=60,
                        validators=[registry.validators.validate_printable],
                        verbose_name="fuso orario",
                    ),
                ),
                (
                    "cache",
                    models.CharField(
                        max_length=300,
                        validators=[registry.validators.validate_printable],
                        verbose_name="memoria comune",
                    ),
                ),
                (
                    "files",
                    models.CharField(
                        max_length=300,
                        validators=[registry.validators.validate_printable],
                        verbose_name="posto dei file",
                    ),
                ),
                (
                    "upgrading_since",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="in aggiornamento dal"
                    ),
                ),
            ],
            options={
                "verbose_name": "installazione",
                "verbose_name_plural": "installazioni",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)),
                        name="registry_installation_is_one",
                        violation_error_message="L’installazione è una sola.",
                    )
                ],
            },
        ),
    ]
