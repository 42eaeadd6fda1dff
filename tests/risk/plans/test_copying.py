"""The next edition: every row copied, linked to its ancestor, in a number of statements."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from registry.hanging import content_models
from registry.models import Action, Annex, Phase, Plan, Process, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.models import (
    Assessment,
    Chapter,
    Coverage,
    Exemption,
    ImplementationStep,
    MeasureTarget,
    Objective,
    ObjectiveIndicator,
    PlannedMeasure,
    ProgressIndicator,
    Rating,
    Reconfirmation,
    RiskBehaviour,
    TextBlock,
)
from risk.services.plans.editions import copy_plan
from tests.people import make_member, make_person
from tests.register import adopt, make_annex, make_behaviour, make_phase, make_process
from tests.statements import at_most

pytestmark = pytest.mark.django_db

TABLES = {
    Annex: "plan",
    Process: "annex__plan",
    Phase: "process__annex__plan",
    Action: "phase__process__annex__plan",
    RiskBehaviour: "process__annex__plan",
    Coverage: "behaviour__process__annex__plan",
    Assessment: "process__annex__plan",
    Rating: "assessment__process__annex__plan",
    PlannedMeasure: "plan",
    MeasureTarget: "planned_measure__plan",
    ImplementationStep: "planned_measure__plan",
    ProgressIndicator: "planned_measure__plan",
    TextBlock: "plan",
    Chapter: "plan",
    Objective: "plan",
    ObjectiveIndicator: "objective__plan",
}


@pytest.fixture
def plan(frozen_rows) -> Plan:
    annex = frozen_rows
    body = annex.plan.administration
    named = Annex.objects.get(pk=annex.pk)
    named.head_surname, named.office_name = "Rossini", "Tributi e altro"
    named.save()
    fields = {"layout": "completo", "slot": "title", "text": "Titolo"}
    TextBlock.objects.create(administration=body, plan=annex.plan, **fields)
    adopt(annex.plan)
    return annex.plan


def copy(plan, by=None, **changes) -> Plan:
    values = {"title": "PTPCT 2022/2024", "first_year": 2022, "last_year": 2024, "kind": "ordinary"}
    return copy_plan(plan=plan, by=by, **{**values, **changes})


def rows(model, plan) -> list:
    return list(model.objects.filter(**{TABLES[model]: plan}).order_by("pk"))


def test_no_content_is_forgotten_here():
    # what was confirmed in one edition is to be read again in the next
    copied = {*content_models()} - {Reconfirmation}
    assert set(TABLES) == {*copied, TextBlock, Chapter, Objective, ObjectiveIndicator}


def test_what_is_of_a_plan_is_copied_or_left_behind_on_purpose():
    of_plan = {
        relation.related_model.__name__
        for relation in Plan._meta.related_objects
        if relation.related_model is not Plan
    }
    copied = {"Annex", "PlannedMeasure", "PlanMethod", "TextBlock", "Chapter", "Objective"}
    # dates are those of the new triennium; the rest is the way of one plan
    left = {"PlanDeadline", "RegisterImport", "PlanTransition", "PlanIssue", "Confirmation"}
    # what was said of a draft stays with it
    left |= {"Consultation", "Contribution"}
    # what came of the measures is that of the plan in force
    left |= {"MonitoringRound", "YearlyReview", "Fact"}
    # what an edition made of it is its own
    left |= {"EditionProposal"}
    assert of_plan == copied | left | {"AnnexIssue"}


@pytest.mark.parametrize("model", TABLES)
def test_every_table_is_copied_with_its_own_columns(plan, model):
    made = copy(plan)
    before, after = rows(model, plan), rows(model, made)
    assert len(after) == len(before) > 0
    links = {"id", "uid", "version", "origin", "origin_uid", "plan", "annex", "process", "phase"}
    links |= {"action", "behaviour", "assessment", "planned_measure", "step", "objective"}
    links |= {"office_name", "head_surname", "state"}
    # what moves with the years: tests/risk/plans/test_moved_days.py
    links |= set(ObjectiveIndicator.TARGETS)
    columns = [f.attname for f in model._meta.concrete_fields if f.name not in links]
    told = [
        sorted([str(getattr(row, name)) for name in columns] for row in rows_of)
        for rows_of in (before, after)
    ]
    assert told[0] == told[1]
    if hasattr(model, "origin_uid"):
        assert {row.origin for row in after} == set(before)
        assert {row.origin_uid for row in after} == {row.uid for row in before}


def test_lists_and_links_lead_inside_the_new_edition(plan):
    made = copy(plan)
    behaviour = RiskBehaviour.objects.get(process__annex__plan=made)
    assert [row.label for row in behaviour.categories.all()] == ["Conflitto"]
    assert [row.label for row in behaviour.factors.all()] == ["Opacità"]
    for model, way in (
        (Coverage, "phase__process__annex__plan"),
        (MeasureTarget, "process__annex__plan"),
    ):
        assert model.objects.filter(**{way: made}).count() == len(rows(model, made))
    wide = PlannedMeasure.objects.get(plan=made, scope="plan")
    assert wide.progress_indicators.get().step == wide.steps.get()
    assert [row.is_default for row in made.methods.all()] == [True]


def test_all_begins_as_a_draft_without_the_names(plan):
    made = copy(plan)
    annex = made.annexes.get()
    assert (made.state, made.origin, annex.state) == ("preparation", plan, "draft")
    assert (annex.office_name, annex.head_surname) == ("", "")
    assert annex.is_open


def test_what_was_retired_stays_behind(frozen_rows):
    annex = frozen_rows
    retired = make_process(annex, "Soppresso", retired_on=timezone.localdate(), retired_reason="x")
    make_behaviour(retired, phases=[make_phase(retired)])
    gone = make_annex(annex.plan.administration, office="Soppresso")
    type(gone.office).objects.filter(pk=gone.office_id).update(
        retired_on=timezone.localdate(), retired_reason="x"
    )
    adopt(annex.plan)
    made = copy(annex.plan)
    assert [row.origin for row in rows(Process, made)] == [annex.processes.get(number=1)]
    assert made.annexes.count() == 1


def test_a_measure_on_archived_processes_alone_stays_behind(frozen_rows):
    annex, plan = frozen_rows, frozen_rows.plan
    retired = make_process(annex, "Soppresso", retired_on=timezone.localdate(), retired_reason="x")
    phase = make_phase(retired)
    action = phase.actions.create(position=1, title="Avvio")
    behaviour = make_behaviour(retired, phases=[phase])
    living = annex.processes.get(number=1)
    kept = {row.pk for row in rows(PlannedMeasure, plan)}
    measure = rows(PlannedMeasure, plan)[0].measure
    gone = (retired, phase, action, behaviour)
    for (scope, column), row in zip(MeasureTarget.COLUMNS.items(), gone, strict=True):
        one = plan.planned_measures.create(annex=annex, measure=measure, scope=scope)
        one.targets.create(**{column: row})
        one.progress_indicators.create(
            position=1, label="Atti", step=one.steps.create(position=1, description="x")
        )
    both = plan.planned_measures.create(annex=annex, measure=measure, scope="processes")
    for process in (retired, living):
        both.targets.create(process=process)
    # the office comes back into the next edition, with all that is its own
    Exemption.objects.create(annex=annex, reason="x", by=make_person("rpct"))
    adopt(plan)
    made = copy(plan)
    assert {row.origin_id for row in rows(PlannedMeasure, made)} == kept | {both.pk}
    (target,) = MeasureTarget.objects.filter(planned_measure__origin=both)
    assert target.process.origin == living


def test_one_act_on_the_trail_and_histories_whole(plan):
    rpct = make_member("rpct", "rpct", body=plan.administration)
    copy(plan, by=rpct)
    (record,) = TrailRecord.objects.filter(kind="plan-copy")
    assert record.detail["from"] == plan.title
    assert record.person == rpct.trail_token
    assert verify_trail() == []


def test_an_update_keeps_the_triennium(plan):
    with pytest.raises(ValidationError, match="triennio"):
        copy(plan, kind="update")
    made = copy(plan, kind="update", title="Aggiornamento", first_year=2021, last_year=2023)
    assert made.kind == "update"


def test_only_an_adopted_plan_is_copied(frozen_rows):
    with pytest.raises(ValidationError, match="piano adottato"):
        copy(frozen_rows.plan)


def test_the_statements_do_not_grow_with_the_rows(frozen_rows):
    annex = frozen_rows
    for number in range(25):
        process = make_process(annex, f"p{number}")
        make_behaviour(process, f"b{number}", phases=[make_phase(process), make_phase(process)])
    adopt(annex.plan)
    with at_most(115):
        copy(annex.plan)


def test_the_code_of_a_process_goes_into_the_next_edition():
    annex = make_annex()
    process = make_process(annex, "Gare")
    process.code = "AP.01"
    process.save()
    adopt(annex.plan)

    assert [row.code for row in rows(Process, copy(annex.plan))] == ["AP.01"]
