"""The figures of an annex are drawn once, and are what would be counted of the rows now."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import Office, Plan
from registry.services.processes import restore_process, retire_process
from risk.models import Measure, PlannedMeasure
from risk.services.annexes.drawn_figures import drawn_figures
from risk.services.annexes.marks import counted_of
from tests.register import add_complete_process, complete_annex, make_process
from tests.risk.annexes.figures_drawn import assert_figures_are_true
from tests.risk.annexes.missing_lists import fresh

pytestmark = pytest.mark.django_db

STATEMENTS = 2
"""The marks with the processes in use, the measures."""


@pytest.fixture
def annex():
    annex = complete_annex()
    add_complete_process(annex, "Altro")
    return annex


def test_a_second_look_counts_no_process(annex):
    before = assert_figures_are_true(annex)
    row = fresh(annex)
    with CaptureQueriesContext(connection) as captured:
        assert drawn_figures(row) == before
    assert len(captured) == STATEMENTS
    assert not [query["sql"] for query in captured if "risk_riskbehaviour" in query["sql"]]


def test_what_marks_nothing_is_told_too(annex):
    """A process that is new, put away and taken back; a measure on nothing; names in addresses."""
    shown = [assert_figures_are_true(annex)]
    process = make_process(fresh(annex), "Nuovo")
    shown.append(assert_figures_are_true(annex))
    marks = counted_of(fresh(annex))
    retire_process(process=process, reason="Passato ad altri.")
    shown.append(assert_figures_are_true(annex))
    assert shown[2] == shown[0]
    restore_process(process=fresh(annex).processes.get(pk=process.pk))
    assert assert_figures_are_true(annex) == shown[1]
    # what was counted in between would not be found under the marks of before
    assert counted_of(fresh(annex)) != marks

    measure = Measure.objects.create(code="NUOVA", label="Nuova", character="general")
    planned = PlannedMeasure.objects.create(
        plan=annex.plan, annex=annex, measure=measure, scope="processes"
    )
    shown.append(assert_figures_are_true(annex))
    PlannedMeasure.objects.filter(pk=planned.pk).update(start_state="done")
    shown.append(assert_figures_are_true(annex))
    Plan.objects.filter(pk=annex.plan_id).update(title="Altro piano")
    shown.append(assert_figures_are_true(annex))
    Office.objects.filter(pk=annex.office_id).update(code="ALTRO")
    shown.append(assert_figures_are_true(annex))
    assert len(set(shown)) == len(shown) - 1
