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
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from shutil import copyfile
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
    def there(self, like: "Installation | None" = None) -> Iterator["Installation"]:
        """Make it, empty or as another is now, and take it away afterwards."""
        if connection.vendor == "sqlite":
            if like:
                copyfile(like.file, self.file)
            yield self
            return
        like_it = f' TEMPLATE "{like.name}"' if like else ""
        with closing(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)) as opened:
            opened.execute(f'CREATE DATABASE "{self.name}"{like_it}')
            try:
                yield self
            finally:
                opened.execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def steps(django_db_setup, tmp_path_factory) -> Iterator[dict[str, Installation]]:
    """One installation that goes on step by step, and copies of what it was before some of them."""
    folder = tmp_path_factory.mktemp("steps")
    with ExitStack() as stack:
        going_on = stack.enter_context(Installation(folder, "going_on").there())
        found = {}
        for name, step in STEPS.items():
            going_on.migrate(*step)
            found[name] = going_on
            if name.startswith("before"):
                copy = Installation(folder, name.replace(" ", "_"))
                found[name] = stack.enter_context(copy.there(like=going_on))
        yield found


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


def check_like_the_tables_of_the_tests(installation: Installation) -> None:
    """Compare a migrated database with what the models make, in tables, guards and rows."""
    with closing(installation.connect()) as opened, closing(opened.cursor()) as cursor:
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


@pytest.mark.django_db
def test_the_migrations_at_once_make_the_database_the_other_tests_run_on(tmp_path):
    with Installation(tmp_path, "at_once").there() as installation:
        installation.migrate()
        check_like_the_tables_of_the_tests(installation)


@pytest.mark.django_db
def test_the_migrations_step_by_step_make_the_database_the_other_tests_run_on(steps):
    check_like_the_tables_of_the_tests(steps["today"])


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
def test_a_trail_of_before_there_were_chains_still_verifies_with_its_anchors(steps):
    before = steps["before chains"]
    records = records_of_before(3)
    with closing(before.connect()) as opened:
        for record in records:
            insert(opened, record, without={"chain"})
    before.migrate()
    with closing(before.connect()) as opened:
        insert(opened, Administration(ipa_code="c_a001", name="Comune di prova"))
    anchors = [f"{code}:2:{records[1].digest}" for code in ("c_a001", "installazione")]
    asked = [word for anchor in anchors for word in ("--at-least", anchor)]
    said = before.manage("verify_trail", *asked)

    assert "Registrazioni integre: 3" in said
    assert f"c_a001:3:{records[2].digest}" in said


@pytest.mark.django_db
def test_grades_that_no_record_told_of_are_told_of_by_the_upgrade(steps):
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
    before = steps["before untold grades were told"]
    with closing(before.connect()) as opened:
        insert(opened, record, without={"chain"})
        for row in (assessment, grade, *ends):
            insert(opened, row, without={"copied_digest"})
    before.migrate()
    said = before.manage("verify_trail")

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


def test_every_migration_makes_its_models_once():
    usual = [
        str(path)
        for path in files_under("registry", "risk", ending=".py")
        if "(migrations.Migration)" in (settings.BASE_DIR / path).read_text(encoding="utf-8")
    ]

    # registry/migrating.py, which it is made from
    assert usual == ["registry/migrating.py"]
