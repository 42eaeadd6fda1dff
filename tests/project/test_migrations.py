"""Migrations do what the models say, and have names that say what they do.

That none is missing is one of the static checks (`tools/lint.sh`).

All other tests run on tables made from the models, which is many times faster; so here the
migrations make a database of their own, and it must not differ in anything from that of the tests.
"""

import json
import re
from collections.abc import Collection, Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from registry.models import Administration, TrailRecord
from registry.trail.records import history_line, record_digest, rows_digest
from tests.project.before import SAID, TABLES, next_key, put_in
from tests.project.files import files_under
from tests.project.installation import Installation
from tests.project.schema import counts_of, schema_of
from tests.untold_grades import past_of

AUTOMATIC_NAME = re.compile(r"_auto_\d|_and_more$|_alter_|_initial_initial")

AS_BEFORE = "as 2799581 was"
"""Then it is given what that version has left; see `before.py`."""
STEPS: dict[str, tuple[str, ...]] = {
    "registry first": ("registry", "0011"),
    AS_BEFORE: ("risk", "0008"),
    "before untold grades were told": ("risk", "0016"),
    "before chains": ("registry", "0018"),
    # tables that are made anew, behind others
    "today": (),
}
"""What is asked of `migrate`, one step after the other, by what an installation is then."""


@pytest.fixture(scope="module")
def going_on(django_db_setup, tmp_path_factory) -> Iterator[Installation]:
    """An installation that went on step by step, with what was written before some of them."""
    with Installation(tmp_path_factory.mktemp("steps"), "going_on").there() as installation:
        for name, step in STEPS.items():
            if step:
                installation.migrate_as_before(*step)
            else:
                installation.migrate()
            with closing(installation.connect()) as opened:
                if name == AS_BEFORE:
                    put_in(opened)
                for row, without in WRITTEN.get(name, ()):
                    insert(opened, row, without=without)
        yield installation


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
GRADED = [
    past_of("Assessment", ACT, history_id=next_key("risk_historicalassessment")),
    past_of("Rating", ACT),
]
for row in GRADED:
    # beyond those that are kept
    row.id += 1_000_000


def rows_gone() -> list[Any]:
    """Return the ends of what was graded: both are gone by now, and need not be there."""
    ends = [past_of("Assessment", ACT), past_of("Rating", ACT)]
    for row, end in zip(GRADED, ends, strict=True):
        end.id, end.history_type, end.history_change_reason = row.id, "-", None
    return ends


def records_of_before(count: int) -> list[TrailRecord]:
    """Return how the one chain that an installation had went on, as it was written then.

    The first tells of an assessment, and not of the grade that was written with it.
    """
    records: list[TrailRecord] = []
    last, digest = SAID["anchor"].split(":")
    for number in range(int(last) + 1, int(last) + count + 1):
        record = TrailRecord(number=number, at=timezone.now(), kind="edit", outcome="done")
        if not records:
            record.uid, record.kind = ACT, "assess"
            record.row_count, record.rows_digest = 1, rows_digest([history_line(GRADED[0])])
        record.previous, record.digest = (records[-1].digest if records else digest), ""
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
    written |= set(TABLES)

    check_like_the_tables_of_the_tests(going_on, written=written)


@pytest.mark.django_db
def test_what_stands_for_others_is_applied_where_they_are(going_on):
    with closing(going_on.connect()) as opened, closing(opened.cursor()) as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    together = 0
    for app in ("registry", "risk"):
        names = sorted(path.stem for path in migration_files() if path.parts[0] == app)
        modules = {name: import_module(f"{app}.migrations.{name}") for name in names}
        stand_for = {name: module.Migration.replaces for name, module in modules.items()}
        others = [(app, name) for name, replaced in stand_for.items() if not replaced]
        for replaced in filter(None, stand_for.values()):
            assert replaced == others[: len(replaced)]
            together += 1
        assert {(app, name) for name in names} <= applied
    assert together == 2


@pytest.mark.django_db
def test_what_was_written_before_still_verifies_and_untold_grades_are_told_of(going_on):
    with closing(going_on.connect()) as opened:
        insert(opened, Administration(ipa_code="c_a001", name="Comune di prova"))
    # given out when there was one chain
    second = RECORDS[1]
    anchors = [f"{code}:{second.number}:{second.digest}" for code in ("c_a001", "installazione")]
    asked = [word for anchor in anchors for word in ("--at-least", anchor)]
    said = going_on.manage("verify_trail", *asked)

    # those of before, and what the upgrade has told
    last = RECORDS[-1].number + 1
    assert f"Registrazioni integre: {last}" in said
    head = re.search(rf"installazione:({last}:[0-9a-f]{{64}})", said)
    assert head
    assert f"c_a001:{head[1]}" in said


@pytest.fixture(scope="module")
def found(going_on) -> dict[str, Any]:
    """What this version says of what 2799581 has left, and how it goes on; see `upgraded.py`."""
    told = json.loads(going_on.run("tests/project/upgraded.py", told=json.dumps(SAID)))
    anchor = f"installazione:{SAID['anchor']}"
    return told | {"trail": going_on.manage("verify_trail", "--at-least", anchor)}


@pytest.mark.django_db
def test_approvals_made_before_hold(found):
    approved = {uid for uid, _digest in SAID["approvals"]}
    states = found["states"]

    assert len(states) == 4
    assert {uid for uid, state in states.items() if state == "approved"} == approved & set(states)
    assert sorted(states.values()).count("approved") == 2


@pytest.mark.django_db
def test_of_those_only_what_was_changed_since_is_approved_anew(found):
    before, changed = found["states"], found["changed"]
    again = [
        uid for uid, state in changed.items() if (before[uid], state) == ("approved", "changed")
    ]

    assert len(again) == 1
    assert {uid: state for uid, state in changed.items() if uid not in again} == {
        uid: state for uid, state in before.items() if uid not in again
    }
    assert found["approved"] == {uid: 1 + (uid in again) for uid in before}


@pytest.mark.django_db
def test_what_was_issued_is_still_known_and_made_again(found):
    issued = {uid: data for uid, data, _pdf in SAID["issues"]}
    files = [*issued, *(uid for uid, _data, _pdf in SAID["plan_issues"])]

    assert {uid: found["verdicts"][uid] for uid in files} == {
        uid: ["issued", "issued"] for uid in files
    }
    assert {uid: found["reprinted"][uid] for uid in issued} == issued


@pytest.mark.django_db
def test_the_trail_verifies_from_then_on(found):
    told = re.search(r"integre: (\d+)", found["trail"])

    assert told
    assert int(told[1]) > RECORDS[-1].number + len(found["states"])


def migration_files() -> list[Path]:
    every = files_under("registry", "risk", ending=".py")
    return [path for path in every if "migrations" in path.parts and path.stem != "__init__"]


def test_every_migration_has_a_name_of_its_own():
    names = [path.stem for path in migration_files()]

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
