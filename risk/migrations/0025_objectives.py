"""The objectives of a plan, which measures serve; how and how often a measure is monitored."""

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
        ("registry", "0020_screen_words"),
        ("risk", "0024_emblems"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ObjectiveIndicator",
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
                ("position", models.PositiveIntegerField(verbose_name="ordine")),
                (
                    "label",
                    models.CharField(
                        max_length=250,
                        validators=[registry.validators.validate_printable],
                        verbose_name="indicatore",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=60,
                        validators=[registry.validators.validate_printable],
                        verbose_name="unità",
                    ),
                ),
                (
                    "formula",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=250,
                        validators=[registry.validators.validate_printable],
                        verbose_name="formula",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=100,
                        validators=[registry.validators.validate_printable],
                        verbose_name="fonte",
                    ),
                ),
                (
                    "baseline",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=14,
                        null=True,
                        verbose_name="valore di partenza",
                    ),
                ),
                (
                    "first_target",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=14,
                        null=True,
                        verbose_name="valore atteso nel primo anno",
                    ),
                ),
                (
                    "second_target",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=14,
                        null=True,
                        verbose_name="valore atteso nel secondo anno",
                    ),
                ),
                (
                    "third_target",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=14,
                        null=True,
                        verbose_name="valore atteso nel terzo anno",
                    ),
                ),
            ],
            options={
                "verbose_name": "indicatore dell’obiettivo",
                "verbose_name_plural": "indicatori dell’obiettivo",
                "ordering": ["objective_id", "position"],
            },
        ),
        migrations.AddField(
            model_name="historicalplannedmeasure",
            name="monitoring_frequency",
            field=models.CharField(
                blank=True,
                choices=[
                    ("monthly", "mensile"),
                    ("quarterly", "trimestrale"),
                    ("half_yearly", "semestrale"),
                    ("yearly", "annuale"),
                    ("once", "una tantum"),
                ],
                default="",
                max_length=20,
                verbose_name="frequenza del monitoraggio",
            ),
        ),
        migrations.AddField(
            model_name="historicalplannedmeasure",
            name="monitoring_mode",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Che cosa si guarda, e chi lo fa.",
                max_length=500,
                validators=[registry.validators.validate_printable],
                verbose_name="modalità di monitoraggio",
            ),
        ),
        migrations.AddField(
            model_name="plannedmeasure",
            name="monitoring_frequency",
            field=models.CharField(
                blank=True,
                choices=[
                    ("monthly", "mensile"),
                    ("quarterly", "trimestrale"),
                    ("half_yearly", "semestrale"),
                    ("yearly", "annuale"),
                    ("once", "una tantum"),
                ],
                default="",
                max_length=20,
                verbose_name="frequenza del monitoraggio",
            ),
        ),
        migrations.AddField(
            model_name="plannedmeasure",
            name="monitoring_mode",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Che cosa si guarda, e chi lo fa.",
                max_length=500,
                validators=[registry.validators.validate_printable],
                verbose_name="modalità di monitoraggio",
            ),
        ),
        migrations.CreateModel(
            name="Objective",
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
                    "retired_on",
                    models.DateField(blank=True, null=True, verbose_name="non più in uso dal"),
                ),
                (
                    "retired_reason",
                    models.TextField(
                        blank=True,
                        default="",
                        validators=[
                            registry.validators.validate_printable,
                            registry.validators.validate_prose_length,
                        ],
                        verbose_name="motivo",
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
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[registry.validators.validate_printable],
                        verbose_name="codice",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=250,
                        validators=[registry.validators.validate_printable],
                        verbose_name="denominazione",
                    ),
                ),
                (
                    "description",
                    models.TextField(
                        blank=True,
                        default="",
                        validators=[
                            registry.validators.validate_printable,
                            registry.validators.validate_prose_length,
                        ],
                        verbose_name="descrizione",
                    ),
                ),
                (
                    "performance",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Come si chiama nel piano della performance, se è legato a uno di quelli.",
                        max_length=250,
                        validators=[registry.validators.validate_printable],
                        verbose_name="obiettivo di performance",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="successors",
                        to="risk.objective",
                        verbose_name="nella precedente edizione",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objectives",
                        to="registry.plan",
                        verbose_name="piano",
                    ),
                ),
            ],
            options={
                "verbose_name": "obiettivo del piano",
                "verbose_name_plural": "obiettivi del piano",
                "ordering": ["plan_id", "position"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalObjectiveIndicator",
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
                ("position", models.PositiveIntegerField(verbose_name="ordine")),
                (
                    "label",
                    models.CharField(
                        max_length=250,
                        validators=[registry.validators.validate_printable],
                        verbose_name="indicatore",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=60,
                        validators=[registry.validators.validate_printable],
                        verbose_name="unità",
                    ),
                ),
                (
                    "formula",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=250,
                        validators=[registry.validators.validate_printable],
                        verbose_name="formula",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=100,
                        validators=[registry.validators.validate_printable],
                        verbose_name="fonte",
                    ),
                ),
                (
                    "baseline",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=14,
                        null=True,
                        verbose_name="valore di partenza",
                    ),
                ),
                (
                    "first_target",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=14,
                        null=True,
                        verbose_name="valore atteso nel primo anno",
                    ),
                ),
                (
                    "second_target",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=14,
                        null=True,
                        verbose_name="valore atteso nel secondo anno",
                    ),
                ),
                (
                    "third_target",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=14,
                        null=True,
                        verbose_name="valore atteso nel terzo anno",
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
                    "objective",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="risk.objective",
                        verbose_name="obiettivo",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical indicatore dell’obiettivo",
                "verbose_name_plural": "historical indicatori dell’obiettivo",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalObjective",
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
                    "retired_on",
                    models.DateField(blank=True, null=True, verbose_name="non più in uso dal"),
                ),
                (
                    "retired_reason",
                    models.TextField(
                        blank=True,
                        default="",
                        validators=[
                            registry.validators.validate_printable,
                            registry.validators.validate_prose_length,
                        ],
                        verbose_name="motivo",
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
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[registry.validators.validate_printable],
                        verbose_name="codice",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=250,
                        validators=[registry.validators.validate_printable],
                        verbose_name="denominazione",
                    ),
                ),
                (
                    "description",
                    models.TextField(
                        blank=True,
                        default="",
                        validators=[
                            registry.validators.validate_printable,
                            registry.validators.validate_prose_length,
                        ],
                        verbose_name="descrizione",
                    ),
                ),
                (
                    "performance",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Come si chiama nel piano della performance, se è legato a uno di quelli.",
                        max_length=250,
                        validators=[registry.validators.validate_printable],
                        verbose_name="obiettivo di performance",
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
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="risk.objective",
                        verbose_name="nella precedente edizione",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical obiettivo del piano",
                "verbose_name_plural": "historical obiettivi del piano",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="historicalplannedmeasure",
            name="objective",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="risk.objective",
                verbose_name="obiettivo",
            ),
        ),
        migrations.AddField(
            model_name="plannedmeasure",
            name="objective",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="planned_measures",
                to="risk.objective",
                verbose_name="obiettivo",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedmeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "monitoring_frequency__in",
                        ["", "monthly", "quarterly", "half_yearly", "yearly", "once"],
                    )
                ),
                name="risk_plannedmeasure_frequency_known",
                violation_error_message="Frequenza del monitoraggio sconosciuta.",
            ),
        ),
        migrations.AddField(
            model_name="objectiveindicator",
            name="objective",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="indicators",
                to="risk.objective",
                verbose_name="obiettivo",
            ),
        ),
        migrations.AddConstraint(
            model_name="objective",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("retired_on__isnull", True),
                    models.Q(("retired_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="risk_objective_retired_with_reason",
                violation_error_message="Chi toglie una voce dall’uso ne indica il motivo.",
            ),
        ),
        migrations.AddConstraint(
            model_name="objective",
            constraint=models.UniqueConstraint(
                fields=("plan", "position"),
                name="risk_objective_position_unique",
                violation_error_message="Un altro obiettivo ha già questo posto.",
            ),
        ),
        migrations.AddConstraint(
            model_name="objective",
            constraint=models.UniqueConstraint(
                fields=("plan", "code"),
                name="risk_objective_code_unique",
                violation_error_message="Un altro obiettivo del piano ha già questo codice.",
            ),
        ),
        migrations.AddConstraint(
            model_name="objectiveindicator",
            constraint=models.UniqueConstraint(
                fields=("objective", "position"),
                name="risk_objectiveindicator_position_unique",
                violation_error_message="Un altro indicatore ha già questo posto.",
            ),
        ),
    ]
