from django.db import migrations, models

from registry import migrating


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0011_person_tokens_by_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="administration",
            name="heads_have_second_factor",
            field=models.BooleanField(
                default=False,
                help_text="Chi approva un allegato entra con la password e con il codice dell’app sul telefono.",
                verbose_name="secondo fattore per i responsabili",
            ),
        ),
        migrations.AddField(
            model_name="historicaladministration",
            name="heads_have_second_factor",
            field=models.BooleanField(
                default=False,
                help_text="Chi approva un allegato entra con la password e con il codice dell’app sul telefono.",
                verbose_name="secondo fattore per i responsabili",
            ),
        ),
    ]
