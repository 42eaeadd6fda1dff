"""What `migrate` is about to do, told before: which rows it goes through, how long, what memory.

Only what grows with a register is told of: a table that is made, or a column without a value, takes
as long for a large one as for a small one.
"""

import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, connections, migrations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from registry.services.installation import UpgradeRefusedError, is_upgrade_untold

BEGINNING_SECONDS = 8
"""What every upgrade takes: beginning, models, guards.

All figures are seconds of processor, as taken from upgrades of 0.2.0 with 700 to 236,000 rows on
both engines (docs/decisions/0089).
"""
STEP_SECONDS = 0.15
"""What a migration takes without a row."""
ROW_SECONDS = {"read": 2e-6, "written": 4e-5, "worked": 1e-5}
"""Of a row that is read, written into a new table, or looked at by code that changes nothing."""
CHANGED_ROW_SECONDS = 1.5e-3
"""Of a row that code does change: how many it will be, nobody knows before."""
SLOWER = 2
"""By how much a machine may be slower, or have other work."""
MEGABYTES = 190
"""The memory of the process that migrates: it did not grow with the rows."""

_NAMED = re.compile(r'get_model\(\s*"(\w+)",\s*"(\w+)"|\(\s*"(\w+)",\s*"(Historical\w+)"')
"""How the file of a migration names the models its code works at."""
_CODE = (migrations.RunPython, migrations.RunSQL)
_REMADE_BY_SQLITE = (
    migrations.AddField,
    migrations.AlterField,
    migrations.RemoveField,
    migrations.AddConstraint,
    migrations.RemoveConstraint,
)
"""What SQLite makes a table anew for, with all its rows."""
_READ = (migrations.AlterField, migrations.AddConstraint, migrations.AddIndex)
"""What PostgreSQL reads, or writes, all rows of a table for."""


_OWN_APPS = ("registry", "risk")

_OTHERS = """
SELECT current_user, coalesce(
  (SELECT pg_get_userbyid(relowner) FROM pg_class
   WHERE relnamespace = to_regnamespace(current_schema()) AND relname = ANY(%s)
   AND NOT pg_has_role(relowner, 'USAGE') ORDER BY relname LIMIT 1),
  (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()
   AND NOT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)))
"""
"""Who is connected, and whose the tables are, or the database, where that is somebody else."""


@dataclass(frozen=True)
class Work:
    """What a migration does with the rows of a table: they are `read`, `written` or `worked`."""

    table: str
    rows: int
    kind: str


@dataclass(frozen=True)
class UpgradeStep:
    """A migration that is to come, by its name, and what it does with rows that are there."""

    name: str
    works: list[Work]

    @property
    def seconds(self) -> float:
        """About how long it takes at least, on a machine of today with nothing else to do."""
        return STEP_SECONDS + sum(work.rows * ROW_SECONDS[work.kind] for work in self.works)

    @property
    def most_seconds(self) -> float:
        """About how long at most: on a slower machine, with each row that is worked at changed."""
        worked = sum(work.rows for work in self.works if work.kind == "worked")
        return SLOWER * self.seconds + worked * CHANGED_ROW_SECONDS


@dataclass(frozen=True)
class Forecast:
    """What is to come, in its order; nothing where the database is up to date."""

    steps: list[UpgradeStep]
    is_untold: bool = False
    """Whether the hosts are to be told of this version nevertheless."""

    @property
    def seconds(self) -> float:
        """About how long all of it takes at least, in which nobody saves."""
        return _waited() + BEGINNING_SECONDS + sum(step.seconds for step in self.steps)

    @property
    def most_seconds(self) -> float:
        """About how long all of it takes at most."""
        steps = sum(step.most_seconds for step in self.steps)
        return _waited() + SLOWER * BEGINNING_SECONDS + steps


def refuse_other_roles(*, using: str = "default") -> None:
    """Raise `UpgradeRefusedError` where the role of the connection could not change the tables.

    On PostgreSQL only their owner can, and the application has a role of its own. SQLite has none.
    """
    database = connections[using]
    if database.vendor != "postgresql":
        return
    with database.cursor() as cursor:
        cursor.execute(_OTHERS, [database.introspection.django_table_names()])
        role, owner = cursor.fetchone()
    if owner:
        told = _(
            "«%(role)s» non può cambiare le tabelle di «%(name)s», che sono di «%(owner)s»: "
            "«manage.py migrate» va eseguito come «%(owner)s», con «DATABASE_URL=postgres://"
            "%(owner)s:…@…/%(name)s» davanti al comando, e dopo, allo stesso modo, «manage.py "
            "grant_database_role --role %(role)s». Non è stato cambiato niente."
        )
        names = {"role": role, "owner": owner, "name": database.settings_dict["NAME"]}
        raise UpgradeRefusedError(told % names)


