"""What was approved and what is kept of each process become columns of bytes, packed from now on."""

from importlib import import_module

from django.db import migrations

from registry import migrating
from risk.models.packed import PackedTextField

MODELS = {"approval": "contenuto approvato", "processcontent": "contenuto"}


def make_bytes(apps, schema_editor):
    """Make columns of bytes of columns of text, as before those of the issues."""
    before = import_module("risk.migrations.0014_issues_packed")
    for name, word in MODELS.items():
        before.make_column_bytes(schema_editor, apps.get_model("risk", name), {"data": word})


class Migration(migrating.Migration):
    dependencies = [
        ("risk", "0014_issues_packed"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make_bytes)],
            state_operations=[
                migrations.AlterField(name, "data", PackedTextField(verbose_name=word))
                for name, word in MODELS.items()
            ],
        ),
    ]
