"""A table that counts processes is none of the register, wherever it stands in the file."""

import io

import docx
import pytest

from risk.services.imports import preview_import
from risk.services.imports.report import report_of
from tests.messy_workbooks import Grid, as_xlsx
from tests.risk.imports.test_rows_of_nobody import added

pytestmark = pytest.mark.django_db

HEADS = ["N.", "Processo", "Evento rischioso", "Livello di rischio"]
ROWS = [[1, "Gare", "Favori", ""], [2, "Atti", "Ritardo", ""]]
SUMMARY = [
    ["Area", "Processi", "Alto", "Medio"],
    ["Contratti", 2, 1, 0],
    ["Personale", 3, 0, 2],
    ["Totale", 5, 1, 2],
]


def below(gap):
    return [Grid([HEADS, *ROWS, *gap, *SUMMARY])]


def beside():
    rows = [HEADS, *ROWS, [""] * 4, [""] * 4]
    return [Grid([[*row, "", *more] for row, more in zip(rows, [*SUMMARY, []], strict=True)])]


@pytest.mark.parametrize(
    "grids",
    [
        below([[]]),
        below([[], ["RIEPILOGO"], []]),
        below([]),
        beside(),
        [Grid([HEADS, *ROWS], name="Registro"), Grid(SUMMARY, name="Riepilogo")],
        [Grid(SUMMARY, name="Riepilogo"), Grid([HEADS, *ROWS], name="Registro")],
    ],
    ids=["below", "under its title", "next row", "beside", "sheet after", "sheet before"],
)
def test_a_table_of_counts_makes_nothing_and_is_said(annex, rpct, grids):
    preview = preview_import(
        plan=annex.plan, office=annex.office, content=as_xlsx(*grids), filename="r.xlsx", by=rpct
    )

    assert (preview.problems, preview.questions) == ([], [])
    assert added(preview, "process") == ["Gare", "Atti"]
    assert added(preview, "riskbehaviour") == ["Favori", "Ritardo"]
    report = report_of(preview)
    told = " ".join(f"{note['reason']} {note['value']}" for note in report["notes"])
    assert "Riepilogo" in told or "non li nomina" in told
    left_out = [group for group in report["account"]["groups"] if group["fate"] == "left-out"]
    assert sum(group["cells"] for group in left_out) >= 12


def test_a_register_whose_titles_are_codes_is_read(annex, look):
    preview = look(("101", "Favori"), heads=["Processo", "Evento rischioso"])

    assert len(added(preview, "process")) == 1


def document(*tables) -> bytes:
    """Return a document in which nothing but a blank line parts the tables."""
    written = docx.Document()
    for rows in tables:
        drawn = written.add_table(rows=len(rows), cols=max(map(len, rows)))
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                drawn.cell(row, column).text = str(value)
        written.add_paragraph()
    stream = io.BytesIO()
    written.save(stream)
    return stream.getvalue()


REVISIONS = [["Rev.", "Data", "Descrizione", "Redatto"], ["1", "10/12/2020", "Emesso", "Ada Prova"]]
SIGNERS = [["Il Responsabile", "Il RPCT"], ["Bice Prova", "Ada Prova"]]
OTHERS = [["Valdoro", "Piano", "2021", "2023"], ["uno", "due", "tre", "quattro"]]


@pytest.mark.parametrize(
    "after", [[REVISIONS], [SIGNERS, REVISIONS], [SIGNERS, OTHERS]], ids=["next", "last", "other"]
)
def test_a_table_about_the_paper_does_not_go_on_with_the_register(annex, rpct, after):
    content = document([HEADS, *[[*row[:3], "ALTO"] for row in ROWS]], *after)

    preview = preview_import(
        plan=annex.plan, office=annex.office, content=content, filename="r.docx", by=rpct
    )

    assert added(preview, "process") == ["Gare", "Atti"]
    left_out = report_of(preview)["account"]["sentence"]
    assert "foglio «Tabella 2»" in left_out


def test_a_table_cut_by_a_page_goes_on(annex, rpct):
    rows = [[*HEADS[:3]], [*ROWS[0][:3]]], [[*ROWS[1][:3]]], [[3, "Esiti", "Omissioni"]]
    content = document(*rows)

    preview = preview_import(
        plan=annex.plan, office=annex.office, content=content, filename="r.docx", by=rpct
    )

    assert added(preview, "process") == ["Gare", "Atti", "Esiti"]
