"""What only a person can tell of a band, a title, a sheet or a table is asked, or may be said."""

import io
import json

import pytest
from django.core.management import call_command

from registry.spreadsheets.workbook import Merge, Workbook, WorkbookSheet
from risk.models import ColumnMapping, RegisterImport
from risk.services.imports.account import Account
from risk.services.imports.ledger import Ledger, QuestionKind
from risk.services.imports.map import map_columns
from risk.services.imports.parse.rows import unfold
from risk.services.imports.recognise import Knowledge, claim_outside, recognise
from tests.messy_workbooks import Grid, as_xlsx
from tests.risk.imports.pages import address, text_of, upload

_HEADS = ["Rischio", "Livello", "Misure"]
_BID, _DELAY = ["Bando", "ALTO", "Rotazione"], ["Ritardo", "BASSO", "Controlli"]
_BANDS, _SHEETS = (
    "Fasce di «Rischio, Livello, Misure»",
    "Nomi dei fogli di «Rischio, Livello, Misure»",
)
_PROCESS = {"is": "process_title"}
_FORM = [["Area di rischio", "A"], ["Rischi", "Bando"], ["Livello", "ALTO"]]

# The sheets by their names, what is asked with the answer marked, and the processes so read.
ASKED = {
    "bands": (
        {"Foglio1": [_HEADS, ["Concorsi"], _BID, ["Permessi di costruire"], _DELAY]},
        {_BANDS: "process_title"},
        ["Concorsi", "Permessi di costruire"],
    ),
    "a title over the table": (
        {"Foglio1": [["Mappa dei rischi"], ["Concorsi pubblici"], _HEADS, _BID]},
        {"Testo sopra «Rischio, Livello, Misure»": "process_title"},
        ["Concorsi pubblici"],
    ),
    "the titles over forms": (
        {
            "Scheda 1": [["Concorsi pubblici"], *_FORM],
            "Scheda 2": [["Permessi di costruire"], *_FORM],
        },
        {"Testo sopra «Area di rischio, Rischi, Livello»": "process_title"},
        ["Concorsi pubblici", "Permessi di costruire"],
    ),
    "the sheets of forms with one title": (
        {"Concorsi": [["SCHEDA"], *_FORM], "Permessi": [["SCHEDA"], *_FORM]},
        {"Nomi dei fogli di «Area di rischio, Rischi, Livello»": "process_title"},
        ["Concorsi", "Permessi"],
    ),
    "the names of the sheets": (
        {"Concorsi": [_HEADS, _BID], "Permessi": [_HEADS, _DELAY]},
        {_SHEETS: "process_title"},
        ["Concorsi", "Permessi"],
    ),
}


def _recognised(sheets, answers=None, remembered=None, file_format="xlsx"):
    """Return a file with what a person has said of it, the ledger, and what became of its cells."""
    tables = [WorkbookSheet(name, rows) for name, rows in sheets.items()]
    workbook = Workbook("rischi", file_format, tables)
    ledger = Ledger({QuestionKind.PLACE: answers or {}}, Account(workbook))
    found = recognise(workbook, knowledge=Knowledge(remembered={"registro": remembered or {}}))
    found = map_columns(found, {}, ledger)
    claim_outside(found, ledger.account)
    return found, ledger, unfold(found, account=ledger.account).rows


@pytest.mark.parametrize(("sheets", "asked", "processes"), ASKED.values(), ids=ASKED)
def test_what_most_likely_says_the_process_is_asked_once(sheets, asked, processes):
    _found, ledger, rows = _recognised(sheets)
    assert {one.value: one.proposed for one in ledger.questions.values()} == asked
    assert [row.text("process_title") for row in rows] == processes

    answers = dict.fromkeys(asked, _PROCESS)
    _found, ledger, rows = _recognised(sheets, answers)
    assert not ledger.questions
    assert [row.text("process_title") for row in rows] == processes
    assert ledger.account.unclaimed() == {}

    _found, ledger, rows = _recognised(sheets, remembered=dict.fromkeys(asked, "process_title"))
    assert not ledger.questions
    assert [row.text("process_title") for row in rows] == processes


# Sheets that are read as they are, what a person says of a place, and each row so read.
SAID = {
    "a title is the office": (
        {"Foglio1": [["Settore Tecnico"], ["Processo", *_HEADS], ["Permessi", *_DELAY]]},
        {"Settore Tecnico": {"is": "office"}},
        [("Permessi", "Settore Tecnico", "")],
    ),
    "a title is the area": (
        {"Foglio1": [["AREA PERSONALE"], ["Processo", *_HEADS], ["Permessi", *_DELAY]]},
        {"AREA PERSONALE": {"is": "risk_area"}},
        [("Permessi", "", "PERSONALE")],
    ),
    "the sheets are offices": (
        {"Tributi": [["Processo", *_HEADS], ["Ruoli", *_BID]]},
        {"Nomi dei fogli di «Processo, Rischio, Livello, Misure»": {"is": "office"}},
        [("Ruoli", "Tributi", "")],
    ),
    "a second table is none of the register": (
        {
            "Foglio1": [
                ["Processo", *_HEADS],
                ["Ruoli", *_BID],
                [],
                ["Processi", "Rischi"],
                ["A", "B"],
            ]
        },
        {"Tabella «Processi, Rischi»": {"skip": True}},
        [("Ruoli", "", "")],
    ),
    "a title says nothing": (
        {"Foglio1": [["Settore Tecnico"], ["Processo", *_HEADS], ["Permessi", *_DELAY]]},
        {"Settore Tecnico": {"skip": True}},
        [("Permessi", "", "")],
    ),
}


