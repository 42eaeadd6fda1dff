"""A backup of an earlier version is put into tables as the migrations of then have made them."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings

from ptpct.backup.manifest import Manifest, TrailHead
from ptpct.backup.rows import last_migrations, loader_of

pytestmark = pytest.mark.django_db

EARLIER = {
    "half of both": [("registry", "0011_person_tokens_by_name"), ("risk", "0008_history_people")],
    "one of them whole": [("registry", "0022_measures_limit"), ("risk", "0027_reconfirmations")],
}


def manifest_with(migrations) -> Manifest:
    head = TrailHead(0, "")
    return Manifest("sqlite", "3", tuple(sorted(migrations)), head, (), tables={}, files={})


@pytest.fixture
def whole():
    """The migrations, which the tests, whose tables are made without them, do not look at."""
    with override_settings(MIGRATION_MODULES={}):
        yield MigrationLoader(connection, replace_migrations=False)


@pytest.mark.parametrize("last", EARLIER.values(), ids=EARLIER)
def test_what_stands_for_others_is_not_applied_where_one_is_missing(whole, last):
    applied = {key for one in last for key in whole.graph.forwards_plan(one)}
    manifest = manifest_with(applied)

    loader = loader_of(manifest)

    found = last_migrations(manifest, loader)
    assert last[1] in found
    assert {key for one in found for key in loader.graph.forwards_plan(one)} == applied


def test_it_is_where_all_of_them_are_there(whole):
    manifest = manifest_with(whole.disk_migrations)

    loader = loader_of(manifest)

    last = last_migrations(manifest, loader)
    plan = {key for one in last for key in loader.graph.forwards_plan(one)}
    assert plan & set(whole.replacements) == set(whole.replacements)
    assert not plan & {key for one in whole.replacements.values() for key in one.replaces}
