"""Each border of the risk room by its guard's name, and what a person reads of it.

The guards that freeze an annex are attacked in tests/risk/annexes.
"""

import pytest
from django.db import IntegrityError, transaction

from registry.guards import refusal_of
from registry.models import Annex, Office, Phase, Plan, Process
from risk.guards.borders import GUARDS
from risk.models import (
    Assessment,
    Indicator,
    MeasureTarget,
    PlannedMeasure,
    RiskBehaviour,
)
from tests.register import reconfirm
from tests.risk.admin.world import build


@pytest.fixture
def world(db):
    """Two bodies; body A has a second process, annex and plan beside its first."""
    world = build()
    a = world.a
    office = Office.objects.create(administration=a.administration, code="N", name="Nuovo")
    a.other_process = Process.objects.create(annex=a.annex, position=9, number=9, title="Altro")
    a.other_plan = Plan.objects.create(
        administration=a.administration, title="Altro piano", first_year=2024, last_year=2026
    )
    a.other_annex = Annex.objects.create(plan=a.plan, office=office)
    a.far_annex = Annex.objects.create(plan=a.other_plan, office=office)
    a.far_process = Process.objects.create(
        annex=a.other_annex, position=1, number=1, title="Di un altro ufficio"
    )
    return world


def move(row, **changes):
    """Change a row as no form would, past every check of the application."""
    type(row)._base_manager.filter(pk=row.pk).update(**changes)


def measure_of(one, scope):
    return PlannedMeasure.objects.create(
        plan=one.plan, annex=one.annex, measure=one.measure, scope=scope
    )


def target(one, scope, **what):
    MeasureTarget.objects.create(planned_measure=measure_of(one, scope), **what)


def copied(one):
    fields = {"position": 8, "number": 8, "title": "Copia", "origin_uid": one.process.uid}
    return Process.objects.create(annex=one.annex, **fields)


def phase_of(process):
    return Phase.objects.create(process=process, position=7, title="Fase")


def behaviour_of(process):
    return RiskBehaviour.objects.create(process=process, position=7, text="Testo")


BREAKS = {
    "risk_coverage_phase_of_same_process": lambda a, b: move(
        a.coverage, phase=phase_of(a.other_process)
    ),
    "risk_coverage_action_of_same_process": lambda a, b: move(
        a.coverage,
        phase=None,
        action=phase_of(a.other_process).actions.create(position=1, title="A"),
    ),
    "risk_riskbehaviour_stays_in_its_process": lambda a, b: move(
        behaviour_of(a.process), process=a.other_process
    ),
    "risk_assessment_level_of_method": lambda a, b: move(a.assessment, level=b.level),
    "risk_rating_indicator_of_method": lambda a, b: move(a.rating, indicator=b.indicator),
    "risk_rating_level_of_method": lambda a, b: move(a.rating, level=b.level),
    "risk_rating_answer_of_indicator": lambda a, b: move(
        a.rating,
        answer=Indicator.objects.create(
            method=a.method, code="X", position=9, label="Altro"
        ).answers.create(position=1, label="Sì", score=1),
    ),
    "risk_plannedmeasure_annex_of_plan": lambda a, b: move(
        measure_of(a, "annex"), annex=a.far_annex
    ),
    "risk_plannedmeasure_measure_of_same_body": lambda a, b: move(
        a.plannedmeasure, measure=b.measure
    ),
    "risk_plannedmeasure_office_of_same_body": lambda a, b: move(
        a.plannedmeasure, responsible_office=b.office
    ),
    "risk_plannedmeasure_keeps_its_scope": lambda a, b: move(a.plannedmeasure, scope="phases"),
    "risk_plannedmeasure_objective_of_same_plan": lambda a, b: move(
        a.plannedmeasure, objective=b.objective
    ),
    "risk_reconfirmation_of_a_copy": lambda a, b: reconfirm(a.process),
    "risk_reconfirmation_stays_as_written": lambda a, b: move(reconfirm(copied(a)), words="1" * 64),
    "risk_chapter_stays_in_its_plan": lambda a, b: move(a.chapter, plan=a.other_plan),
    "risk_consultation_stays_in_its_plan": lambda a, b: move(a.consultation, plan=a.other_plan),
    "risk_contribution_stays_as_received": lambda a, b: move(a.contribution, text="Altro"),
    "risk_objective_stays_in_its_plan": lambda a, b: move(a.objective, plan=a.other_plan),
    "risk_objectiveindicator_stays_in_its_objective": lambda a, b: move(
        a.objectiveindicator, objective=b.objective
    ),
    "risk_planmethod_method_of_same_body": lambda a, b: move(a.planmethod, method=b.method),
    "risk_textblock_plan_of_same_body": lambda a, b: move(a.textblock, plan=b.plan),
    "risk_measuretarget_fits_scope": lambda a, b: target(a, "phases", process=a.process),
    "risk_measuretarget_process_of_same_annex": lambda a, b: target(
        a, "processes", process=a.far_process
    ),
    "risk_measuretarget_phase_of_same_annex": lambda a, b: target(
        a, "phases", phase=phase_of(a.far_process)
    ),
    "risk_measuretarget_action_of_same_annex": lambda a, b: target(
        a, "actions", action=phase_of(a.far_process).actions.create(position=1, title="A")
    ),
    "risk_measuretarget_behaviour_of_same_annex": lambda a, b: target(
        a, "behaviours", behaviour=behaviour_of(a.far_process)
    ),
    "risk_progressindicator_step_of_same_measure": lambda a, b: move(
        a.progressindicator,
        step=measure_of(a, "annex").steps.create(position=1, description="Passo"),
    ),
}


def test_every_guard_is_broken_here():
    assert set(BREAKS) == {guard.name for guard in GUARDS}


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_database_refuses_and_says_why(world, guard):
    with pytest.raises(IntegrityError, match=guard.name) as refused, transaction.atomic():
        BREAKS[guard.name](world.a, world.b)

    assert refusal_of(refused.value) == guard.message[0].upper() + guard.message[1:]


def test_an_assessment_is_of_a_process_or_of_a_behaviour(world):
    one = world.a
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Assessment.objects.create(
            process=one.process, behaviour=one.riskbehaviour, method=one.method
        )

    assert refusal_of(refused.value) == "Si valuta un processo oppure un comportamento."
