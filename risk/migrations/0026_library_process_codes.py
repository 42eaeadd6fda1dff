"""The code of the process a typical one was kept from: whoever copies it gets it."""

from django.db import migrations, models

import registry.validators
from registry import migrating

_CODE = {
    "blank": True,
    "default": "",
    "help_text": "Quello che i processi copiati da qui hanno accanto al numero.",
    "max_length": 40,
    "validators": [registry.validators.validate_printable],
    "verbose_name": "codice del processo",
}


class Migration(migrating.Migration):
    dependencies = [
        ("risk", "0025_objectives"),
    ]

    operations = [
        migrations.AddField(model_name=model, name="process_code", field=models.CharField(**_CODE))
        for model in ("historicallibraryprocess", "libraryprocess")
    ]
