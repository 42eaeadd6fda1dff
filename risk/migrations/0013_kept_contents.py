"""What is kept of the content of each process, and the digests that are reckoned from it."""

import django.db.models.deletion
from django.db import migrations, models

from registry import migrating


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0017_names_are_lines"),
        ("risk", "0012_issue_anchors"),
    ]

    operations = [
        migrations.AddField(
            model_name="annexissue",
            name="content_digest",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Dice, senza rileggere l’allegato, se è ancora com’è stato emesso.",
                max_length=66,
                verbose_name="impronta del contenuto",
            ),
        ),
        migrations.AlterField(
            model_name="transition",
            name="digest",
            field=models.CharField(max_length=66, verbose_name="impronta del contenuto"),
        ),
        migrations.CreateModel(
            name="ContentMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scope", models.CharField(max_length=10, verbose_name="di che cosa")),
                ("key", models.BigIntegerField(verbose_name="chiave")),
                ("mark", models.BigIntegerField(verbose_name="segno")),
            ],
            options={
                "verbose_name": "segno di modifica",
                "verbose_name_plural": "segni di modifica",
                "ordering": ["scope", "key"],
                "constraints": [
                    models.UniqueConstraint(fields=("scope", "key"), name="risk_contentmark_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ProcessContent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stamp", models.CharField(max_length=200, verbose_name="fatto da")),
                ("rules_stamp", models.CharField(max_length=300, verbose_name="esaminato con")),
                ("digest", models.CharField(max_length=64, verbose_name="impronta del contenuto")),
                (
                    "edition_digest",
                    models.CharField(
                        help_text="Con gli identificativi che le righe avevano nella precedente edizione.",
                        max_length=64,
                        verbose_name="impronta nell’edizione precedente",
                    ),
                ),
                ("data", models.TextField(verbose_name="contenuto")),
                ("findings", models.JSONField(verbose_name="rilievi delle regole")),
                (
                    "process",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="content",
                        to="registry.process",
                        verbose_name="processo",
                    ),
                ),
            ],
            options={
                "verbose_name": "contenuto del processo",
                "verbose_name_plural": "contenuti dei processi",
                "ordering": ["process_id"],
            },
        ),
    ]
