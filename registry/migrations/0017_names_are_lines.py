"""The names of a person are lines like all others: what migrations know of their checks."""

from django.db import migrations, models

import registry.validators
from registry import migrating


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0016_name_salt"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="first_name",
            field=models.CharField(
                blank=True,
                max_length=150,
                validators=[registry.validators.validate_printable],
                verbose_name="first name",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="last_name",
            field=models.CharField(
                blank=True,
                max_length=150,
                validators=[registry.validators.validate_printable],
                verbose_name="last name",
            ),
        ),
    ]
