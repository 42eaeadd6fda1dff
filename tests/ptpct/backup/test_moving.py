"""Moved to another database, of the other engine where there is one, and back: nothing is lost."""

import os
from contextlib import ExitStack

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from registry.models import Process
from tests.ptpct.backup.installation import all_rows, empty_place, looking_into, manage
from tests.register import make_process
from tests.worker import database_url

WAYS = {"sqlite": ["sqlite"], "postgresql": ["sqlite", "postgresql"]}
"""The engines of the databases that are moved to, one after the other, from that of the tests."""


def test_every_row_is_there_and_back_as_it_was(installation, tmp_path):
    # a number whose row is gone is never given again: histories speak of rows by it
    last = make_process(installation.process.annex, "Prova")
    gone, _ = last.pk, last.delete()
    rows = all_rows()
    assert rows["risk_registerimport"]
    url = database_url()
    with ExitStack() as places:
        for n, engine in enumerate(WAYS[connection.vendor]):
            place = places.enter_context(empty_place(tmp_path, f"posto{n}", engine))
            ended = manage("move_engine", "--to", place["DATABASE_URL"], DATABASE_URL=url)
            assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout + ended.stderr
            url = place["DATABASE_URL"]
        with looking_into(url):
            assert all_rows() == rows
            with_next = make_process(installation.process.annex, "Prova")
            assert with_next.pk == gone + 1
    assert Process.objects.filter(pk=installation.process.pk).exists()


@pytest.mark.parametrize(
    "address", ["", "mysql://chi@dove/che", "sqlite://", "postgres:///", "nulla"]
)
def test_an_address_that_makes_no_sense_is_refused(db, address):
    with pytest.raises(CommandError, match="non è l’indirizzo di un database"):
        call_command("move_engine", to=address)


def test_a_database_is_not_moved_onto_itself(db):
    with pytest.raises(CommandError, match="già quello"):
        call_command("move_engine", to=database_url())
    assert os.environ.get("DATABASE_URL", "sqlite").startswith(connection.vendor)
