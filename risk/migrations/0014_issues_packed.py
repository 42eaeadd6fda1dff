"""Data and page of issues become columns of bytes, which keep new ones packed.

What was issued before is not packed: it stays the bytes it was, of which the trail has the digest.
"""

from django.db import migrations

from registry import migrating
from risk.models.packed import PackedBinaryField, PackedTextField, WrappingPdfField

MODELS = {"annexissue": PackedBinaryField, "planissue": WrappingPdfField}
WORDS = {"data": "dati", "html": "pagina"}


def make_bytes(apps, schema_editor):
    """Make columns of bytes of both columns of text of each table."""
    for name in MODELS:
        make_column_bytes(schema_editor, apps.get_model("risk", name), WORDS)


def make_column_bytes(schema_editor, model, words):
    """Make columns of text columns of bytes, all at once, since the table is written anew."""
    if schema_editor.connection.vendor == "sqlite":
        # texts that are there stay texts: SQLite keeps the kind of each value
        changed = [fields(model, name, word) for name, word in words.items()]
        schema_editor._remake_table(model, alter_fields=changed)
    else:
        columns = ", ".join(
            f"ALTER COLUMN {name} TYPE bytea USING convert_to({name}, 'UTF8')" for name in words
        )
        schema_editor.execute(f"ALTER TABLE {model._meta.db_table} {columns}")


def fields(model, name, word):
    """Return a column as it was and as it will be."""
    new = PackedTextField(verbose_name=word)
    new.set_attributes_from_name(name)
    new.model = model
    return model._meta.get_field(name), new


class Migration(migrating.Migration):
    dependencies = [
        ("risk", "0013_kept_contents"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make_bytes)],
            state_operations=[
                migrations.AlterField(name, column, field)
                for name, pdf in MODELS.items()
                for column, field in (
                    ("data", PackedTextField(verbose_name="dati")),
                    ("html", PackedTextField(verbose_name="pagina")),
                    ("pdf", pdf(verbose_name="PDF")),
                )
            ],
        ),
    ]
