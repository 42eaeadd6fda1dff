"""How many measures an office is to answer for at most."""

from django.db import migrations, models

from registry import migrating


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0021_process_codes"),
    ]

    operations = [
        migrations.AddField(
            model_name="administration",
            name="measures_limit",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Il piano avvisa di ogni ufficio che risponde di più misure di così. Vuoto: nessun limite.",
                null=True,
                verbose_name="misure per ufficio, al più",
            ),
        ),
        migrations.AddField(
            model_name="historicaladministration",
            name="measures_limit",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Il piano avvisa di ogni ufficio che risponde di più misure di così. Vuoto: nessun limite.",
                null=True,
                verbose_name="misure per ufficio, al più",
            ),
        ),
    ]
