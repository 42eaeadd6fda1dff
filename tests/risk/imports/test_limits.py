"""Files at the edge: far blanks and heads, many sheets, tables in cells, other people's offices."""

import io

import docx
import pytest
import xlsxwriter

from registry.models import Process
from registry.spreadsheets import UnreadableFile
from registry.spreadsheets.reading import read_workbook
from risk.enums import Layout
from risk.services.imports import preview_import
from risk.services.imports.parse.legend_codes import codes_in
from risk.services.imports.parse.rows import unfold
from risk.services.imports.read import read
from risk.services.imports.recognise import recognise
from risk.services.workbooks.files import annex_workbook
from tests.messy_workbooks import Grid, as_csv, as_ods, as_other_xlsx, as_xlsx
from tests.register import make_annex, make_body, make_process
from tests.registry.spreadsheets.test_bad_files import with_cells
from tests.risk.imports.files import zipped

HEADS = ["Processo", "Rischio", "Livello"]
GARE, MULTE = ["Gare", "Favori", "Alto"], ["Multe", "Omissione", "Basso"]
NOTES = [[f"Nota di metodo n. {number}"] for number in range(1, 45)]


def _made_ready() -> bytes:
    """Return a register drawn by formulas from another sheet, with more rows than that has."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Registro")
    sheet.write_row(0, 0, HEADS)
    for row, values in enumerate((GARE, (0, 0, 0), (0, 0, 0)), 1):
        for column, value in enumerate(values):
            sheet.write_formula(row, column, f"=Dati!{'ABC'[column]}{row + 1}", None, value)
    book.close()
    return stream.getvalue()


FILES = {
    "heads below a note": (as_xlsx(Grid([*NOTES, HEADS, GARE])), ["Gare"]),
    "heads below a note, in another format": (as_ods(Grid([*NOTES, HEADS, GARE])), ["Gare"]),
    "heads near the beginning of one sheet and far down another": (
        as_xlsx(Grid([HEADS, GARE]), Grid([*NOTES, HEADS, MULTE], name="Altro")),
        ["Gare"],
    ),
    "two hundred sheets": (
        as_xlsx(*(Grid([HEADS, [f"P{n}", "R", "Alto"]], name=f"S{n}") for n in range(200))),
        [f"P{n}" for n in range(200)],
    ),
    "two hundred sheets that are none": (
        as_xlsx(Grid([HEADS, GARE]), *(Grid([[f"x{n}"]], name=f"S{n}") for n in range(199))),
        ["Gare"],
    ),
    "side by side and one under the other": (
        as_xlsx(
            Grid([[*HEADS, None, *HEADS], [*GARE, None, *MULTE], [], HEADS, ["Nidi", "R", "Alto"]])
        ),
        ["Gare", "Nidi", "Multe"],
    ),
    "formulas that give 0 in rows made ready": (_made_ready(), ["Gare"]),
    "blanks in lines of a CSV": (
        as_csv(Grid([HEADS, GARE, *[["", "", " "]] * 60_000, MULTE[:0]])),
        ["Gare"],
    ),
}


@pytest.mark.parametrize(("content", "titles"), FILES.values(), ids=FILES)
def test_what_is_there_is_found(content, titles):
    found = unfold(recognise(read_workbook(content))).rows

    assert [row.text("process_title") for row in found] == titles


def test_a_zip_in_a_zip_is_refused_by_name():
    inside = zipped({"multe.csv": as_csv(Grid([HEADS, MULTE]))})
    for content, words in (
        (zipped({"gare.xlsx": as_xlsx(Grid([HEADS, GARE])), "altri.zip": inside}), "«altri.zip»"),
        (zipped({"tutto.zip": inside}), "un archivio dentro l’archivio"),
    ):
        with pytest.raises(UnreadableFile, match=words):
            read(content, "registri.zip")


@pytest.mark.django_db
def test_what_another_body_has_written_changes_nothing_of_theirs_and_names_no_row_of_ours(annex):
    """A register of its office, and a workbook drawn from its annex: its keys mean nothing here."""
    theirs = make_annex(make_body("c_altr"), office="Caccia e pesca")
    process = make_process(theirs, "Licenze di caccia")
    make_process(annex, "Rimborso di tributi")
    table = annex_workbook(annex=theirs, layout=Layout.CATALOGUE)
    foreign = as_xlsx(Grid([[*HEADS, "Ufficio"], [*GARE, "Caccia e pesca"]]))
    for content in (foreign, table):
        preview = preview_import(plan=annex.plan, content=content, filename="altri.xlsx")
        (question,) = [one for one in preview.questions if one.kind == "office"]
        assert question.value == "Caccia e pesca"
        assert {one.key for one in question.suggestions} <= {annex.office.code}
        said = {"office": {question.value: {"is": annex.office.code}}}
        preview = preview_import(
            plan=annex.plan, content=content, filename="altri.xlsx", answers=said
        )
        assert not preview.changes.changed
        assert process.uid not in {row.uid for row in preview.changes.created.get(Process, ())}
    assert any("è di un altro piano" in one.reason for one in preview.notes)


BLANKS = {
    "an inline text": '<c r="A60000" t="inlineStr"><is><t xml:space="preserve">  </t></is></c>',
    "a text by itself": '<c r="C60000" t="str"><v> </v></c>',
    "no value": '<c r="A60000"><v></v></c>',
    "an odd blank": '<c r="A1000000" t="inlineStr"><is><t>&#160;</t></is></c>',
    "beyond the last column": '<c r="ZZ60000" t="inlineStr"><is><t> </t></is></c>',
}


@pytest.mark.parametrize("cell", BLANKS.values(), ids=BLANKS)
def test_a_far_blank_holds_nothing(cell):
    content = with_cells(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="60000">{cell}</row>')

    assert read_workbook(content).sheets[0].rows == [[1]]


def test_a_far_blank_among_shared_texts_holds_nothing():
    rows = [["Gare"], *[[None]] * 50_002, [" "]]
    assert read_workbook(as_other_xlsx(Grid(rows))).sheets[0].rows == [["Gare"]]


def test_a_table_inside_a_cell_is_read_as_text_and_said(tmp_path):
    document = docx.Document()
    table = document.add_table(2, 3)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells], [*HEADS, *GARE], strict=True
    ):
        cell.text = text
    inside = table.cell(1, 1).add_table(1, 2)
    inside.cell(0, 0).text, inside.cell(0, 1).text = "Frazionamento", "Proroghe"
    document.save(tmp_path / "r.docx")

    book = read_workbook((tmp_path / "r.docx").read_bytes())

    (finding,) = [one for one in book.findings if one.kind == "table-in-cell"]
    assert (finding.row, finding.column, finding.stops) == (2, 2, False)
    assert book.sheets[0].rows[1][1].split("\n") == ["Favori", "Frazionamento", "Proroghe"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("G R", ("Gare", "Rotazione")),
        ("g, r", ("Gare", "Rotazione")),
        ("GR", ("Gare", "Rotazione")),
        ("R - G / R", ("Rotazione", "Gare")),
        ("G.", ("Gare",)),
        ("gr", ()),
        ("G X", ()),
        ("Gare R", ()),
        ("", ()),
        ("M1 M2", ("Uno", "Due")),
    ],
)
def test_codes_are_those_of_the_legend_alone(text, words):
    entries = {"g": "Gare", "r": "Rotazione", "m1": "Uno", "m2": "Due"}

    assert codes_in(text, entries) == words
