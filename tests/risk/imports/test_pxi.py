"""Registers with a probability, an impact and a result: what is kept, asked, noted and refused."""

import datetime
from decimal import Decimal

import pytest

from registry.models import Process
from risk.models import Assessment
from risk.services.plans.making import use_method
from tests.messy_workbooks import as_csv, as_xlsx
from tests.risk.imports.conftest import HEADS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pxi(annex, methods):
    use_method(plan=annex.plan, method=methods["PXI"], is_default=True, by=None)
    return methods["PXI"]


def scores_of(assessment) -> list[Decimal]:
    return [row.score for row in assessment.ratings.order_by("indicator__position")]


@pytest.mark.parametrize(
    ("probability", "impact", "result", "level"),
    [
        ("3,33", "1,75", "5,83", "MEDIO"),
        ("3.33", "1.75", "5.83", "MEDIO"),
        ("2", "1,4", "2,80", "BASSO"),
        ("2,7", "1,5", "4,1", "BASSO"),
        ("4", "4", "16", "ALTO"),
        ("0", "3", "0", "BASSO"),
        ("3,5", "2", "", "MEDIO"),
    ],
)
def test_scores_are_kept_and_the_method_gives_the_level(
    pxi, take, probability, impact, result, level
):
    take(("Gare", "Favori", probability, impact, result))

    judged = Assessment.objects.get()
    assert (judged.method, judged.level.label) == (pxi, level)
    assert scores_of(judged) == [
        Decimal(probability.replace(",", ".")),
        Decimal(impact.replace(",", ".")),
    ]


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_the_same_file_again_changes_nothing(pxi, take, look, write):
    # as a workbook holds the mean of ten answers
    rows = [("Gare", "Favori", 20 / 6, 1.75, 20 / 6 * 1.75), ("Mense", "Ritardi", 2, 1.4, 2.8)]
    if write is as_csv:
        rows = [tuple(str(value).replace(".", ",")[:8] for value in row) for row in rows]
    take(*rows, write=write)

    again = look(*rows, write=write)

    assert again.writes_nothing
    assert (again.problems, again.questions, again.notes) == ([], [], [])
    assert scores_of(Assessment.objects.get(process__title="Gare"))[0] == Decimal("3.333")


def test_a_changed_score_is_one_change(pxi, take, look):
    take(("Gare", "Favori", "2", "1,4", "2,80"))

    again = look(("Gare", "Favori", "2", "3", "6"))

    changes = {change.changes[0] for change in again.changes.changed}
    assert {(one.label, one.before, one.after) for one in changes} == {
        ("punteggio", "1,4", "3"),
        ("livello di rischio", "BASSO", "MEDIO"),
    }


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("C", "7", "va da 0 a 5"),
        ("D", "-1", "va da 0 a 5"),
        ("E", "30", "va da 0 a 25"),
        ("C", "tre", "serve un numero"),
        ("D", "#N/D", "contiene l’errore"),
    ],
)
def test_what_is_no_score_is_a_problem_at_its_place(pxi, look, column, value, reason):
    row = ["Gare", "Favori", "2", "1,4", "2,80"]
    row["ABCDE".index(column)] = value

    preview = look(("Mense", "Ritardi", "1", "1", "1"), row)

    (problem,) = preview.problems
    assert (problem.row, problem.column, problem.value) == (3, column, value)
    assert reason in problem.reason


def test_a_date_where_a_number_is_expected_is_a_problem(pxi, look):
    day = datetime.date(2021, 5, 3)

    preview = look(("Gare", "Favori", day, 2, 5), write=as_xlsx)

    (problem,) = preview.problems
    assert (problem.row, problem.column) == (2, "C")
    assert "forse il foglio ha preso per una data" in problem.reason


def test_a_result_that_is_no_product_is_asked_once(pxi, look, take):
    rows = [("Gare", "Favori", "3,5", "3", "4,41"), ("Mense", "Ritardi", "3,5", "3", "4,41")]

    (asked,) = look(*rows).questions

    assert (asked.kind, asked.value, asked.count) == ("result", "3,5 × 3 = 4,41", 2)
    assert "10,5" in asked.reason
    take(*rows, answers={"result": {asked.value: {"is": "file"}}})
    levels = {row.level.label for row in Assessment.objects.all()}
    assert levels == {"BASSO"}
    changed = look(*rows, answers={"result": {asked.value: {"is": "product"}}})
    assert {one.changes[0].after for one in changed.changes.changed} == {"MEDIO"}


def test_the_level_in_the_file_stays_and_the_difference_is_noted(pxi, look, take):
    heads = [*HEADS, "Livello di rischio", "Motivazione"]
    row = ("Gare", "Favori", "3,33", "1,75", "5,83", "Alto", "Per prudenza.")

    (note,) = look(row, heads=heads).notes

    assert (note.row, note.column) == (2, "F")
    assert "«ALTO»; con 5,83 il metodo dà «MEDIO»" in note.reason
    take(row, heads=heads)
    judged = Assessment.objects.get()
    assert (judged.level.label, judged.motivation) == ("ALTO", "Per prudenza.")


def test_rounding_alone_is_no_question_within_a_band(pxi, look):
    preview = look(("Gare", "Favori", "3,33", "1,75", "5,83"))

    assert (preview.questions, preview.notes) == ([], [])


def test_rounding_that_changes_the_band_is_asked_because_the_product_is_printed(pxi, look, take):
    row = ("Gare", "Favori", "3", "1,67", "5,00")

    (question,) = look(row).questions

    assert "il registro stampa il prodotto, 5,01" in question.reason
    assert [one.label for one in question.suggestions] == [
        "il prodotto, 5,01: MEDIO",
        "il risultato scritto, 5: BASSO",
    ]
    take(row, answers={"result": {question.value: {"is": "file"}}})
    assert Assessment.objects.get().level.label == "BASSO"


def test_a_level_in_words_decides_whatever_the_rounding(pxi, look):
    heads = [*HEADS, "Livello di rischio"]

    preview = look(("Gare", "Favori", "3", "1,67", "5,00", "Basso"), heads=heads)

    assert preview.questions == []
    assert any(row.label == "BASSO" for row in preview.changes.added)


def test_one_side_alone_is_kept_without_a_level(pxi, look, take):
    row = ("Gare", "Favori", "3", "—", "")

    assert any("il metodo non può dare il livello" in one.reason for one in look(row).notes)
    take(row)
    judged = Assessment.objects.get()
    assert (judged.level, scores_of(judged)) == (None, [Decimal(3)])


def test_every_risk_has_its_scores_and_a_merged_level_is_of_the_process(pxi, take):
    heads = ["Processo", "Rischi", "Probabilità", "Impatto", "Livello"]
    rows = [("Gare", "Favori", "2,7", "1,5", "Medio"), ("", "Ritardi", "4", "4", "")]

    take(*rows, heads=heads, merges=[(2, 1, 3, 1), (2, 5, 3, 5)], write=as_xlsx)

    process = Process.objects.get()
    assert process.assessments.get().level.label == "MEDIO"
    judged = {b.text: b.assessments.get().level.label for b in process.behaviours.all()}
    assert judged == {"Favori": "BASSO", "Ritardi": "ALTO"}


def test_a_behaviour_with_two_judgements_is_refused(pxi, look):
    heads = ["Processo", "Fase", "Rischio", "Prob.", "Imp."]
    rows = [("Gare", "Bando", "Favori", "1", "1"), ("Gare", "Esame", "Favori", "4", "4")]

    (problem,) = look(*rows, heads=heads).problems

    assert (problem.row, problem.value) == (3, "Favori")
    assert "due giudizi" in problem.reason
