"""A statement that is put together once asks what the query says, with the values of the call."""

import datetime
import threading
import uuid
from contextlib import suppress

import pytest
from django.db import DatabaseError, connection
from django.db.models import F, Q
from django.http import Http404

from registry.kept_statements import KeptStatement
from registry.models import Membership, Office, Process, User
from registry.permissions import reach_of
from registry.services.process_lookup import ProcessLookup
from tests.people import people_of
from tests.register import complete_annex, make_annex, make_process

pytestmark = pytest.mark.django_db

DAY = datetime.date(2021, 6, 1)


def built_with(calls: list):
    def build(uid, offices, day, code):
        calls.append(uid)
        rows = Process.objects.filter(Q(annex__office__in=offices) | Q(uid=uid))
        rows = rows.exclude(retired_on__gt=day).exclude(annex__office__code=code)
        return rows.select_related("annex__office").annotate(of=F("annex__office__code"))

    return build


@pytest.fixture
def offices():
    """Two annexes of one body, each with a process."""
    first = complete_annex()
    second = make_annex(first.plan.administration, office="Personale")
    make_process(second, title="Concorsi")
    return first, second


def values_of(first, second) -> list[tuple]:
    other, one, two = second.processes.get().uid, first.office_id, second.office_id
    return [
        (uuid.uuid4(), {one}, DAY, "x"),
        (uuid.uuid4(), {two}, DAY, "x"),
        (other, {one}, DAY, "x"),
        (other, {one}, DAY, second.office.code),
        (other, {one, two}, DAY, "x"),
        (other, set(), DAY, "x"),
    ]


def test_it_asks_with_the_values_of_the_call(offices):
    find, build = KeptStatement(built_with([])), built_with([])
    for _turn in range(2):
        for given in values_of(*offices):
            rows, wanted = find(*given), build(*given)
            assert sorted(row.pk for row in rows) == sorted(row.pk for row in wanted)
            assert [row.of for row in rows] == [row.annex.office.code for row in rows]
    assert [len(find(*given)) for given in values_of(*offices)] == [1, 1, 2, 1, 2, 1]


def test_it_is_put_together_once_for_each_shape_and_is_one_statement(
    offices, django_assert_num_queries
):
    calls: list = []
    find = KeptStatement(built_with(calls))
    given = values_of(*offices)
    for one in given:
        find(*one)
    made = len(calls)
    with django_assert_num_queries(len(given)):
        for one in given:
            assert all(row.annex.office.code for row in find(*one))
    assert len(calls) == made


def test_collections_are_kept_in_few_lengths(offices, django_assert_num_queries):
    built: list = []

    def build(keys):
        built.append(len(keys))
        return Office.objects.filter(pk__in=keys)

    find, own = KeptStatement(build), offices[0].office_id
    # keys that no row ever has, however far the engine has counted
    others = [-1 - n for n in range(16)]
    for count in range(17):
        assert {row.pk for row in find([own, *others[:count], own])} == {own}
    made = len(built)
    with django_assert_num_queries(16):
        for count in range(1, 17):
            assert own not in {row.pk for row in find(others[:count])}

    assert len(built) == made
    assert {1, 2, 4, 8, 16, 32} <= set(built) <= {1, 2, 3, 4, 5, 8, 9, 16, 17, 32}


def test_what_can_have_no_rows_has_none(offices, django_assert_num_queries):
    find = KeptStatement(lambda offices: Office.objects.filter(pk__in=offices))
    with django_assert_num_queries(0):
        assert find(()) == find([]) == []
    assert [row.pk for row in find([offices[0].office_id])] == [offices[0].office_id]


@pytest.mark.parametrize(
    "build",
    [
        lambda value: Office.objects.filter(pk=value) if value > 500 else Office.objects.all(),
        lambda value: Office.objects.filter(pk=value % 7),
        lambda value: Office.objects.all(),
    ],
    ids=["other words", "another value", "no place"],
)
def test_a_query_that_looks_at_its_values_is_refused(build):
    with pytest.raises(ValueError, match="SELECT"):
        KeptStatement(build)(3)


def test_rows_are_those_whoever_asks_may_see(offices):
    first, _second = offices
    people, process = people_of(first), first.processes.get()
    find = ProcessLookup(lambda rows: rows.select_related("annex"))

    for _turn in range(2):
        for name in ("editor", "head", "rpct", "auditor"):
            assert find(people[name], str(process.uid)) == process
            assert find(people[name], process.uid, to_read=True) == process
        for name in ("colleague", "stranger"):
            with pytest.raises(Http404):
                find(people[name], process.uid)
            with pytest.raises(Http404):
                find(people[name], process.uid, to_read=True)


def test_a_role_that_ends_is_over_with_the_next_question(offices):
    first, _second = offices
    editor = people_of(first)["editor"]
    assert reach_of(editor).own_offices == {first.office_id}
    Membership.objects.filter(user=editor).update(ends_on=datetime.date(2021, 1, 1))

    assert reach_of(User.objects.get(pk=editor.pk)).own_offices == set()


def test_each_thread_asks_by_a_connection_of_its_own(offices):
    asked: list = []
    find = KeptStatement(lambda pk: Office.objects.filter(pk=pk))
    find(offices[0].office_id)

    def ask() -> None:
        def note(execute, *statement):
            asked.append(threading.get_ident())
            return execute(*statement)

        # another connection has a database of its own here, or sees nothing of this test
        with connection.execute_wrapper(note), suppress(DatabaseError):
            find(offices[0].office_id)
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert asked == [thread.ident]
