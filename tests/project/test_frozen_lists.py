"""The lists and methods that closed annexes and adopted plans use keep their words and parts."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from registry.hanging import uses_of
from registry.models import ExecutorRole
from registry.querysets import is_frozen
from risk.models import EventCategory, Measure
from risk.services.sample_data.reference import load_reference
from tests.project.frozen_world import frozen_world
from tests.register import adopt, close

pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen():
    return frozen_world()


LISTS = {model: model._meta.model_name for model in apps.get_models() if uses_of(model)}


@pytest.mark.parametrize("name", LISTS.values())
def test_a_word_of_a_list_stays_as_it_was_adopted_and_may_be_retired(frozen, name):
    used, free = getattr(frozen.a, name), getattr(frozen.b, name)
    rows = type(used)._base_manager
    with pytest.raises(IntegrityError, match="_used_words"), transaction.atomic():
        rows.filter(pk=used.pk).update(code="ALTRO")
    rows.filter(pk=used.pk).update(retired_on="2022-01-01", retired_reason="Superata.")
    rows.filter(pk=free.pk).update(code="ALTRO")
    assert is_frozen(used)
    assert not is_frozen(free)


ANOTHER: dict[str, Callable[[Any], dict]] = {
    "level": lambda part: {"code": "Z", "ordinal": 9},
    "indicator": lambda part: {"code": "Z", "position": 9},
    "answer": lambda part: {"position": 9},
    "matrixcell": lambda part: {"probability": part.impact, "impact": part.probability},
}


@pytest.mark.parametrize("row", ANOTHER)
def test_nothing_is_added_to_a_method_that_was_used(frozen, row):
    part = getattr(frozen.a, row)
    for name, value in ANOTHER[row](part).items():
        setattr(part, name, value)
    part.pk = None
    with pytest.raises(IntegrityError, match=f"risk_{row}_used_insert"), transaction.atomic():
        part.save(force_insert=True)


def test_what_only_a_measure_of_the_whole_plan_names_is_frozen_with_the_plan(frozen):
    one = frozen.b
    role = ExecutorRole.objects.create(code="TUTTI", label="Tutti")
    measure = Measure.objects.create(code="TUTTI", label="Per tutti", character="general")
    wide = one.plan.planned_measures.create(measure=measure, scope="plan")
    wide.steps.create(position=1, description="Corso", responsible_role=role)
    for row in (measure, role):
        assert not is_frozen(row)
        type(row).objects.filter(pk=row.pk).update(code="PRIMA")
    adopt(one.plan)
    for row in (measure, role):
        assert is_frozen(row)
        with pytest.raises(IntegrityError, match="_used_words"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(code="DOPO")


def test_the_national_lists_are_loaded_again_around_what_is_frozen(frozen, tmp_path):
    """A delivery words a used row otherwise: it stays as it was, and the others are written."""
    national = EventCategory.objects.create(code="NAZ", label="Prima")
    frozen.b.riskbehaviour.categories.add(national)
    close(frozen.b.annex)
    fields = {"administration": None, "label": "Poi"}
    entries = [
        {"model": "risk.eventcategory", "fields": {**fields, "code": code}}
        for code in ("NAZ", "NUOVA")
    ]
    (tmp_path / "voci.json").write_text(json.dumps(entries), encoding="utf-8")
    outcome = load_reference(folder=tmp_path)
    assert (outcome.created, outcome.kept) == (1, 1)
    assert EventCategory.objects.get(pk=national.pk).label == "Prima"
