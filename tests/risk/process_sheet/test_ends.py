"""What the bar of a sheet marks: the parts in which nothing is missing."""

import re

import pytest
from django.urls import reverse
from model_bakery import baker

from risk.models import Measure, MeasureTarget, PlannedMeasure, Rating
from tests.register import assess, make_behaviour, make_method, use_method

pytestmark = pytest.mark.django_db
PARTS = {"Descrizione", "Fasi e azioni", "Comportamenti", "Valutazione", "Trattamento"}
LINK = re.compile(r'<a href="#\w+">(\w[\w ]*)\s*<span class="visually-hidden"(| hidden)>')


@pytest.fixture
def method(annex):
    method = make_method()
    use_method(annex, method)
    return method


@pytest.fixture
def marked(desk, process):
    """Return a function that opens the sheet and returns the parts it marks."""

    def do_open() -> set[str]:
        page = desk.get(reverse("risk:process_sheet", args=[process.uid])).content.decode()
        found = LINK.findall(page)
        assert {name for name, _hidden in found} == PARTS
        return {name for name, hidden in found if not hidden}

    return do_open


def plan_measure(annex, character: str, **target) -> None:
    measure = baker.make(Measure, label=f"Misura {character}", character=character)
    planned = PlannedMeasure.objects.create(
        plan=annex.plan, annex=annex, measure=measure, scope="processes"
    )
    MeasureTarget.objects.create(planned_measure=planned, **target)


def test_a_process_with_nothing_in_it_has_no_mark(marked):
    assert marked() == set()


def test_rows_without_gaps_are_marked(marked, process, phases, lists):
    for phase in phases:
        phase.executor_role = lists["role"]
        phase.save()
    assert marked() == {"Fasi e azioni"}
    make_behaviour(process, "Favorire un utente", phases)
    assert marked() == {"Fasi e azioni", "Comportamenti"}


def test_without_risk_there_is_nothing_to_assess_or_treat(marked, process):
    process.risk_presence = "absent"
    process.risk_presence_reason = "Nessuno decide nulla."
    process.save()
    assert {"Valutazione", "Trattamento"} <= marked()


@pytest.mark.parametrize("of_behaviour", [False, True])
def test_a_judgement_is_whole_with_its_motivations(
    marked, process, behaviours, method, of_behaviour
):
    row = assess(behaviours[0] if of_behaviour else process, method, "Medio")
    assert "Valutazione" not in marked()
    row.motivation = "Gli atti sono pubblici."
    row.save()
    assert "Valutazione" in marked()
    indicator = method.indicators.create(code="1", label="Interesse esterno", position=1)
    rating = Rating.objects.create(
        assessment=row, indicator=indicator, level=method.levels.get(label="Medio")
    )
    assert "Valutazione" not in marked()
    rating.motivation = "Le somme sono piccole."
    rating.save()
    assert "Valutazione" in marked()


def test_a_level_by_another_method_is_no_judgement_of_the_plan(marked, process, method):
    assess(process, make_method("ALTRO"), "Medio", "Con un altro metodo.")
    assert "Valutazione" not in marked()


def test_the_highest_level_asks_for_a_specific_measure(marked, annex, process, method):
    plan_measure(annex, "general", process=process)
    assert "Trattamento" in marked()
    assess(process, method, "Alto", "Le somme sono grandi.")
    assert "Trattamento" not in marked()
    plan_measure(annex, "specific", process=process)
    assert "Trattamento" in marked()
