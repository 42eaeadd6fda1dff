"""What an annex misses: each rule finds its gap, and is silent once the gap is filled."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from registry.enums import RiskPresence
from registry.models import ExecutorRole
from risk.models import ImplementationStep, Measure, MeasureTarget, PlannedMeasure
from risk.services.annexes.contents import kept_annex
from risk.services.completeness.points import (
    RULES,
    SHEET_PAGES,
    Page,
    blocking_points,
    missing_points,
    sheet_notes,
)
from tests.register import (
    assess,
    make_annex,
    make_area,
    make_behaviour,
    make_body,
    make_method,
    make_phase,
    make_process,
)

pytestmark = pytest.mark.django_db


def codes(annex) -> set[str]:
    return {point.rule.code for point in missing_points(kept_annex(annex))}


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def risky(annex):
    return make_process(annex, risk_presence=RiskPresence.PRESENT)


def planned(annex, process, *, character="general", **fields) -> PlannedMeasure:
    measure = Measure.objects.create(
        code=f"M{Measure.objects.count()}", label="Rotazione", character=character
    )
    row = PlannedMeasure.objects.create(
        plan=annex.plan, annex=annex, measure=measure, scope="processes", **fields
    )
    MeasureTarget.objects.create(planned_measure=row, process=process)
    return row


def test_every_rule_has_its_own_code_sentence_and_source():
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(rule.sentence and rule.source for rule in RULES)


def test_the_sheet_says_the_points_whose_rule_is_of_its_page_and_no_others(annex):
    for presence in (RiskPresence.TO_ASSESS, RiskPresence.ABSENT):
        make_process(annex, risk_presence=presence)
    make_phase(make_process(annex, risk_presence=RiskPresence.PRESENT))
    seen = make_process(annex, risk_presence=RiskPresence.PRESENT)
    make_phase(seen)
    make_behaviour(seen)
    said = set()
    for process in annex.processes.select_related("annex"):
        points = [row for row in missing_points(kept_annex(annex)) if row.process == process]
        for pages in (SHEET_PAGES, {Page.DESCRIPTION}):
            listed = {(row.anchor, row.sentence) for row in points if row.rule.page in pages}
            notes = sheet_notes(process, pages)
            assert {(place, one) for place, all_ in notes.items() for one in all_} == listed
        said |= {row.rule.code for row in points}
    assert said >= {rule.code for rule in RULES if rule.page is not Page.LIST}


def test_an_annex_without_processes(annex):
    assert codes(annex) == {"annex-empty"}


def test_the_columns_of_the_map(annex):
    process = make_process(annex)
    missing = {"process-area", "process-macroprocess", "process-kind"}
    assert missing < codes(annex)
    body = annex.plan.administration
    process.risk_area = make_area(body)
    process.macroprocess = baker.make("registry.Macroprocess", administration=body, label="Altri")
    process.kind = "primary"
    process.save()
    assert not missing & codes(annex)


def test_a_phase_without_executor_names_the_phase(annex):
    phase = make_phase(make_process(annex), "Collaudo")
    (point,) = [p for p in missing_points(kept_annex(annex)) if p.rule.code == "phase-executor"]
    assert point.sentence == "La fase «Collaudo» non ha un esecutore."
    assert (point.anchor, point.blocks) == (f"fase-{phase.uid}", False)
    phase.executor_role = ExecutorRole.objects.create(code="RUP", label="RUP")
    phase.save()
    assert "phase-executor" not in codes(annex)


def test_executors_on_all_actions_stand_for_the_phase(annex):
    phase = make_phase(make_process(annex))
    role = ExecutorRole.objects.create(code="RUP", label="RUP")
    phase.actions.create(position=1, title="Prima", executor_role=role)
    second = phase.actions.create(position=2, title="Seconda")
    assert "phase-executor" in codes(annex)
    second.executor_role = role
    second.save()
    assert "phase-executor" not in codes(annex)


def test_the_presence_of_risk(annex):
    process = make_process(annex)
    assert "presence-open" in codes(annex)
    process.risk_presence = RiskPresence.ABSENT
    process.save()
    assert "presence-reason" in codes(annex)
    process.risk_presence_reason = "Attività interna senza discrezionalità."
    process.save()
    assert not {"presence-open", "presence-reason"} & codes(annex)


def test_nothing_of_risk_is_asked_where_there_is_none(annex):
    make_process(annex, risk_presence=RiskPresence.ABSENT, risk_presence_reason="Vincolata.")
    asked = {code for code in codes(annex) if code.split("-")[0] in ("assessment", "treatment")}
    assert asked == set()


def test_a_risk_asks_for_behaviour_level_and_measure(annex, risky):
    assert {"presence-behaviour", "assessment-level", "treatment-none"} < codes(annex)


def test_a_behaviour_covers_some_phase(annex, risky):
    phase = make_phase(risky)
    behaviour = make_behaviour(risky)
    (point,) = [p for p in missing_points(kept_annex(annex)) if p.rule.code == "behaviour-coverage"]
    assert point.anchor == f"comportamento-{behaviour.uid}"
    behaviour.coverages.create(phase=phase)
    assert "behaviour-coverage" not in codes(annex)


def test_a_level_has_a_motivation(annex, risky):
    assessment = assess(risky, make_method(), "Basso")
    (point,) = [
        p for p in missing_points(kept_annex(annex)) if p.rule.code == "assessment-motivation"
    ]
    assert point.sentence == "Il livello «Basso» è senza motivazione."
    assessment.motivation = "Procedura interamente vincolata."
    assessment.save()
    assert "assessment-motivation" not in codes(annex)


def test_a_high_level_asks_for_a_specific_measure(annex, risky):
    assess(risky, make_method(), "Alto", "Motivo.")
    planned(annex, risky)
    assert "treatment-specific" in codes(annex)
    planned(annex, risky, character="specific")
    assert "treatment-specific" not in codes(annex)


def test_a_programmed_measure_has_responsible_term_and_indicator(annex, risky):
    row = planned(annex, risky)
    asked = {"measure-responsible", "measure-term", "measure-indicator"}
    assert asked < codes(annex)
    row.responsible_office = annex.office
    row.save()
    ImplementationStep.objects.create(
        planned_measure=row, position=1, description="Piano", timing="ogni anno"
    )
    row.progress_indicators.create(position=1, label="Incarichi ruotati", kind="quantity")
    assert not asked & codes(annex)


def test_the_same_motivation_on_many_processes_is_pointed_out(annex):
    method = make_method()
    for index in range(4):
        process = make_process(annex, f"Processo {index}", risk_presence=RiskPresence.PRESENT)
        assess(process, method, "Basso", "I margini di discrezionalità non sono significativi.")
    (point,) = [
        p for p in missing_points(kept_annex(annex)) if p.rule.code == "motivation-repeated"
    ]
    assert "n. 1, n. 2, n. 3, n. 4" in point.sentence
    assert not point.blocks


def test_what_blocks_is_a_part_of_the_list(annex, risky):
    blocking = blocking_points(kept_annex(annex))
    assert blocking
    assert all(point.blocks for point in blocking)
    assert len(blocking) < len(missing_points(kept_annex(annex))) + 1


def test_retired_processes_miss_nothing(annex):
    make_process(annex, retired_on="2026-01-01", retired_reason="Soppresso.")
    assert codes(annex) == {"annex-empty"}


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    annex = make_annex(make_body("c_x002"))
    method = make_method()

    def fill(times):
        for _index in range(times):
            process = make_process(annex, risk_presence=RiskPresence.PRESENT)
            behaviour = make_behaviour(process, phases=[make_phase(process), make_phase(process)])
            assess(process, method, "Alto", "Motivo.")
            assess(behaviour, method, "Medio", "Altro motivo.")
            planned(annex, process)

    fill(1)
    with CaptureQueriesContext(connection) as first:
        missing_points(kept_annex(annex))
    fill(3)
    with django_assert_num_queries(len(first)):
        missing_points(kept_annex(annex))
