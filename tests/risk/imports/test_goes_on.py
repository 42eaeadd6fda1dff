"""Documents go on over their pages, several files are one, what an office has already is said."""

import io

import docx
import pytest

from risk.models import Measure, PlannedMeasure
from risk.services.imports import preview_import
from risk.services.imports.report import report_of
from tests.register import use_method
from tests.risk.imports.files import zipped
from tests.risk.imports.test_rows_of_nobody import added
from tests.risk.imports.test_strangers import ATTI, GARE, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _method(annex, methods):
    use_method(annex, methods["PNA2019"])


# over a page


def document(*tables, between=""):
    """Return a document of tables, with a paragraph between them."""
    text = docx.Document()
    for rows in tables:
        made = text.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, words in zip(made.add_row().cells, row, strict=True):
                cell.text = words
        text.add_paragraph(between)
    stream = io.BytesIO()
    text.save(stream)
    return stream.getvalue()


FIRST = [("Processo", "Rischio", "Livello", "Misure"), (*GARE, ""), (*ATTI, "")]


def seen(annex, rpct, content, answers=None):
    return preview_import(
        plan=annex.plan,
        office=annex.office,
        content=content,
        filename="r.docx",
        by=rpct,
        answers=answers,
    )


@pytest.mark.parametrize("between", ["", "Pagina 2", "2", "- 2 di 7 -", "segue", "(continua)"])
def test_a_table_goes_on_after_a_page(annex, rpct, between):
    preview = seen(annex, rpct, document(FIRST, [("Mensa", "Favori", "Alto", "")], between=between))

    assert (preview.problems, preview.questions) == ([], [])
    assert added(preview, "process") == ["Gare", "Atti", "Mensa"]


def test_one_that_lacks_the_last_column_is_asked_about_once(annex, rpct):
    content = document(FIRST, [("Mensa", "Favori", "Alto")], [("Bandi", "Favori", "Alto")])
    [question] = seen(annex, rpct, content).questions
    assert (question.kind, question.proposed, question.may_skip) == ("place", "table", True)
    assert "Tabella 2" in question.reason
    assert "Tabella 3" in question.reason

    is_one = seen(annex, rpct, content, {"place": {question.value: {"is": "table"}}})
    assert added(is_one, "process") == ["Gare", "Atti", "Mensa", "Bandi"]
    is_none = seen(annex, rpct, content, {"place": {question.value: {"skip": True}}})
    assert is_none.questions == []
    assert added(is_none, "process") == ["Gare", "Atti"]


@pytest.mark.parametrize(
    ("more", "between"),
    [
        ([("Mensa", "Favori", "Alto", "")], "Altre considerazioni dell’ufficio"),
        ([("Alto",), ("Basso",)], ""),
        ([("Redatto da", "Verificato da", "Approvato da")], ""),
    ],
)
def test_another_table_is_none_of_it(annex, rpct, more, between):
    preview = seen(annex, rpct, document(FIRST, more, between=between))

    assert preview.questions == []
    assert added(preview, "process") == ["Gare", "Atti"]
    assert "Tabella 2" in [note["sheet"] for note in report_of(preview)["notes"]]


# several files


REGISTER = b"Processo;Rischio;Livello\nGare;Favori;Alto\n"


def test_a_text_beside_registers_is_said_and_stops_nothing(annex, rpct):
    content = zipped({"gare.csv": REGISTER, "LEGGIMI.txt": b"Un registro per ufficio.\nSaluti\n"})
    preview = seen(annex, rpct, content)

    assert preview.problems == []
    assert added(preview, "process") == ["Gare"]
    assert [one.sheet for one in preview.notes if "un testo senza tabelle" in one.reason] == [
        "LEGGIMI.txt"
    ]


def test_a_file_without_a_register_is_named(annex, rpct):
    preview = seen(annex, rpct, zipped({"gare.csv": REGISTER, "altro.csv": b"Uno;Due\n1;2\n"}))

    assert [one.sheet for one in preview.problems] == ["altro.csv"]


def test_texts_alone_are_no_register(annex, rpct):
    [problem] = seen(annex, rpct, zipped({"LEGGIMI.txt": b"Saluti\n"})).problems

    assert "nessuna tabella" in problem.reason


# what the whole office has already


def test_a_programme_the_office_has_otherwise_is_said(annex, rpct):
    row = Measure.objects.create(
        administration=annex.plan.administration, code="F1", label="Formazione"
    )
    PlannedMeasure.objects.create(plan=annex.plan, annex=annex, measure=row, scope="annex")
    text = "Processo;Rischio;Misure;Termine di attuazione\nGare;Favori;Formazione;31/12/2021\n"
    preview = seen(annex, rpct, text.encode())

    assert added(preview, "plannedmeasure") == []
    assert "«Formazione» è già programmata per «Gare»" in told(preview)
    groups = report_of(preview)["account"]["groups"]
    reasons = [line["reason"] for group in groups for line in group["lines"]]
    assert any("altra programmazione" in reason for reason in reasons)
