"""Tell on the trail of the grades that assessments have written without telling of them."""

from django.db import migrations

from registry import migrating
from registry.services.untold_rows import tell_untold_rows


def tell_grades(apps, schema_editor):
    """Write one record of all history rows of grades that no record tells of."""
    tell_untold_rows(
        records=apps.get_model("registry", "TrailRecord")._default_manager,
        past=apps.get_model("risk", "HistoricalRating"),
        kind="assess",
    )


class Migration(migrating.Migration):
    dependencies = [
        ("registry", "0019_trail_chains"),
        ("risk", "0016_reminders_and_extensions"),
    ]

    operations = [migrations.RunPython(tell_grades, migrations.RunPython.noop, elidable=True)]
