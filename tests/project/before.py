"""A database as commit 2799581 left it, to be put where the migrations of then have been applied.

`before.xz` are the rows that version wrote itself, by its own services, and what it said of
them (`tools/keep_before.py`): one annex of four processes with two of them approved, one validated,
one issued; beside them a plan that is published.
"""

import json
import lzma
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.db import connection

from tests.project.files import ROOT

BEFORE = json.loads(lzma.decompress((ROOT / "tests/project/before.xz").read_bytes()))
TABLES: dict[str, dict[str, list]] = BEFORE["tables"]
SAID: dict[str, Any] = BEFORE["said"]
_COLUMNS = "FROM information_schema.columns WHERE table_name = %s"


def put_in(opened: Any) -> None:
    """Insert all rows as they were, past the guards that would let none of them in like this."""
    with unguarded(opened), closing(opened.cursor()) as cursor:
        for table, kept in TABLES.items():
            columns = columns_of(cursor, table)
            assert set(kept["columns"]) == set(columns), table
            names = ", ".join(f'"{name}"' for name in kept["columns"])
            mark = "?" if connection.vendor == "sqlite" else "%s"
            marks = ", ".join([mark] * len(kept["columns"]))
            rows = [
                [
                    stored(value, columns[name])
                    for name, value in zip(kept["columns"], row, strict=True)
                ]
                for row in kept["rows"]
            ]
            # S608: the names are those of the file beside this one
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608
    opened.commit()


def next_key(table: str) -> int:
    """Return the key of the next row of a table, once all these are in it."""
    kept = TABLES.get(table, {"columns": ["history_id"], "rows": []})
    place = kept["columns"].index("history_id")
    return max((row[place] for row in kept["rows"]), default=0) + 1


def columns_of(cursor: Any, table: str) -> dict[str, str]:
    """Return the columns of a table and their types."""
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name, type FROM pragma_table_info(?)", [table])
    else:
        cursor.execute(f"SELECT column_name, data_type {_COLUMNS}", [table])
    return dict(cursor.fetchall())


def stored(value: Any, kind: str) -> Any:
    """Return a value of the file as a column of a kind takes it."""
    if isinstance(value, dict):
        return bytes.fromhex(value["bytes"])
    return bool(value) if kind == "boolean" and value is not None else value


@contextmanager
def unguarded(opened: Any) -> Iterator[None]:
    """Let rows in without triggers and in any order; numbers go on after them."""
    with closing(opened.cursor()) as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            yield
            for _name, sql in triggers:
                cursor.execute(sql)
            return
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET TIME ZONE 'UTC'")
        yield
        for table in TABLES:
            cursor.execute(f"SELECT column_name {_COLUMNS} AND is_identity = 'YES'", [table])
            for (column,) in cursor.fetchall():
                # S608: the names are those of the database
                last = f'(SELECT max("{column}") FROM "{table}")'  # noqa: S608
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence(%s, %s), {last})", [table, column]
                )
