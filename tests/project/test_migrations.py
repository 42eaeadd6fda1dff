"""Migrations do what the models say, and have names that say what they do.

That none is missing is one of the static checks (`tools/lint.sh`).

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
from pathlib import Path
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

STEPS: dict[str, tuple[str, ...]] = {
    "registry first": ("registry", "0008"),
    "risk behind it": ("risk", "0004"),
    "before untold grades were told": ("risk", "0016"),
    "before chains": ("registry", "0018"),
    # tables that are made anew, behind others
    "today": (),
}
"""What is asked of `migrate`, one step after the other, by what an installation is then."""


class Installation:
    """A database of the engine of the tests, apart from theirs, and the folder beside it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.file = folder / f"{name}.sqlite3"
        self.name = f"{connection.settings_dict['NAME']}_{name}"
        server = os.environ.get("DATABASE_URL", "")
        is_file = connection.vendor == "sqlite"
        self.url = (
            f"sqlite:///{self.file}" if is_file else f"{server.rsplit('/', 1)[0]}/{self.name}"
        )

    def connect(self) -> Any:
        """Open it, to be closed."""
        if connection.vendor == "sqlite":
            return sqlite3.connect(self.file)
        return psycopg.connect(self.url)

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` on it; see `manage`."""
        return manage(*arguments, DATABASE_URL=self.url, PTPCT_VAR_DIR=str(self.folder))

    def migrate(self, *step: str) -> None:
        """Apply its migrations, up to a step if one is named."""
        self.manage("migrate", "--verbosity", "0", *step)

    @contextmanager
    def there(self) -> Iterator["Installation"]:
        """Make it, empty, and take it away afterwards."""
        if connection.vendor == "sqlite":
            yield self
            return
        with closing(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)) as opened:
            opened.execute(f'CREATE DATABASE "{self.name}"')
            try:
                yield self
            finally:
                opened.execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def going_on(django_db_setup, tmp_path_factory) -> Iterator[Installation]:
    """An installation that went on step by step, with what was written before some of them."""
    with Installation(tmp_path_factory.mktemp("steps"), "going_on").there() as installation:
        for name, step in STEPS.items():
            installation.migrate(*step)
            with closing(installation.connect()) as opened:
                for row, without in WRITTEN.get(name, ()):
                    insert(opened, row, without=without)
        yield installation


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


def check_like_the_tables_of_the_tests(
    installation: Installation, *, written: Collection[str] = ()
) -> None:
    """Compare a migrated database with what the models make, in tables, guards and rows.

    Of the tables that had been written in, rows are not counted.
    """
    counted = sorted(set(connection.introspection.django_table_names()) - set(written))
    with closing(installation.connect()) as opened, closing(opened.cursor()) as cursor:
        migrated = schema_of(cursor, connection.vendor)
        rows = counts_of(cursor, counted)
    with connection.cursor() as cursor:
        made = schema_of(cursor, connection.vendor)
        expected = counts_of(cursor, counted)
    assert len(made) > 1000
    assert any("CHECK" in line for line in made)
    differing = [line[:200] for line in sorted(made ^ migrated) if "django_migrations" not in line]
    assert not differing, "\n".join(differing)
    assert rows == expected


@pytest.mark.django_db
def test_the_migrations_at_once_make_the_database_the_other_tests_run_on(tmp_path):
    with Installation(tmp_path, "at_once").there() as installation:
        installation.migrate()
        check_like_the_tables_of_the_tests(installation)


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


ACT = uuid4()
GRADED = [past_of("Assessment", ACT, history_id=1), past_of("Rating", ACT)]


def rows_gone() -> list[Any]:
    """Return the ends of what was graded: both are gone by now, and need not be there."""
    ends = [past_of("Assessment", ACT), past_of("Rating", ACT)]
    for row, end in zip(GRADED, ends, strict=True):
        end.id, end.history_type, end.history_change_reason = row.id, "-", None
    return ends


def records_of_before(count: int) -> list[TrailRecord]:
    """Return the one chain that an installation had, as it was written then.

    The first tells of an assessment, and not of the grade that was written with it.
    """
    records: list[TrailRecord] = []
    for number in range(1, count + 1):
        record = TrailRecord(number=number, at=timezone.now(), kind="edit", outcome="done")
        if number == 1:
            record.uid, record.kind = ACT, "assess"
            record.row_count, record.rows_digest = 1, rows_digest([history_line(GRADED[0])])
        record.previous, record.digest = (records[-1].digest if records else GENESIS), ""
        record.digest = record_digest(record)
        records.append(record)
    return records


RECORDS = records_of_before(3)
WRITTEN: dict[str, list[tuple[Any, set[str]]]] = {
    "before untold grades were told": [
        (RECORDS[0], {"chain"}),
        *((row, {"copied_digest"}) for row in (*GRADED, *rows_gone())),
    ],
    "before chains": [(record, {"chain"}) for record in RECORDS[1:]],
}
"""What stands in the register before a step, each row with the columns there were not yet."""


@pytest.mark.django_db
def test_the_migrations_step_by_step_make_the_database_the_other_tests_run_on(going_on):
    written = {row._meta.db_table for rows in WRITTEN.values() for row, _without in rows}

    check_like_the_tables_of_the_tests(going_on, written=written)


@pytest.mark.django_db
def test_what_was_written_before_still_verifies_and_untold_grades_are_told_of(going_on):
    with closing(going_on.connect()) as opened:
        insert(opened, Administration(ipa_code="c_a001", name="Comune di prova"))
    # given out when there was one chain
    anchors = [f"{code}:2:{RECORDS[1].digest}" for code in ("c_a001", "installazione")]
    asked = [word for anchor in anchors for word in ("--at-least", anchor)]
    said = going_on.manage("verify_trail", *asked)

    # three of before, and what the upgrade has told
    assert "Registrazioni integre: 4" in said
    head = re.search(r"installazione:(4:[0-9a-f]{64})", said)
    assert head
    assert f"c_a001:{head[1]}" in said


def test_every_migration_has_a_name_of_its_own():
    names = [
        path.stem
        for path in files_under("registry", "risk", ending=".py")
        if "migrations" in path.parts and path.stem != "__init__"
    ]

    assert names
    assert [name for name in names if AUTOMATIC_NAME.search(name)] == []


def test_every_migration_makes_its_models_once():
    usual = [
        str(path)
        for path in files_under("registry", "risk", ending=".py")
        if "(migrations.Migration)" in (settings.BASE_DIR / path).read_text(encoding="utf-8")
    ]

    # registry/migrating.py, which it is made from
    assert usual == ["registry/migrating.py"]
