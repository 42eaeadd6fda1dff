"""Every cell that holds something ends with one fate, and nothing is written of nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.models import Action, Phase, Process
from registry.spreadsheets.workbook import (
    AsideText,
    Merge,
    Where,
    Workbook,
    WorkbookSheet,
    shown,
)
from risk.models import Assessment, RiskBehaviour
from risk.services.imports import preview_import
from risk.services.imports.account import Account, Claim, Fate, SheetAccount
from risk.services.imports.report import account_of, report_of
from tests.risk.imports.pages import KNOWN, ODD, address, take, text_of, upload

TEXTS = {
    Process: ("title", "description", "objective", "responsible"),
    Phase: ("title",),
    Action: ("title",),
    RiskBehaviour: ("text",),
    Assessment: ("motivation",),
}
"""Where the words of a file come to stand in the register."""
WORD = "Entrate comunali"
GUESSED = "Fattori abilitanti vari"
"""A head that is only like a known one."""
HEADS = ["N.", "Processo", "Fase", "Esecutore", "Evento rischioso", "Motivazione", "Obiettivo"]
words = st.sampled_from(["", "", "-", "n.d.", "Gare", "Mense scolastiche", "Favori; doni", "Alto"])
cells = st.one_of(words, st.text("abcdè ;.\n", min_size=1, max_size=12), st.integers(0, 9))
rows = st.lists(st.lists(cells, min_size=7, max_size=8), min_size=1, max_size=7)
texts_above = st.lists(st.sampled_from(["", "Allegato", "UFFICIO: Segreteria"]), max_size=2)


def sheet_of(*rows, name="Elenco", **more) -> WorkbookSheet:
    plain = [[cell if cell != "" else None for cell in row] for row in rows]
    return WorkbookSheet(name, plain, **more)


def looked_at(plan, *sheets, office=None, answers=None):
    workbook = Workbook("registro.xlsx", "xlsx", list(sheets))
    return preview_import(
        plan=plan,
        office=office,
        content=b"file",
        filename="registro.xlsx",
        answers=answers,
        workbook=workbook,
    )


def fates(preview) -> dict[str, list[tuple[str, int]]]:
    """Return by fate what the cells are called, and how many."""
    found: dict[str, list[tuple[str, int]]] = {}
    for line in preview.ledger.account.lines():
        found.setdefault(line.claim.fate, []).append((line.claim.what, line.cells))
    return found


@pytest.mark.django_db
def test_the_account_says_of_each_cell_what_became_of_it(annex, rpct):
    register = sheet_of(
        ["Comune di Valdoro"],
        [],
        ["Processo", "Fase", "Evento rischioso", "Nota"],
        ["Gare", "Bando", "Favori", "urgente"],
        ["", "Nomina", "n.d.", ""],
        ["pag. 2"],
    )
    legend = sheet_of(["A", "Alto"], name="Legenda")

    report = report_of(looked_at(annex.plan, register, legend, office=annex.office))

    told = report["account"]
    assert told["cells"] == 14
    assert told["sentence"] == (
        "14 celle: 4 prese, 6 titoli, 4 lasciate fuori: colonna D «Nota», celle senza effetto, "
        "foglio «Legenda»."
    )
    lines = {line["what"]: line for group in told["groups"] for line in group["lines"]}
    assert (lines["colonna D «Nota»"]["places"], lines["colonna D «Nota»"]["texts"]) == (
        "D4",
        ["urgente"],
    )
    assert (lines["celle senza effetto"]["places"], lines["celle senza effetto"]["reason"]) == (
        "C5",
        "non dice nulla",
    )
    notes = [(note["sheet"], note["column"], note["reason"]) for note in report["notes"]]
    assert ("Legenda", "", "Foglio «Legenda»: 2 celle non lette (A1, B1): nessuna tabella "
            "riconosciuta.") in notes  # fmt: skip


@pytest.mark.django_db
def test_texts_outside_the_tables_have_their_fate_too(annex):
    """The heads of pages are titles; what may say something is said not to be read."""
    aside = tuple(
        AsideText(where, f"testo {n}") for where in Where for n in range(1 + (where == Where.NOTE))
    )
    sheet = sheet_of(["Processo", "Evento rischioso"], ["Gare", "Favori"], aside=aside)
    preview = looked_at(annex.plan, sheet, office=annex.office)

    report = report_of(preview)
    assert "intestazioni e piè di pagina" in str(fates(preview)[Fate.TITLE])
    assert report["account"]["cells"] == 10
    notes = {note["reason"]: note["value"] for note in report["notes"]}
    assert notes["Testo dopo l’ultima tabella: 1 testo non letto."] == "testo 0"
    assert notes["Note a piè di pagina o di chiusura: 2 testi non letti."] == "testo 0 · testo 1"
    assert notes["Riquadri di testo: 1 testo non letto."] == "testo 0"
    assert notes["Grafici e diagrammi: 1 testo non letto."] == "testo 0"
    places = {one["what"]: one["places"] for g in report["account"]["groups"] for one in g["lines"]}
    assert places["riquadri di testo"] == "fuori dalle tabelle"


LEFT_OUT = {
    "a second responsible of the same process": (
        ["Processo", "Evento rischioso", "Responsabile"],
        [["Gare", "Favori", "Rossi"], ["Gare", "Ritardi", "Bianchi"]],
        "C3",
    ),
    "an executor beside no phase": (
        ["Processo", "Evento rischioso", "Esecutore"],
        [["Gare", "Favori", "Dirigente"]],
        "C2",
    ),
    "a factor beside no behaviour": (
        ["Processo", "Evento rischioso", "Fattori abilitanti"],
        [["Gare", "", "Scarsa trasparenza"]],
        "C2",
    ),
    "a motivation of no judgement": (
        ["Processo", "Evento rischioso", "Motivazione"],
        [["Gare", "Favori", "Tutto è tracciato"]],
        "C2",
    ),
    "a function of no macroprocess": (
        ["Processo", "Evento rischioso", "Funzione istituzionale"],
        [["Gare", "Favori", "Servizi generali"]],
        "C2",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_has_no_effect_is_said_to_be_left_out(annex, name):
    heads, lines, place = LEFT_OUT[name]

    preview = looked_at(annex.plan, sheet_of(heads, *lines), office=annex.office)

    (line,) = [line for line in preview.ledger.account.lines() if line.claim.fate == Fate.LEFT_OUT]
    assert (line.places, line.claim.what) == (place, "celle senza effetto")


@pytest.mark.django_db
def test_what_waits_for_an_answer_is_asked_and_what_a_person_leaves_out_is_theirs(annex):
    sheet = sheet_of(["Processo", "Area di rischio"], ["Uno", WORD], ["Due", WORD])

    asked = looked_at(annex.plan, sheet, office=annex.office)
    skipped = {"risk_area": {WORD: {"skip": True}}}
    left = looked_at(annex.plan, sheet, office=annex.office, answers=skipped)

    assert fates(asked)[Fate.ASKED] == [("valori da riconoscere", 2)]
    (line,) = [line for line in left.ledger.account.lines() if line.claim.fate == Fate.LEFT_OUT]
    assert (line.cells, line.claim.by_person) == (2, True)


@pytest.mark.django_db
def test_a_column_under_a_guessed_head_is_asked_until_somebody_has_said(annex):
    sheet = sheet_of(["Processo", "Rischio", GUESSED], ["Gare", "Favori", "Tutti"])

    asked = looked_at(annex.plan, sheet, office=annex.office)
    left = looked_at(
        annex.plan, sheet, office=annex.office, answers={"column": {GUESSED: {"skip": True}}}
    )

    assert [(one.kind, one.value, one.proposed) for one in asked.questions] == [
        ("column", GUESSED, "factors")
    ]
    assert fates(asked)[Fate.ASKED] == [(f"colonna C «{GUESSED}»", 1)]
    assert (left.questions, fates(left)[Fate.LEFT_OUT]) == ([], [(f"colonna C «{GUESSED}»", 1)])


@pytest.mark.django_db
def test_a_file_whose_account_does_not_close_stops_as_a_defect(annex, monkeypatch):
    monkeypatch.setattr(SheetAccount, "claim_row", lambda self, row, template: None)

    preview = looked_at(
        annex.plan, sheet_of(["Processo", "Rischio"], ["Gare", "Favori"]), office=annex.office
    )

    (problem,) = preview.problems
    assert (problem.sheet, problem.row, problem.column) == ("Elenco", 2, "A")
    assert problem.reason.startswith("Difetto del programma: di 2 celle (A2, B2)")
    assert not preview.is_ready


def test_what_is_claimed_once_is_not_claimed_again():
    own = SheetAccount(sheet_of(["a", "b"], ["c", ""]))
    own.claim_rows(1, 1, Claim(Fate.TITLE))
    own.claim_rows(1, 2, Claim(Fate.LEFT_OUT, "foglio"))

    assert [(line.claim.fate, line.places) for line in own.lines()] == [
        (Fate.TITLE, "A1, B1"),
        (Fate.LEFT_OUT, "A2"),
    ]


def test_a_sheet_with_hundreds_of_kinds_is_told_by_its_fates():
    own = SheetAccount(sheet_of(*[["a"]] * 300))
    for row in range(1, 301):
        own.claim_rows(row, row, Claim(Fate.LEFT_OUT, f"riga {row}"))

    account = Account()
    account.sheets["Elenco"] = own
    assert own.unclaimed() == []
    assert account_of(account.lines())["cells"] == 300


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=rows, above=texts_above, merges=st.lists(st.integers(1, 6), max_size=2, unique=True))
def test_the_account_closes_and_nothing_is_written_of_nothing(annex, rows, above, merges):
    titles = [[text] for text in above]
    top = len(titles) + 2
    joined = tuple(Merge(top, column, top + 1, column) for column in merges if len(rows) > 1)
    register = sheet_of(*titles, HEADS, *rows, merges=joined)
    other = sheet_of(["Legenda", 1], ["x", ""], name="Altro")

    preview = looked_at(annex.plan, register, other, office=annex.office)

    written = [value for sheet in (register, other) for row in sheet.rows for value in row]
    written = [value for value in written if value is not None]
    lines = preview.ledger.account.lines()
    assert preview.ledger.account.unclaimed() == {}
    assert sum(line.cells for line in lines) == len(written)
    known = set(" ".join(shown(value) for value in written).replace(";", " ").split())
    for model, names in TEXTS.items():
        for row in preview.changes.created.get(model, ()):
            for name in names:
                assert set(getattr(row, name).replace(";", " ").split()) <= known
    if not (preview.problems or preview.questions):
        _assert_nothing_is_lost(preview, register)


def _assert_nothing_is_lost(preview, sheet) -> None:
    """What is taken as a title or a behaviour stands in the register."""
    created = preview.changes.created
    there = {
        "processo": {row.title for row in created.get(Process, ())},
        "fase": {row.title for row in created.get(Phase, ())},
    }
    account = preview.ledger.account.sheets[sheet.name]
    for line in account.lines():
        texts = there.get(line.claim.reason)
        if line.claim.fate == Fate.TAKEN and texts is not None:
            for text in line.texts:
                assert any(text in title for title in texts), (text, texts)


@pytest.mark.django_db
def test_the_pages_show_the_account_before_and_after(annex, editor):
    upload(editor, annex.plan, ODD, office=annex.office.code)
    editor.post(address("import_columns"), {"layout": "auto", "colonna-0-0": "process_title",
                                            "colonna-0-1": "risk_area"})  # fmt: skip

    shown_page = text_of(editor.get(address("import_preview")))
    assert "6 celle: 2 prese, 3 titoli, 1 lasciata fuori: colonna C «Note interne»." in shown_page
    assert "scelto da chi importa" in shown_page
    take(editor)
    assert "6 celle: 2 prese, 3 titoli" in text_of(editor.get(address("import")))


@pytest.mark.django_db
def test_the_account_of_a_file_without_anything_left_out_names_nothing(annex, editor):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)

    assert "4 celle: 2 prese, 2 titoli." in text_of(editor.get(address("import_preview")))
