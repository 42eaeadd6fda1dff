"""Apply migrations up to one of those that others stand for now: told `["registry", "0011"]`.

`migrate` takes them all at once where none was applied yet; an installation that is older than
that has some, and goes on with the others. Run by `Installation.migrate_as_before`.
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

from django.core.management import sql  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402


def main() -> None:
    """Apply the migrations, with all that goes before and follows."""
    app, beginning = json.loads(sys.stdin.read())
    executor = MigrationExecutor(connection)
    executor.loader = loader = MigrationLoader(connection, replace_migrations=False)
    for key, one in loader.replacements.items():
        loader.graph.remove_replacement_node(key, one.replaces)
    target = loader.get_migration_by_prefix(app, beginning)
    plan = executor.migration_plan([(app, target.name)])
    sql.emit_pre_migrate_signal(0, False, "default", plan=plan)
    state = executor.migrate([(app, target.name)], plan=plan)
    sql.emit_post_migrate_signal(0, False, "default", apps=state.apps, plan=plan)


if __name__ == "__main__":
    main()
