"""What was copied is read again: who said so of which words, and what is kept of words."""

import uuid

import concurrency.fields
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import registry.validators
from registry import migrating


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0022_measures_limit"),
        ("risk", "0026_library_process_codes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="processcontent",
            name="since",
            field=models.BigIntegerField(
                blank=True,
                null=True,
                verbose_name="piano in cui il testo è cambiato l’ultima volta",
            ),
        ),
        migrations.AddField(
            model_name="processcontent",
            name="words",
            field=models.CharField(
                blank=True, default="", max_length=64, verbose_name="codice di controllo del testo"
            ),
        ),
        migrations.AddField(
            model_name="processcontent",
            name="words_before",
            field=models.CharField(
                blank=True,
                default="",
                max_length=64,
                verbose_name="codice di controllo del testo nell’edizione precedente",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalReconfirmation",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, verbose_name="identificativo"
                    ),
                ),
                (
                    "version",
                    concurrency.fields.AutoIncVersionField(
                        default=0, help_text="record revision number"
                    ),
                ),
                (
                    "words",
                    models.CharField(max_length=64, verbose_name="codice di controllo del testo"),
                ),
                ("in_block", models.BooleanField(default=False, verbose_name="in blocco")),
                ("causes", models.JSONField(blank=True, default=dict, verbose_name="cause")),
                (
                    "reason",
                    models.TextField(
                        blank=True,
                        default="",
                        validators=[
                            registry.validators.validate_printable,
                            registry.validators.validate_prose_length,
                        ],
                        verbose_name="che cosa è stato guardato",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="quando")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="chi",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.process",
                        verbose_name="processo",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical riconferma di un processo",
                "verbose_name_plural": "historical riconferme dei processi",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Reconfirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        unique=True,
                        verbose_name="identificativo",
                    ),
                ),
                (
                    "version",
                    concurrency.fields.AutoIncVersionField(
                        default=0, help_text="record revision number"
                    ),
                ),
                (
                    "words",
                    models.CharField(max_length=64, verbose_name="codice di controllo del testo"),
                ),
                ("in_block", models.BooleanField(default=False, verbose_name="in blocco")),
                ("causes", models.JSONField(blank=True, default=dict, verbose_name="cause")),
                (
                    "reason",
                    models.TextField(
                        blank=True,
                        default="",
                        validators=[
                            registry.validators.validate_printable,
                            registry.validators.validate_prose_length,
                        ],
                        verbose_name="che cosa è stato guardato",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="quando")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reconfirmations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="chi",
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reconfirmations",
                        to="registry.process",
                        verbose_name="processo",
                    ),
                ),
            ],
            options={
                "verbose_name": "riconferma di un processo",
                "verbose_name_plural": "riconferme dei processi",
                "ordering": ["process_id", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("process", "words"),
                        name="risk_reconfirmation_once",
                        violation_error_message="Il processo è già riconfermato così com’è.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("in_block", False), ("reason", ""), _connector="OR"),
                        name="risk_reconfirmation_block_without_reason",
                        violation_error_message="In blocco si riconferma ciò che non ha cause.",
                    ),
                ],
            },
        ),
    ]
