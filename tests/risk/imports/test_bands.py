"""What stands over rows, above tables and in paragraphs says of which whole the rows are.

Papers of the kinds small bodies publish, each as the rows of a sheet and what must be read of it.
"""

import pytest

from registry.spreadsheets.workbook import Workbook, WorkbookSheet
from risk.services.imports.account import Account, Fate
from risk.services.imports.parse.rows import unfold
from risk.services.imports.recognise import claim_outside, recognise
from risk.services.imports.recognise.contexts import title_of
from risk.services.imports.recognise.descriptions import DESCRIPTIONS, WHOLES, Said, heads_of
from risk.services.imports.recognise.heads import Names
from risk.services.imports.recognise.rejoining import rejoined_texts
from risk.workbooks.fields import FIELDS
from tests.messy_workbooks import Grid
from tests.risk.imports.test_layouts import recognised_of

_HEADS = ["Evento rischioso", "Livello", "Misure"]
_BID, _TRACKS, _DELAY = ["Bando", "ALTO", "Rotazione"], ["Tracce", "MEDIO"], ["Ritardo", "BASSO"]

# The rows of a sheet, and each row read: process, number, area, office and risk.
SHEETS = {
    "a process in a band": (
        [_HEADS, ["Processo: Concorsi"], _BID, _TRACKS, ["Processo: Permessi"], _DELAY],
        [
            ("Concorsi", "", "", "", "Bando"),
            ("Concorsi", "", "", "", "Tracce"),
            ("Permessi", "", "", "", "Ritardo"),
        ],
    ),
    "an area and numbered processes in bands": (
        [
            *(_HEADS, ["AREA A – PERSONALE"], ["Processo n. 1 – Concorsi"], _BID),
            *(["AREA DI RISCHIO: B) Permessi"], ["PROCESSO N. 2: Permessi"], _DELAY),
        ],
        [
            ("Concorsi", "1", "A – PERSONALE", "", "Bando"),
            ("Permessi", "2", "B) Permessi", "", "Ritardo"),
        ],
    ),
    "heads over bands repeated by a page": (
        [_HEADS, ["Processo: Concorsi"], _BID, _HEADS, _TRACKS],
        [("Concorsi", "", "", "", "Bando"), ("Concorsi", "", "", "", "Tracce")],
    ),
    "an office with a stroke, the process under it": (
        [_HEADS, ["Ufficio – Tributi"], ["Processo – Ruoli"], _BID],
        [("Ruoli", "", "", "Tributi", "Bando")],
    ),
    "a process over each of the tables of a sheet": (
        [["Processo: Concorsi"], _HEADS, _BID, [], ["Processo: Permessi"], _HEADS, _DELAY],
        [("Concorsi", "", "", "", "Bando"), ("Permessi", "", "", "", "Ritardo")],
    ),
    "bands of areas over a column of processes": (
        [["Processo", *_HEADS], ["AREA B"], ["Concorsi", *_BID], ["AREA C"], ["Permessi", *_DELAY]],
        [("Concorsi", "", "B", "", "Bando"), ("Permessi", "", "C", "", "Ritardo")],
    ),
}


def _read(found):
    names = ("process_title", "process_number", "risk_area", "office", "behaviours")
    return [tuple(row.text(name) for name in names) for row in unfold(found).rows]


def unclaimed(found):
    """Return the cells nobody has claimed once a file is recognised and its rows are parsed."""
    account = Account(found.workbook)
    claim_outside(found, account)
    unfold(found, account=account)
    return account.unclaimed()


@pytest.mark.parametrize(("rows", "expected"), SHEETS.values(), ids=SHEETS)
def test_what_stands_over_rows_is_of_them(rows, expected):
    found = recognised_of(Grid(rows))

    assert _read(found) == expected
    assert unclaimed(found) == {}


# The paragraphs over the tables of a document, and of each: process, area and office.
DOCUMENTS = {
    "a process over each, the office once": (
        [("UFFICIO: Gare", "Processo: Acquisti"), ("Processo: Lavori",)],
        [("Acquisti", "", "Gare"), ("Lavori", "", "Gare")],
    ),
    "a table that goes on with the process above": (
        [("Processo: Acquisti",), ("segue",)],
        [("Acquisti", "", ""), ("Acquisti", "", "")],
    ),
    "another area ends the process": (
        [("AREA DI RISCHIO: A) Personale", "Processo: Concorsi"), ("Area di rischio: B", "Altro")],
        [("Concorsi", "A) Personale", "")],
    ),
    "a quoted area": (
        [("Area di rischio generale “PERSONALE” (AO1)", "Processo n. 3 Concorsi")],
        [("Concorsi", "PERSONALE", "")],
    ),
}


