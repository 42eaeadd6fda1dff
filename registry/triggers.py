"""Guards in a database: their triggers are put in after every migrate, and taken out to make way.

SQLite makes many tables anew where a migration changes them, which it refuses while a trigger names
a table that is not there: the one it is about to make anew, or one that a later migration makes.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.db import connections, transaction

from registry.guards import Guard

Place = tuple[str, str]
"""A table and one of its columns."""

_COLUMNS = {
    "sqlite": """SELECT t.name, c.name FROM sqlite_master t, pragma_table_xinfo(t.name) c
        WHERE t.type = 'table'""",
    "postgresql": """SELECT c.relname, a.attname FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
        WHERE a.attnum > 0 AND NOT a.attisdropped AND pg_table_is_visible(c.oid)""",
}
"""Ask an engine for all columns of all tables."""

_WORD = re.compile(r"\w+")


def install(guards: Iterable[Guard], *, using: str = "default") -> None:
    """Create or replace the triggers of `guards`; safe to run at any time.

    A guard has none while a table or a column that it names does not exist.
    """
    guards, declared = list(guards), _declared()
    named = {guard: _named(guard, declared) for guard in guards}
    existing = _existing(using)
    waiting = [guard for guard in guards if not named[guard] <= existing]
    _run([guard for guard in guards if named[guard] <= existing], "statements", using)
    _run(waiting, "drops", using)


def remove(guards: Iterable[Guard], *, using: str = "default") -> None:
    """Drop the triggers of `guards`."""
    _run(guards, "drops", using)


def drop_guards_before_migration(
    guards: Iterable[Guard], *, plan: Sequence[Any], using: str
) -> None:
    """Drop the triggers that name other tables before any migration is applied, or taken back.

    `plan` is that of the migrate. PostgreSQL looks names up when a trigger runs, and keeps them;
    rows that are written once stay guarded on SQLite too.
    """
    if plan and connections[using].vendor == "sqlite":
        declared = _declared()
        remove(
            (g for g in guards if any(table != g.table for table, _ in _named(g, declared))),
            using=using,
        )


def _run(guards: Iterable[Guard], which: str, using: str) -> None:
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    # one transaction: all or none, and many times faster than one each
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for guard in guards:
            if guard.table in tables:
                for statement in getattr(guard, which)(connection.vendor):
                    cursor.execute(statement)


def _named(guard: Guard, declared: dict[str, set[str]]) -> set[Place]:
    """Return the columns that the sentences of a guard name, each with its table."""
    parts = [guard.refused_when, *guard.holds]
    if together := guard.together:
        parts += [together.rows, together.refused_when, *together.holds]
    words = set(_WORD.findall(" ".join(parts)))
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
