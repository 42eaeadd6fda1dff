"""Cells that say nothing, or the same as above, in any spelling; and rows that are none.

The words are tables without a database; what they make of a file is tried on a small register.
"""

import pytest

from risk.models import RiskBehaviour
from risk.services.imports.parse.dittos import is_ditto, referred_number
from risk.services.imports.parse.footers import is_foot_text
from risk.services.imports.parse.nothing import says_no_risk, says_nothing
from tests.messy_workbooks import as_xlsx

pytestmark = pytest.mark.django_db

SILENT = (
    *("-", "--", "—", "/", "///", "…", "...", "___", "n.a.", "N/A", "n. a.", "N.D.", "nd", "n.p."),
    *("NR", "Nessuno", "NESSUNA.", "(nessuno)", "Non applicabile", "non previsto", "Niente"),
)
SPEAKING = ("NULLO", "0", "A", "x", "No", "Nadia", "RP", "n. 1", "Nessun conflitto", "//", "R1")
WITHOUT_RISK = (
    *("RISCHI ASSENTI", "Nessun rischio", "Nessun rischio rilevato", "rischio assente"),
    *("Non si rilevano rischi", "Non sono stati individuati eventi rischiosi", "Assente"),
    *("Assenza di rischi", "Processo non a rischio", "Zero rischi", "Rischi non presenti", "n.a."),
)
WITH_RISK = (
    *(
        "Assenza di controlli",
        "Mancata rotazione",
        "Rischio di fuga di notizie",
        "Nessun controllo",
    ),
    *("Assenza di criteri", "Eventi pilotati", "Rischio assunto senza delega"),
)
DITTOS = (
    *('"', "''", "“", "„", "〃", "»", '- " -', "idem", "Idem", "IDEM", "id.", "c.s.", "C.S", "cs"),
    *("come sopra", "Come sopra.", "vedi sopra", "V. sopra", "si veda sopra", "ut supra", "//"),
    *("Stesso", "idem come sopra", "uguale a sopra", "stessa come sopra"),
)
NO_DITTOS = (
    *("Identificazione", "Vedi regolamento", "Come da regolamento", "Csi", "A", "=", "-", "«Sì»"),
    *("Idem per gli altri uffici della direzione", "Sopraluogo"),
)
REFERENCES = {
    "stesse misure del processo n. 1": 1,
    "Vedi processo 3": 3,
    "come per il processo n. 12": 12,
    "idem processo n.2": 2,
    "stessa misura del processo 4": 4,
    "Processo 3": None,
    "vedi il processo di controllo": None,
}
FEET = (
    *("Totale rischi alti", "TOTALE", "Tot.", "Subtotale area A", "Totale processi: 12", "Media"),
    *("Somma dei processi", "Data ultimo aggiornamento: 31/01/2021", "Valdoro, lì 31/01/2021"),
    *(
        "31/01/2021",
        "Aggiornato al 31/01/2021",
        "Il RPCT",
        "Il Segretario comunale",
        "Firma",
        "Visto",
    ),
    *(
        "Il Responsabile della prevenzione della corruzione",
        "f.to Mario Prova",
        "Firma del dirigente",
    ),
    *("(*) Le misure generali sono a parte", "* nota", "NB: vedi oltre", "Note: a margine"),
    *("Legenda", "Fonte: piano 2020", "Pagina 3 di 4", "pag. 2"),
)
NO_FEET = (
    *(
        "Concorsi",
        "Visto di regolarità contabile",
        "Data entry",
        "Nota di credito",
        "Somma urgenza",
    ),
    *("Totalizzazione", "Firma digitale dei contratti", "Aggiornamento albo fornitori"),
    *("Media education", "Il personale", "Redazione bandi", "Somministrazione di lavoro", "Note"),
)


@pytest.mark.parametrize(
    ("tells", "yes", "no"),
    [
        (says_nothing, SILENT, SPEAKING),
        (says_no_risk, WITHOUT_RISK, WITH_RISK),
        (is_ditto, DITTOS, NO_DITTOS),
        (is_foot_text, FEET, NO_FEET),
    ],
    ids=["nothing", "no risk", "ditto", "foot"],
)
def test_words(tells, yes, no):
    assert [text for text in yes if not tells(text)] == []
    assert [text for text in no if tells(text)] == []


