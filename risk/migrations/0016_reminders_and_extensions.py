"""The mails by which offices are reminded, and the days that were moved for one of them."""

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
        ("registry", "0018_refused_sign_ins"),
        ("risk", "0015_contents_packed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalDeadlineExtension",
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
                ("due_on", models.DateField(verbose_name="entro il")),
                (
                    "reason",
                    models.TextField(
                        default="",
                        validators=[
                            registry.validators.validate_printable,
                            registry.validators.validate_prose_length,
                        ],
                        verbose_name="motivo",
                    ),
                ),
                ("at", models.DateTimeField(blank=True, editable=False, verbose_name="quando")),
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
                    "annex",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.annex",
                        verbose_name="allegato",
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
            ],
            options={
                "verbose_name": "historical proroga",
                "verbose_name_plural": "historical proroghe",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalReminder",
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
                ("on", models.DateField(verbose_name="giorno")),
                (
                    "words",
                    models.TextField(
                        blank=True,
                        default="",
                        validators=[
                            registry.validators.validate_printable,
                            registry.validators.validate_prose_length,
                        ],
                        verbose_name="parole di chi sollecita",
                    ),
                ),
                (
                    "people",
                    models.PositiveSmallIntegerField(verbose_name="persone a cui è scritto"),
                ),
                ("at", models.DateTimeField(blank=True, editable=False, verbose_name="quando")),
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
                    "annex",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.annex",
                        verbose_name="allegato",
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
            ],
            options={
                "verbose_name": "historical sollecito",
                "verbose_name_plural": "historical solleciti",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="DeadlineExtension",
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
                ("due_on", models.DateField(verbose_name="entro il")),
                (
                    "reason",
                    models.TextField(
                        default="",
                        validators=[
                            registry.validators.validate_printable,
                            registry.validators.validate_prose_length,
                        ],
                        verbose_name="motivo",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="quando")),
                (
                    "annex",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extensions",
                        to="registry.annex",
                        verbose_name="allegato",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="chi",
                    ),
                ),
            ],
            options={
                "verbose_name": "proroga",
                "verbose_name_plural": "proroghe",
                "ordering": ["annex_id", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="risk_deadlineextension_with_reason",
                        violation_error_message="Chi sposta una scadenza ne scrive il motivo.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
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
                ("on", models.DateField(verbose_name="giorno")),
                (
                    "words",
                    models.TextField(
                        blank=True,
                        default="",
                        validators=[
                            registry.validators.validate_printable,
                            registry.validators.validate_prose_length,
                        ],
                        verbose_name="parole di chi sollecita",
                    ),
                ),
                (
                    "people",
                    models.PositiveSmallIntegerField(verbose_name="persone a cui è scritto"),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="quando")),
                (
                    "annex",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="registry.annex",
                        verbose_name="allegato",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="chi",
                    ),
                ),
            ],
            options={
                "verbose_name": "sollecito",
                "verbose_name_plural": "solleciti",
                "ordering": ["annex_id", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("annex", "on"),
                        name="risk_reminder_one_a_day",
                        violation_error_message="L’ufficio è già stato sollecitato oggi.",
                    )
                ],
            },
        ),
    ]
