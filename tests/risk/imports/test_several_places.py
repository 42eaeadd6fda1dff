"""One process in several places, numbers that are codes, lists on one line, in any spelling."""

import re

import pytest

from registry.models import Process
from registry.readable import code_of
from risk.models import Assessment, MeasureTarget
from risk.services.imports.parse.codes import titles_are_coded
from risk.services.imports.parse.inline_lists import cut_by, marked_cut
from risk.services.plans.making import use_method
from tests.messy_workbooks import as_xlsx

pytestmark = pytest.mark.django_db

HEADS = ["Processo", "Evento rischioso", "Livello di rischio", "Misure"]
CODED = {
    "1.1 Concorsi": "1.1",
    "A.3) Permessi": "A.3)",
    "n. 4 bis Collaudi": "n. 4 bis",
    "4-bis Collaudi": "4-bis",
    "AO1.1 Reclutamento": "AO1.1",
    "P_1.1.1 Registro": "P_1.1.1",
    "AP.01.01 Affidamenti": "AP.01.01",
    "A5a Denunce": "A5a",
    "n. 4 Collaudi": "",
    "4. Collaudi": "",
    "3 Accessi": "",
    "D.Lgs. 33 accesso": "",
    "Art. 53 incarichi": "",
    "IMU 2020": "",
    "A) Concorsi": "",
}
MARKED = {
    "1) uno 2) due 3) tre": ("uno", "due", "tre"),
    "a. uno; b. due": ("uno", "due"),
    "1- uno. 2- due.": ("uno.", "due."),
    "A) uno B) due": ("uno", "due"),
    "(a) uno (b) due": ("uno", "due"),
    "1) uno 3) tre": None,
    "a) uno solo": None,
    "Comma 1) e 2)": None,
}
PARTED = {
    "uno; due": (";", ("uno", "due")),
    "uno / due": ("/", ("uno", "due")),
    "uno | due": ("|", ("uno", "due")),
    "uno – due": ("-", ("uno", "due")),
    "uno, due": (",", ("uno", "due")),
    "e/o": None,
    "uno-due": None,
}


def test_codes_before_titles():
    assert {title: code_of(title) for title in CODED} == CODED
    assert [title for title in CODED if titles_are_coded([title]) != bool(CODED[title])] == []


def test_marks_in_sequence_and_signs():
    cuts = {text: marked_cut(text) for text in MARKED}
    assert {text: cut and cut.parts for text, cut in cuts.items()} == MARKED
    parted = {text: cut_by(text, ";/|-,") for text in PARTED}
    assert {text: cut and (cut.sign, cut.parts) for text, cut in parted.items()} == PARTED


@pytest.fixture
def judged(annex, methods):
    """Let the plan judge by levels in words."""
    use_method(plan=annex.plan, method=methods["PNA2019"], is_default=True, by=None)


def levels():
    """Return the level of each process and behaviour that has one."""
    rows = Assessment.objects.select_related("level")
    return {str(row.process or row.behaviour): row.level.label for row in rows if row.level}


def test_a_process_on_rows_apart_is_one(judged, take):
    take(
        ("Gare", "Favori", "Alto", ""),
        ("Atti", "Ritardi", "Alto", ""),
        ("Gare", "Omissioni", "Basso", ""),
        heads=HEADS,
    )

    assert list(Process.objects.values_list("title", flat=True)) == ["Gare", "Atti"]
    assert levels() == {"Favori": "ALTO", "n. 2 Atti": "ALTO", "Omissioni": "BASSO"}


@pytest.mark.parametrize("number", ["", "1"], ids=["without", "with a number"])
def test_the_same_words_on_all_rows_are_of_the_process(judged, take, number):
    heads = ["N.", *HEADS]
    take(
        (number, "Gare", "Favori", "Medio", ""),
        (number, "Gare", "Ritardi", "Medio", ""),
        heads=heads,
    )

    assert levels() == {"n. 1 Gare": "MEDIO"}


def test_words_that_differ_are_of_all_behaviours_of_their_row(judged, take):
    take(("Gare", "- Favori\n- Omissioni", "Medio", ""), ("", "Ritardi", "Alto", ""), heads=HEADS)

    assert levels() == {"Favori": "MEDIO", "Omissioni": "MEDIO", "Ritardi": "ALTO"}


