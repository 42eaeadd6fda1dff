"""Every model says whether it hangs on an annex, and every list of such models is whole."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import PROTECT, CheckConstraint, Model

from registry.hanging import (
    annex_of,
    body_row_of,
    content_models,
    edits_annex,
    on_annexes,
    parents_of,
    paths_of,
    sure_path,
    uses_of,
)
from registry.models import Administration, AnacArea, Annex, Plan, Process, User
from registry.trail import written_models
from risk.guards import GUARDS, freezing, plans
from risk.models import (
    Assessment,
    Chapter,
    EditionProposal,
    Evidence,
    FollowUp,
    ImplementationStep,
    Measurement,
    MeasureTarget,
    MonitoringRound,
    PlannedMeasure,
    ProgressIndicator,
    Rating,
    RoundAnswer,
    RoundCheck,
    RoundCorrection,
    RoundItem,
    StepState,
    Suitability,
)
from risk.services.annexes.histories import UNTOLD
from tests.risk.admin.world import build

OURS = [
    model
    for app in ("registry", "risk")
    for model in apps.get_app_config(app).get_models()
    if not (hasattr(model, "history_id") or hasattr(model, "m2m_history_id"))
]
"""The models of the register, the histories themselves left out."""
WITH_HISTORY = [m for m in OURS if hasattr(m._meta, "simple_history_manager_attribute")]
BACK_OFFICE = [model for model in OURS if admin.site.is_registered(model)]
HANGING = [model for model in OURS if paths_of(model)]
MEASURES = {PlannedMeasure, MeasureTarget, ImplementationStep, ProgressIndicator}
"""They may be of a whole plan and of no annex."""
MONITORED = {
    *(RoundItem, RoundAnswer, Measurement, Evidence, StepState),
    *(RoundCheck, RoundCorrection, FollowUp, Suitability, EditionProposal),
}
"""What is asked of such a measure, answered and found."""
TWO_WAYS = {Assessment, Rating}
"""Of a process or of a behaviour."""
NO_BODY = {Administration, AnacArea, User}
"""Kept by no body: the bodies themselves, the areas ANAC names, people."""
AFTER_ADOPTION = {
    "registry_plandeadline": "the calendar goes on, with what is due after the adoption",
    "risk_registerimport": "a file on its way is no part of the plan",
    "risk_monitoringround": "a plan is monitored while it is in force; what is issued is frozen",
    "risk_fact": "what happens while a plan is in force is recorded on it",
    "risk_yearlyreview": "written once, of a plan that is in force",
    "risk_plantransition": "written once, and an adopted plan still moves on",
    "risk_confirmation": "written once, when the plan has been adopted",
}
"""Tables of a plan that take rows after its adoption, and why."""


def label(model: type[Model]) -> str:
    return model._meta.label


def names(models) -> set[str]:
    return {model.__name__ for model in models}


def tables(models) -> set[str]:
    return {model._meta.db_table for model in models}


def led_to(model: type[Model]) -> set:
    """Return the models that the foreign keys of a model lead to, however far."""
    found, waiting = set(), [model]
    while waiting:
        keys = [key for key in waiting.pop()._meta.concrete_fields if key.remote_field]
        above = {key.related_model for key in keys} - {*found, model}
        found |= above
        waiting += above
    return found


# --- what each model says -------------------------------------------------------------------------


@pytest.mark.parametrize("model", WITH_HISTORY, ids=label)
def test_every_model_with_a_history_says_whether_it_hangs_on_an_annex(model):
    assert isinstance(getattr(model, "ANNEX_PATHS", None), tuple)


def test_every_model_whose_keys_lead_to_an_annex_says_so():
    assert names(m for m in OURS if Annex in led_to(m)) | {"Annex"} == names(HANGING)


def test_what_is_content_of_an_annex_and_what_is_not():
    assert names(content_models()) == {
        *("Annex", "Process", "Phase", "Action", "RiskBehaviour", "Coverage"),
        *("Assessment", "Rating", "Reconfirmation"),
        *("PlannedMeasure", "MeasureTarget", "ImplementationStep", "ProgressIndicator"),
    }
    assert names(model for model in HANGING if not edits_annex(model)) == {
        *("Remark", "RemarkAnswer", "Approval", "Transition", "AnnexIssue"),
        *("Exemption", "DeadlineExtension", "Reminder", "LibraryCopy", "ProcessContent"),
        *("ProcessReading", "ListEntryRequest"),
        *names(MONITORED),
    }


@pytest.mark.parametrize("model", content_models(), ids=label)
def test_content_keeps_a_history_with_its_lists_looked_up_by_what_it_hangs_on(model):
    assert model in WITH_HISTORY
    history = model.history.model
    assert all(history._meta.get_field(column).db_index for column in parents_of(model))
    assert {f.name for f in history._history_m2m_fields} == {
        f.name for f in model._meta.local_many_to_many
    }


@pytest.mark.parametrize("model", HANGING, ids=label)
def test_a_row_that_may_go_without_annex_is_known(model):
    assert (sure_path(model) is None) == (model in MEASURES | TWO_WAYS | MONITORED)


def test_an_assessment_hangs_on_a_process_or_on_a_behaviour():
    (either,) = [one for one in Assessment._meta.constraints if isinstance(one, CheckConstraint)]
    assert set(parents_of(Assessment)) == either.condition.referenced_base_fields


def test_every_model_comes_after_those_it_hangs_on():
    order = content_models()
    for model in order:
        assert all(order.index(above) < order.index(model) for above in parents_of(model).values())


@pytest.mark.parametrize("model", dict.fromkeys([*WITH_HISTORY, *BACK_OFFICE]), ids=label)
def test_every_model_leads_to_a_body(model):
    columns = {field.name for field in model._meta.concrete_fields}
    always_on_annex = sure_path(model) is not None or model in TWO_WAYS
    leads = "administration" in columns or always_on_annex or hasattr(model, "BODY_PATH")
    assert leads == (model not in NO_BODY)


# --- rows -----------------------------------------------------------------------------------------


@pytest.fixture
def one(db):
    """A body with a row of nearly every kind, by the name of the model."""
    return build().a


def row_of(one, model: type[Model]) -> Model:
    """Return the row of a kind, or one that hangs where it would."""
    found = getattr(one, model._meta.model_name, None)
    if found is not None:
        return found
    above = {column: row_of(one, parent) for column, parent in parents_of(model).items()}
    step = getattr(model, "BODY_PATH", "").split("__")[0]
    if not above and step:
        above = {step: row_of(one, model._meta.get_field(step).related_model)}
    return model(**above)


@pytest.mark.parametrize("model", HANGING, ids=label)
def test_every_row_knows_its_annex_and_its_body(one, model):
    row = row_of(one, model)
    assert annex_of(row) == one.annex
    assert body_row_of(row) == one.plan
    found = model._base_manager.filter(on_annexes(model, plan=one.plan, office=one.office))
    assert found.filter(pk=row.pk).exists() == (row.pk is not None)


@pytest.mark.parametrize("model", [m for m in OURS if hasattr(m, "BODY_PATH")], ids=label)
def test_every_row_without_annex_knows_its_body(one, model):
    row = row_of(one, model)
    assert body_row_of(row).administration_id == one.administration.pk


def test_a_measure_of_the_whole_plan_hangs_on_no_annex(one):
    wide = PlannedMeasure.objects.create(plan=one.plan, measure=one.measure, scope="plan")
    step = wide.steps.create(position=1, description="Per tutti")
    for row in (wide, step):
        assert annex_of(row) is None
        assert body_row_of(row) == one.plan


@pytest.mark.parametrize("model", [m for m in WITH_HISTORY if not paths_of(m)], ids=label)
def test_no_row_of_a_list_is_on_an_annex(one, model):
    row = getattr(one, model._meta.model_name, None) or model()
    assert annex_of(row) is None
    assert not model._base_manager.filter(on_annexes(model, plan=one.plan)).exists()


# --- lists written by hand ------------------------------------------------------------------------


def test_every_table_of_content_is_frozen_with_its_lists_and_no_other():
    content = [model for model in content_models() if model is not Annex]
    lists = [f.remote_field.through for m in content for f in m._meta.local_many_to_many]
    assert set(freezing.STATE_OF) == tables([*content, *lists])
    # of the annex itself the state moves on: what it prints is frozen by name
    assert {"registry_annex_frozen_names", "registry_annex_frozen_delete"} <= {
        guard.name for guard in GUARDS if guard.table == "registry_annex"
    }


def test_a_row_that_may_be_of_a_plan_alone_is_held_by_both():
    assert set(freezing._HELD) == tables(MEASURES)


def test_only_frozen_tables_are_looked_at_all_at_once():
    assert set(freezing._ANNEXES_OF) <= set(freezing.STATE_OF)


def test_every_table_of_a_plan_is_frozen_by_its_adoption_or_says_why_not():
    of_plan = [m for m in OURS if any(f.related_model is Plan for f in m._meta.concrete_fields)]
    others = tables(model for model in of_plan if model is not Plan)
    frozen = {*freezing.STATE_OF, *plans.PLAN_STATE_OF, *plans.INSERT_ONLY_BEFORE}
    assert others - frozen == set(AFTER_ADOPTION)
    lists = {f.remote_field.through for m in of_plan for f in m._meta.local_many_to_many}
    assert tables(lists) <= frozen


def test_all_content_is_in_the_back_office():
    # who confirms has read the sheet, which the back office does not show
    assert names(content_models()) - {"Reconfirmation"} <= names(BACK_OFFICE)


def test_the_history_tells_of_all_content_but_what_it_says():
    assert set(UNTOLD) <= set(content_models())


def test_the_reset_of_the_demo_takes_away_all_that_would_hold_an_annex_or_a_plan():
    holding = {
        relation.related_model
        for model in (Plan, *content_models())
        for relation in model._meta.related_objects
        if relation.on_delete is PROTECT
    }
    # first measures and what is written once, then processes, annexes, plans
    elsewhere = {MonitoringRound, RoundItem, Chapter}
    of_others = {m for m in written_models() if led_to(m) & elsewhere}
    assert holding == {*written_models(), PlannedMeasure, Process, Annex} - of_others


@pytest.mark.parametrize("model", [m for m in OURS if uses_of(m)], ids=label)
def test_every_use_of_a_list_leads_to_an_annex(model):
    for way in uses_of(model):
        end = model
        for step in way.split("__"):
            end = end._meta.get_field(step).related_model
        assert end is Annex, way


def test_an_annex_uses_the_lists_that_its_content_names():
    assert names(model for model in OURS if uses_of(model)) == {
        *("RiskArea", "InstitutionalFunction", "Macroprocess", "ExecutorRole"),
        *("EventCategory", "EnablingFactor", "MeasureTypology", "Measure", "Method"),
    }
