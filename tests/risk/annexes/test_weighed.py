"""What an annex misses is weighed once, and is what would be weighed of the rows now."""

import datetime
import sys

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from registry.services.processes import move_process
from risk.enums import RowKind, Verb
from risk.models import Remark
from risk.services.annexes import weighed
from risk.services.annexes.remarks import add_remark
from risk.services.annexes.weighed import missing_now
from tests.people import make_member
from tests.register import add_complete_process, complete_annex
from tests.risk.annexes.missing_lists import assert_weighed_is_true, fresh, told

pytestmark = pytest.mark.django_db

STATEMENTS = 6
"""The marks, the words looked for, where processes stand, the open remarks."""
MORE = 30


@pytest.fixture
def annex():
    annex = complete_annex()
    for number in range(3):
        add_complete_process(annex, f"Altro {number}")
    return annex


def calls_of(act) -> int:
    """Return how many functions of Python an act calls."""
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return calls


def seen_again(annex) -> tuple[int, list[str]]:
    """Return what the second look takes: calls of functions, and its statements."""
    row = fresh(annex)
    for _look in range(2):
        missing_now(row)
    with CaptureQueriesContext(connection) as captured:
        missing_now(row)
    return calls_of(lambda: missing_now(row)), [query["sql"] for query in captured]


def test_a_second_look_goes_through_no_process(annex):
    """Neither the rows read nor the functions called are more where there are thirty more."""
    calls, statements = seen_again(annex)
    assert len(statements) <= STATEMENTS
    assert not [sql for sql in statements if "risk_processcontent" in sql]
    for number in range(MORE):
        add_complete_process(annex, f"Molti {number}")
    more_calls, more_statements = seen_again(annex)
    assert len(more_statements) == len(statements)
    assert more_calls == calls


def test_places_and_numbers_are_looked_at(annex):
    processes = list(annex.processes.order_by("position"))
    processes[0].__class__.objects.filter(pk__in=[row.pk for row in processes]).update(kind="")
    assert_weighed_is_true(annex)
    before = told(annex)
    move_process(process=processes[-1], position=1)
    assert_weighed_is_true(annex)
    assert told(annex) != before
    of = processes[0].__class__.objects.filter(pk=processes[0].pk)
    of.update(number=900)
    assert_weighed_is_true(annex)
    assert any("n. 900" in sentence for _code, sentence in told(annex))
    of.update(retired_on=datetime.date(2021, 1, 1), retired_reason="Passato ad altri.")
    assert_weighed_is_true(annex)
    assert not any("n. 900" in sentence for _code, sentence in told(annex))


def test_a_process_that_was_never_marked_is_known_by_its_uid(annex):
    row = annex.processes.order_by("position").last()
    new = row.__class__.objects.create(
        annex=annex, title="Nuovo", number=row.number + 1, position=row.position + 1
    )
    assert_weighed_is_true(annex)
    new.__class__.objects.filter(pk=new.pk).delete()
    assert_weighed_is_true(annex)


def test_an_open_remark_is_told_and_not_kept(annex):
    process = annex.processes.order_by("position")[1]
    processes = annex.processes.all()
    processes.filter(pk=annex.processes.order_by("position")[2].pk).update(kind="")
    assert_weighed_is_true(annex)
    by = make_member("rpct", "rpct", body=annex.plan.administration)
    before = missing_now(fresh(annex))
    about = {"row": process, "kind": RowKind.PROCESS, "process": process}
    for blocks in (Verb.SUBMIT, Verb.APPROVE):
        add_remark(annex=fresh(annex), text="Perché?", by=by, blocks=blocks, **about)
    now = missing_now(fresh(annex))
    assert (now.blocking, now.warning) == (before.blocking + 1, before.warning + 1)
    assert now.groups[0].process.pk == process.pk
    assert_weighed_is_true(annex)
    Remark.objects.update(process=None)
    assert missing_now(fresh(annex)).groups[0].process is None
    assert_weighed_is_true(annex)
    Remark.objects.all().delete()
    assert missing_now(fresh(annex)) == before


def test_the_first_are_those_that_block(annex):
    last = annex.processes.order_by("position").last()
    annex.processes.exclude(pk=last.pk).update(risk_area=None)
    last.phases.update(executor_role=None, executor_office=None)
    found = missing_now(fresh(annex))
    points = sorted(found.points(), key=lambda point: not point.blocks)
    for count in (0, 2, 5, 99):
        assert found.first(count) == points[:count]


def test_what_is_moved_while_it_is_weighed_is_not_kept(annex, monkeypatch):
    """Places may be given back: the marks of before would be those of then."""
    first, second = annex.processes.order_by("position")[:2]
    annex.processes.update(kind="")
    read = weighed.marks_of

    def marks_before_a_move(row):
        marks = read(row)
        move_process(process=second, position=1)
        return marks

    monkeypatch.setattr(weighed, "marks_of", marks_before_a_move)
    missing_now(fresh(annex))
    monkeypatch.undo()
    first.refresh_from_db()
    move_process(process=first, position=1)
    assert_weighed_is_true(annex)


def test_each_language_is_weighed_by_itself(annex):
    annex.processes.update(kind="")
    italian = told(annex)
    with override("de"):
        assert_weighed_is_true(annex)
    assert told(annex) == italian
