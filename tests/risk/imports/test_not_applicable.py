"""What a file calls not applicable is asked about once, and comes in only if a person says so."""

import pytest

from tests.register import use_method

pytestmark = pytest.mark.django_db

ROWS = "righe dette non applicabili"
HEADS = ["Processo", "Applicabile all’ente (SI/NO)", "Rischio", "Livello"]
REGISTER = [
    ("Concorsi", "SI", "Bando su misura", "Alto"),
    ("Farmacie", "NO", "", ""),
    ("Permessi", "sì", "Ritardo", "Medio"),
    ("Cimiteri", "non applicabile", "Favori", "Basso"),
]


def titles(preview):
    return [row.process for row in preview.changes.added if row.kind == "process"]


@pytest.fixture
def plan_methods(annex, methods):
    use_method(annex, methods["PNA2019"])


def test_a_column_that_says_it_is_asked_about_once(plan_methods, look):
    preview = look(*REGISTER, heads=HEADS)
    [question] = preview.questions
    assert (question.kind, question.value, question.proposed) == ("cancelled", ROWS, "out")
    assert "riga 3 («Farmacie»); riga 5 («Cimiteri»)" in question.reason
    assert titles(preview) == ["Concorsi", "Permessi"]
    assert not preview.ledger.account.unclaimed()


@pytest.mark.parametrize(
    ("side", "processes"),
    [("out", ["Concorsi", "Permessi"]), ("in", ["Concorsi", "Farmacie", "Permessi", "Cimiteri"])],
)
def test_what_is_answered_holds(plan_methods, look, side, processes):
    preview = look(*REGISTER, heads=HEADS, answers={"cancelled": {ROWS: {"is": side}}})
    assert not preview.questions
    assert titles(preview) == processes
    assert any("Farmacie" in note.reason for note in preview.notes) is (side == "out")


@pytest.mark.parametrize(
    ("risk", "level", "is_called_off"),
    [
        ("NON APPLICABILE", "NON APPLICABILE", True),
        ("Processo non presente nell’ente", "", True),
        ("Attività non svolta dal Comune", "n.a.", True),
        # one field holds nothing, or the risk only begins so
        ("n.a.", "n.a.", False),
        ("non applicabile", "Alto", False),
        ("Non applicare le penali", "Alto", False),
        ("Nessuno", "", False),
    ],
)
def test_a_row_that_says_it_in_all_its_cells(plan_methods, look, risk, level, is_called_off):
    preview = look(
        ("Concorsi", "Bando su misura", "Alto"),
        ("Farmacie", risk, level),
        heads=["Processo", "Rischio", "Livello"],
    )
    asked = [one.value for one in preview.questions if one.kind == "cancelled"]
    assert asked == ([ROWS] if is_called_off else [])


def test_a_column_of_other_words_calls_nothing_off(plan_methods, look):
    rows = [("Concorsi", "D.lgs. 33", "Ritardo", "Alto"), ("Permessi", "no", "Ritardo", "Alto")]
    preview = look(*rows, heads=["Processo", "Norme applicabili", "Rischio", "Livello"])
    assert not preview.questions
