"""The same table in every format: values, merges, and texts that stay texts."""

import datetime
import io

import docx
import openpyxl
import pytest
import xlsxwriter
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from registry.spreadsheets.reading import read_workbook
from registry.spreadsheets.workbook import Merge
from tests.messy_workbooks import Grid, as_csv, as_docx, as_ods, as_other_xlsx, as_xlsx

GRID = Grid(
    [["Elenco", None, None], ["Processo", "Livello", "N."], ["Gare", "ALTO", "x"], ["", "BASSO"]],
    [(1, 1, 1, 3), (3, 1, 4, 1)],
)
LIKE_FORMULAS = ["=A1&'x'!B2", "==1+1", "+39 06 1234", "-x", "@SUM(A1)", "'=già", "a\tb"]


def only_sheet(content: bytes, filename: str = "registro.xlsx"):
    workbook = read_workbook(content, filename)
    assert len(workbook.sheets) == 1
    return workbook.sheets[0]


def trimmed(rows):
    """Return rows without the empty cells at their ends."""
    found = []
    for row in rows:
        cells = list(row)
        while cells and cells[-1] is None:
            cells.pop()
        found.append(cells)
    return found


@pytest.mark.parametrize("write", [as_xlsx, as_other_xlsx, as_ods, as_docx])
def test_values_and_merges_are_the_same_in_every_format(write):
    sheet = only_sheet(write(GRID))

    assert trimmed(sheet.rows) == [
        ["Elenco"],
        ["Processo", "Livello", "N."],
        ["Gare", "ALTO", "x"],
        [None, "BASSO"],
    ]
    assert set(sheet.merges) == {Merge(1, 1, 1, 3), Merge(3, 1, 4, 1)}


@pytest.mark.parametrize(
    ("write", "name"), [(as_xlsx, "xlsx"), (as_ods, "ods"), (as_docx, "docx"), (as_csv, "csv")]
)
def test_the_content_says_the_format_and_the_name_does_not(write, name):
    assert read_workbook(write(GRID), "registro.pdf").format == name


@pytest.mark.parametrize("write", [as_xlsx, as_other_xlsx, as_ods])
def test_numbers_stay_numbers(write):
    assert only_sheet(write(Grid([["N.", "P"], [3, 1.4]]))).rows[1] == [3, 1.4]


def test_dates_and_truths_keep_their_kind():
    book = openpyxl.Workbook()
    book.active.append([datetime.date(2026, 5, 3), True, 3])
    stream = io.BytesIO()
    book.save(stream)

    row = only_sheet(stream.getvalue()).rows[0]

    assert row == [datetime.date(2026, 5, 3), True, 3]
    assert [type(value) for value in row] == [datetime.date, bool, int]


@pytest.mark.parametrize("write", [as_xlsx, as_other_xlsx, as_csv])
def test_a_text_like_a_formula_stays_a_text(write):
    texts = [text for text in LIKE_FORMULAS if not (write is as_csv and text.startswith("'"))]
    sheet = only_sheet(write(Grid([["N.", "Testi"], *[["1", text] for text in texts]])))

    assert [row[1] for row in sheet.rows[1:]] == texts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_in_each_encoding_and_with_each_delimiter(encoding, delimiter):
    grid = Grid([["Attività", "Perché, dove; come"], ["Qualità", "È così"]])

    sheet = only_sheet(as_csv(grid, delimiter=delimiter, encoding=encoding))

    assert sheet.rows == grid.rows


def test_a_title_over_a_csv_does_not_hide_the_delimiter():
    content = "Registro, anno 2026, bozza\nProcesso;Livello\nGare, lavori;ALTO\nAltro;BASSO\n"

    assert only_sheet(content.encode()).rows[2] == ["Gare, lavori", "ALTO"]


