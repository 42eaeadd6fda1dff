"""What an upgrade will take is told before it is done, by the rows there are."""

import math

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from registry import clock
from registry.management.commands.show_upgrade import lines_of
from registry.models import Installation
from registry.services.installation import take_on
from registry.services.upgrades import (
    BEGINNING_SECONDS,
    Work,
    forecast,
    refuse_later_database,
)
from tests.register import make_annex, make_process

pytestmark = pytest.mark.django_db


@pytest.fixture
def before_ages(settings) -> MigrationExecutor:
    """What applies migrations, as if the last ones of the risk room had not been applied yet."""
    # the tables of the tests are made from the models
    settings.MIGRATION_MODULES = {}
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.nodes
    done = {key: nodes[key] for key in nodes if key[0] != "risk" or key[1] < "0029"}
    executor.loader.applied_migrations = done
    return executor


def test_code_and_tables_are_told_with_their_rows(before_ages):
    annex = make_annex()
    for number in range(3):
        make_process(annex, f"Processo {number}")
    found = forecast(before_ages)

    ages = next(step for step in found.steps if step.name == "risk.0029_ages_and_texts")
    assert Work("registry_process", 3, "worked") in ages.works
    assert found.seconds > BEGINNING_SECONDS
    # a table that is made has no rows
    assert all(work.rows for step in found.steps for work in step.works)
    first, *lines, last = lines_of(found)
    assert first == f"«migrate» applica {len(found.steps)} migrazioni."
    assert any("3 righe di registry_process si rielaborano" in line for line in lines)
    assert "con circa 190 MB di memoria" in last
    # the steps, and the range in which all of them end
    assert len(found.steps) * 0.15 < found.seconds - BEGINNING_SECONDS < 15
    assert 2 * found.seconds <= found.most_seconds + 5 < 60
    assert f"In tutto da {math.ceil(found.seconds)} secondi" in last


def test_a_database_that_is_up_to_date_has_nothing_to_come(capsys):
    call_command("show_upgrade")
    assert "niente da fare" in capsys.readouterr().out
    # the hosts would be refused until they know of this version, or that an upgrade has ended
    take_on()
    call_command("show_upgrade")
    assert "niente da fare" in capsys.readouterr().out
    for change in ({"version": "0.1.0"}, {"upgrading_since": clock.now()}):
        take_on()
        Installation.objects.update(**change)
        call_command("show_upgrade")
        assert "va eseguito lo stesso" in capsys.readouterr().out


def test_a_database_of_a_later_version_is_not_migrated(settings):
    settings.MIGRATION_MODULES = {}
    columns = "id integer, app varchar(99), name varchar(99), applied timestamp"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS django_migrations ({columns})")
        for number, name in enumerate(("0001_registry_model", "9999_later"), 990):
            refuse_later_database()
            cursor.execute(
                "INSERT INTO django_migrations (id, app, name, applied) VALUES (%s, %s, %s, %s)",
                [number, "registry", name, "2026-11-27 12:00:00"],
            )
    for command in ("migrate", "show_upgrade"):
        with pytest.raises(CommandError, match="non ne conosce la migrazione registry.9999_later"):
            call_command(command)
