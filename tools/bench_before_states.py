"""States of a database, kept beside it and come back to: whole copies, by the engine's own means.

Imported by processes that run either version of the application, so it knows none of it.
"""

import shutil
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql


def keep(state: str) -> None:
    """Keep the database as it is now under a name."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(_file(state))])
    else:
        with connection.cursor() as cursor:
            # as autovacuum does in a running installation
            cursor.execute("ANALYZE")
        _copied(_name(), _name(state))


def come_back(state: str) -> None:
    """Make the database what it was when the state was kept."""
    if connection.vendor == "sqlite":
        connection.close()
        file = Path(connection.settings_dict["NAME"])
        for beside in ("-wal", "-shm"):
            Path(f"{file}{beside}").unlink(missing_ok=True)
        shutil.copyfile(_file(state), file)
    else:
        _copied(_name(state), _name(), replaced=True)
    connection.ensure_connection()


def size() -> int:
    """Return the bytes of the database once it holds nothing that was deleted."""
    if connection.vendor == "sqlite":
        file = _file("size")
        file.unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(file)])
        return file.stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("VACUUM FULL")
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def _file(state: str) -> Path:
    return Path(f"{connection.settings_dict['NAME']}.{state}")


def _name(state: str = "") -> str:
    name = connection.settings_dict["NAME"]
    return f"{name}_{state}" if state else name


def _copied(source: str, target: str, *, replaced: bool = False) -> None:
    """Copy a database of PostgreSQL; nobody may be connected to it meanwhile."""
    connection.close()
    at: dict[str, Any] = connection.get_connection_params() | {"dbname": "template1"}
    known = {
        name: at[name] for name in ("dbname", "host", "port", "user", "password") if name in at
    }
    with psycopg.connect(**known, autocommit=True) as opened:
        names = {"source": sql.Identifier(source), "target": sql.Identifier(target)}
        if replaced:
            opened.execute(sql.SQL("DROP DATABASE {target} WITH (FORCE)").format(**names))
        made = sql.SQL("CREATE DATABASE {target} TEMPLATE {source} STRATEGY FILE_COPY")
        opened.execute(made.format(**names))
