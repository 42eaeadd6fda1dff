"""Very many rows at once are what they would have been one by one, history and trail included."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from registry.acts import act
from registry.enums import TrailOutcome
from registry.models import Phase, Process, TrailRecord, User
from registry.services.bulk import insert_with_history
from registry.services.new_rows import new_row
from registry.services.rows_read import rows_read
from registry.services.trail_verification import verify_trail
from registry.services.undo import undo
from registry.trail.records import history_line, rows_digest
from tests.register import close, make_annex, make_area, make_process
from tests.statements import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return User.objects.create(username="chi-importa")


def plain(row):
    """All columns of a row but those that are never alike."""
    own = {"id", "uid", "process_id", "history_id", "history_date", "history_change_reason"}
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in own
    }


def test_a_new_row_is_what_its_class_makes():
    annex = make_annex()
    area = make_area(annex.plan.administration)
    values = {"annex": annex, "risk_area": area, "macroprocess": None, "title": "Già", "number": 3}
    made, expected = new_row(Process, **values), Process(**values)
    assert plain(made) == plain(expected)
    assert (made.uid, made.pk) != (expected.uid, None)
    assert made._state.adding
    with at_most(0):
        assert (made.annex, made.risk_area, made.macroprocess) == (annex, area, None)


def test_rows_and_history_are_those_of_a_save(by):
    process = make_process(make_annex())
    with act("prova", by=by):
        saved = Phase.objects.create(process=process, position=1, title="Qualità dell’Aria")
    rows = [new_row(Phase, process=process, position=n, title=saved.title) for n in (2, 3)]
    with act("prova", by=by) as opened:
        insert_with_history(rows, opened=opened)
    one = Phase.objects.get(pk=rows[0].pk)
    assert plain(one) == plain(saved) | {"position": 2}
    (record,) = one.history.all()
    assert plain(record) == plain(saved.history.get()) | {"position": 2}
    assert (record.history_user, record.history_change_reason) == (by, opened.mark)


def test_new_rows_refer_to_rows_just_inserted(by):
    annex = make_annex()
    process = new_row(Process, annex=annex, number=1, position=1, title="Uno")
    phases = [new_row(Phase, process=process, position=n, title="Fase") for n in range(1, 4)]
    with act("prova", by=by) as opened:
        insert_with_history([process], opened=opened)
        insert_with_history(phases, opened=opened)
    assert Process.objects.get(title="Uno").phases.count() == 3
    # keys go on where they were
    assert Phase.objects.create(process=process, position=9, title="Dopo").pk > phases[-1].pk


def test_the_trail_knows_them_and_the_act_is_undone(by):
    process = make_process(make_annex())
    with act("prova", by=by) as opened:
        phases = [new_row(Phase, process=process, position=n, title="Fase") for n in (1, 2)]
        insert_with_history(phases, opened=opened)
    record = TrailRecord.objects.get(kind="prova", outcome=TrailOutcome.DONE)
    assert record.row_count == 2
    assert verify_trail() == []
    undo(uid=opened.uid, at=record.at, by=by)
    assert not process.phases.exists()
    assert verify_trail() == []


@pytest.mark.parametrize("state", ["draft", "issued"])
def test_what_the_database_refuses_is_an_error_of_django(by, state):
    """A place taken twice, and a guard: an annex that is not open."""
    process = make_process(make_annex())
    if state == "issued":
        close(process.annex, state)
    rows = [new_row(Phase, process=process, position=1, title="Fase") for _n in range(2)]
    with pytest.raises(IntegrityError), transaction.atomic(), act("prova", by=by) as opened:
        insert_with_history(rows, opened=opened)
    assert not Phase.objects.exists()


@pytest.mark.parametrize("titles", [["100 % di %s"], ["100 %", "%d"], ["Prima", "%(a)s", "à"]])
def test_what_the_trail_tells_of_rows_is_what_it_would_of_each(by, titles):
    """Alike or not, with columns some of them leave empty, and with signs of a pattern."""
    process = make_process(make_annex())
    rows = [new_row(Phase, process=process, position=n, title=t) for n, t in enumerate(titles, 1)]
    rows[0].origin_uid = process.uid
    with act("prova", by=by) as opened:
        insert_with_history(rows, opened=opened)
    record = TrailRecord.objects.latest("pk")
    lines = [history_line(row.history.get()) for row in rows]
    assert (record.row_count, record.rows_digest) == (len(rows), rows_digest(lines))


def test_the_statements_do_not_grow_with_the_rows(by):
    process = make_process(make_annex())
    for count in (10, 2000):
        rows = [
            new_row(Phase, process=process, position=count + n, title="Fase") for n in range(count)
        ]
        inserts = 1 if connection.vendor == "postgresql" else -(-count // 500)
        with act("prova", by=by) as opened, at_most(3 + inserts):
            insert_with_history(rows, opened=opened)


def test_a_row_keeps_the_moment_it_brings_and_its_own_history(by):
    process = make_process(make_annex())
    rows = [new_row(Phase, process=process, position=n, title=f"Fase {n}") for n in range(1, 5)]
    then = timezone.now() - datetime.timedelta(days=3)
    rows[2]._history_date = then
    with act("prova", by=by) as opened:
        insert_with_history(rows, opened=opened)
    for row in rows:
        (record,) = row.history.all()
        assert (record.title, record.uid, record.id) == (row.title, row.uid, row.pk)
        assert (record.history_date == then) is (row is rows[2])
    assert verify_trail() == []


def test_rows_read_are_those_of_their_query(by):
    annex = make_annex()
    areas = [make_area(annex.plan.administration), None]
    for number, area in enumerate(areas, 1):
        make_process(annex, title=f"P{number}", risk_area=area)
    query = Process.objects.filter(annex=annex).order_by("position")
    with at_most(2):
        found = rows_read(query, "risk_area")
        assert [row.risk_area for row in found] == areas
    for row, expected in zip(found, query, strict=True):
        assert row == expected
        assert not row._state.adding
        every = [field.attname for field in Process._meta.concrete_fields]
        assert [getattr(row, name) for name in every] == [getattr(expected, name) for name in every]
