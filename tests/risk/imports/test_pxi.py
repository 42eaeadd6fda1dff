"""Registers with a probability, an impact and a result: what is kept, asked, noted and refused."""

import datetime
import shutil
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Process
from risk.forms.imports_answers import KIND_LABELS
from risk.models import Assessment, Method, PlanMethod, RegisterImport
from risk.services.imports import preview_import, start_import, take_import, undo_import
from risk.services.imports.shapes import QuestionKind
from risk.services.plans import use_method
from risk.services.reference import REFERENCE, load_reference
from tests.messy import Grid, as_csv, as_xlsx
from tests.people import client_of, make_member
from tests.register import make_annex

pytestmark = pytest.mark.django_db

HEADS = ["Processo", "Rischio", "Prob.", "Imp.", "Risultato"]
DEFAULT, BESIDE = {"is": "naz:PXI:1:predefinito"}, {"is": "naz:PXI:1"}
ASKED = "Probabilità e impatto in numeri"


@pytest.fixture(scope="module")
def method_files(tmp_path_factory):
    """The files of three methods alone: the other lists have no part in these tests."""
    folder = tmp_path_factory.mktemp("methods")
    for name in ("20_method_pna2019", "22_method_matrix5", "25_method_pxi"):
        shutil.copy(REFERENCE / f"{name}.json", folder)
    return folder


@pytest.fixture
def methods(db, method_files):
    load_reference(folder=method_files)
    return {row.code: row for row in Method.objects.all()}


@pytest.fixture
def annex(methods):
    """A plan that judges by PNA 2019 and has no method with a probability and an impact."""
    annex = make_annex()
    use_method(plan=annex.plan, method=methods["PNA2019"], is_default=True, by=None)
    return annex


@pytest.fixture
def rpct(annex):
    return make_member("rpct", "rpct", body=annex.plan.administration)


@pytest.fixture
def pxi(annex, methods):
    use_method(plan=annex.plan, method=methods["PXI"], is_default=True, by=None)
    return methods["PXI"]


@pytest.fixture
def look(annex, rpct):
    """Return a function that previews rows under heads."""

    def preview(*rows, heads=HEADS, answers=None, by=rpct, merges=(), write=as_csv):
        grid = Grid([list(heads), *map(list, rows)], list(merges))
        return preview_import(
            plan=annex.plan,
            office=annex.office,
            content=write(grid),
            filename="registro",
            answers=answers,
            by=by,
        )

    return preview


@pytest.fixture
def take(annex, rpct, look):
    """Return a function that takes rows in, and gives the import."""

    def taken(*rows, heads=HEADS, answers=None, merges=(), write=as_csv) -> RegisterImport:
        content = write(Grid([list(heads), *map(list, rows)], list(merges)))
        preview = look(*rows, heads=heads, answers=answers, write=lambda _grid: content)
        assert (preview.problems, preview.questions) == ([], [])
        started = start_import(
            plan=annex.plan,
            office=annex.office,
            filename="registro",
            content=content,
            layout="auto",
            by=rpct,
        )
        started.answers = answers or {}
        started.save()
        take_import(register_import=started, digest=preview.digest, by=rpct)
        return started

    return taken


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

    changes = {change.changes[0] for change in again.changed}
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
        ("D", "#N/D", "serve un numero"),
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
    assert {one.changes[0].after for one in changed.changed} == {"MEDIO"}


def test_the_level_in_the_file_stays_and_the_difference_is_noted(pxi, look, take):
    heads = [*HEADS, "Livello di rischio", "Motivazione"]
    row = ("Gare", "Favori", "3,33", "1,75", "5,83", "Alto", "Per prudenza.")

    (note,) = look(row, heads=heads).notes

    assert (note.row, note.column) == (2, "F")
    assert "«ALTO»; con 5,83 il metodo dà «MEDIO»" in note.reason
    take(row, heads=heads)
    judged = Assessment.objects.get()
    assert (judged.level.label, judged.motivation) == ("ALTO", "Per prudenza.")


