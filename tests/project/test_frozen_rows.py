"""What is frozen stays: attack × table × engine × who, on every table a guard keeps rows of.

The tables come from the guards, so that none is forgotten.
"""

# ruff: noqa: S608 - the names in the SQL are those of the models

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from ptpct.apps import guard_replaced_rows
from registry import triggers
from registry.guards.keys import unique_keys
from registry.models import Phase
from risk.services.sample_data.database_role import grant_role
from tests.project.frozen_world import frozen_world

pytestmark = pytest.mark.django_db

Run = Callable[[str], Any]
"""Runs one statement and returns its rows."""

GUARDED = sorted({guard.table for guard in triggers.declared_guards() if "DELETE" in guard.events})
WHOLE = ("_no_update", "_frozen_update", "_adopted_update", "_used_update")
"""Endings of the guards that refuse any change of a frozen row, not only of some columns."""
UNCHANGING = {
    guard.table
    for guard in triggers.declared_guards()
    if guard.events == ("UPDATE",) and guard.name.endswith(WHOLE)
}
SHADOWED = ("registry_plan", "registry_annex", "registry_process", "risk_transition")
"""Tables most guards ask, which a session can have its own of."""

NO_RIGHT = "42501"
"""The code of PostgreSQL for a right that is missing."""
GUARD_OR_RIGHT = re.compile(rf"^(registry|risk)_\w+: |^{NO_RIGHT}$")


@pytest.fixture
def frozen():
    return frozen_world()


# --- who ---------------------------------------------------------------------------------------


@contextmanager
def ours() -> Iterator[Run]:
    yield run