@pytest.mark.parametrize(("sheets", "said", "expected"), SAID.values(), ids=SAID)
def test_a_person_may_say_what_stands_around_a_table(sheets, said, expected):
    _found, ledger, rows = _recognised(sheets, said)

    names = ("process_title", "office", "risk_area")
    assert [tuple(row.text(name) for name in names) for row in rows] == expected
    assert ledger.questions == {}
    assert ledger.account.unclaimed() == {}


@pytest.mark.parametrize("place", ["title", "bands", "no entry"])
def test_what_is_an_entry_of_a_list_needs_no_word(place):
    rows = [["Processo", *_HEADS], ["Ruoli", *_BID]]
    text = "Settore Caccia" if place == "no entry" else "SETTORE ENTRATE"
    rows.insert(1 if place == "bands" else 0, [text])
    merge = (Merge(2, 1, 2, 4),) if place == "bands" else ()
    workbook = Workbook("rischi", "xlsx", [WorkbookSheet("Foglio1", rows, merge)])
    ledger = Ledger({}, Account(workbook))
    found = recognise(workbook, knowledge=Knowledge(vocabulary={"office": ["Settore entrate"]}))
    found = map_columns(found, {}, ledger)

    office = "" if place == "no entry" else "SETTORE ENTRATE"
    assert [row.text("office") for row in unfold(found).rows] == [office]


def test_a_title_that_is_read_is_no_more_said_to_be_unread():
    sheets, said, _expected = SAID["a title is the office"]

    before, after = (_recognised(sheets, answers)[0].findings for answers in ({}, said))

    assert [one.kind for one in before] == ["titles-unread"]
    assert after == ()


def test_a_table_with_a_process_is_asked_nothing():
    sheets = {
        "Concorsi": [["Titolo"], ["Processo", *_HEADS], ["Concorsi", *_BID]],
        "Legenda dei rischi": [_HEADS[:2], ["Bando", "ALTO"]],
    }
    found, ledger, _rows = _recognised(sheets)

    assert not ledger.questions
    assert list(found.left_out) == ["Legenda dei rischi"]


@pytest.mark.django_db
def test_the_columns_page_takes_what_is_said_and_remembers_it(annex, editor):
    content = as_xlsx(
        Grid([["Vari"], ["Processo", "Rischio"], ["Ruoli", "Favori"]], name="Entrate")
    )
    upload(editor, annex.plan, content, "rischi.xlsx", annex.office.code)
    page = editor.get(address("import_columns"))
    form = page.context["form"]
    assert "Attorno alle tabelle" in text_of(page)
    data = {name: form.get_initial_for_field(one, name) or "" for name, one in form.fields.items()}
    places = {place["value"]: place["choice"].html_name for place in form.places()}
    name = "Nomi dei fogli di «Processo, Rischio»"
    assert list(places) == ["Vari", name]

    editor.post(address("import_columns"), {**data, places["Vari"]: "macroprocess"})

    taken = RegisterImport.objects.get()
    assert taken.answers == {"place": {"Vari": {"is": "macroprocess"}}}
    assert ColumnMapping.objects.get(heading="Vari").field == "macroprocess"
    asked = {(one["kind"], one["value"]) for one in taken.report["questions"]}
    assert ("macroprocess", "Vari") in asked


@pytest.mark.django_db
def test_the_command_remembers_what_it_was_answered_as_the_pages_do(annex, people, tmp_path):
    rows = [
        ["Fattori abilitanti", "Rischi", "Missure"],
        *(["Ruoli"], ["", "Favori", "a"], ["Multe"], ["", "Omissione", "b"]),
    ]
    bands = "Fasce di «Fattori abilitanti, Rischi, Missure»"
    answers = {"column": {"Missure": {"skip": True}}, "place": {bands: _PROCESS}}
    (tmp_path / "rischi.xlsx").write_bytes(as_xlsx(Grid(rows)))

    def questions(answers, *options):
        (tmp_path / "said.json").write_text(json.dumps(answers))
        with pytest.raises(SystemExit):
            call_command(
                "import_register",
                str(tmp_path / "rischi.xlsx"),
                *(f"--plan={annex.plan.title}", f"--by={people['rpct'].username}"),
                *(f"--office={annex.office.code}", f"--answers={tmp_path / 'said.json'}"),
                f"--report={tmp_path / 'report.json'}",
                *options,
                stdout=io.StringIO(),
            )
        report = json.loads((tmp_path / "report.json").read_text())
        return {(one["kind"], one["value"]) for one in report["questions"]}

    assert questions({}) == {("column", "Missure"), ("place", bands)}
    assert questions(answers, "--dry-run") == set()
    assert not ColumnMapping.objects.exists()
    assert questions(answers) == set()
    known = dict(ColumnMapping.objects.values_list("heading", "field"))
    assert known == {"Missure": "", bands: "process_title"}
    assert questions({}, "--dry-run") == set()
