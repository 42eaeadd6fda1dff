"""Totals, signatures and marks of a page make no process, no measure and no other number."""

import pytest

from risk.services.imports.parse.continued import without_mark
from tests.messy_workbooks import as_xlsx
from tests.risk.imports.test_account import fates

pytestmark = pytest.mark.django_db

MEASURED = ["N.", "Processo", "Evento rischioso", "Livello di rischio", "Misure"]
GARE = (1, "Gare", "Favori", "", "")
NOTED = "Totale, data, firma o nota"


def added(preview, kind):
    labels = [one.label for one in preview.changes.added if one.kind == kind]
    return [label.split(" ", 2)[2] for label in labels] if kind == "process" else labels


def footers(preview):
    return [(note.row, note.value) for note in preview.notes if NOTED in note.reason]


@pytest.mark.parametrize(
    "signatures",
    [
        [("", "", "", "", "Il Segretario comunale – RPCT"), ("", "", "", "", "f.to Ada Prova")],
        [("", "", "", "Il RPCT"), ("", "", "", "Ada Maria Prova")],
        [
            ("", "", "Il Responsabile del settore", "", "Il RPCT"),
            ("", "", "Bice Prova", "", "Firma"),
        ],
    ],
)
@pytest.mark.parametrize("gap", [(), ("Totale processi", 1)])
def test_whoever_signs_under_the_measures_is_no_measure(look, signatures, gap):
    preview = look(GARE, gap, *signatures, heads=MEASURED, write=as_xlsx)

    assert (preview.problems, preview.questions) == ([], [])
    assert added(preview, "process") == ["Gare"]
    rows = [row for row, _value in footers(preview)]
    assert rows == [*([3] if gap else []), 4, 5]


def test_what_goes_on_with_the_last_process_is_no_signature(look):
    rows = ("", "", "Visto del dirigente", "", ""), ("", "", "Firma", "", "")

    preview = look(GARE, *rows, heads=MEASURED)

    assert added(preview, "riskbehaviour") == ["Favori", "Visto del dirigente", "Firma"]
    assert footers(preview) == []


@pytest.mark.parametrize("total", ["Totale", "TOTALE COMPLESSIVO", "Tot. rischi: 2", "Totale fasi"])
def test_a_total_is_one_whatever_else_its_row_counts(look, total):
    heads = ["Processo", "Evento rischioso", "Note"]

    preview = look(("Gare", "Favori", "x"), (total, "2 rischi", "1"), heads=heads)

    assert added(preview, "process") == ["Gare"]
    assert added(preview, "riskbehaviour") == ["Favori"]


def test_a_total_does_not_make_codes_of_the_numbers(look):
    rows = GARE, (7, "Atti", "Ritardo", "", ""), ("Totale processi", 2)

    preview = look(*rows, heads=MEASURED, write=as_xlsx)

    labels = [one.label for one in preview.changes.added if one.kind == "process"]
    assert labels == ["n. 1 Gare", "n. 7 Atti"]
    assert [note for note in preview.notes if "codici" in note.reason] == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Assegnazione degli alloggi (segue)", "Assegnazione degli alloggi"),
        ("ASSEGNAZIONE [SEGUE]", "ASSEGNAZIONE"),
        ("Assegnazione – segue", "Assegnazione"),
        ("Segue: Assegnazione", "Assegnazione"),
        ("(continua) Assegnazione", "Assegnazione"),
        ("Assegnazione che segue il bando", "Assegnazione che segue il bando"),
        ("Continuazione dei lavori", "Continuazione dei lavori"),
        ("Contratti", "Contratti"),
    ],
)
def test_the_mark_of_what_goes_on(text, title):
    assert without_mark(text) == title


def test_a_process_that_goes_on_after_the_heads_of_a_page_is_the_same(look):
    rows = GARE, MEASURED, ("", "Gare (segue)", "Ritardo", "", "")

    preview = look(*rows, heads=MEASURED)

    assert added(preview, "process") == ["Gare"]
    assert added(preview, "riskbehaviour") == ["Favori", "Ritardo"]


def test_a_row_whose_process_is_a_ditto_is_not_refused_before_the_answer(look):
    heads = ["N.", "Processo", "Evento rischioso", "Motivazione"]
    rows = (1, "Gare", "Favori", "x"), (1, "idem", "Ritardo", "idem")

    preview = look(*rows, heads=heads)

    assert preview.problems == []
    assert [one.kind for one in preview.questions] == ["ditto"]
    assert ("aspettano una risposta", 2) in fates(preview)["asked"]


def test_the_processes_of_a_table_on_its_side_are_taken(look):
    rows = ("Evento rischioso", "Favori", "Ritardo"), ("Livello", "", ""), ("Misure", "", "")

    preview = look(*rows, heads=["Processo", "Gare", "Atti"])

    assert added(preview, "process") == ["Gare", "Atti"]
    assert "titoli delle colonne" not in dict(fates(preview)["title"])