def run(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


@contextmanager
def foreign() -> Iterator[Run]:
    """A plain connection of SQLite, that knows nothing of the register, to the same rows."""
    content = bytearray(connection.connection.serialize())
    content[18:20] = b"\x01\x01"  # no log beside a database in memory
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as plain:
        plain.deserialize(bytes(content))
        yield lambda sql: plain.execute(sql).fetchall()


@contextmanager
def application_role() -> Iterator[Run]:
    run("CREATE ROLE ptpct_app")
    grant_role(role="ptpct_app")
    run("SET ROLE ptpct_app")
    yield run
    run("RESET ROLE")


WHO = {
    "sqlite": {"ours": ours, "foreign": foreign},
    "postgresql": {"owner": ours, "role": application_role},
}


# --- attacks -----------------------------------------------------------------------------------


def key_of(table: str) -> str:
    with connection.cursor() as cursor:
        return connection.introspection.get_primary_key_column(cursor, table)


def columns_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [c.name for c in connection.introspection.get_table_description(cursor, table)]


def delete(table: str, pk: str, first: Any, last: Any) -> list[str]:
    return [f"DELETE FROM {table} WHERE {pk} = {first}"]


def change(table, pk, first, last):
    return [f"UPDATE {table} SET {pk} = {pk} WHERE {pk} = {first}"]


def replace_by_its_key(table, pk, first, last):
    return [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE {pk} = {first}"]


def replace_by_what_else_is_unique(table, pk, first, last):
    rest = ", ".join(f'"{column}"' for column in columns_of(table) if column != pk)
    return [f"REPLACE INTO {table} ({rest}) SELECT {rest} FROM {table} WHERE {pk} = {first}"]


def take_its_place(table, pk, first, last):
    return [f"UPDATE OR REPLACE {table} SET {pk} = {first} WHERE {pk} = {last}"]


def take_its_place_by_uid(table, pk, first, last):
    if "uid" not in columns_of(table):
        return []
    uid = f"(SELECT uid FROM {table} WHERE {pk} = {first})"
    return [f"UPDATE OR REPLACE {table} SET uid = {uid} WHERE {pk} = {last}"]


def write_over(table, pk, first, last):
    rest = ", ".join(f'"{c}" = excluded."{c}"' for c in columns_of(table) if c != pk)
    return [
        f"INSERT INTO {table} SELECT * FROM {table} WHERE {pk} = {first} "
        f"ON CONFLICT ({pk}) DO UPDATE SET {rest}"
    ]


def merge(table, pk, first, last):
    return [
        f"MERGE INTO {table} t USING (SELECT {first} AS k) s ON t.{pk} = s.k "
        "WHEN MATCHED THEN DELETE"
    ]


def truncate(table, pk, first, last):
    return [f"TRUNCATE {table} CASCADE"]


def behind_tables_of_the_session(table, pk, first, last):
    return [f"DELETE FROM public.{table} WHERE {pk} = {first}"]


EVERYWHERE = (delete, change, write_over)
ATTACKS = {
    "sqlite": (
        *EVERYWHERE,
        replace_by_its_key,
        replace_by_what_else_is_unique,
        take_its_place,
        take_its_place_by_uid,
    ),
    "postgresql": (*EVERYWHERE, merge, truncate, behind_tables_of_the_session),
}
ONLY_WHERE_NOTHING_CHANGES = {change, write_over}
"""Attacks that write what stands there already: refused where no column may change."""


def test_every_guarded_table_has_a_row_to_attack(frozen):
    empty = [table for table in GUARDED if not run(f"SELECT 1 FROM {table} LIMIT 1")]
    assert not empty
    assert len(GUARDED) > 60


@pytest.mark.parametrize("who", WHO[connection.vendor])
def test_no_frozen_row_goes_or_changes(frozen, who):
    targets = {table: target_of(table) for table in GUARDED}
    if connection.vendor == "postgresql":
        # what waits for the end of the transaction would be in the way of an emptied table
        run("SET CONSTRAINTS ALL IMMEDIATE")
    survived = []
    with WHO[connection.vendor][who]() as run_as:
        for attack in ATTACKS[connection.vendor]:
            if attack is behind_tables_of_the_session:
                shadow(run_as)
            for table in GUARDED:
                if table in UNCHANGING or attack not in ONLY_WHERE_NOTHING_CHANGES:
                    survived += attempts(run_as, attack, table, *targets[table])
    assert survived == []


def shadow(run_as: Run) -> None:
    """Have tables of the session's own, empty, before those of the register, where that may be."""
    for table in SHADOWED:
        run_as("SAVEPOINT shadow")
        if refusal_of(run_as, f"CREATE TEMP TABLE {table} (LIKE public.{table})") == NO_RIGHT:
            run_as("ROLLBACK TO SAVEPOINT shadow")


def target_of(table: str) -> tuple[str, Any, Any]:
    pk = key_of(table)
    ((first, last),) = run(f"SELECT MIN({pk}), MAX({pk}) FROM {table}")
    return pk, first, last


def attempts(run_as: Run, attack: Any, table: str, pk: str, first: Any, last: Any) -> list[str]:
    """Return the statements of an attack that were not refused, or changed the frozen row."""
    schema = "public." if connection.vendor == "postgresql" else ""
    row = f"SELECT * FROM {schema}{table} WHERE {pk} = {first}"
    before = run_as(row)
    assert before, table
    may_pass, succeeded = passes(attack, table, alone=first == last), []
    for statement in attack(table, pk, first, last):
        run_as("SAVEPOINT attack")
        refusal = refusal_of(run_as, statement)
        if refusal:
            assert GUARD_OR_RIGHT.search(refusal), (statement, refusal)
        elif not may_pass or run_as(row) != before:
            succeeded.append(statement)
        run_as("ROLLBACK TO SAVEPOINT attack")
    return succeeded


def passes(attack: Any, table: str, *, alone: bool) -> bool:
    """Tell whether an attack may succeed: it adds a row, or comes upon itself, and harms none."""
    if attack is replace_by_what_else_is_unique:
        return len(unique_keys(table)) == 1
    return attack in (take_its_place, take_its_place_by_uid) and alone


def refusal_of(run_as: Run, statement: str) -> str:
    """Return how a statement was refused, by a guard or a missing right; empty if it was not."""
    try:
        run_as(statement)
    except (DatabaseError, sqlite3.DatabaseError) as error:
        is_right = getattr(error.__cause__, "sqlstate", "") == NO_RIGHT
        return NO_RIGHT if is_right else str(error)
    return ""


# --- what goes on -------------------------------------------------------------------------------


def test_what_is_not_frozen_is_written_over_as_django_does(frozen):
    """Django writes over what is there, or lets it be, with statements that begin as an insert."""
    row, taken = frozen.b.phase, frozen.a.phase
    free = Phase(pk=row.pk, uid=row.uid, process=row.process, position=1, title="Altro")
    over = {"update_conflicts": True, "unique_fields": ["uid"], "update_fields": ["title"]}
    Phase.objects.bulk_create([free], **over)
    assert Phase.objects.get(pk=row.pk).title == "Altro"
    Phase.objects.bulk_create([free], ignore_conflicts=True)
    frozen_one = Phase(uid=taken.uid, process=row.process, position=9, title="Altro")
    with pytest.raises(IntegrityError, match="registry_phase_frozen"), transaction.atomic():
        Phase.objects.bulk_create([frozen_one], **over)
    assert Phase.objects.get(pk=taken.pk).title == taken.title


def test_flush_is_refused_in_a_sentence(frozen):
    with pytest.raises(CommandError, match="Il registro non si svuota"):
        call_command("flush", interactive=False)
    assert Phase.objects.count() == 2


def test_a_connection_that_would_delete_unseen_is_refused():
    class Deaf:
        """A SQLite that knows nothing of the setting: it answers with no row."""

        def execute(self, sql):
            return plain.execute("SELECT 0")

    wrapper = SimpleNamespace(vendor="sqlite", connection=Deaf())
    refused = pytest.raises(ImproperlyConfigured, match="trigger ricorsivi")
    with closing(sqlite3.connect(":memory:")) as plain, refused:
        guard_replaced_rows(connection=wrapper)
