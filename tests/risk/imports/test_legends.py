"""A short code means what the legend of its file says, whatever the field."""

import pytest

from registry.models import Process, RiskArea
from risk.services.imports import preview_import
from risk.services.imports.report import report_of
from tests.messy_workbooks import Grid, as_xlsx

pytestmark = pytest.mark.django_db

ROWS = [["Processo", "Area", "Rischio"], ["Gare", "B", "Favori"]]
WORDS = "Affidamento di lavori, servizi e forniture"


@pytest.fixture(autouse=True)
def areas(annex):
    body = annex.plan.administration
    for code, label in (
        ("B", "Provvedimenti senza effetto economico"),
        ("D", "Contratti pubblici"),
    ):
        RiskArea.objects.create(administration=body, code=code, label=label, kind="general")


@pytest.fixture
def look_at(annex, rpct):
    """Return a function that previews a register with a second sheet."""

    def preview(legend, answers=None):
        content = as_xlsx(Grid(ROWS, name="Registro"), legend)
        return preview_import(
            plan=annex.plan,
            office=annex.office,
            content=content,
            filename="registro",
            answers=answers,
            by=rpct,
        )

    return preview


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("Legenda aree", [["A", "Personale"], ["B", WORDS]]),
        ("Foglio2", [["Lettera", "Area di rischio"], ["A)", "Personale"], ["B)", WORDS]]),
        ("Codici", [["CODICI"], ["a", "Personale"], ["b", WORDS], ["(fine)"]]),
        ("Legenda", [["A.", "Personale"], [None, None], ["B.", WORDS]]),
    ],
)
def test_a_letter_is_asked_with_the_words_of_the_legend(look_at, name, rows):
    preview = look_at(Grid(rows, name=name))

    (question,) = preview.questions
    assert (question.kind, question.value, question.proposed) == ("risk_area", "B", "D")
    assert WORDS in question.reason
    assert name in question.reason
    assert any(name in note["reason"] for note in report_of(preview)["notes"])
    taken = look_at(Grid(rows, name=name), {"risk_area": {"B": {"is": "D"}}})
    assert (taken.questions, taken.problems) == ([], [])
    (process,) = taken.changes.created[Process]
    assert process.risk_area.code == "D"
    # the letter of one file is no spelling of the body's
    assert not taken.lists.learnt


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("Note", [["Nota", "Il registro è stato rivisto"], ["Data", "a giugno"]]),
        ("Legenda misure", [["A", "Rotazione"], ["B", "Formazione"]]),
        ("Legenda", [["X", "Personale"], ["Y", WORDS]]),
    ],
)
def test_a_sheet_that_explains_other_things_changes_no_letter(look_at, name, rows):
    preview = look_at(Grid(rows, name=name))

    assert preview.questions == []
    (process,) = preview.changes.created[Process]
    assert process.risk_area.code == "B"
