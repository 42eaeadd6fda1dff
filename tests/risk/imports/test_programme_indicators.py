"""Indicators of measures with their targets, and lists that stand beside a list of measures."""

from decimal import Decimal

import pytest

from registry.models import ExecutorRole
from risk.models import Measure, PlannedMeasure
from tests.messy_workbooks import as_xlsx
from tests.risk.imports.programmes import HEADS, ROW, make_lists, planned, step_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lists(annex):
    make_lists(annex.plan.administration)


@pytest.mark.parametrize(
    ("indicator", "target", "kind", "unit", "number"),
    [
        ("% di atti controllati", "80%", "percentage", "%", "80"),
        ("atti controllati / atti", "80", "percentage", "%", "80"),
        ("atti controllati", "100 %", "percentage", "%", "100"),
        ("atti controllati", "almeno l'80%", "on_off", "", None),
        ("atti controllati", "almeno 80 per cento", "percentage", "%", "80"),
        ("n. report", "4", "quantity", "", "4"),
        ("report", "≥ 2 report", "quantity", "report", "2"),
        ("giorni medi", "12,5", "quantity", "", "12.5"),
        ("regolamento approvato (sì/no)", "SI", "on_off", "", "1"),
        ("regolamento approvato", "sì", "on_off", "", "1"),
        ("numero di incontri", None, "quantity", "", None),
        ("relazione", None, "on_off", "", None),
    ],
)
def test_what_an_indicator_measures_is_told_by_target_and_words(
    take, indicator, target, kind, unit, number
):
    heads = [*HEADS, "Indicatore di attuazione", "Valore atteso"]
    take([*ROW, indicator, target], heads=heads)

    row = planned().progress_indicators.get()
    assert (row.kind, row.unit, row.is_master) == (kind, unit, True)
    assert row.target == (Decimal(number) if number else None)
    # what is no number is kept in words
    assert row.label == (f"{indicator}: {target}" if number is None and target else indicator)


@pytest.mark.parametrize(
    "heads",
    [
        *(["Target 2024", "Target 2025"], ["TARGET ANNO 2024", "Target anno 2025"]),
        *(["2024 – target", "2025 – target"], ["Valore atteso 2024", "Valore atteso 2025"]),
    ],
)
def test_a_target_for_each_year_is_to_be_reached_at_its_end(take, heads):
    take([*ROW, "% atti", "10%", "50%", "90%"], heads=[*HEADS, "Indicatori", "Baseline", *heads])

    rows = planned().progress_indicators.order_by("position")
    assert [(r.baseline, r.target, r.target_on.isoformat(), r.is_master) for r in rows] == [
        (10, 50, "2024-12-31", True),
        (10, 90, "2025-12-31", False),
    ]


_LETTERED = "a) Rotazione\nb) Formazione"


@pytest.mark.parametrize(
    ("measures", "terms", "persons"),
    [
        (_LETTERED, "a) 30/11/2021\nb) in essere", "a) Dirigente\nb) Segretario"),
        (_LETTERED, "a) 30/11/2021; b) in essere.", "a) Dirigente b) Segretario"),
        ("1. Rotazione\n2. Formazione", "1. 30/11/2021\n2. in essere", "Dirigente\nSegretario"),
        ("• Rotazione\n• Formazione", "30/11/2021\nIn essere", "1- Dirigente 2- Segretario"),
        ("Rotazione; Formazione", "1) 30/11/2021 2) in essere", "- Dirigente\n- Segretario"),
    ],
)
def test_lists_side_by_side_are_paired(annex, take, measures, terms, persons):
    body = annex.plan.administration
    ExecutorRole.objects.create(administration=body, code="SEG", label="Segretario")
    heads = [*HEADS, "Tempi di attuazione", "Responsabile della misura"]
    take(["Gare", "Favori", measures, terms, persons], heads=heads, write=as_xlsx)

    told = {
        (row.measure.label, row.printed_responsible, *(part and str(part) for part in step_of(row)))
        for row in PlannedMeasure.objects.all()
    }
    assert {
        (name, person, (due or timing).lower()) for name, person, _text, timing, due in told
    } == {
        ("Rotazione", "Dirigente", "2021-11-30"),
        ("Formazione", "Segretario", "in essere"),
    }


@pytest.mark.parametrize(
    ("answer", "terms"),
    [
        ("order", {"Rotazione": "gennaio", "Formazione": "giugno", "Vigilanza": ""}),
        ("all", dict.fromkeys(("Rotazione", "Formazione", "Vigilanza"), "a) gennaio b) giugno")),
    ],
)
def test_lists_of_unequal_length_are_asked(annex, look, take, answer, terms):
    body = annex.plan.administration
    Measure.objects.create(administration=body, code="VIG", label="Vigilanza", character="specific")
    heads = [*HEADS, "Tempi di attuazione"]
    row = ["Gare", "Favori", f"{_LETTERED}\nc) Vigilanza", "a) gennaio\nb) giugno"]

    (question,) = look(row, heads=heads, write=as_xlsx).questions

    assert (question.kind, question.value, question.proposed) == ("programme", "Foglio1, D2", "")
    assert "2 voci accanto a 3 misure" in question.reason
    answers = {"programme": {question.value: {"is": answer}}}
    take(row, heads=heads, answers=answers, write=as_xlsx)
    found = {
        one.measure.label: "".join(one.steps.values_list("timing", flat=True))
        for one in PlannedMeasure.objects.all()
    }
    assert found == terms


def test_several_indicators_of_one_measure_have_each_its_target(take):
    heads = [*HEADS, "Indicatori", "Target"]
    take([*ROW, "Numero report\n% atti", "4\n80%"], heads=heads, write=as_xlsx)

    rows = planned().progress_indicators.order_by("position")
    assert [(row.label, row.kind, row.target, row.is_master) for row in rows] == [
        ("Numero report", "quantity", 4, True),
        ("% atti", "percentage", 80, False),
    ]


def test_a_target_that_is_no_number_is_said_to_stay_in_the_words(look):
    heads = [*HEADS, "Indicatore di attuazione", "Valore atteso"]
    reasons = {}
    for target in ("< 30%", "30%"):
        preview = look([*ROW, "% di chiamate", target], heads=heads)
        reasons[target] = [note.reason for note in preview.notes if "ndicatore" in note.reason]

    told = "Il valore atteso non è un numero: resta nel testo dell’indicatore."
    assert reasons == {"< 30%": [told], "30%": []}
