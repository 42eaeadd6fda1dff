"""What an upgrade will take is told before it is done, by the rows there are."""

import math

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from registry.management.commands.show_upgrade import lines_of
from registry.services.upgrades import BEGINNING_SECONDS, Work, forecast
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
