"""Lists of models that are written by hand are whole: a new model is in them, or the test says so.

Those of what hangs on an annex are in `test_hanging.py`.
"""

import json

import pytest
from django.apps import apps
from django.db.models import Model

from registry.enums import AliasKind
from registry.hanging import content_models
from registry.models import Action, Alias, Annex, Phase, Plan
from registry.models.processes import ExecutedModel
from registry.services import lookup
from registry.services.trail_verification import models_that_move
from risk.enums import MeasureScope, RiskAliasKind, RowKind
from risk.models import (
    AnnexIssue,
    Coverage,
    ImplementationStep,
    MeasureTarget,
    MonitoringRound,
    PlanIssue,
    PlannedMeasure,
    ProgressIndicator,
    RiskAlias,
    RiskBehaviour,
    RoundIssue,
    RoundItem,
    Suitability,
)
from risk.services.annexes.remarks import find_row
from risk.services.assessment.page import JUDGED
from risk.services.imports.apply.lists import NEW_MODELS
from risk.services.imports.resolve.lists import MAY_BE_NEW
from risk.services.process_sheet.acts import WORDS
from risk.services.sample_data import reference
from risk.services.treatment.measures import TARGETS
from risk.services.treatment.page import WHOLE
from risk.services.verification.lookup import FOR_EVER
from risk.views.treatment.programme import FORMS
from tests.risk.admin.world import build


def having(field: str) -> set[type[Model]]:
    """Return the models of the register with a column of this name, their histories left out."""
    ours = [m for app in ("registry", "risk") for m in apps.get_app_config(app).get_models()]
    found = {m for m in ours if any(f.name == field for f in m._meta.concrete_fields)}
    return {model for model in found if not hasattr(model, "history_id")}


def pointing_at(model: type[Model]) -> set[type[Model]]:
    """Return the models whose rows name a row of another, its successors left out."""
    return {relation.related_model for relation in model._meta.related_objects} - {model}


def test_what_moves_by_transitions_is_verified():
    assert models_that_move() == [Annex, Plan, MonitoringRound]


def test_whatever_is_a_paper_for_ever_is_verified_by_its_file():
    assert set(FOR_EVER.values()) == having("pdf_digest") == {AnnexIssue, PlanIssue, RoundIssue}


def test_what_is_judged_with_a_motivation_is_compared_with_the_others():
    assert set(JUDGED) == having("motivation") & {*content_models()}


def test_what_names_a_phase_or_an_action_is_known_to_who_cuts_and_joins_them():
    assert pointing_at(Phase) == {Action, Coverage, MeasureTarget}
    assert pointing_at(Action) == {Coverage, MeasureTarget}


def test_offices_execute_phases_and_actions_alone():
    assert set(ExecutedModel.__subclasses__()) == {Phase, Action}


def test_every_scope_of_a_measure_has_its_kind_of_row():
    assert set(TARGETS) | set(WHOLE) == set(MeasureScope)
    assert set(MeasureTarget.COLUMNS.values()) == {
        field.name
        for field in MeasureTarget._meta.concrete_fields
        if field.related_model in TARGETS.values()
    }


def test_every_row_of_a_programming_has_its_form():
    rows = having("planned_measure") - {MeasureTarget, RoundItem, Suitability}
    assert {model for model, _form, _add in FORMS.values()} == rows
    assert rows == {ImplementationStep, ProgressIndicator}
    assert pointing_at(PlannedMeasure) == {*rows, MeasureTarget, RoundItem, Suitability}


def test_the_words_of_a_behaviour_are_its_lists():
    lists = RiskBehaviour._meta.local_many_to_many
    assert {field.name: field.related_model for field in lists} == WORDS


def test_every_kind_of_spelling_has_its_list():
    kinds = {
        kind: Alias._meta.get_field(name).related_model for kind, name in Alias.TARGETS.items()
    }
    assert kinds == lookup.KINDS
    assert set(kinds) == set(AliasKind)
    columns = {field.name for field in RiskAlias._meta.concrete_fields}
    assert set(RiskAliasKind.values) <= columns


def test_an_import_can_make_whatever_a_person_may_call_new():
    assert set(NEW_MODELS) == MAY_BE_NEW


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [kind for kind in RowKind if kind != RowKind.ANNEX])
def test_every_kind_of_row_can_be_remarked_on(kind):
    one = build().a
    names = {RowKind.BEHAVIOUR: "riskbehaviour", RowKind.MEASURE: "plannedmeasure"}
    row = getattr(one, names.get(kind, kind.value))
    assert find_row(process=one.process, kind=kind, uid=row.uid) == row


def test_every_row_of_the_reference_files_is_found_again():
    labels = {
        entry["model"]
        for path in reference.REFERENCE.glob("*.json")
        for entry in json.loads(path.read_text(encoding="utf-8"))
    }
    nameless = {name for name in labels if not hasattr(apps.get_model(name), "natural_key")}
    assert nameless <= set(reference.IDENTITIES)
