"""What is put on archived processes alone is printed nowhere, and so asked of nobody."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from registry.clock import today
from registry.models import Action, RiskArea
from registry.services.processes import retire_process
from risk.models import Measure, MeasureTarget, PlannedMeasure
from risk.services.monitoring.opening import asked_measures
from risk.services.monitoring.report_data import areas_of, round_content
from risk.services.monitoring.rounds import create_round
from risk.services.monitoring.sampling import population_of
from risk.services.monitoring.suitability import missing
from risk.services.monitoring.yearly import year_content, year_report
from risk.services.plans.weight import weight_of
from risk.services.treatment.terms import answered_on
from tests.people import client_of
from tests.register import (
    assess,
    make_annex,
    make_area,
    make_behaviour,
    make_method,
    make_phase,
    make_process,
    use_method,
)
from tests.risk.monitoring.conftest import ROUND, in_force

pytestmark = pytest.mark.django_db


def _archive(planned: dict[str, PlannedMeasure]) -> None:
    retire_process(process=planned["late"].targets.first().process, reason="Non c’è più.")


def _answered(world) -> int:
    offices = [world.annex.office_id, world.other.office_id]
    return answered_on(offices, [world.plan.administration_id], today()).count()


COUNTED: dict[str, Callable] = {
    "the round that was opened": lambda w: w.round.items.count(),
    "the measures of its report": lambda w: round_content(w.round)["planned"],
    "what may be drawn": lambda w: len(population_of(w.round)),
    "the year": lambda w: year_content(w.plan, 2021, [])["planned"],
    "what is to be judged": lambda w: missing(w.plan, 2021).count(),
    "what the year has judged": lambda w: len(year_report(w.plan, 2021).judged),
    "what offices answer for": _answered,
    "the weight of the plan": lambda w: sum(one.measures for one in weight_of(w.plan)),
    "the measures by office": lambda w: sum(
        PlannedMeasure.objects.filter(plan=w.plan).counted_by_office().values()
    ),
}
"""Every place that counts the measures of a plan for monitoring."""


def test_every_door_leaves_out_what_is_on_an_archived_process():
    world = in_force(_archive)

    assert {name: count(world) for name, count in COUNTED.items()} == dict.fromkeys(COUNTED, 2)
    assert not world.round.items.filter(planned_measure=world.planned["late"]).exists()
    names = [world.plan.administration.ipa_code, world.plan.slug]
    listed = client_of(world.people["rpct"]).get(reverse("risk:plan_suitability", args=names))
    assert "Controlli a campione" in listed.content.decode()
    assert "Rotazione" not in listed.content.decode()


def test_a_measure_on_another_process_too_is_asked_about_in_that_area_alone():
    def put_on_another(planned: dict[str, PlannedMeasure]) -> None:
        _archive(planned)
        annex = planned["late"].annex
        area = make_area(annex.plan.administration, "G", "Personale")
        planned["late"].targets.create(process=make_process(annex, "Concorsi", risk_area=area))

    world = in_force(put_on_another)

    assert world.round.items.count() == 3
    area = RiskArea.objects.get(code="G")
    found = areas_of(planned_measure__plan=world.plan)
    assert found == {world.planned["late"].pk: [area.printed]}


def test_whatever_of_a_process_a_measure_is_put_on_counts_while_the_process_does():
    annex = make_annex()
    process = make_process(annex)
    phase = make_phase(process)
    action = Action.objects.create(phase=phase, position=1, title="Ricevere")
    parts = {"process": process, "phase": phase, "action": action}
    parts["behaviour"] = make_behaviour(process)
    measure = Measure.objects.create(code="M", label="Controlli", character="specific")
    told = {"plan": annex.plan, "annex": annex, "measure": measure}
    scopes = {column: scope for scope, column in MeasureTarget.COLUMNS.items()}
    rows = {
        name: PlannedMeasure.objects.create(scope=scopes.get(name, "processes"), **told)
        for name in (*parts, "nothing")
    }
    for name, part in parts.items():
        rows[name].targets.create(**{name: part})
    in_use = PlannedMeasure.objects.filter(plan=annex.plan).in_use()

    assert set(in_use) == {rows[name] for name in parts}
    retire_process(process=process, reason="Non c’è più.")
    assert not in_use.all()


def test_a_level_of_an_archived_process_asks_for_nothing():
    method = make_method()

    def judge(planned: dict[str, PlannedMeasure]) -> None:
        late, annex = planned["late"], planned["late"].annex
        use_method(annex, method)
        low = make_process(annex, "Concorsi")
        late.targets.create(process=low)
        assess(low, method, "Basso", "Poche.")
        assess(late.targets.first().process, method, "Alto", "Molte.")
        _archive(planned)

    world = in_force(judge)
    from_high = {"coverage": "level", "level": method.levels.get(label="Alto")}
    values = {**ROUND, **from_high, "label": "Da alto"}
    row = create_round(plan=world.plan, by=world.people["rpct"], **values)

    assert {one.measure.code for one in asked_measures(row)} == {"own", "other"}
