"""Migrations match the models and have names that say what they do."""

import re

import pytest
from django.core.management import call_command

from tests.project.house import files_under

AUTOMATIC_NAME = re.compile(r"_auto_\d|_and_more$|_alter_|_initial_initial")


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_has_a_name_of_its_own():
    names = [
        path.stem
        for path in files_under("registry", "risk", ending=".py")
        if "migrations" in path.parts and path.stem != "__init__"
    ]

    assert names
    assert [name for name in names if AUTOMATIC_NAME.search(name)] == []
