"""How many measures a person is to answer for at most, with all the offices they head."""

from django.db import migrations, models

from registry import migrating


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0024_installation"),
    ]

    operations = [
        migrations.AddField(
            model_name="administration",
            name="measures_limit_person",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Il piano avvisa di chi, con tutti gli uffici che dirige, risponde di più misure di così. Vuoto: nessun limite.",
                null=True,
                verbose_name="misure per persona, al più",
            ),
        ),
        migrations.AddField(
            model_name="historicaladministration",
            name="measures_limit_person",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Il piano avvisa di chi, con tutti gli uffici che dirige, risponde di più misure di così. Vuoto: nessun limite.",
                null=True,
                verbose_name="misure per persona, al più",
            ),
        ),
    ]
