"""What a database is made of, as lines to compare: columns, constraints, indexes, triggers.

The order of columns is left out: a migration adds at the end what a model declares in the middle.
"""

import re
from typing import Any

_CHECK = re.compile(r'CONSTRAINT "\w+" CHECK \(.*?\)(?=, CONSTRAINT|, FOREIGN|, UNIQUE|\)$)')

_SQLITE = (
    """SELECT 'column', t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk
       FROM sqlite_master t, pragma_table_xinfo(t.name) c WHERE t.type = 'table'""",
    """SELECT 'key', t.name, k."table", k."from", k."to", k.on_update, k.on_delete
       FROM sqlite_master t, pragma_foreign_key_list(t.name) k WHERE t.type = 'table'""",
    """SELECT 'index', t.name, i."unique", i.partial, i.origin,
              (SELECT group_concat(c.name) FROM pragma_index_info(i.name) c)
       FROM sqlite_master t, pragma_index_list(t.name) i WHERE t.type = 'table'""",
    "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger', 'view')",
)

_POSTGRESQL = (
    """SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
              a.attidentity, pg_get_expr(d.adbin, d.adrelid)
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
       LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relnamespace = 'public'::regnamespace""",
    """SELECT 'constraint', conrelid::regclass::text, conname, condeferrable, condeferred,
              pg_get_constraintdef(oid)
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    """SELECT 'function', proname, prosrc FROM pg_proc
       WHERE pronamespace = 'public'::regnamespace""",
)

# The rows of this table are counted by another kind of number in PostgreSQL when a migration makes
# it: models have the kind their app names (AuthConfig.default_auto_field), but a table that comes
# of a list of choices gets its own in the state of migrations, where an app is a stub that names
# none (django.db.migrations.state.AppConfigStub), and so the kind of DEFAULT_AUTO_FIELD.
_DJANGO_S_OWN = re.compile(r"(?<=^column \| auth_group_permissions \| id \| )(bigint|integer)")


def schema_of(cursor: Any, vendor: str) -> set[str]:
    """Return one line for each part of the database that a DB-API cursor is connected to."""
    lines = []
    for query in {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[vendor]:
        cursor.execute(query)
        lines += [_DJANGO_S_OWN.sub("…", " | ".join(map(str, row))) for row in cursor.fetchall()]
    if vendor == "sqlite":
        # the engine names no check but in the text of its table
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        for name, text in cursor.fetchall():
            lines += [f"check | {name} | {check}" for check in _CHECK.findall(text)]
    return set(lines)


def counts_of(cursor: Any, tables: list[str]) -> dict[str, int]:
    """Return how many rows each table holds."""
    counts = {}
    for table in tables:
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
        counts[table] = cursor.fetchone()[0]
    return counts
