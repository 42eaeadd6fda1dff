"""Forms: labels with values beside or below them, several on one sheet, or on their side."""

import pytest

from registry.spreadsheets.workbook import Workbook, WorkbookSheet
from risk.services.imports.parse.rows import unfold
from risk.services.imports.recognise import Knowledge, recognise
from tests.messy_workbooks import Grid
from tests.risk.imports.test_bands import unclaimed
from tests.risk.imports.test_layouts import recognised_of

# The rows of a sheet, and each process: title, area, level, its phases, its risks.
FORMS = {
    "labels without a colon": (
        [
            ["SCHEDA DEL PROCESSO"],
            ["Processo", "Concorsi"],
            ["Area di rischio", "A"],
            ["Rischi", "1. Bando\n2. Tracce"],
            ["Livello di rischio", "ALTO"],
        ],
        [("Concorsi", "A", "ALTO", [], ["Bando", "Tracce"])],
    ),
    "two labels on a row": (
        [
            ["Processo", "Concorsi", "Area di rischio", "A"],
            ["Rischio", "Bando", "Livello di rischio", "ALTO"],
        ],
        [("Concorsi", "A", "ALTO", [], ["Bando"])],
    ),
    "values below their labels": (
        [
            *(["Denominazione processo"], ["Concorsi"], ["Area di rischio"], ["A"], ["Fasi"]),
            *([1, "Bando"], [2, "Prove"], ["Rischi"], ["Favori"], ["Tracce"]),
            ["Livello di rischio", "ALTO"],
        ],
        [("Concorsi", "A", "ALTO", ["Bando", "Prove"], ["Favori", "Tracce"])],
    ),
    "a list that goes on under its label": (
        [
            *(["Processo", "Concorsi"], ["Fasi", "Bando"], [None, "Prove"]),
            *(["Rischi", "Favori"], [None, "Tracce"], ["Livello", "ALTO"]),
        ],
        [("Concorsi", "", "ALTO", ["Bando", "Prove"], ["Favori", "Tracce"])],
    ),
    "phases in one cell": (
        [["Processo", "Concorsi"], ["Fasi", "1. Bando\n2. Prove"], ["Rischio", "Favori"]],
        [("Concorsi", "", "", ["Bando", "Prove"], ["Favori"])],
    ),
    "one under the other, the area over each": (
        [
            *(["AREA DI RISCHIO", "AREA A – PERSONALE"], ["Processo", "Concorsi"]),
            *(["Rischio", "Misure"], ["Favori", "Rotazione"], []),
            *(["AREA DI RISCHIO", "B"], ["Processo", "Permessi"]),
            *(["PROBABILITA'", "IMPATTO", "LIVELLO"], [3, 2, "MEDIO"]),
            *(["Rischio", "Misure"], ["Ritardo", "Controlli"]),
        ],
        [
            ("Concorsi", "A – PERSONALE", "", [], ["Favori"]),
            ("Permessi", "B", "MEDIO", [], ["Ritardo"]),
        ],
    ),
    "phases and risks each in a table": (
        [
            *(["Processo:", "Concorsi"], ["Fase", "Esecutore"], ["Bando", "RUP"]),
            *(["Rischio", "Livello"], ["Favori", "ALTO"]),
        ],
        [("Concorsi", "", "ALTO", ["Bando"], ["Favori"])],
    ),
    "on its side": (
        [
            ["Processo", "Concorsi", "Permessi"],
            ["Area di rischio", "A", "B"],
            ["Rischio 1", "Favori", "Ritardo"],
            ["Rischio 2", "Tracce"],
            ["Livello", "ALTO", "MEDIO"],
        ],
        [
            ("Concorsi", "A", "ALTO", [], ["Favori", "Tracce"]),
            ("Permessi", "B", "MEDIO", [], ["Ritardo"]),
        ],
    ),
    "on its side, after numbers and under a title": (
        [
            ["Mappa dei processi"],
            [1, "Processi", "Concorsi", "Permessi"],
            [2, "Ufficio", "Gare", "Gare"],
            [3, "Livello di rischio", "ALTO", "MEDIO"],
            [4, "Note", "vedi sopra", None],
        ],
        [("Concorsi", "", "ALTO", [], []), ("Permessi", "", "MEDIO", [], [])],
    ),
    "a table whose second column is unknown is no form": (
        [["Processo", "Rischio", "Boh"], ["Input", "Output", "x"]],
        [("Input", "", "", [], ["Output"])],
    ),
}


