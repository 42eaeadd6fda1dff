"""Lists written in four formats, opened again by whoever opens them elsewhere."""

import csv
import datetime
import io
import json
import zipfile

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from registry.spreadsheets.delimited import unescape
from registry.spreadsheets.reading import read_workbook
from registry.spreadsheets.tables import Table, table_of
from registry.spreadsheets.writing import LIST_FORMATS, write_table
from tests.calc import converted

TEXTS = (
    *("=1+1", "==1+1", "+39 0471", "-5", "@SUM(A1)", "\tcon tabulazione", "=A1&' x'!B2"),
    *("'=x", "'", "''=x", "007", "1e5", "31/01/2027", "vero", "TRUE", "<b>&amp;</b>"),
    *("<r>x</r>", "<r><t>a & b</t></r>", "_x0041_", " ai  bordi ", "prima\nseconda", "“l’È”"),
)
DAY, MOMENT = datetime.date(2027, 1, 31), datetime.datetime(2027, 1, 31, 9, 30)


def written(table: Table, suffix: str) -> bytes:
    stream = io.BytesIO()
    write_table(table, suffix, stream)
    return stream.getvalue()


def texts(suffix: str) -> bytes:
    return written(Table("Prova", ("Testo", "N"), [(text, 1) for text in TEXTS]), suffix)


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "csv"])
def test_every_text_comes_back_by_our_own_reading(suffix):
    rows = read_workbook(texts(suffix)).sheets[0].rows

    assert [row[0] for row in rows] == ["Testo", *TEXTS]


def test_every_text_of_a_workbook_is_a_text_elsewhere():
    content = texts("xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [row[0] for row in book.active.iter_rows(min_row=2)]
    (sheet,) = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names

    assert {cell.data_type for cell in cells} == {"s"}
    # openpyxl leaves the escape of what looks like an escape
    assert [cell.value.replace("_x005F_", "_") for cell in cells] == list(TEXTS)
    quoted = [cell.value for cell in cells if cell.quotePrefix]
    assert quoted == [text for text in TEXTS if text[0] in "=+-@\t"]
    read = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet)
    assert [row[0] for row in read.to_python()[1:]] == list(TEXTS)


def test_every_text_of_an_ods_is_a_text_to_calamine():
    """It refuses blanks between two cells, of which the format says nothing."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(texts("ods"))).get_sheet_by_index(0)

    assert [row[0] for row in sheet.to_python()] == ["Testo", *TEXTS]


def test_no_cell_of_a_csv_begins_like_a_formula():
    rows = list(csv.reader(io.StringIO(texts("csv").decode("utf-8-sig")), delimiter=";"))

    assert not [row[0] for row in rows if row[0].startswith(("=", "+", "-", "@", "\t"))]
    assert [unescape(row[0]) for row in rows[1:]] == list(TEXTS)


def test_json_says_each_value_as_it_is():
    rows = [("=1+1", 7, -2.5, DAY, MOMENT, None)]
    heads = ("Testo", "Intero", "Decimale", "Giorno", "Momento", "Niente")

    assert json.loads(written(Table("Prova", heads, rows), "json")) == [
        {
            "Testo": "=1+1",
            "Intero": 7,
            "Decimale": -2.5,
            "Giorno": "2027-01-31",
            "Momento": "2027-01-31T09:30:00",
            "Niente": None,
        }
    ]


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_numbers_and_days_are_such(suffix):
    content = written(Table("Prova", ("A", "B", "C", "D"), [(7, -2.5, DAY, MOMENT)]), suffix)

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.get_sheet_by_index(0).to_python()[1] == [7.0, -2.5, DAY, MOMENT]


def test_a_csv_writes_numbers_and_days_as_italians_do():
    content = written(Table("Prova", ("A", "B", "C"), [(-7, 2.5, DAY)]), "csv")

    assert content == "\ufeffA;B;C\r\n-7;2,5;31/01/2027\r\n".encode()


def test_a_workbook_keeps_its_heads_in_view_and_is_printed_across():
    book = openpyxl.load_workbook(io.BytesIO(written(Table("A & B", ("A",), [("x",)]), "xlsx")))
    sheet = book.active

    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:A2")
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$1")
    assert book.properties.title == "A & B"


def test_a_row_of_a_workbook_is_as_high_as_its_longest_text():
    rows = [("breve", 1), ("a" * 170, 2), ("una\ndue", 3), ("b" * 30_000, 4)]
    book = openpyxl.load_workbook(io.BytesIO(written(Table("Prova", ("Testo", "N"), rows), "xlsx")))
    heights = [book.active.row_dimensions[row].height for row in range(1, 6)]

    assert heights == [None, None, 45, 30, 408.75]
    assert book.active.print_options.gridLines


def test_an_ods_begins_with_its_kind_unpacked():
    content = written(Table("Prova", ("A",), [("x",)]), "ods")

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.testzip() is None


@pytest.mark.parametrize("suffix", LIST_FORMATS)
def test_rows_are_read_one_at_a_time_and_counted(suffix):
    heads = ("Numero", "Doppio")
    table = table_of("Prova", dict(zip(heads, (int, lambda n: n * 2), strict=True)), iter(range(3)))

    assert write_table(table, suffix, io.BytesIO()) == 3


@pytest.mark.parametrize("suffix", LIST_FORMATS)
def test_a_list_without_rows_is_a_file_too(suffix):
    assert write_table(Table("Prova", ("A", "B"), []), suffix, io.BytesIO()) == 0


def test_a_text_no_cell_can_hold_is_refused_not_cut():
    with pytest.raises(ValueError, match="troppo lungo"):
        written(Table("Prova", ("A",), [("x" * 32_768,)]), "xlsx")


def test_calc_opens_every_format_and_every_text_stays_one():
    """Calc opens and saves them: what it takes for a formula would come back as a result."""
    given = {f"{suffix}.{suffix}": texts(suffix) for suffix in ("xlsx", "ods")}

    saved = converted(given, "xlsx") | converted(given, "ods")

    for name, content in saved.items():
        rows = read_workbook(content, name).sheets[0].rows
        assert [row[0] for row in rows] == ["Testo", *TEXTS], name
        assert not read_workbook(content, name).findings, name
