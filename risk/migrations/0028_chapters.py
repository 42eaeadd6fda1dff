"""The chapters of a plan: what it says in its own words."""

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
        ("risk", "0027_reconfirmations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Chapter",
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
                    "origin_uid",
                    models.UUIDField(
                        blank=True,
                        null=True,
                        verbose_name="identificativo nella precedente edizione",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="ordine")),
                (
                    "title",
                    models.CharField(
                        max_length=250,
                        validators=[registry.validators.validate_printable],
                        verbose_name="titolo",
                    ),
                ),
                ("blocks", models.JSONField(blank=True, default=list, verbose_name="testo")),
                (
                    "reread_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="riletto il"
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="successors",
                        to="risk.chapter",
                        verbose_name="nella precedente edizione",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chapters",
                        to="registry.plan",
                        verbose_name="piano",
                    ),
                ),
            ],
            options={
                "verbose_name": "capitolo del piano",
                "verbose_name_plural": "capitoli del piano",
                "ordering": ["plan_id", "position"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalChapter",
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
                    "origin_uid",
                    models.UUIDField(
                        blank=True,
                        null=True,
                        verbose_name="identificativo nella precedente edizione",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="ordine")),
                (
                    "title",
                    models.CharField(
                        max_length=250,
                        validators=[registry.validators.validate_printable],
                        verbose_name="titolo",
                    ),
                ),
                ("blocks", models.JSONField(blank=True, default=list, verbose_name="testo")),
                (
                    "reread_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="riletto il"
                    ),
                ),
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
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="risk.chapter",
                        verbose_name="nella precedente edizione",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.plan",
                        verbose_name="piano",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical capitolo del piano",
                "verbose_name_plural": "historical capitoli del piano",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddConstraint(
            model_name="chapter",
            constraint=models.UniqueConstraint(
                fields=("plan", "position"),
                name="risk_chapter_position_unique",
                violation_error_message="Un altro capitolo ha già questo posto.",
            ),
        ),
        migrations.AddConstraint(
            model_name="chapter",
            constraint=models.UniqueConstraint(
                fields=("plan", "title"),
                name="risk_chapter_title_unique",
                violation_error_message="Un altro capitolo del piano ha già questo titolo.",
            ),
        ),
    ]
