"""Files at the edge: far blanks and heads, many sheets, tables in cells, other people's offices."""

import docx
import pytest

from registry.spreadsheets.reading import read_workbook
from risk.services.imports.parse.legend_codes import codes_in
from risk.services.imports.parse.rows import unfold
from risk.services.imports.recognise import recognise
from tests.messy_workbooks import Grid, as_csv, as_ods, as_other_xlsx, as_xlsx
from tests.registry.spreadsheets.test_bad_files import with_cells

HEADS = ["Processo", "Rischio", "Livello"]
GARE, MULTE = ["Gare", "Favori", "Alto"], ["Multe", "Omissione", "Basso"]
NOTES = [[f"Nota di metodo n. {number}"] for number in range(1, 45)]

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
    "blanks in lines of a CSV": (
        as_csv(Grid([HEADS, GARE, *[["", "", " "]] * 60_000, MULTE[:0]])),
        ["Gare"],
    ),
}


@pytest.mark.parametrize(("content", "titles"), FILES.values(), ids=FILES)
def test_what_is_there_is_found(content, titles):
    found = unfold(recognise(read_workbook(content))).rows

    assert [row.text("process_title") for row in found] == titles


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