def test_rounding_alone_is_no_question(pxi, look):
    preview = look(("Gare", "Favori", "3", "1,67", "5,00"))

    assert preview.questions == []
    (note,) = preview.notes
    assert "arrotondamenti" in note.reason
    assert any(row.label == "BASSO" for row in preview.added)


def test_one_side_alone_is_kept_without_a_level(pxi, look, take):
    row = ("Gare", "Favori", "3", "—", "")

    assert "il metodo non può dare il livello" in look(row).notes[0].reason
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


def test_a_plan_without_such_a_method_is_asked_for_one(annex, methods, look, take):
    row = ("Gare", "Favori", "2", "1,4", "2,80")

    (asked,) = look(row).questions

    assert (asked.kind, asked.value, asked.may_skip) == ("method", ASKED, False)
    assert [choice.key for choice in asked.suggestions] == [DEFAULT["is"], BESIDE["is"]]
    taken = take(row, answers={"method": {ASKED: DEFAULT}})
    used = PlanMethod.objects.filter(plan=annex.plan)
    assert {one.method.code: one.is_default for one in used} == {"PNA2019": False, "PXI": True}
    undo_import(register_import=taken, by=taken.by)
    assert {one.method.code: one.is_default for one in used.all()} == {"PNA2019": True}
    assert not Process.objects.exists()


def test_the_method_may_stand_beside_that_of_the_plan(annex, take):
    take(("Gare", "Favori", "2", "1,4", "2,80"), answers={"method": {ASKED: BESIDE}})

    used = PlanMethod.objects.filter(plan=annex.plan)
    assert {one.method.code: one.is_default for one in used} == {"PNA2019": True, "PXI": False}


def test_an_editor_does_not_choose_methods(annex, look):
    body = annex.plan.administration
    editor = make_member("redattrice", "editor", body=body, office=annex.office)

    preview = look(("Gare", "Favori", "2", "1,4", "2,80"), by=editor)

    assert preview.questions == []
    assert "lo sceglie il RPCT" in preview.problems[0].reason


def test_words_go_through_the_matrix(annex, methods, take):
    use_method(plan=annex.plan, method=methods["MATRICE5"], is_default=True, by=None)

    take(("Gare", "Favori", "Alto", "Medio", "Alto"), ("Mense", "Ritardi", "Basso", "basso", ""))

    judged = {row.process.title: row for row in Assessment.objects.all()}
    assert {title: row.level.label for title, row in judged.items()} == {
        "Gare": "ALTO",
        "Mense": "MINIMO",
    }
    grades = judged["Gare"].ratings.order_by("indicator__position")
    assert [row.level.label for row in grades] == ["ALTO", "MEDIO"]


def test_a_method_of_the_body_has_its_own_scale_and_thresholds(annex, look, take):
    own = Method.objects.create(
        administration=annex.plan.administration, code="TRE", name="Su tre punti", kind="product"
    )
    bands = [("Basso", 0, 2), ("Medio", 2, 5), ("Alto", 5, 9)]
    for ordinal, (label, low, high) in enumerate(bands, start=1):
        band = {"min_score": low, "max_score": high}
        own.levels.create(ordinal=ordinal, code=label[0], label=label, **band)
        for scale in ("probability", "impact"):
            band = {"min_score": 1, "max_score": 3}
            own.levels.create(scale=scale, ordinal=ordinal, code=str(ordinal), label=label, **band)
    for position, side in enumerate(("probability", "impact"), start=1):
        named = {"code": side[0], "label": side, "dimension": side, "scale": side}
        own.indicators.create(position=position, **named)
    row = ("Gare", "Favori", "2", "3", "6")

    (asked,) = look(row).questions
    assert [choice.key for choice in asked.suggestions if "TRE" in choice.key] == [
        "ente:TRE:1:predefinito",
        "ente:TRE:1",
    ]
    answers = {"method": {ASKED: {"is": "ente:TRE:1:predefinito"}}}
    (problem,) = look(("Mense", "Favori", "3,5", "1", "3,5"), answers=answers).problems
    assert "va da 1 a 3" in problem.reason
    take(row, answers=answers)
    assert Assessment.objects.get().level.label == "Alto"