def _processes(found):
    told = {}
    for row in unfold(found).rows:
        names = ("process_title", "risk_area", "level")
        title, *own = (row.text(name) for name in names)
        one = told.setdefault(title, [*own, [], []])
        one[1] = one[1] or own[1]
        one[2] += [row.text("phase")] if "phase" in row.cells else []
        one[3] += [text for text in row.parts("behaviours") if text not in one[3]]
    return [(title, *one) for title, one in told.items()]


@pytest.mark.parametrize(("rows", "expected"), FORMS.values(), ids=FORMS)
def test_a_form_is_read_by_its_labels(rows, expected):
    found = recognised_of(Grid(rows))

    assert _processes(found) == expected
    assert unclaimed(found) == {}


def test_a_paragraph_over_labels_names_their_process():
    rows = [["Area di rischio", "A"], ["Rischi", "Favori"], ["Livello", "ALTO"]]
    paragraphs = [("UFFICIO: Gare", "Processo: Concorsi"), ("Processo: Permessi",)]
    tables = [
        WorkbookSheet(f"Tabella {number}", rows, before=before)
        for number, before in enumerate(paragraphs, 1)
    ]
    found = recognise(Workbook("schede.docx", "docx", tables))

    assert _processes(found) == [
        ("Concorsi", "A", "ALTO", [], ["Favori"]),
        ("Permessi", "A", "ALTO", [], ["Favori"]),
    ]
    assert {row.text("office") for row in unfold(found).rows} == {"Gare"}
    assert unclaimed(found) == {}


# What stands over a sheet of forms, its name, and the office each process then is of.
OFFICES = {
    "the name of the sheet": ("Gare", [], "Gare"),
    "a title over the labels": ("Foglio1", [["UFFICIO: Gare"]], "Gare"),
    "a title rather than the sheet": ("Gare", [["UFFICIO: Tributi"]], "Tributi"),
    "a sheet that is no office": ("Riepilogo", [], ""),
}


@pytest.mark.parametrize("form", ["labels without a colon", "on its side"])
@pytest.mark.parametrize(("name", "over", "office"), OFFICES.values(), ids=OFFICES)
def test_what_stands_around_forms_says_their_office(form, name, over, office):
    rows, _expected = FORMS[form]
    knowledge = Knowledge(vocabulary={"office": ["Gare", "Tributi"]})
    found = recognised_of(Grid([*over, *rows], name=name), knowledge=knowledge)

    assert {row.text("office") for row in unfold(found).rows} == {office}
    assert unclaimed(found) == {}


def test_a_file_may_hold_tables_and_forms():
    heads = ["Processo", "Rischio", "Livello"]
    grids = [
        Grid([heads, ["Acquisti", "Favori", "ALTO"], ["Lavori", "Ritardo", "ALTO"]], name="Gare"),
        Grid(FORMS["labels without a colon"][0], name="Personale"),
        Grid([["Livello", "Significato"], ["ALTO", "grave"]], name="Note"),
    ]
    found = recognised_of(*grids)

    assert [row.text("process_title") for row in unfold(found).rows] == [
        *("Acquisti", "Lavori", "Concorsi")
    ]
    assert list(found.left_out) == ["Note"]
    assert unclaimed(found) == {}


def test_a_table_on_its_side_is_said():
    rows, _expected = FORMS["on its side"]
    found = recognised_of(Grid(rows))

    assert [(one.kind, one.place) for one in found.findings] == [("turned", "A")]
    assert [row.key for row in unfold(found).rows] == ["Foglio1!B1", "Foglio1!C1"]


def test_a_cell_merged_over_processes_on_their_side_is_of_each():
    rows = [["Processo", "Concorsi", "Permessi"], ["Area", "A"], ["Livello", "ALTO", "MEDIO"]]
    found = recognised_of(Grid(rows, [(2, 2, 2, 3)]))

    assert [row.text("risk_area") for row in unfold(found).rows] == ["A", "A"]
