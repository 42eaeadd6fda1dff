"""Putting measures on rows, taking them off, and the rows of their programming."""

import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.services.editing import save_fields
from registry.services.trail_verification import verify_trail
from risk.models import MeasureTarget, PlannedMeasure
from risk.services.treatment.page import page_of, suggestions
from risk.services.treatment.programming import (
    add_indicator,
    add_measure,
    add_step,
    remove_measure,
    remove_row,
    set_targets,
)
from tests.register import close, make_behaviour, make_process
from tests.statements import COUNTED

pytestmark = pytest.mark.django_db

ROWS = ("registry_annex", "risk_implementationstep")


@pytest.fixture
def put(annex, measures, editor):
    """Return a function that puts a measure on rows."""

    def do(*targets, measure="by_category"):
        return add_measure(annex=annex, measure=measures[measure], targets=targets, by=editor)

    return do


def test_twelve_behaviours_make_one_measure_with_twelve_targets(put, process):
    rows = [make_behaviour(process, f"Comportamento {n}") for n in range(12)]

    planned, is_new = put(*rows)

    assert is_new
    assert (planned.scope, planned.targets.count()) == ("behaviours", 12)
    reasons = set(MeasureTarget.history.values_list("history_change_reason", flat=True))
    assert reasons == {planned.history.get().history_change_reason}


@pytest.mark.parametrize(
    "take_off",
    [
        lambda planned, kept, by: set_targets(planned=planned, targets=[kept], by=by),
        lambda planned, _kept, by: remove_measure(planned=planned, process=None, by=by),
    ],
    ids=["all but one", "all"],
)
def test_taking_it_off_many_rows_costs_as_much_as_off_few(put, process, editor, take_off):
    def cost(count: int) -> int:
        rows = [make_behaviour(process, f"Comportamento {count}.{n}") for n in range(count)]
        planned, _is_new = put(*rows)
        with CaptureQueriesContext(connection) as captured:
            take_off(planned, rows[0], editor)
        assert MeasureTarget.history.filter(history_type="-").exists()
        PlannedMeasure.objects.filter(pk=planned.pk).delete()
        return len([query for query in captured if query["sql"].startswith(("COPY", *COUNTED))])

    few = cost(3)
    assert cost(12) <= few
    assert verify_trail() == []


def test_the_same_measure_on_the_same_rows_is_there_once(put, process):
    first, second = process.behaviours.all()
    planned, _new = put(first)

    assert put(first) == (planned, False)
    assert put(first, second)[1]
    assert put()[1]
    assert not put()[1]
    assert PlannedMeasure.objects.count() == 3
    assert PlannedMeasure.history.count() == 3


def test_rows_of_two_kinds_are_refused(put, process):
    with pytest.raises(ValidationError, match="un solo tipo"):
        put(process.behaviours.first(), process.phases.first())

    assert not PlannedMeasure.objects.exists()


def test_a_measure_leaves_one_process_and_stays_on_the_other(put, annex, process, editor):
    other = make_process(annex, "Altro processo")
    planned, _new = put(process, other)

    assert not remove_measure(planned=planned, process=process, by=editor)
    assert [target.process for target in planned.targets.all()] == [other]
    assert remove_measure(planned=planned, process=other, by=editor)
    assert not PlannedMeasure.objects.exists()
    assert PlannedMeasure.history.first().history_user == editor


def test_targets_are_changed_without_touching_those_that_stay(put, process, editor):
    first, second = process.behaviours.order_by("position")
    planned, _new = put(first)
    kept = planned.targets.get().uid

    set_targets(planned=planned, targets=[first, second], by=editor)

    assert planned.targets.count() == 2
    assert planned.targets.get(behaviour=first).uid == kept
    with pytest.raises(ValidationError, match="almeno un oggetto"):
        set_targets(planned=planned, targets=[], by=editor)
    with pytest.raises(ValidationError, match="non sono del tipo"):
        set_targets(planned=planned, targets=[process], by=editor)


