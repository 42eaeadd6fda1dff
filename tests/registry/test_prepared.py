"""PostgreSQL plans a kept statement once, and what is not kept as before (docs/decisions/0059)."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from registry.kept_statements import KeptStatement
from registry.models import Annex, Office, User
from registry.prepared import ASKED_BEFORE, rows_of
from tests.register import make_annex

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2021, 6, 1, 12, 30, tzinfo=datetime.UTC)
SIZES = (1, 200, 40_000, 3_000_000_000)
"""Numbers that psycopg would send as two, four and eight bytes."""

only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite plans in the process itself"
)


def planned(*words: str) -> list[tuple[int, list[str]]]:
    """Return the statements on offices that the server keeps: how often asked, types of values."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement, generic_plans + custom_plans, parameter_types::text[]"
            " FROM pg_prepared_statements"
        )
        rows = cursor.fetchall()
    return [(n, types) for statement, n, types in rows if all(word in statement for word in words)]


@only_postgresql
def test_a_kept_statement_is_planned_once_for_all_sizes_of_numbers():
    find = KeptStatement(lambda key: Office.objects.filter(pk=key, name="Tributi"))
    for key in SIZES:
        find(key)

    assert planned("registry_office", '"id" = $2') == [
        (len(SIZES) - ASKED_BEFORE, ["text", "bigint"])
    ]


@only_postgresql
def test_what_is_not_kept_is_not_planned():
    for _turn in range(8):
        list(Office.objects.filter(name="Tributi", code="x"))

    assert not planned("registry_office")


@only_postgresql
def test_what_was_taken_back_is_asked_anew():
    find = KeptStatement(lambda key: Office.objects.filter(pk=key))
    office = make_annex().office
    with transaction.atomic():
        assert find(office.pk) == [office]
        transaction.set_rollback(True)

    assert find(office.pk) == [office]


def test_rows_are_what_django_makes_of_them():
    """Times with their zone, days, uids and texts, as the ORM reads them on either engine."""
    annex = make_annex()
    person = User.objects.create(username="a@b.it", email="a@b.it", last_login=NOON)
    find = KeptStatement(lambda name: User.objects.filter(username=name))
    by_values = KeptStatement(
        lambda name: User.objects.filter(username=name).values_list("last_login", "is_active")
    )

    (found,) = find("a@b.it")
    assert found == person
    assert found.last_login == person.last_login
    assert by_values("a@b.it") == [(person.last_login, True)]
    columns = ("uid", "state", "version", "office__name")
    kept = KeptStatement(lambda uid: Annex.objects.filter(uid=uid).values_list(*columns))
    assert kept(annex.uid) == [Annex.objects.values_list(*columns).get(pk=annex.pk)]


def test_it_is_counted_as_any_other_statement(django_assert_num_queries):
    with django_assert_num_queries(1), CaptureQueriesContext(connection) as captured:
        assert rows_of(connection, "SELECT 1 WHERE %s = %s", ["a", "a"]) == [(1,)]

    assert captured.captured_queries[0]["sql"].startswith("SELECT 1 WHERE")