def refuse_later_database(*, using: str = "default") -> None:
    """Raise `UpgradeRefusedError` where a later program has migrated the database.

    This one would have nothing to do, and yet put its own guards in and tell the hosts to be of its
    version. Known are also the migrations that one of ours stands for.
    """
    applied = MigrationRecorder(connections[using]).applied_migrations()
    own = sorted(key for key in applied if key[0] in _OWN_APPS)
    if not own:
        return
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    known = {name for one in loader.disk_migrations.values() for name in one.replaces}
    known |= loader.disk_migrations.keys()
    unknown = [key for key in own if key not in known]
    if unknown:
        told = _(
            "Il database è di una versione più recente di questo programma, che non ne conosce la "
            "migrazione %(app)s.%(name)s: «manage.py migrate» va eseguito con quella versione. Non "
            "è stato cambiato niente."
        )
        raise UpgradeRefusedError(told % {"app": unknown[-1][0], "name": unknown[-1][1]})


def _waited() -> float:
    """Return the seconds for which `migrate` lets hosts at work notice it before it begins."""
    return settings.HOST_CHECK_SECONDS if settings.IS_DATABASE_SHARED else 0


def forecast(executor: MigrationExecutor | None = None) -> Forecast:
    """Return what `migrate` would do now; counts rows, changes nothing."""
    executor = executor or MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    state = executor._create_project_state(with_applied_migrations=True)
    there = set(connection.introspection.table_names())
    steps = []
    for migration, _is_backwards in plan:
        kinds = dict(_tables(migration, state))
        works = [Work(table, _rows(table), kinds[table]) for table in sorted(kinds.keys() & there)]
        name = f"{migration.app_label}.{migration.name}"
        steps.append(UpgradeStep(name, [work for work in works if work.rows]))
        state = migration.mutate_state(state, preserve=False)
    return Forecast(steps, is_untold=is_upgrade_untold())


def _tables(migration: Any, state: Any) -> Iterator[tuple[str, str]]:
    """Yield the tables a migration goes through, each with the dearest it does with them last."""
    found: list[tuple[str, str]] = []
    says_only_words = getattr(migration, "says_only_words", lambda _state: lambda _one: False)
    is_of_words = says_only_words(state)
    for operation in _of_database(migration.operations):
        if isinstance(operation, _CODE):
            found += [(table, "worked") for table in _named(migration, state)]
        elif not is_of_words(operation) and (kind := _kind(operation)):
            table = _table(state, migration.app_label, _model_of(operation))
            found.append((table, kind))
    yield from sorted(found, key=lambda one: ROW_SECONDS[one[1]])


def _of_database(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from operation.database_operations
            # what its code does to the tables is said to the state alone
            yield from operation.state_operations if operation.database_operations else ()
        else:
            yield operation


def _kind(operation: Operation) -> str:
    """Return what an operation does with each row of its table, "" for nothing."""
    if connection.vendor == "sqlite" and isinstance(operation, _REMADE_BY_SQLITE):
        return "written"
    if isinstance(operation, migrations.AlterField):
        return "written"
    return "read" if isinstance(operation, _READ) else ""


def _model_of(operation: Any) -> str:
    return operation.model_name.lower()


def _named(migration: Any, state: Any) -> Iterator[str]:
    """Yield the tables whose models the file of a migration with code names."""
    text = inspect.getsource(sys.modules[type(migration).__module__])
    for app, name, of_pair, history in _NAMED.findall(text):
        yield _table(state, app or of_pair, (name or history).lower())


def _table(state: Any, app: str, model: str) -> str:
    found = state.models.get((app, model))
    told = found.options.get("db_table") if found else ""
    return told or f"{app}_{model}"


def _rows(table: str) -> int:
    with connection.cursor() as cursor:
        # S608: a table of the database, by what it says of itself
        cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
        return cursor.fetchone()[0]
