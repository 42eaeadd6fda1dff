"""By which method a file is judged: asked where the plan has none; numbers, words, indicators."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Process
from risk.models import Assessment, Method, PlanMethod, RegisterImport
from risk.services.imports import undo_import
from risk.services.imports.ledger import KIND_LABELS, QuestionKind
from risk.services.plans.making import use_method
from tests.messy_workbooks import Grid, as_csv
from tests.people import client_of, make_member
from tests.risk.imports.conftest import HEADS

pytestmark = pytest.mark.django_db

DEFAULT, BESIDE = {"is": "naz:PXI:1:predefinito"}, {"is": "naz:PXI:1"}
ASKED = "Probabilità e impatto in numeri"


@pytest.fixture(autouse=True)
def judged_by_pna_2019(annex, methods):
    """The plan has no method with a probability and an impact."""
    use_method(plan=annex.plan, method=methods["PNA2019"], is_default=True, by=None)


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
    assert "il risultato scritto, 4,41: BASSO" in asked.content.decode()
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
    assert [one.changes[0].after for one in again.changes.changed] == ["ALTO"]
    assert [one.label for one in again.changes.added] == [
        "Grado di attuazione delle misure di trattamento: BASSO"
    ]


ALLEGATO_B = ["Processo", "Catalogo dei rischi principali", *SIX, "Valutazione complessiva"]
ASKED_SIX = "Indicatori della valutazione"


@pytest.fixture
def judged_by_a_matrix(annex, methods):
    use_method(plan=annex.plan, method=methods["MATRICE5"], is_default=True, by=None)
    PlanMethod.objects.exclude(method=methods["MATRICE5"]).delete()


def test_indicators_no_method_of_the_plan_has_are_asked_for(judged_by_a_matrix, look, take):
    row = ("Gare", "Favori", "A++", "A", "N", "B", "M", "M", "A+")

    (asked,) = look(row, heads=ALLEGATO_B).questions

    assert (asked.kind, asked.value) == ("method", ASKED_SIX)
    assert {choice.key for choice in asked.suggestions} >= {"naz:SCALA7:1", "naz:PNA2019:1"}
    answers = {"method": {ASKED_SIX: {"is": "naz:SCALA7:1"}}}
    take(row, heads=ALLEGATO_B, answers=answers)
    judged = Assessment.objects.get()
    assert (judged.method.code, judged.level.code) == ("SCALA7", "A+")
    assert judged.ratings.get(indicator__code="INT_EST").level.code == "A++"


def test_an_editor_keeps_the_method_of_the_plan(judged_by_a_matrix, annex, look):
    body = annex.plan.administration
    editor = make_member("redattrice", "editor", body=body, office=annex.office)

    preview = look(("Gare", "Favori", *"AMNBMM", "Alto"), heads=ALLEGATO_B, by=editor)

    assert preview.questions == []
    assert "non ha questo indicatore" in preview.notes[0].reason


@pytest.mark.parametrize("level", ["A+", "B-"])
def test_a_level_with_a_sign_is_not_the_one_without(look, level):
    (asked,) = look(("Gare", "Favori", level), heads=["Processo", "Rischio", "Livello"]).questions

    assert (asked.kind, asked.value) == ("level", level)


def test_seven_levels_with_signs_are_told_apart(annex, methods, take):
    PlanMethod.objects.all().delete()
    use_method(plan=annex.plan, method=methods["SCALA7"], is_default=True, by=None)
    codes = ["N", "B-", "B", "M", "A", "A+", "A++"]

    take(
        *((f"Processo {code}", "Favori", code) for code in codes),
        heads=["Processo", "Rischio", "Livello"],
    )

    judged = Assessment.objects.order_by("level__ordinal")
    assert [row.level.code for row in judged] == codes
