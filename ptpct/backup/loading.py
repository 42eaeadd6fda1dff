"""Putting the database of a backup into an empty one, of either engine.

The guards watch who writes; rows that come back were written long ago, frozen ones among them. So
the tables are made without guards, as migrations make them, and rows, counters and guards come in
one transaction: nobody ever finds the rows without their guards (docs/decisions/0041).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from ptpct.backup import values
from ptpct.backup.folder import put_privately
from ptpct.backup.manifest import Manifest
from ptpct.backup.refusals import BackupRefusedError, disk_faults_told
from ptpct.backup.rows import Fields, fields_of, last_migrations, loader_of, rows_of_backup
from ptpct.backup.snapshots import COUNTERS, SQLITE_FILE, copy_file
from registry import triggers
from registry.migrating import apply_in_stretches
from registry.system_faults import told_of

MADE_BY_MIGRATE = frozenset({"django_migrations", "django_content_type", "auth_permission"})
"""Tables that hold rows where nobody has written anything yet."""
_CHUNK = 1 << 20


def check_known(manifest: Manifest) -> None:
    """Refuse a backup that a later program has made: its tables are not known here."""
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    unknown = [key for key in manifest.migrations if key not in known]
    if unknown:
        told = {"program": manifest.program, "app": unknown[0][0], "name": unknown[0][1]}
        raise BackupRefusedError(
            _(
                "La copia è della versione %(program)s e questo programma non ne conosce la "
                "migrazione %(app)s.%(name)s: serve una versione uguale o più recente."
            )
            % told
        )


def check_empty() -> None:
    """Refuse a database that holds any row but those a `migrate` makes by itself."""
    try:
        tables = connection.introspection.table_names()
    except DatabaseError as error:
        told = {"reason": told_of(error)}
        raise BackupRefusedError(_("Il database non risponde: %(reason)s.") % told) from error
    for table in tables:
        with connection.cursor() as cursor:
            # S608: the names are those of the database
            cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608
            if table not in MADE_BY_MIGRATE and cursor.fetchone():
                raise BackupRefusedError(
                    _("Il posto non è vuoto: nel database la tabella %(table)s ha già righe.")
                    % {"table": table}
                )


def load_database(folder: Path, manifest: Manifest) -> list[str]:
    """Put the database of a backup in the place of the empty one; return the tables left out.

    Where it fails no table has a row.
    """
    empty_database()
    try:
        with disk_faults_told(folder):
            if manifest.engine == connection.vendor == "sqlite":
                _place_file(folder / SQLITE_FILE)
                return []
            return _load(folder, manifest)
    except (DatabaseError, psycopg.Error) as error:
        raise BackupRefusedError(
            _("Il database non prende le righe della copia: %(reason)s.")
            % {"reason": told_of(error)}
        ) from error


def empty_database() -> None:
    """Take away the tables, which hold no row of anybody."""
    if connection.vendor == "sqlite":
        connection.close()
        path = Path(connection.settings_dict["NAME"])
        for ending in ("", "-wal", "-shm", "-journal"):
            path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    tables = connection.introspection.table_names()
    if tables:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {_names(tables)} CASCADE")


def bring_up_to_date() -> None:
    """Apply the migrations that are newer than the backup, and all that follows a migrate."""
    call_command("migrate", verbosity=0, interactive=False)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _place_file(source: Path) -> None:
    with source.open("rb") as file:
        put_privately(Path(connection.settings_dict["NAME"]), file)


def _load(folder: Path, manifest: Manifest) -> list[str]:
    executor = MigrationExecutor(connection)
    executor.loader = loader_of(manifest)
    apply_in_stretches(executor.loader.disk_migrations.values())
    executor.migrate(last_migrations(manifest, executor.loader))
    fields = fields_of(manifest)
    with connection.constraint_checks_disabled(), transaction.atomic():
        _empty_tables(fields)
        for table, columns in fields.items():
            if manifest.tables[table].rows:
                _load_table(folder, manifest, table, columns)
        _set_counters(manifest, fields)
        if connection.vendor == "postgresql":
            connection.check_constraints()
        triggers.install(triggers.declared_guards())
    return sorted(set(manifest.tables) - set(fields))


def _empty_tables(tables: Iterable[str]) -> None:
    """Take out what migrations have written into the tables: it is among the rows that come."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {_names(tables)}")
            return
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of the schema


def _load_table(folder: Path, manifest: Manifest, table: str, columns: list) -> None:
    names = _names(field.column for field in columns)
    if connection.vendor == "sqlite":
        writes = [values.to_sqlite(field) for field in columns]
        signs = ", ".join(["%s"] * len(columns))
        rows: Any = (
            [write(value) for write, value in zip(writes, row, strict=True)]
            for row in rows_of_backup(folder, manifest, table, columns)
        )
        with connection.cursor() as cursor:
            # S608: the names are those of the schema
            statement = f'INSERT INTO "{table}" ({names}) VALUES ({signs})'  # noqa: S608
            cursor.executemany(statement, rows)
        return
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copied,
    ):
        if manifest.engine == "postgresql":
            with (folder / copy_file(table)).open("rb") as file:
                while piece := file.read(_CHUNK):
                    copied.write(piece)
        else:
            for row in rows_of_backup(folder, manifest, table, columns):
                copied.write_row(row)


def _set_counters(manifest: Manifest, fields: Fields) -> None:
    last = {name: manifest.tables[name].last for name in fields}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table, number in last.items():
                if number is not None:
                    cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                    given: list[Any] = [table, number]
                    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", given)
            return
        cursor.execute(COUNTERS)
        for table, column, _last, schema, sequence in cursor.fetchall():
            if table not in fields:
                continue
            # S608: the names are those of the schema
            cursor.execute(f'SELECT max("{column}") FROM "{table}"')  # noqa: S608
            number = max(filter(None, (cursor.fetchone()[0], last[table])), default=None)
            counter = f'"{schema}"."{sequence}"'
            told: list[Any] = [counter, number or 1, number is not None]
            cursor.execute("SELECT setval(%s, %s, %s)", told)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
