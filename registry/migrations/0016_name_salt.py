"""A salt for each person: what the trail keeps of a name is compared with it, and with it alone."""

from django.db import migrations, models

import registry.models.people
from registry import migrating


def give_salts(apps, schema_editor):
    """Give everybody a salt of their own; whoever is forgotten has none."""
    people = apps.get_model("registry", "User").objects
    for person in people.filter(pseudonymised_on=None).only("pk").iterator():
        person.name_salt = registry.models.people.new_salt()
        person.save(update_fields=["name_salt"])
    people.exclude(pseudonymised_on=None).update(name_salt="")


class Migration(migrating.Migration):
    dependencies = [("registry", "0015_directory_rules")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="name_salt",
            field=models.CharField(
                blank=True,
                default=registry.models.people.new_salt,
                editable=False,
                max_length=32,
                verbose_name="sale del nome",
            ),
        ),
        migrations.RunPython(give_salts, migrations.RunPython.noop, elidable=True),
    ]
