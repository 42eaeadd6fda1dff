"""The source of a text is a line like all others: what migrations know of its checks."""

from django.db import migrations, models

import registry.validators
from registry import migrating


class Migration(migrating.Migration):
    dependencies = [
        ("risk", "0010_issue_digest_indexes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicaltextblock",
            name="source",
            field=models.CharField(
                blank=True,
                default="",
                max_length=300,
                validators=[registry.validators.validate_printable],
                verbose_name="fonte",
            ),
        ),
        migrations.AlterField(
            model_name="textblock",
            name="source",
            field=models.CharField(
                blank=True,
                default="",
                max_length=300,
                validators=[registry.validators.validate_printable],
                verbose_name="fonte",
            ),
        ),
    ]
