"""Levels, progress and figures: the same numbers a person would count by hand."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.enums import RiskPresence
from registry.models import Annex, Process
from risk.content.figures import NONE, annex_figures, plan_figures
from risk.content.levels import with_level
from risk.models import EventCategory, Measure, PlannedMeasure
from risk.services.desk.progress import with_progress
from tests.register import (
    assess,
    make_annex,
    make_area,
    make_behaviour,
    make_body,
    make_method,
    make_phase,
    make_process,
    use_method,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def method(annex):
    method = make_method()
    use_method(annex, method)
    return method


def levels(annex, method) -> list[tuple[str | None, bool]]:
    labels = {level.pk: level.label for level in method.levels.all()}
    rows = with_level(Process.objects.filter(annex=annex), method).order_by("position")
    return [(labels.get(row.level_id), row.level_is_derived) for row in rows]


def test_a_process_has_its_own_level_or_the_highest_of_its_behaviours(annex, method):
    own = make_process(annex)
    assess(own, method, "Basso")
    assess(make_behaviour(own), method, "Alto")
    derived = make_process(annex)
    assess(make_behaviour(derived, "Primo"), method, "Basso")
    assess(make_behaviour(derived, "Secondo"), method, "Medio")
    make_process(annex)
    assert levels(annex, method) == [("Basso", False), ("Medio", True), (None, False)]


def test_levels_of_another_method_do_not_count(annex, method):
    assess(make_process(annex), make_method("ALTRO"), "Alto")
    assert levels(annex, method) == [(None, False)]


def progress(annex) -> tuple[int, ...]:
    row = with_progress(Annex.objects.filter(pk=annex.pk)).get()
    names = ("process", "mapped", "settled", "risky", "assessed", "treated")
    return tuple(getattr(row, f"{name}_count") for name in names)


def test_progress_counts_each_step(annex, method):
    body = annex.plan.administration
    assert progress(annex) == (0, 0, 0, 0, 0, 0)
    area = make_area(body)
    macroprocess = body.macroprocess_set.create(code="M", label="Altri servizi")
    process = make_process(annex, kind="primary", risk_area=area, macroprocess=macroprocess)
    make_process(annex)
    assert progress(annex) == (2, 0, 0, 0, 0, 0)
    make_phase(process)
    assert progress(annex) == (2, 1, 0, 0, 0, 0)
    process.risk_presence = RiskPresence.PRESENT
    process.save()
    assert progress(annex) == (2, 1, 1, 1, 0, 0)
    assess(make_behaviour(process), method, "Alto")
    assert progress(annex) == (2, 1, 1, 1, 1, 0)
    measure = Measure.objects.create(code="FORM", label="Formazione", character="general")
    planned = PlannedMeasure.objects.create(
        plan=annex.plan, annex=annex, measure=measure, scope="processes"
    )
    assert progress(annex) == (2, 1, 1, 1, 1, 0)
    planned.targets.create(process=process)
    assert progress(annex) == (2, 1, 1, 1, 1, 1)


def test_a_measure_of_the_whole_plan_treats_every_process(annex):
    make_process(annex, risk_presence=RiskPresence.PRESENT)
    measure = Measure.objects.create(code="FORM", label="Formazione", character="general")
    PlannedMeasure.objects.create(plan=annex.plan, measure=measure, scope="plan")
    assert progress(annex)[-1] == 1


def test_the_heat_map_counts_areas_and_levels(annex, method):
    area = make_area(annex.plan.administration)
    for level in ("Alto", "Alto", "Basso"):
        process = make_process(annex, risk_area=area, risk_presence=RiskPresence.PRESENT)
        assess(process, method, level)
    make_process(annex, risk_area=area)
    make_process(annex, risk_presence=RiskPresence.ABSENT)
    table = annex_figures(annex).levels
    assert table.columns == ("Alto", "Medio", "Basso", "non valutati", "rischio assente")
    counts = {line.label: [cell.count for cell in line.cells] for line in table.lines}
    assert counts == {
        "F) Entrate (generale)": [2, 0, 1, 1, 0, 4],
        "senza area di rischio": [0, 0, 0, 0, 1, 1],
    }
    assert table.total == 5
    first = table.lines[0].cells[0]
    assert (first.filters, first.strength) == ({"area": "F", "livello": "A"}, 4)
    assert table.lines[0].cells[1].strength == 0
    assert table.lines[1].cells[-1].filters == {"area": NONE}


def test_categories_count_behaviours(annex):
    category = EventCategory.objects.create(code="1", label="Conflitto di interessi")
    process = make_process(annex)
    make_behaviour(process, "Primo").categories.add(category)
    make_behaviour(process, "Secondo")
    other = make_process(make_annex(make_body("c_x009"), office="Altro"))
    make_behaviour(other).categories.add(category)
    table = annex_figures(annex).categories
    assert [(line.label, line.cells[0].count) for line in table.lines] == [
        ("Conflitto di interessi", 1),
        ("senza categoria", 1),
    ]


def test_measures_count_by_character_and_state(annex):
    measure = Measure.objects.create(code="FORM", label="Formazione", character="general")
    fields = {"plan": annex.plan, "measure": measure}
    PlannedMeasure.objects.create(**fields, scope="plan", start_state="done")
    PlannedMeasure.objects.create(**fields, annex=annex, scope="annex", start_state="to_start")
    table = annex_figures(annex).measures
    assert table.columns == ("da avviare", "attuata")
    general, specific = table.lines
    assert [cell.count for cell in general.cells] == [1, 1, 2]
    assert [cell.count for cell in specific.cells] == [0, 0, 0]


def test_the_plan_counts_only_what_a_person_may_see(annex, method):
    mine = make_process(annex, risk_presence=RiskPresence.PRESENT)
    assess(mine, method, "Alto")
    other = make_annex(annex.plan.administration, office="Anagrafe")
    make_process(other)
    measure = Measure.objects.create(code="FORM", label="Formazione", character="general")
    for scope in (annex, other):
        PlannedMeasure.objects.create(plan=annex.plan, annex=scope, measure=measure, scope="annex")
    figures = plan_figures(annex.plan, Annex.objects.filter(pk=annex.pk))
    assert (figures.levels.total, figures.measures.total) == (1, 1)
    assert plan_figures(annex.plan, annex.plan.annexes.all()).levels.total == 2


def test_the_queries_of_the_figures_do_not_grow(annex, method, django_assert_num_queries):
    area = make_area(annex.plan.administration)

    def fill(times):
        for _index in range(times):
            assess(make_process(annex, risk_area=area), method, "Alto")

    fill(1)
    with CaptureQueriesContext(connection) as first:
        annex_figures(annex)
    fill(4)
    with django_assert_num_queries(len(first)):
        annex_figures(annex)
