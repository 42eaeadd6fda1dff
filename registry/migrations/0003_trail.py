import uuid

from django.db import migrations, models

from registry import migrating


def give_tokens(apps, schema_editor):
    """Each person gets a token of their own: a default would give all the same one."""
    for user in apps.get_model("registry", "User").objects.filter(trail_token=None):
        user.trail_token = uuid.uuid4()
        user.save(update_fields=["trail_token"])


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0002_plan_deadlines"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="trail_token",
            field=models.UUIDField(
                null=True, editable=False, verbose_name="sigla nelle registrazioni"
            ),
        ),
        migrations.RunPython(give_tokens, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="user",
            name="trail_token",
            field=models.UUIDField(
                default=uuid.uuid4,
                editable=False,
                unique=True,
                verbose_name="sigla nelle registrazioni",
            ),
        ),
        migrations.CreateModel(
            name="TrailRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(unique=True, verbose_name="numero")),
                (
                    "uid",
                    models.UUIDField(
                        default=uuid.uuid4, unique=True, verbose_name="identificativo dell’atto"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="quando")),
                ("kind", models.CharField(max_length=60, verbose_name="che cosa")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "eseguito"), ("refused", "rifiutato")],
                        max_length=10,
                        verbose_name="esito",
                    ),
                ),
                ("person", models.UUIDField(null=True, verbose_name="persona")),
                (
                    "subject",
                    models.CharField(default="", max_length=300, verbose_name="su che cosa"),
                ),
                ("detail", models.JSONField(default=dict, verbose_name="particolari")),
                (
                    "row_count",
                    models.PositiveIntegerField(default=0, verbose_name="righe toccate"),
                ),
                (
                    "rows_digest",
                    models.CharField(
                        default="", max_length=64, verbose_name="impronta delle righe"
                    ),
                ),
                (
                    "previous",
                    models.CharField(default="", max_length=64, verbose_name="impronta precedente"),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="impronta")),
            ],
            options={
                "verbose_name": "registrazione",
                "verbose_name_plural": "registrazioni",
                "ordering": ["-number"],
                "indexes": [models.Index(fields=["subject"], name="registry_trail_subject")],
            },
        ),
    ]
