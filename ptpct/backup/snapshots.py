"""The database at one moment, while people write: copied whole, and asked about that moment.

SQLite is copied as a file of SQLite, PostgreSQL as a file of COPY for each table. Either is the
fastest its engine offers, and either is restored on both (docs/decisions/0041).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import psycopg
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from ptpct.backup.folder import NewFolder
from ptpct.backup.manifest import CopiedTable
from ptpct.backup.refusals import BackupRefusedError, disk_faults_told
from registry.system_faults import told_of

SQLITE_FILE = "database.sqlite3"
_PATIENCE = 20.0

_TABLES = """
    SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname"""
COUNTERS = """
    SELECT t.relname, a.attname, s.last_value, s.schemaname, s.sequencename
    FROM pg_depend d
    JOIN pg_class q ON q.oid = d.objid AND q.relkind = 'S'
    JOIN pg_class t ON t.oid = d.refobjid
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    JOIN pg_sequences s
      ON s.sequencename = q.relname AND s.schemaname::regnamespace = q.relnamespace
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
      AND d.deptype IN ('a', 'i') AND t.relnamespace = current_schema()::regnamespace"""
"""Ask PostgreSQL for the counter of each table that has one, and what it has given last."""


class Snapshot(Protocol):
    """A database at one moment."""

    vendor: str
    version: str

    def needed(self) -> int:
        """Return how many bytes it will take, about."""
        ...

    def write(self, folder: NewFolder) -> dict[str, CopiedTable]:
        """Copy it into a folder; return its tables."""
        ...

    def fetch(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a query, in the SQL both engines share, finds in what was copied."""
        ...


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Give the database as it is now, whatever is written meanwhile; `write` copies it."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        if not path.is_file():
            raise BackupRefusedError(_("Il database %(path)s non c’è.") % {"path": path})
        with _SqliteSnapshot(path).opened() as opened:
            yield opened
        return
    # a connection of its own: that of the caller may be in the middle of something
    own = connection.copy()
    try:
        own.ensure_connection()
        yield _PostgresqlSnapshot(own.connection)
    except (DatabaseError, psycopg.Error) as error:
        told = {"reason": told_of(error)}
        raise BackupRefusedError(
            _("PostgreSQL non si lascia leggere: %(reason)s.") % told
        ) from error
    finally:
        own.close()


class _SqliteSnapshot:
    vendor, version = "sqlite", sqlite3.sqlite_version

    def __init__(self, path: Path) -> None:
        self._path = path
        self._copied: sqlite3.Connection | None = None

    @contextmanager
    def opened(self) -> Iterator["_SqliteSnapshot"]:
        try:
            yield self
        finally:
            if self._copied is not None:
                self._copied.close()

    def needed(self) -> int:
        journal = self._path.with_name(f"{self._path.name}-wal")
        return sum(path.stat().st_size for path in (self._path, journal) if path.exists())

    def write(self, folder: NewFolder) -> dict[str, CopiedTable]:
        path = folder.place(SQLITE_FILE)
        # the engine writes into a file that is there and empty, and leaves its rights as they are
        path.touch(mode=0o600)
        with disk_faults_told(path), closing(open_read_only(self._path)) as source:
            source.execute("VACUUM INTO ?", [str(path)])
        folder.take_in(SQLITE_FILE)
        self._copied = open_read_only(path, is_still=True)
        return {name: self._table(name) for name in tables_of(self._copied)}

    def fetch(self, query: str) -> list[tuple[Any, ...]]:
        if self._copied is None:
            raise RuntimeError("ask after writing: what was copied is asked")
        with disk_faults_told(self._path):
            return self._copied.execute(query).fetchall()

    def _table(self, name: str) -> CopiedTable:
        [(rows,)] = self.fetch(f'SELECT count(*) FROM "{name}"')  # noqa: S608 - a name of the schema
        columns = [column for _n, column, *_rest in self.fetch(f'PRAGMA table_info("{name}")')]
        last = None
        if self.fetch("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'"):
            counted = self.fetch(f"SELECT seq FROM sqlite_sequence WHERE name = '{name}'")  # noqa: S608
            last = counted[0][0] if counted else None
        return CopiedTable(rows, tuple(columns), last)


class _PostgresqlSnapshot:
    vendor = "postgresql"

    def __init__(self, connection: psycopg.Connection) -> None:
        self._cursor = connection.cursor()
        self.version = str(connection.info.server_version)
        self._cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        self._cursor.execute(
            "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; "
            "SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1"
        )
        self._columns: dict[str, list[str]] = dict(self.fetch(_TABLES))
        if self._columns:
            # nobody may change or empty a table between its neighbours' copies and its own
            names = ", ".join(f'"{name}"' for name in self._columns)
            self._cursor.execute(f"LOCK TABLE {names} IN ACCESS SHARE MODE")

    def needed(self) -> int:
        [(size,)] = self.fetch(
            "SELECT coalesce(sum(pg_table_size(oid)), 0)::bigint FROM pg_class "
            "WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
        )
        return size

    def write(self, folder: NewFolder) -> dict[str, CopiedTable]:
        rows = {name: self._copy(name, folder) for name in self._columns}
        # after the rows: a counter does not wait for the moment, and may only be ahead of it
        last = {table: value for table, _column, value, *_rest in self.fetch(COUNTERS)}
        return {
            name: CopiedTable(rows[name], tuple(columns), last.get(name))
            for name, columns in self._columns.items()
        }

    def fetch(self, query: str) -> list[tuple[Any, ...]]:
        return self._cursor.execute(query).fetchall()

    def _copy(self, name: str, folder: NewFolder) -> int:
        if not self.fetch(f'SELECT 1 FROM "{name}" LIMIT 1'):  # noqa: S608 - a name of the schema
            return 0
        columns = ", ".join(f'"{column}"' for column in self._columns[name])
        with (
            folder.new_file(copy_file(name)) as file,
            self._cursor.copy(f'COPY "{name}" ({columns}) TO STDOUT') as copied,
        ):
            for row in copied:
                file.write(row)
        return self._cursor.rowcount


def copy_file(table: str) -> str:
    """Return the name of the file of a table in a backup of PostgreSQL."""
    return f"tables/{table}.copy"


def open_read_only(path: Path, *, is_still: bool = False) -> sqlite3.Connection:
    """Open a file of SQLite for reading; `is_still` says that nobody writes to it."""
    unchanging = "&immutable=1" if is_still else ""
    address = f"file:{quote(str(path.resolve()))}?mode=ro{unchanging}"
    return sqlite3.connect(address, uri=True, timeout=_PATIENCE)


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """Return the tables of a file of SQLite, without those the engine keeps for itself."""
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\' ORDER BY name"
    )
    return [name for (name,) in found]