def test_a_process_referred_to_by_its_number():
    assert {text: referred_number(text) for text in REFERENCES} == REFERENCES


RISKS = ["Processo", "Fase", "Evento rischioso", "Livello di rischio"]


def told(preview):
    return " | ".join(note.reason for note in preview.notes)


@pytest.mark.parametrize("words", ["RISCHI ASSENTI", "Nessuno", "n.a.", "///", "- nessuno"])
def test_words_for_no_risk_make_none_and_are_noted_with_their_place(look, words):
    rows = [("Gare", "Bando", "Favori", ""), ("", "Esito", words, "")]
    preview = look(*rows, heads=RISKS)

    assert (preview.problems, preview.questions) == ([], [])
    assert [one.label for one in preview.changes.added if one.kind == "riskbehaviour"] == ["Favori"]
    assert "C3: nessun rischio" in told(preview)


def test_several_entries_of_which_one_says_nothing(look, take):
    take(("Gare", "", "- Favori\n- n.a.", ""), heads=RISKS)

    assert [row.text for row in RiskBehaviour.objects.all()] == ["Favori"]


def test_dittos_are_asked_once_and_are_the_cell_above(look):
    rows = [("Gare", "Bando", "Favori", ""), ("Esiti", "idem", "c.s.", ""), ("Atti", "x", '"', "")]
    preview = look(*rows, heads=RISKS)
    (asked,) = preview.questions
    assert (asked.kind, asked.proposed, asked.count) == ("ditto", "repeat", 3)
    assert "B3 «idem», C3 «c.s.», C4" in asked.reason

    answers = {"ditto": {asked.value: {"is": "repeat"}}}
    added = [one.label for one in look(*rows, heads=RISKS, answers=answers).changes.added]
    assert added.count("Favori") == 3
    assert added.count("Bando") == 2
    answers = {"ditto": {asked.value: {"is": "blank"}}}
    added = [one.label for one in look(*rows, heads=RISKS, answers=answers).changes.added]
    assert (added.count("Favori"), added.count("Bando")) == (1, 1)


def test_two_strokes_are_asked_about_by_themselves(look):
    rows = [("Gare", "Bando", "Favori", ""), ("Esiti", "idem", "//", "")]

    assert [one.value for one in look(*rows, heads=RISKS).questions] == ["//", "come sopra"]


@pytest.mark.parametrize(
    "foot",
    [
        ("Totale rischi alti", "", 1, ""),
        ("", "", "Il RPCT", "f.to Mario Prova"),
        ("Data: 31/01/2021", "", "", ""),
        ("(*) nota a margine", "", "", ""),
    ],
    ids=lambda foot: " ".join(map(str, foot)).strip(),
)
def test_a_foot_makes_no_process_and_is_noted(look, foot):
    rows = [("Gare", "Bando", "Favori", ""), ("Esiti", "Bando", "Favori", "")]
    preview = look(*rows, foot, heads=RISKS, write=as_xlsx)

    assert [one.label for one in preview.changes.added if one.kind == "process"] == [
        "n. 1 Gare",
        "n. 2 Esiti",
    ]
    assert any(note.row == 4 for note in preview.notes)


def test_a_process_that_is_not_judged_yet_is_no_foot(look):
    rows = [("Gare", "Bando", "Favori", ""), ("Visto di regolarità", "", "", "")]

    assert len([o for o in look(*rows, heads=RISKS).changes.added if o.kind == "process"]) == 2


AREAS = ["Ufficio", "Processo", "Area di rischio", "Evento rischioso"]


@pytest.mark.parametrize(
    ("row", "is_refused"),
    [
        (("", "", "D) Contratti", "Favori"), True),
        (("", "", "F", "Favori"), False),
        (("", "", "", "Favori"), False),
    ],
    ids=["area of its own", "the area above", "blank"],
)
def test_a_row_that_lost_its_title_is_not_its_neighbours(look, row, is_refused):
    preview = look(("", "Gare", "F", "Ritardi"), row, heads=AREAS, write=as_xlsx)

    assert [(one.row, one.column) for one in preview.problems] == [(3, "B")] * is_refused