def test_a_row_sent_twice_is_added_once(put, process, editor):
    planned, _new = put(process)
    uid = uuid.uuid4()

    first = add_step(planned=planned, uid=uid, description="Avvio", by=editor)
    again = add_step(planned=planned, uid=uid, description="Avvio", by=editor)
    last = add_step(planned=planned, uid=uuid.uuid4(), description="Verifica", by=editor)

    assert first == again
    assert (first.position, last.position) == (1, 2)


def test_the_first_indicator_is_the_master(put, process, editor):
    planned, _new = put(process)

    first, second = (
        add_indicator(planned=planned, uid=uuid.uuid4(), label=label, kind="quantity", by=editor)
        for label in ("Controlli", "Reclami")
    )

    assert (first.is_master, second.is_master) == (True, False)


def test_a_row_that_is_refused_leaves_nothing(put, process, editor):
    planned, _new = put(process)

    with pytest.raises(ValidationError) as refused:
        add_step(planned=planned, uid=uuid.uuid4(), description="", by=editor)

    assert "description" in refused.value.message_dict
    assert not planned.steps.exists()


def test_suggestions_say_why_and_on_what(process, measures):
    first, second = process.behaviours.order_by("position")

    found = {row.code: row for row in suggestions(process, planned=[])}

    assert found["MS01"].reasons == ["categoria «Conflitto di interessi»"]
    assert found["MS01"].behaviours == [str(first.uid)]
    assert found["MS02"].reasons == ["fattore «Assenza di controlli»"]
    assert found["MS02"].behaviours == [str(second.uid)]
    assert found["MS03"].reasons == ["area «Contratti pubblici»"]
    assert "MS04" not in found
    assert "MG01" not in found


def test_what_is_planned_is_not_suggested(put, process):
    put(process)

    page = page_of(process)

    assert {row.code for row in suggestions(process, planned=page.measures)} == {"MS02", "MS03"}


def test_a_high_level_asks_for_a_specific_measure(put, process, high):
    assert page_of(process).gap == high.level
    put(measure="general")
    assert page_of(process).gap == high.level
    put(process.behaviours.first())
    assert page_of(process).gap is None


def test_a_measure_of_another_process_does_not_reach_this_one(put, annex, process):
    other = make_process(annex, "Altro processo")
    put(other)
    put(measure="general")

    page = page_of(process)

    assert [row.measure.code for row in page.general] == ["MG01"]
    assert page.own == []


ACTS = {
    "put": lambda planned, row, by: add_measure(
        annex=planned.annex, measure=planned.measure, targets=(), by=by
    ),
    "reach": lambda planned, row, by: set_targets(
        planned=planned, targets=[planned.targets.first().behaviour], by=by
    ),
    "take off": lambda planned, row, by: remove_measure(planned=planned, process=None, by=by),
    "step": lambda planned, row, by: add_step(
        planned=planned, uid=uuid.uuid4(), description="Avvio", by=by
    ),
    "remove": lambda planned, row, by: remove_row(row=row, by=by),
    "save a step": lambda planned, row, by: save_fields(
        row=row, values={"description": "Altro"}, version=row.version, kind="programme", by=by
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_the_annex_is_held_before_its_rows_and_must_be_open(put, process, annex, editor, name):
    planned, _new = put(process.behaviours.first())
    row = add_step(planned=planned, uid=uuid.uuid4(), description="Prova", by=editor)
    close(annex)

    with CaptureQueriesContext(connection) as asked, pytest.raises(ValidationError) as refused:
        ACTS[name](PlannedMeasure.objects.get(), row, editor)

    assert "non è aperto" in refused.value.messages[0]
    tables = [re.search(r'FROM "(\w+)"', one["sql"]) for one in asked if "SELECT" in one["sql"]]
    # of what was locked meanwhile nothing was touched: the annex is asked first, and says no
    locked = next(found[1] for found in tables if found and found[1] in ROWS)
    assert locked == "registry_annex"