def test_unseen_signs_are_taken_out_and_said():
    grid = Grid([["Pro\u200bcesso", "Li\u00advello", "Ufficio\u00a0tecnico"]])

    workbook = read_workbook(as_xlsx(grid))

    assert workbook.sheets[0].rows == [["Processo", "Livello", "Ufficio tecnico"]]
    assert [(f.kind, f.place, f.stops) for f in workbook.findings] == [
        ("unseen-signs", "A1", False),
        ("unseen-signs", "B1", False),
    ]


def formulas() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("Rischi")
    sheet.write_formula("B2", "=1+1", None, 2)
    sheet.write_formula("B3", "=1+1", None, "")
    sheet.write_formula("B4", "=NA()", None, "#N/A")
    book.close()
    return stream.getvalue()


def test_a_formula_gives_its_stored_result_and_says_so():
    workbook = read_workbook(formulas())

    assert workbook.sheets[0].value(2, 2) == 2
    assert [(f.kind, f.sheet, f.place, f.stops) for f in workbook.findings] == [
        ("formula", "Rischi", "B2", False),
        ("formula-without-value", "Rischi", "B3", True),
        ("error-value", "Rischi", "B4", True),
    ]
    # as an Italian program shows it
    assert "#N/D" in workbook.problems[1].reason


@pytest.mark.parametrize("write", [as_csv, as_docx])
def test_a_file_of_texts_keeps_errors_as_words(write):
    errors = ["#N/D", "#N/A", "#RIF!", " #div/0! ", "#NOME?", "Err:502"]
    plain = ["# 1", "#N/D: da chiedere", "N/D", "Err: 3"]
    grid = Grid([["Processo", "Area"], *([one, "F"] for one in [*errors, *plain])])

    problems = read_workbook(write(grid), "registro").problems

    assert [(one.kind, one.row, one.column) for one in problems] == [
        ("error-value", row, 1) for row in range(2, 2 + len(errors))
    ]
    assert "#N/D: correggila" in problems[1].reason


def test_macros_are_left_alone():
    # What makes an XLSM is its content type and a part with the programme.
    stream = io.BytesIO()
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(GRID)))
    book.save(stream)
    content = stream.getvalue()

    assert only_sheet(content, "registro.xlsm").value(3, 2) == "ALTO"


def test_a_document_gives_its_tables_and_what_stands_over_them():
    document = docx.Document()
    document.add_paragraph("UFFICIO: GARE")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "Processo"
    table.cell(0, 1).paragraphs[0].add_run("uno")
    table.cell(0, 1).add_paragraph("due")
    stream = io.BytesIO()
    document.save(stream)

    sheet = only_sheet(stream.getvalue())

    assert sheet.before == ("UFFICIO: GARE",)
    assert sheet.rows == [["Processo", "uno\ndue"]]


def test_hidden_sheets_are_known_as_such():
    book = openpyxl.Workbook()
    book.active["A1"] = "visto"
    book.create_sheet("chiavi")["A1"] = "nascosto"
    book["chiavi"].sheet_state = "veryHidden"
    stream = io.BytesIO()
    book.save(stream)

    sheets = read_workbook(stream.getvalue()).sheets

    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("Sheet", False), ("chiavi", True)]


@pytest.mark.parametrize("formula", [None, "of:=NA()"])
def test_an_error_in_ods_is_that_of_a_formula(formula):
    """Calc marks its errors; other writers only show them, and a person may type the same."""
    document = OpenDocumentSpreadsheet()
    table, row = Table(name="Foglio1"), TableRow()
    cell = TableCell(valuetype="string", **({"formula": formula} if formula else {}))
    cell.addElement(P(text="#N/D: da chiedere all’ufficio"))
    row.addElement(cell)
    beside = TableCell(valuetype="string")
    beside.addElement(P(text="Gare"))
    row.addElement(beside)
    table.addElement(row)
    document.spreadsheet.addElement(table)
    content = io.BytesIO()
    document.write(content)

    workbook = read_workbook(content.getvalue(), "registro.ods")

    assert bool(workbook.problems) is bool(formula)
    if not formula:
        assert workbook.sheets[0].value(1, 1) == "#N/D: da chiedere all’ufficio"