@pytest.mark.parametrize(("paragraphs", "expected"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_what_a_paragraph_says_holds_for_the_tables_below(paragraphs, expected):
    sheets = [
        WorkbookSheet(f"Tabella {number}", [_HEADS, [f"Rischio {number}", "ALTO"]], before=before)
        for number, before in enumerate(paragraphs, 1)
    ]
    found = recognise(Workbook("mappa.docx", "docx", sheets))

    names = ("process_title", "risk_area", "office")
    assert [tuple(row.text(n) for n in names) for row in unfold(found).rows] == expected
    assert unclaimed(found) == {}


def test_paragraphs_over_a_table_are_of_the_account():
    before = ("Allegato 2", "Processo: Acquisti")
    sheets = [WorkbookSheet("Tabella 1", [_HEADS, ["Favori", "ALTO"]], before=before)]
    found = recognise(Workbook("mappa.docx", "docx", sheets))
    account = Account(found.workbook)
    claim_outside(found, account)
    unfold(found, account=account)

    above = {
        (line.claim.fate, line.claim.reason): (line.cells, line.texts)
        for line in account.lines()
        if "sopra la tabella" in line.places
    }
    assert above == {
        (Fate.TAKEN, "processo"): (1, ("Processo: Acquisti",)),
        (Fate.TITLE, ""): (1, ("Allegato 2",)),
    }


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Area di rischio generale “CONTRATTI” (AO2)", {"risk_area": "CONTRATTI"}),
        ("AREA A RISCHIO: «Personale»", {"risk_area": "Personale"}),
        ("Area di rischio specifica: Tributi", {"risk_area": "Tributi"}),
        ("AREA DI RISCHIO B: CONTRATTI PUBBLICI", {"risk_area": "CONTRATTI PUBBLICI"}),
        ("AREA POLITICHE DEL PERSONALE", {}),
        ("Processo: Concorsi", {"process_title": "Concorsi"}),
        ("Macroprocesso 1 – Organici", {"macroprocess": "Organici"}),
        ("MACROPROCESSO N. 12: Mobilità", {"macroprocess": "Mobilità"}),
        ("Missione 1 – Servizi", {"function": "Servizi"}),
        ("Area 4 – Tecnica", {}),
        ("Programma 2021 – Aggiornamento", {}),
        ("SCHEDA N. 4 – Concorsi", {"process_number": 4, "process_title": "Concorsi"}),
        ("Mappatura dei processi a rischio corruzione", {}),
        ("Nota: compilare in ogni parte", {}),
        ("P – alto", {}),
    ],
)
def test_a_title_says_what_its_words_say(title, said):
    assert title_of(title, Names(heads_of(DESCRIPTIONS["registro"], {}), {})) == said


def test_a_title_alone_on_its_row_has_what_the_rows_below_say():
    heads = ["Area di rischio", "Processo", "Ufficio", "Rischio"]
    rows = [["A", "1. Concorsi"], [None, None, "Gare", "Bando"], [None, "2. Permessi"]]
    rows += [[None, None, "Gare", "Ritardo"], ["B", "1. Acquisti"], [None, None, "Gare", "Favori"]]
    found = unfold(recognised_of(Grid([heads, *rows])))

    assert found.problems == []
    assert [
        (row.text("process_title"), row.text("process_number"), row.text("risk_area"))
        for row in found.rows
        if row.begins
    ] == [("Concorsi", "", "A"), ("Permessi", "", "A"), ("Acquisti", "", "B")]


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("requisiti di ac- cesso su misura", "requisiti di accesso su misura"),
        ("designa-\nzione dei componenti", "designazione dei componenti"),
        ("personale tecnico- amministrativo", None),
        ("nel medio- e lungo periodo", None),
        ("Formazione- rotazione", None),
        ("Bandi - tipo", None),
    ],
)
def test_a_word_cut_at_the_end_of_a_line_is_joined(text, joined):
    assert rejoined_texts([text]).get(text) == joined


def test_descriptions_name_roles_there_are():
    for one in DESCRIPTIONS.values():
        assert {*one.own_heads, *one.said} <= FIELDS.keys()
        assert set(WHOLES) <= one.said.keys()
        assert all(ways <= set(Said) for ways in one.said.values())
