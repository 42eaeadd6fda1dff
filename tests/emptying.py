"""Emptying the tables after a transactional test: those that hold rows, and no others.

Django's flush empties all tables there are and then has everything done again that follows a
migrate, each time: for these tests it took longer than what they test. SQLite gets its file back as
it was: its guards refuse DELETE, and to take them away and put them back took five times as long.
PostgreSQL deletes the rows: TRUNCATE makes the files of a table and its indexes anew, and of all
that point to it, nearly all there are.
"""

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.core.management.commands.flush import Command as DjangoFlush
from django.db import connection, transaction
from django.test import TransactionTestCase

from registry import triggers
from registry.guards import Guard, Marker

LONGEST_WAIT = 180
"""Seconds after which nobody waits for another connection: many, as tests may keep the machine."""


def _flush(case: TransactionTestCase) -> None:
    """Do as Django's teardown does, by Django's own command: that of the register refuses."""
    call_command(
        DjangoFlush(),
        verbosity=0,
        interactive=False,
        reset_sequences=False,
        allow_cascade=case.available_apps is not None,
        inhibit_post_migrate=case.available_apps is not None or case.serialized_rollback,
    )


class FileAsItWas:
    """Brings a database of SQLite back to what it was when this was made."""

    def __init__(self) -> None:
        self._as_it_was = sqlite3.connect(":memory:", check_same_thread=False)
        connection.ensure_connection()
        connection.connection.backup(self._as_it_was)

    def teardown(self, _case: TransactionTestCase) -> None:
        """Leave the database as it was before the test; fail where somebody never stops writing."""
        until = time.monotonic() + LONGEST_WAIT

        def look(_status: int, _left: int, _all: int) -> None:
            if time.monotonic() > until:
                raise TimeoutError("somebody still writes in the database of the tests")

        connection.ensure_connection()
        self._as_it_was.backup(connection.connection, progress=look)

    def end(self) -> None:
        """Let go of what it kept: from Python 3.13 on whoever forgets is told at the very end."""
        self._as_it_was.close()


class Emptying:
    """Takes away what a test has written; what stood in the tables before any test stays there.

    It is made when the tables have just been made, and stands in for the teardown of Django.
    """

    def __init__(self) -> None:
        self._tables = connection.introspection.django_table_names(
            only_existing=True, include_views=False
        )
        self._standing = {table: _rows_of(table) for table in _filled(self._tables)}

    def teardown(self, case: TransactionTestCase) -> None:
        """Leave the database as it was before the test."""
        with transaction.atomic():
            # whoever still writes comes to an end first
            _lock(self._tables)
            filled = _filled(self._tables)
            written = [table for table in filled if table not in self._standing]
            stands = {table: _rows_of(table) for table in filled if table in self._standing}
            if stands == self._standing:
                if written:
                    with_guards_off([], lambda: _empty(written))
                return
        # a test that changed what stood there pays for having it made anew
        with_guards_off([], lambda: _flush(case))

    def end(self) -> None:
        """End the sessions a test has left behind."""
        end_other_sessions()


def end_other_sessions() -> None:
    """End what others still hold of this database of PostgreSQL.

    Whoever was killed in a test, or lost its network, said good-bye to nobody: its session may stay
    until the server notices, and a database in use is not taken away.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def with_guards_off(guards: list[Guard | Marker], act: Callable[[], None]) -> None:
    """Do what nothing may do: empty tables, or put rows there that are closed.

    SQLite has no other way to do without its guards than to take them away.
    PostgreSQL's superuser, as whom the tests run and no installation does, passes them by.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            try:
                act()
            finally:
                cursor.execute("RESET session_replication_role")
        return
    triggers.remove(guards)
    act()
    triggers.install(guards)


def _lock(tables: list[str]) -> None:
    names = ", ".join(f'"{name}"' for name in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")


def _filled(tables: list[str]) -> list[str]:
    """Return the tables that hold any row."""
    # S608: the names are those of the models
    any_row = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(any_row))
        return [name for (name,) in cursor.fetchall()]


def _rows_of(table: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608
        return cursor.fetchall()


def _empty(tables: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f'DELETE FROM "{table}"' for table in tables))  # noqa: S608