def test_every_kind_of_question_has_its_heading():
    assert set(KIND_LABELS) == set(QuestionKind)


def test_the_pages_ask_for_the_method_and_take_the_register(annex, methods, rpct):
    client, plan = client_of(rpct), annex.plan
    content = as_csv(Grid([HEADS, ["Gare", "Favori", "3,5", "3", "4,41"]]))
    start = reverse("risk:import_start", args=[plan.administration.ipa_code, plan.slug])
    file = SimpleUploadedFile("registro.csv", content)
    client.post(start, {"file": file, "office": annex.office.code})
    (found,) = RegisterImport.objects.all()
    values = reverse("risk:import_values", args=[found.uid])

    page = client.get(values).content.decode()

    assert f"<legend>{ASKED}</legend>" in page
    assert "Probabilità per impatto, due punteggi, predefinito del piano" in page
    asked = client.post(values, {"risposta-0": f"is:{DEFAULT['is']}"}, follow=True)
    assert "il livello del risultato scritto, 4,41" in asked.content.decode()
    client.post(values, {"risposta-0": "is:product"})
    preview = reverse("risk:import_preview", args=[found.uid])
    shown = client.get(preview)
    assert "Il piano userà il metodo" in shown.content.decode()
    client.post(preview, {"digest": shown.context["report"]["digest"]})
    assert Assessment.objects.get().level.label == "MEDIO"


def test_a_result_in_words_is_the_level(annex, methods, look, take):
    use_method(plan=annex.plan, method=methods["MATRICE5"], is_default=True, by=None)
    row = ("Gare", "Favori", "Alto", "Medio", "Altissimo")

    (note,) = look(row).notes

    assert note.column == "E"
    assert "«ALTISSIMO»; con ALTO × MEDIO" in note.reason
    take(row)
    assert Assessment.objects.get().level.label == "ALTISSIMO"


def test_a_result_alone_needs_no_probability(annex, take):
    take(("Gare", "Favori", "Medio"), heads=["Processo", "Rischio", "Risultato"])

    judged = Assessment.objects.get()
    assert (judged.method.code, judged.level.label) == ("PNA2019", "MEDIO")


def test_asking_for_a_method_costs_the_same_for_many_rows(annex, methods, look):
    row = ("Gare", "Favori", "2", "1,4", "2,80")
    look(row)  # the rights of the person are read once
    with CaptureQueriesContext(connection) as one:
        look(row)
    with CaptureQueriesContext(connection) as many:
        look(row, *((f"Altro {number}", *row[1:]) for number in range(20)))

    assert len(many) == len(one)


SIX = [
    "Livello di interesse esterno",
    "Grado di discrezionalità del decisore interno alla PA",
    "Manifestazione di eventi corruttivi in passato",
    "Opacità del processo decisionale",
    "Livello di collaborazione del responsabile del processo",
    "Grado di attuazione delle misure di trattamento",
]


def test_six_indicators_come_in_and_the_same_file_changes_nothing(annex, take, look):
    heads = ["N.", "Processo", "Catalogo dei rischi principali", *SIX]
    heads += ["Valutazione complessiva", "Motivazione"]
    row = ["1", "Gare", "Favori", "A", "M", "B", "B", "M", "—", "A", "Discrezionale."]
    take(row, heads=heads)

    judged = Assessment.objects.get()
    grades = {one.indicator.code: one.level.label for one in judged.ratings.all()}
    assert grades == {
        "INT_EST": "ALTO",
        "DISCR": "MEDIO",
        "EV_PASS": "BASSO",
        "OPAC": "BASSO",
        "COLLAB": "MEDIO",
    }
    assert look(row, heads=heads).writes_nothing
    row[8] = "Basso"
    row[4] = "Alto"
    again = look(row, heads=heads)
    assert [one.changes[0].after for one in again.changed] == ["ALTO"]
    assert [one.label for one in again.added] == [
        "Grado di attuazione delle misure di trattamento: BASSO"
    ]
