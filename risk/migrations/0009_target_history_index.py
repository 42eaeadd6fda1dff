import django.db.models.deletion
from django.db import migrations, models

from registry import migrating


class Migration(migrating.Migration):
    dependencies = [
        ("risk", "0008_history_people"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalmeasuretarget",
            name="planned_measure",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="risk.plannedmeasure",
                verbose_name="misura programmata",
            ),
        ),
    ]
