import uuid

from django.db import migrations, models

from registry import migrating


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0010_history_people"),
    ]

    operations = [
        # its own name: Django gave it one when a migration made it, another from the model
        migrations.AlterField(
            model_name="user",
            name="trail_token",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, verbose_name="sigla nelle registrazioni"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                fields=("trail_token",),
                name="registry_user_trail_token_unique",
                violation_error_message="Un’altra persona ha già questa sigla.",
            ),
        ),
    ]
