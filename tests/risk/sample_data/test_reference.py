"""The national lists and methods, as loaded from the files of the project."""

import json
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import transaction

from registry.models import AnacArea, InstitutionalFunction, Macroprocess, RiskArea
from risk.models import (
    ChapterTitle,
    EnablingFactor,
    EventCategory,
    Indicator,
    LegalReference,
    MatrixCell,
    Measure,
    MeasureTypology,
    Method,
    TextBlock,
)
from risk.services.sample_data.reference import REFERENCE, load_reference
from tests.load_once import load_once

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Load the files once for the whole module; each test then works inside this transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_once("reference", load_reference)
        transaction.set_rollback(True)


@pytest.fixture
def reference(loaded, db):
    return loaded


def test_every_entry_of_the_files_is_loaded(reference):
    entries = [
        entry
        for path in REFERENCE.glob("*.json")
        for entry in json.loads(path.read_text(encoding="utf-8"))
    ]

    assert reference.created == len(entries) > 300
    assert (reference.updated, reference.unchanged) == (0, 0)


def test_every_row_and_every_link_has_its_line_of_history(reference):
    """They are written many at once, and told of as one by one."""
    links = 0
    manager = "simple_history_manager_attribute"
    for model in (model for model in apps.get_models() if hasattr(model._meta, manager)):
        past = model.history.values_list("history_type", "history_change_reason")
        assert len(past) == model.objects.count(), model
        assert all(kind == "+" and reason.startswith("reference:") for kind, reason in past), model
        for field in model.history.model._history_m2m_fields:
            told = getattr(model.history.model, field.name).model.objects.count()
            assert told == field.remote_field.through.objects.count(), field
            links += told
    assert links > 100


def test_loading_again_writes_nothing(reference):
    histories = Measure.history.count()

    again = load_reference()

    assert (again.created, again.updated, again.unchanged) == (0, 0, reference.created)
    assert Measure.history.count() == histories
    assert set(Measure.objects.values_list("version", flat=True)) == {1}


@pytest.mark.parametrize(
    "model",
    [AnacArea, RiskArea, InstitutionalFunction, Macroprocess, EventCategory, EnablingFactor]
    + [MeasureTypology, Measure, Method, TextBlock, LegalReference, ChapterTitle],
)
def test_every_row_says_its_source(reference, model):
    assert model.objects.exists()
    assert not model.objects.filter(source="").exists()


@pytest.mark.parametrize("model", [RiskArea, Macroprocess, Measure, AnacArea])
def test_every_row_can_be_searched_folded(reference, model):
    assert not model.objects.filter(folded="").exists()


def test_areas_are_printed_as_in_the_published_annex(reference):
    area = RiskArea.objects.get(code="S")

    assert (
        str(area) == "S) Agenda Digitale, digitalizzazione e informatizzazione processi (specifica)"
    )
    assert str(RiskArea.objects.get(code="G")).endswith("sanzioni (generale)")


def test_mandatory_areas_are_the_four_of_the_law(reference):
    mandatory = RiskArea.objects.filter(is_mandatory=True)

    assert {area.code for area in mandatory} == {"A", "B", "C", "D"}
    assert all("190/2012" in area.source for area in mandatory)


def test_a_programme_prints_its_mission(reference):
    expected = "Servizi istituzionali, generali e di gestione: Altri servizi generali"
    assert str(Macroprocess.objects.get(code="01.11")) == expected


def test_every_programme_stands_under_the_mission_of_its_code(reference):
    for row in Macroprocess.objects.select_related("function"):
        assert row.code.split(".")[0] == row.function.code


def test_the_closing_text_keeps_the_straight_apostrophes_of_the_original(reference):
    text = TextBlock.objects.get(layout="catalogo", slot="closing").text

    assert text.startswith("La rilevanza del processo, ai fini del RISK MANAGEMENT, e' subordinata")
    assert text.endswith(
        "secondo quanto prescritto sistema di RISK MANAGEMENT come delineato dall'ANAC."
    )
    assert "’" not in text


def test_pna_2013_has_all_answers_with_the_scores_of_the_annex(reference):
    scores = {
        indicator.code: [int(answer.score) for answer in indicator.answers.all()]
        for indicator in Indicator.objects.filter(method__code="PNA2013")
    }

    assert scores == {
        "P1": [1, 2, 3, 4, 5],
        "P2": [2, 5],
        "P3": [1, 3, 5],
        "P4": [1, 3, 5],
        "P5": [1, 5],
        "P6": [1, 2, 3, 4, 5],
        "I1": [1, 2, 3, 4, 5],
        "I2": [1, 5],
        "I3": [0, 1, 2, 3, 4, 5],
        "I4": [1, 2, 3, 4, 5],
    }


def test_bands_of_pna_2013_touch_each_other(reference):
    bands = Method.objects.get(code="PNA2013").levels.filter(scale="overall").order_by("ordinal")

    assert [(band.min_score, band.max_score) for band in bands] == [
        (Decimal(0), Decimal(5)),
        (Decimal(5), Decimal(15)),
        (Decimal(15), Decimal(25)),
    ]


@pytest.mark.parametrize("code", ["MATRICE5", "ANCI"])
def test_a_matrix_is_whole_and_grows_with_both_sides(reference, code):
    cells = MatrixCell.objects.filter(method__code=code)
    result = {(c.probability.ordinal, c.impact.ordinal): c.result.ordinal for c in cells}

    assert len(result) == 9
    assert set(result.values()) == {1, 2, 3, 4, 5}
    for (probability, impact), level in result.items():
        assert result.get((probability + 1, impact), 6) > level
        assert result.get((probability, impact + 1), 6) > level


def test_anci_puts_alto_above_critico(reference):
    levels = Method.objects.get(code="ANCI").levels.filter(scale="overall")

    assert list(levels.order_by("-ordinal").values_list("label", flat=True)) == [
        "ALTO",
        "CRITICO",
        "MEDIO",
        "BASSO",
        "MINIMO",
    ]
