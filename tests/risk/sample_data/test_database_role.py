"""The application's role on PostgreSQL does its work, and changes nothing that was written once."""

from contextlib import contextmanager

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from registry.acts import act
from registry.models import Process, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.models import AnnexIssue, Transition
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import move_annex
from risk.services.sample_data.database_role import grant_role, never_allowed, written_once
from tests.people import people_of
from tests.register import complete_annex

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has no roles"
)
ROLE = "ptpct_app"
REFUSED = "42501"
"""The code of PostgreSQL for a right that is missing."""


@pytest.fixture
def role():
    """The role, made and given its rights in the transaction of the test."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
    grant_role(role=ROLE)
    return ROLE


@contextmanager
def acting_as(role):
    """Run a block with the rights of a role; what it does is kept."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
        yield
        cursor.execute("RESET ROLE")


@pytest.fixture
def issued(request):
    """An annex on its whole way to the issue, made by the role itself where there is one."""
    annex = complete_annex()
    people = people_of(annex)
    with acting_as(request.getfixturevalue("role")):
        with act("edit", by=people["editor"]):
            process = annex.processes.get()
            process.objective = "Un obiettivo"
            process.save()
        for verb, who in (("submit", "editor"), ("approve", "head"), ("validate", "rpct")):
            move_annex(annex=annex, verb=verb, by=people[who])
            annex.refresh_from_db()
        return issue_annex(annex=annex, by=people["rpct"])


@on_postgresql
def test_the_role_saves_moves_and_issues(issued):
    assert AnnexIssue.objects.get() == issued
    assert Transition.objects.count() == 4
    assert Process.history.filter(objective="Un obiettivo").exists()
    assert verify_trail() == []


@on_postgresql
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_role_changes_nothing_that_was_written_once(issued, role, verb):
    tables = written_once()
    assert {"registry_trailrecord", "risk_transition", "risk_annexissue"} <= set(tables)
    assert {"registry_historicalprocess", "risk_historicalriskbehaviour_factors"} <= set(tables)
    present = connection.introspection.table_names()
    for table in tables.keys() & set(present):
        column = _first_column(table)
        assert _code_of(role, verb.format(table, column, column)) == REFUSED, table


@on_postgresql
def test_no_right_is_left_to_what_a_guard_never_allows(role):
    """The list comes from the guards and the models: a table added later is looked at too."""
    refused = {table: {*events} for table, events in never_allowed().items()}
    for model in apps.get_models():
        if hasattr(model, "WRITTEN_ONCE_BUT_FOR"):
            refused.setdefault(model._meta.db_table, set()).add("UPDATE")
    assert "UPDATE" in refused["risk_remarkanswer"]
    with connection.cursor() as cursor:
        for table in refused.keys() & set(connection.introspection.table_names()):
            for right in {*refused[table], "TRUNCATE"}:
                cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, right])
                assert cursor.fetchone() == (False,), (table, right)
    assert _code_of(role, "UPDATE risk_remarkanswer SET text = text") == REFUSED


@on_postgresql
def test_the_protocol_of_an_issue_can_be_written_and_its_paper_cannot(issued, role):
    assert _code_of(role, "UPDATE risk_annexissue SET protocol_number = '12/2021'") is None
    assert _code_of(role, "UPDATE risk_annexissue SET pdf = ''") == REFUSED


@on_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE registry_trailrecord DISABLE TRIGGER ALL",
        "DROP TRIGGER registry_trailrecord_no_delete ON registry_trailrecord",
        "DROP TABLE registry_trailrecord CASCADE",
        "SET session_replication_role = replica",
    ],
)
def test_the_role_takes_no_guard_away(role, statement):
    assert _code_of(role, statement) == REFUSED


@on_postgresql
def test_the_role_makes_no_table_of_its_own(role):
    """What a guard looks up must be the register's: a session could put its own before it."""
    for statement in ("CREATE TEMP TABLE registry_annex (id int)", "CREATE TABLE mia (id int)"):
        assert _code_of(role, statement) == REFUSED


@on_postgresql
def test_the_role_is_told_who_migrates_before_anything_is_changed(role):
    with acting_as(role):
        with pytest.raises(CommandError, match="come «postgres», .* --role ptpct_app"):
            call_command("migrate", verbosity=0)
        with pytest.raises(CommandError, match="li dà «postgres»"):
            call_command("grant_database_role", role=role, verbosity=0)
        # whoever only asks is answered
        call_command("migrate", plan=True, verbosity=0)


@on_postgresql
def test_rights_that_cannot_be_taken_away_are_told(role):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE gruppo; GRANT gruppo TO ptpct_app")
        cursor.execute(f"GRANT TEMPORARY ON DATABASE {_database()} TO gruppo")
    with pytest.raises(CommandError, match="può ancora creare tabelle sue"):
        call_command("grant_database_role", role=ROLE, verbosity=0)


def _database() -> str:
    return connection.ops.quote_name(connection.settings_dict["NAME"])


@on_postgresql
def test_a_role_nothing_binds_is_refused(db):
    with pytest.raises(CommandError, match="non c’è"):
        call_command("grant_database_role", role="chi_e", verbosity=0)
    with pytest.raises(CommandError, match="può già tutto"):
        call_command("grant_database_role", role="postgres", verbosity=0)


@on_postgresql
def test_a_dry_run_only_says_what_it_would_do(capsys):
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")

    call_command("grant_database_role", role=ROLE, dry_run=True)

    assert (
        'REVOKE UPDATE, DELETE ON "registry_trailrecord" FROM "ptpct_app";'
        in capsys.readouterr().out
    )
    assert _code_of(ROLE, "SELECT 1 FROM registry_trailrecord") == REFUSED


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="said where there are no roles")
def test_without_roles_it_says_so():
    with pytest.raises(CommandError, match="SQLite non ha ruoli"):
        call_command("grant_database_role", role=ROLE, verbosity=0)


def test_the_trail_and_every_history_are_written_once():
    tables = written_once()
    assert TrailRecord._meta.db_table in tables
    assert all(tables[table] == () for table in tables if "historical" in table)


def _first_column(table: str) -> str:
    with connection.cursor() as cursor:
        return connection.introspection.get_table_description(cursor, table)[0].name


def _code_of(role: str, statement: str) -> str | None:
    """Return the code PostgreSQL refuses a statement with, None when it does not; all is undone."""
    code = None
    with transaction.atomic(), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(f"SET LOCAL ROLE {role}")
                cursor.execute(statement)
                transaction.set_rollback(True)
        except DatabaseError as error:
            code = error.__cause__.sqlstate
        cursor.execute("RESET ROLE")
    return code
