from django.db import migrations, models

from registry import migrating

WORDS = (
    ("report", ("relazione annuale", "relazione del rpct")),
    ("monitoring", ("monitoragg",)),
    ("consultation", ("consultazion",)),
    # "adozione e pubblicazione" waits until the plan is published
    ("publication", ("pubblicazion",)),
    ("adoption", ("adozion", "approvazione del piano")),
    ("transmission", ("trasmission", "invio", "consegna", "allegat", "schede")),
)
"""Kinds in the order they are looked for, each by parts of the labels people write."""

KINDS = [
    ("transmission", "trasmissione degli allegati"),
    ("consultation", "consultazione"),
    ("adoption", "adozione"),
    ("publication", "pubblicazione"),
    ("monitoring", "monitoraggio"),
    ("report", "relazione annuale"),
    ("other", "altro"),
]


def kind_of(label: str) -> str:
    """Return the kind a label speaks of, "other" when none of the words stands in it."""
    folded = label.casefold()
    found = (kind for kind, words in WORDS if any(word in folded for word in words))
    return next(found, "other")


def fill(apps, schema_editor):
    """Give each deadline the kind its label speaks of; what no word tells stays "other"."""
    for row in apps.get_model("registry", "PlanDeadline").objects.all():
        row.kind = kind_of(row.label)
        row.save(update_fields=["kind"])


def kind(default: str) -> dict:
    """Return the arguments of the new column, which rows there are already begin with `default`."""
    field = models.CharField(
        choices=KINDS,
        default=default,
        help_text="Si ricorda soltanto finché riguarda lo stato del piano.",
        max_length=12,
        verbose_name="tipo",
    )
    return {"name": "kind", "field": field, "preserve_default": False}


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0008_open_data_contact"),
    ]

    operations = [
        migrations.AddField(model_name="plandeadline", **kind("other")),
        # history is never rewritten, and the trail leaves out what is empty: its digests stand
        migrations.AddField(model_name="historicalplandeadline", **kind("")),
        migrations.AddConstraint(
            model_name="plandeadline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        *("transmission", "consultation", "adoption", "publication"),
                        *("monitoring", "report", "other"),
                    ]
                ),
                name="registry_plandeadline_kind_known",
                violation_error_message="Tipo di scadenza sconosciuto.",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
