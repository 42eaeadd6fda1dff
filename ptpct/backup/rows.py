"""The rows of a backup, and of a database, table by table, as values that mean the same on both."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connections, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from ptpct.backup import values
from ptpct.backup.manifest import Manifest
from ptpct.backup.snapshots import SQLITE_FILE, copy_file, open_read_only

Row = list[Any]
Fields = dict[str, list[models.Field]]
"""The fields of each table, in the order of its columns in the backup."""


def fields_of(manifest: Manifest, *, using: str = "default") -> Fields:
    """Return the fields of the tables as the migrations of a backup have left them.

    A table, or a column, that no migration of this program knows is left out.
    """
    loader = loader_of(manifest, using=using)
    known = loader.project_state(last_migrations(manifest, loader)).apps
    every: list[Any] = [
        *known.get_models(include_auto_created=True),
        MigrationRecorder.Migration,
    ]
    tables = {
        model._meta.db_table: {field.column: field for field in model._meta.concrete_fields}
        for model in every
    }
    return {
        name: [tables[name][column] for column in table.columns]
        for name, table in manifest.tables.items()
        if set(table.columns) <= set(tables.get(name, ()))
    }


def loader_of(manifest: Manifest, *, using: str = "default") -> MigrationLoader:
    """Return the migrations as the database of a backup would find them, whatever is in this one.

    One that stands for several is among them where the backup has all of these, else they are.
    """
    loader = MigrationLoader(connections[using], replace_migrations=False)
    applied = set(manifest.migrations)
    if all(applied.issuperset(one.replaces) for one in loader.replacements.values()):
        return MigrationLoader(connections[using])
    for key, one in loader.replacements.items():
        loader.graph.remove_replacement_node(key, one.replaces)
    return loader


def last_migrations(manifest: Manifest, loader: Any) -> list[tuple[str, str]]:
    """Return the migrations of a backup that no other of its migrations came after."""
    applied = set(manifest.migrations)
    # one that stands for several is applied where all of them are
    for key, migration in loader.disk_migrations.items():
        if migration.replaces and applied.issuperset(migration.replaces):
            applied.add(key)
    return sorted(
        key
        for key in applied & set(loader.graph.nodes)
        if not any(child.key in applied for child in loader.graph.node_map[key].children)
    )


def rows_of_backup(
    folder: Path, manifest: Manifest, table: str, fields: list[models.Field]
) -> Iterator[Row]:
    """Give the rows of a table of a backup."""
    if not manifest.tables[table].rows:
        return
    if manifest.engine == "sqlite":
        with closing(open_read_only(folder / SQLITE_FILE, is_still=True)) as source:
            yield from _rows_of_sqlite(source, table, fields)
    else:
        reads = [values.from_copy(field) for field in fields]
        with (folder / copy_file(table)).open("rb") as file:
            for row in values.rows_of_copy(file):
                yield [read(value) for read, value in zip(reads, row, strict=True)]


def rows_of_database(
    table: str, fields: list[models.Field], *, using: str = "default"
) -> Iterator[Row]:
    """Give the rows of a table of a database, in the order of their keys."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        yield from _rows_of_sqlite(connection.connection, table, fields)
        return
    names = ", ".join(f'"{field.column}"' for field in fields)
    reads = [values.from_copy(field) for field in fields]
    with connection.cursor() as cursor:
        # S608: the names are those of the models
        query = f'COPY (SELECT {names} FROM "{table}" {_ordered(fields)}) TO STDOUT'  # noqa: S608
        with cursor.copy(query) as copied:
            for line in copied:
                [row] = values.rows_of_copy([bytes(line)])
                yield [read(value) for read, value in zip(reads, row, strict=True)]


def _rows_of_sqlite(
    source: sqlite3.Connection, table: str, fields: list[models.Field]
) -> Iterator[Row]:
    # the sign keeps the driver of Django from turning the text of a date into something else
    names = ", ".join(f'+"{field.column}"' for field in fields)
    reads = [values.from_sqlite(field) for field in fields]
    # S608: the names are those of the models
    query = f'SELECT {names} FROM "{table}" {_ordered(fields)}'  # noqa: S608
    for row in source.execute(query):
        yield [read(value) for read, value in zip(reads, row, strict=True)]


def _ordered(fields: list[models.Field]) -> str:
    return "".join(f'ORDER BY "{field.column}"' for field in fields if field.primary_key)


def differing(
    folder: Path, manifest: Manifest, fields: Fields, *, using: str = "default"
) -> Iterator[tuple[str, Any]]:
    """Give the table and the key of each row that stands in a database otherwise than in a backup,
    in one of them only, or not as it was.
    """
    for table, columns in fields.items():
        copied = _digests(rows_of_backup(folder, manifest, table, columns), columns)
        restored = _digests(rows_of_database(table, columns, using=using), columns)
        for key, _digest in sorted(copied.items() ^ restored.items(), key=str):
            yield table, key


def _digests(rows: Iterator[Row], fields: list[models.Field]) -> dict[Any, bytes]:
    """Return a digest of each row by its key: the rows of a table, with all papers, are too big."""
    reads = [values.compared(field) for field in fields]
    key = next(n for n, field in enumerate(fields) if field.primary_key)
    return {
        row[key]: hashlib.sha256(
            repr([read(value) for read, value in zip(reads, row, strict=True)]).encode()
        ).digest()
        for row in rows
    }
