"""Guards in a database: their triggers are put in after every migrate, and taken out to make way.

SQLite makes many tables anew where a migration changes them, which it refuses while a trigger names
a table that is not there: the one it is about to make anew, or one that a later migration makes.
"""

import re
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

from django.apps import apps
from django.db import connections, transaction

from registry.guards import Guard, Marker, postgresql, sqlite
from registry.guards.rules import Trigger

Place = tuple[str, str]
"""A table and one of its columns."""

_ENGINES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}

_COLUMNS = {
    "sqlite": """SELECT t.name, c.name FROM sqlite_master t, pragma_table_xinfo(t.name) c
        WHERE t.type = 'table'""",
    "postgresql": """SELECT c.relname, a.attname FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
        WHERE a.attnum > 0 AND NOT a.attisdropped AND pg_table_is_visible(c.oid)""",
}
"""Ask an engine for all columns of all tables."""

_TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    # those that are switched off, or asked for some columns only, are as good as missing
    "postgresql": """SELECT t.tgname, c.relname, t.tgtype, f.prosrc,
            array_to_string(f.proconfig, '|')
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc f ON f.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL
            AND t.tgattr::text = '' AND pg_table_is_visible(c.oid)""",
}
"""Ask an engine for all triggers, as it keeps them."""

_WORD = re.compile(r"\w+")


def declared_guards() -> list[Guard]:
    """Return the guards of all apps: whatever has some says so in its configuration."""
    configs = apps.get_app_configs()
    found = (guard for config in configs for guard in getattr(config, "guards", tuple)())
    return list(dict.fromkeys(found))


def declared_markers() -> list[Marker]:
    """Return the markers of all apps, said in the same way."""
    configs = apps.get_app_configs()
    return [marker for config in configs for marker in getattr(config, "markers", tuple)()]


def missing_guards(*, using: str = "default") -> list[str]:
    """Return the names of the triggers that a database lacks, sorted; empty when all is guarded.

    A trigger that was changed or switched off is missing too. Two statements at most, however many
    guards there are.
    """
    vendor = connections[using].vendor
    with connections[using].cursor() as cursor:
        cursor.execute(_TRIGGERS[vendor])
        found = dict(_as_kept(row, vendor) for row in cursor.fetchall())
    declared: list[Guard | Marker] = [*declared_guards(), *declared_markers()]
    triggers = (trigger for guard in declared for trigger in triggers_of(guard, vendor))
    return sorted(trigger.name for trigger in triggers if found.get(trigger.name) != trigger.kept)


def triggers_of(guard: Guard | Marker, vendor: str) -> list[Trigger]:
    """Return the triggers that "sqlite" or "postgresql" makes of a guard or a marker."""
    triggers: list[Trigger] = _ENGINES[vendor].triggers_of(guard)
    return triggers


def install(guards: Iterable[Guard | Marker], *, using: str = "default") -> None:
    """Create or replace the triggers of `guards`; safe to run at any time.

    A guard has none while a table or a column that it names does not exist.
    """
    guards, declared = list(guards), _declared()
    vendor = connections[using].vendor
    named = {guard: _named(guard, declared, vendor) for guard in guards}
    existing = _existing(using)
    ready = [guard for guard in guards if named[guard] <= existing]
    waiting = [guard for guard in guards if not named[guard] <= existing]
    _run(ready, using, create=True)
    _run(waiting, using)


def remove(guards: Iterable[Guard | Marker], *, using: str = "default") -> None:
    """Drop the triggers of `guards`."""
    _run(guards, using)


def drop_guards_before_migration(
    guards: Iterable[Guard | Marker], *, plan: Sequence[Any], using: str
) -> None:
    """Drop the triggers that name other tables before any migration is applied, or taken back.

    `plan` is that of the migrate. PostgreSQL looks names up when a trigger runs, and keeps them;
    rows that are written once stay guarded on SQLite too.
    """
    if plan and connections[using].vendor == "sqlite":
        declared = _declared()
        remove(
            (g for g in guards if any(t != g.table for t, _ in _named(g, declared, "sqlite"))),
            using=using,
        )


def _run(guards: Iterable[Guard | Marker], using: str, *, create: bool = False) -> None:
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    # one transaction: all or none, and many times faster than one each
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for guard in guards:
            if guard.table not in tables:
                continue
            for trigger in triggers_of(guard, connection.vendor):
                for statement in (trigger.drop, *(trigger.create if create else ())):
                    cursor.execute(statement)


def _as_kept(row: tuple[Any, ...], vendor: str) -> tuple[str, str]:
    """Return the name of a trigger and what is kept of it, from a row of the engine's list."""
    if vendor == "sqlite":
        name, text = row
        return name, text
    name, table, kind, body, path = row
    return name, postgresql.kept_of(table=table, kind=kind, body=body, path=path or "")


def _named(guard: Guard | Marker, declared: dict[str, set[str]], vendor: str) -> set[Place]:
    """Return the columns that the sentences of a guard name, each with its table."""
    words = set(_WORD.findall(" ".join(_ENGINES[vendor].sentences_of(guard))))
    tables = declared.keys() & {guard.table, *words}
    return {(table, column) for table in tables for column in declared[table] & words}


def _existing(using: str) -> set[Place]:
    """Return all columns there are."""
    # one statement: Django's description of a table asks, and parses, for each of them
    with connections[using].cursor() as cursor:
        cursor.execute(_COLUMNS[connections[using].vendor])
        return set(cursor.fetchall())


def _declared() -> dict[str, set[str]]:
    """Return the columns of each table as it is in the end."""
    models: list[Any] = list(apps.get_models(include_auto_created=True))
    return {
        model._meta.db_table: {field.column for field in model._meta.local_concrete_fields}
        for model in models
    }
