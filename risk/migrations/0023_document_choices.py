"""How a body has its plan written as one document."""

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
        ("risk", "0022_requests_of_categories_and_factors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalDocumentChoice",
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
                    "name",
                    models.CharField(
                        help_text="Per che cosa serve, per esempio «per la Giunta».",
                        max_length=60,
                        validators=[registry.validators.validate_printable],
                        verbose_name="nome",
                    ),
                ),
                (
                    "parts",
                    models.CharField(
                        max_length=300,
                        validators=[registry.validators.validate_printable],
                        verbose_name="parti",
                    ),
                ),
                (
                    "left_out",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=300,
                        validators=[registry.validators.validate_printable],
                        verbose_name="colonne tolte",
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
                    "administration",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.administration",
                        verbose_name="amministrazione",
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
                "verbose_name": "historical scelta delle parti",
                "verbose_name_plural": "historical scelte delle parti",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="DocumentChoice",
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
                    "name",
                    models.CharField(
                        help_text="Per che cosa serve, per esempio «per la Giunta».",
                        max_length=60,
                        validators=[registry.validators.validate_printable],
                        verbose_name="nome",
                    ),
                ),
                (
                    "parts",
                    models.CharField(
                        max_length=300,
                        validators=[registry.validators.validate_printable],
                        verbose_name="parti",
                    ),
                ),
                (
                    "left_out",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=300,
                        validators=[registry.validators.validate_printable],
                        verbose_name="colonne tolte",
                    ),
                ),
                (
                    "administration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="document_choices",
                        to="registry.administration",
                        verbose_name="amministrazione",
                    ),
                ),
            ],
            options={
                "verbose_name": "scelta delle parti",
                "verbose_name_plural": "scelte delle parti",
                "ordering": ["administration_id", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("administration", "name"),
                        name="risk_documentchoice_name_once",
                        violation_error_message="C’è già una scelta con questo nome.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parts", ""), _negated=True),
                        name="risk_documentchoice_with_parts",
                        violation_error_message="Un documento ha almeno una parte: scegline una.",
                    ),
                ],
            },
        ),
    ]