def test_what_two_tables_say_of_a_process_is_put_together(look):
    rows = [("1", "Gare", "F"), ("2", "Atti", "F"), ("1", "Gare", "F")]
    preview = look(*rows, heads=["N.", "Processo", "Area di rischio"])

    assert len(preview.changes.added) == 2
    assert [note.row for note in preview.notes] == [4]


def test_another_area_or_number_is_another_process(look):
    rows = [("1", "Gare", "F"), ("7", "Gare", "F")]
    (problem,) = look(*rows, heads=["N.", "Processo", "Area di rischio"]).problems

    assert "scritto due volte" in problem.reason


@pytest.mark.parametrize(
    ("numbers", "titles", "said"),
    [
        ((1.1, 1.2, 1.1), ("Gare", "Atti", "Esiti"), "«1,1», «1,2»"),
        (("A1", "A5a", "B10"), ("Gare", "Atti", "Esiti"), "codici e non numeri"),
        (("1", "2 bis", "3"), ("Gare", "Atti", "Esiti"), "«2 bis»"),
        ((1, 2, 3), ("Gare", "Gare", "Esiti"), "conta le righe"),
    ],
    ids=["decimals", "letters", "bis", "rows counted"],
)
def test_what_is_no_number_orders_and_stops_nothing(look, numbers, titles, said):
    rows = [(number, title, "F") for number, title in zip(numbers, titles, strict=True)]
    preview = look(*rows, heads=["N.", "Processo", "Area di rischio"], write=as_xlsx)

    assert (preview.problems, preview.questions) == ([], [])
    are_codes = said != "conta le righe"
    order = [f"n. {n} {title}" for n, title in enumerate(dict.fromkeys(titles), 1)]
    labels = [one.label for one in preview.changes.added]
    assert [re.sub(r" \(.+\)", "", label) for label in labels] == order
    assert all("(" in label for label in labels) is are_codes
    assert said in " ".join(note.reason for note in preview.notes)


def test_numbers_before_titles_are_numbers_only_where_all_are_and_codes_else(look):
    heads = ["Processo", "Area di rischio"]
    plain = look(("n. 3 Gare", "F"), ("n. 4 Atti", "F"), heads=heads)
    coded = look(("n. 3 Gare", "F"), ("n. 4 bis Atti", "F"), heads=heads)

    assert [one.label for one in plain.changes.added] == ["n. 3 Gare", "n. 4 Atti"]
    assert [one.label for one in coded.changes.added] == ["n. 1 (3) Gare", "n. 2 (4 bis) Atti"]


@pytest.mark.parametrize(
    ("cell", "value", "likely"),
    [
        ("1) Favori 2) Ritardi", "Comportamento a rischio con numeri o lettere", "list"),
        ("Favori / Ritardi", "Comportamento a rischio «/»", ""),
        ("favori; ritardi", "Comportamento a rischio", ""),
        ("Favori; Ritardi", "Comportamento a rischio", "list"),
    ],
)
def test_lists_on_one_line_are_asked_once_for_a_column_and_sign(look, cell, value, likely):
    rows = [("Gare", cell, "", ""), ("Atti", cell, "", "")]
    (asked,) = look(*rows, heads=HEADS).questions

    assert (asked.kind, asked.value, asked.proposed, asked.count) == ("list", value, likely, 2)
    answers = {"list": {value: {"is": "list"}}}
    added = look(*rows, heads=HEADS, answers=answers).changes.added
    assert len([one for one in added if one.kind == "riskbehaviour"]) == 4


def test_a_bar_between_languages_parts_nothing(look):
    heads = ["Processo", "Risiko / Rischio", "Bereich / Area"]
    answers = {"risk_area": {"F": {"is": "F"}}}
    preview = look(("Gare", "Gunst / Favori", "F"), heads=heads, answers=answers)

    assert [one.kind for one in preview.questions] == []


def test_a_measure_treats_what_it_stands_beside(take):
    answers = {"measure": {text: {"new": True} for text in ("Una", "Sole")}}
    take(
        ("Gare", "Favori", "", "Una"),
        ("", "Ritardi", "", ""),
        ("Atti", "Favori", "", "Sole"),
        heads=HEADS,
        answers=answers,
    )

    rows = MeasureTarget.objects.select_related("planned_measure__measure", "behaviour", "process")
    assert {row.planned_measure.measure.label: str(row) for row in rows} == {
        "Una": "Favori",
        "Sole": "n. 2 Atti",
    }
