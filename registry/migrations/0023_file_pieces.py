"""Files that jobs prepare and people bring, where the database keeps them."""

from django.db import migrations, models

import registry.validators
from registry import migrating

_LINE = [registry.validators.validate_printable]


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0001_squashed_0022_measures_limit"),
    ]

    operations = [
        migrations.CreateModel(
            name="FilePiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "store",
                    models.CharField(max_length=30, validators=_LINE, verbose_name="deposito"),
                ),
                ("name", models.CharField(max_length=200, validators=_LINE, verbose_name="nome")),
                ("number", models.PositiveIntegerField(verbose_name="numero")),
                (
                    "size",
                    models.PositiveBigIntegerField(default=0, verbose_name="byte del file intero"),
                ),
                ("content", models.BinaryField(verbose_name="contenuto")),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="scritto il"),
                ),
            ],
            options={
                "verbose_name": "pezzo di un file",
                "verbose_name_plural": "pezzi di file",
                "ordering": ["store", "name", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("store", "name", "number"),
                        name="registry_filepiece_one_of_each_number",
                        violation_error_message="Un file con questo nome c’è già.",
                    )
                ],
            },
        ),
    ]
