"""Migrations match the models, in words and in deed, and have names that say what they do.

All other tests run on tables made from the models, which is many times faster; so here the
migrations make a database of their own, and it must not differ in anything from that of the tests.
"""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from registry.models import Administration, TrailRecord
from registry.trail.chain import GENESIS
from registry.trail.records import history_line, record_digest, rows_digest
from tests.project.files import files_under
from tests.project.schema import counts_of, schema_of
from tests.untold_grades import past_of
from tests.worker import environment

AUTOMATIC_NAME = re.compile(r"_auto_\d|_and_more$|_alter_|_initial_initial")

WAYS: dict[str, list[tuple[str, ...]]] = {
    "at once": [()],
    # one app before the other, then on to tables that are made anew
    "by steps": [("registry", "0008"), ("risk", "0004"), ()],
}
"""What is asked of `migrate`, one step after the other, until all migrations are applied."""


@contextmanager
def empty_database(folder) -> Iterator[tuple[str, Any]]:
    """Give the address of a new database of the engine of the tests, and how to connect to it."""
    if connection.vendor == "sqlite":
        file = folder / "migrated.sqlite3"
        yield f"sqlite:///{file}", lambda: sqlite3.connect(file)
        return
    server = os.environ["DATABASE_URL"]
    name = f"{connection.settings_dict['NAME']}_migrated"
    url = f"{server.rsplit('/', 1)[0]}/{name}"
    with closing(psycopg.connect(server, autocommit=True)) as opened:
        opened.execute(f'CREATE DATABASE "{name}"')
        try:
            yield url, lambda: psycopg.connect(url)
        finally:
            opened.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def manage(*arguments: str, **variables: str) -> str:
    """Run `manage.py` as an installation does, and return what it says when it succeeds."""
    ended = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment() | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    return ended.stdout


@pytest.mark.django_db
@pytest.mark.parametrize("steps", WAYS.values(), ids=WAYS)
def test_the_migrations_make_the_database_the_other_tests_run_on(tmp_path, steps):
    with empty_database(tmp_path) as (url, connect):
        for step in steps:
            variables = {"DATABASE_URL": url, "PTPCT_VAR_DIR": str(tmp_path)}
            manage("migrate", "--verbosity", "0", *step, **variables)
        with closing(connect()) as opened, closing(opened.cursor()) as cursor:
            migrated = schema_of(cursor, connection.vendor)
            rows = counts_of(cursor, connection.introspection.django_table_names())

    with connection.cursor() as cursor:
        made = schema_of(cursor, connection.vendor)
        expected = counts_of(cursor, connection.introspection.django_table_names())
    assert len(made) > 1000
    assert any("CHECK" in line for line in made)
    differing = [line[:200] for line in sorted(made ^ migrated) if "django_migrations" not in line]
    assert not differing, "\n".join(differing)
    assert rows == expected


def insert(opened: Any, row: Any, *, without: Collection[str] = ()) -> None:
    """Insert a row as the engine of a database stores it, but for columns it has not yet."""
    fields = [f for f in row._meta.concrete_fields if not f.primary_key and f.name not in without]
    values = [f.get_db_prep_save(f.pre_save(row, add=True), connection) for f in fields]
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["?" if connection.vendor == "sqlite" else "%s"] * len(fields))
    table = row._meta.db_table
    # S608: the names are those of the models
    opened.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608
    opened.commit()


def records_of_before(count: int) -> list[TrailRecord]:
    """Return the one chain that an installation had, as it was written then."""
    records: list[TrailRecord] = []
    for number in range(1, count + 1):
        record = TrailRecord(number=number, at=timezone.now(), kind="edit", outcome="done")
        record.previous = records[-1].digest if records else GENESIS
        record.digest = record_digest(record)
        records.append(record)
    return records


@pytest.mark.django_db
def test_a_trail_of_before_there_were_chains_still_verifies_with_its_anchors(tmp_path):
    with empty_database(tmp_path) as (url, connect):
        variables = {"DATABASE_URL": url, "PTPCT_VAR_DIR": str(tmp_path)}
        manage("migrate", "--verbosity", "0", "registry", "0018", **variables)
        records = records_of_before(3)
        with closing(connect()) as opened:
            for record in records:
                insert(opened, record, without={"chain"})
        manage("migrate", "--verbosity", "0", **variables)
        with closing(connect()) as opened:
            insert(opened, Administration(ipa_code="c_a001", name="Comune di prova"))
        anchors = [f"{code}:2:{records[1].digest}" for code in ("c_a001", "installazione")]
        asked = [word for anchor in anchors for word in ("--at-least", anchor)]
        said = manage("verify_trail", *asked, **variables)

    assert "Registrazioni integre: 3" in said
    assert f"c_a001:3:{records[2].digest}" in said


@pytest.mark.django_db
def test_grades_that_no_record_told_of_are_told_of_by_the_upgrade(tmp_path):
    act = uuid4()
    assessment, grade = past_of("Assessment", act, history_id=1), past_of("Rating", act)
    record = TrailRecord(number=1, uid=act, at=timezone.now(), kind="assess", outcome="done")
    record.row_count, record.rows_digest = 1, rows_digest([history_line(assessment)])
    record.previous, record.digest = GENESIS, ""
    record.digest = record_digest(record)
    # both are gone by now, so that no rows need to be there
    ends = [past_of("Assessment", act), past_of("Rating", act)]
    for row, end in zip((assessment, grade), ends, strict=True):
        end.id, end.history_type, end.history_change_reason = row.id, "-", None
    with empty_database(tmp_path) as (url, connect):
        variables = {"DATABASE_URL": url, "PTPCT_VAR_DIR": str(tmp_path)}
        manage("migrate", "--verbosity", "0", "risk", "0016", **variables)
        with closing(connect()) as opened:
            insert(opened, record, without={"chain"})
            for row in (assessment, grade, *ends):
                insert(opened, row)
        manage("migrate", "--verbosity", "0", **variables)
        said = manage("verify_trail", **variables)

    assert "Registrazioni integre: 2" in said


@pytest.mark.django_db
def test_no_migration_is_missing(tmp_path):
    manage("makemigrations", "--check", "--dry-run", PTPCT_VAR_DIR=str(tmp_path))


def test_every_migration_has_a_name_of_its_own():
    names = [
        path.stem
        for path in files_under("registry", "risk", ending=".py")
        if "migrations" in path.parts and path.stem != "__init__"
    ]

    assert names
    assert [name for name in names if AUTOMATIC_NAME.search(name)] == []
