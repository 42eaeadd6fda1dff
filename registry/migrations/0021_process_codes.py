"""The code a process has of its own, beside its number; empty, it changes nothing of before."""

from django.db import migrations, models

import registry.validators
from registry import migrating

_CODE = {
    "blank": True,
    "default": "",
    "help_text": "Come l’amministrazione chiama il processo, accanto al numero: A1, 1.1, 4 bis.",
    "max_length": 40,
    "validators": [registry.validators.validate_printable],
    "verbose_name": "codice",
}


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0020_screen_words"),
    ]

    operations = [
        migrations.AddField(model_name=model, name="code", field=models.CharField(**_CODE))
        for model in ("historicalprocess", "process")
    ]
