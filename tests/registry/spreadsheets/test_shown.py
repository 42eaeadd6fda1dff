"""What a person sees of a number is known beside it: its format is part of what was written."""

import datetime
import io

import pytest
import xlsxwriter
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from registry.spreadsheets.number_formats import formatted, hides
from registry.spreadsheets.reading import read_workbook

ACCOUNTS = '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-'
TERMS = '[=1]"entro un mese";[=2]"entro sei mesi";"entro un anno"'
END_OF_YEAR = datetime.date(2024, 12, 31)
MORNING = datetime.datetime(2024, 12, 31, 9, 5)
SHOWN = [
    (1, "0%", "100%"),
    (0.025, "0.00%", "2,50%"),
    (30, '0" giorni"', "30 giorni"),
    (7, "000", "007"),
    (1.1, "0.00", "1,10"),
    (1.2, "0.00", "1,20"),
    (40000, "€ #,##0.00", "€ 40.000,00"),
    (40000, "[$€-410] #,##0.00", "€ 40.000,00"),
    (40000, ACCOUNTS, "40.000,00 €"),
    (1, TERMS, "entro un mese"),
    (3, TERMS, "entro un anno"),
    (0.5, "# ?/?", "1/2"),
    (1.5, "# ?/?", "1 1/2"),
    (1234567.891, "#,##0.0", "1.234.567,9"),
    (-5, "0;(0)", "(5)"),
    (-5.4, "#,##0.00 €;[Red]-#,##0.00 €", "-5,40 €"),
    (1200000, '0.0,,"M"', "1,2M"),
    (3, 'General" mesi"', "3 mesi"),
    (12345678901, "000\\-0000", "1234567-8901"),
    (0.25, "#.00", ",25"),
    (2.5, "0", "3"),
    (1234.5, "0.00E+00", "1,23E+03"),
    (datetime.timedelta(days=1, hours=12), "[h]:mm", "36:00"),
    (datetime.timedelta(days=2, minutes=30), "[h]:mm", "48:30"),
    (datetime.timedelta(minutes=90), "[mm]:ss", "90:00"),
    (END_OF_YEAR, "mmm yyyy", "dic 2024"),
    (END_OF_YEAR, "yyyy", "2024"),
    (END_OF_YEAR, "[$-410]d mmmm yyyy", "31 dicembre 2024"),
    (END_OF_YEAR, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "martedì 31 dicembre 2024"),
    (MORNING, "h:mm AM/PM", "9:05 AM"),
    (MORNING, "mm/yy", "12/24"),
    (datetime.time(12, 30), "h:mm", "12:30"),
]


@pytest.mark.parametrize(("value", "code", "text"), SHOWN)
def test_a_number_is_shown_as_its_format_says(value, code, text):
    assert formatted(value, code) == text


@pytest.mark.parametrize(
    "code", ["[h", '"', "\\", "0/0/0/", "[<]0", "?" * 300, "E+", ";;;;;", "[h]/0"]
)
@pytest.mark.parametrize("value", [1, -2.5, END_OF_YEAR, datetime.timedelta(-3), 10**300])
def test_a_code_nobody_would_write_ends_in_no_error(value, code):
    assert formatted(value, code) is None or isinstance(formatted(value, code), str)


def formatted_xlsx(cells) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for row, (value, code) in enumerate(cells):
            style = book.add_format({"num_format": code})
            write = sheet.write_datetime if isinstance(value, datetime.date) else sheet.write
            write(row, 0, value, style)
    return stream.getvalue()


def test_the_text_stands_beside_the_number_where_it_is_another():
    cells = [(30, '0" giorni"'), (1.1, "0.00"), (1.5, "[h]:mm"), (END_OF_YEAR, "mmm yyyy")]
    cells += [(7, "General"), (2.5, "0.0"), (END_OF_YEAR, "dd/mm/yyyy"), (8, "@")]
    sheet = read_workbook(formatted_xlsx(cells)).sheets[0]

    assert sheet.shown == {(1, 1): "30 giorni", (2, 1): "1,10", (3, 1): "36:00", (4, 1): "dic 2024"}
    assert [row[0] for row in sheet.rows] == [
        *(30, 1.1, datetime.timedelta(days=1, hours=12), END_OF_YEAR, 7, 2.5, END_OF_YEAR, 8)
    ]
    assert [sheet.text(row, 1) for row in (1, 5, 6, 7)] == ["30 giorni", "7", "2,5", "31/12/2024"]


def test_a_number_whose_format_shows_nothing_is_hidden():
    sheet = read_workbook(formatted_xlsx([(5, ";;;"), (0, "0;-0;;@")])).sheets[0]

    assert hides(";;;")
    assert sheet.look(1, 1).is_hidden
    # a format that leaves zeros out has nothing to hide
    assert (sheet.shown, sheet.look(2, 1).is_hidden) == ({(2, 1): ""}, False)


@pytest.mark.parametrize("code", ["[h]:mm", "dd/mm/yyyy"])
@pytest.mark.parametrize("number", [1234567890, 1234567890123, -9876543210])
def test_a_number_no_calendar_has_is_read_as_the_number(code, number):
    sheet = read_workbook(formatted_xlsx([(number, code), (1.5, "[h]:mm")])).sheets[0]

    assert sheet.rows[0] == [number]
    assert sheet.shown == {(2, 1): "36:00"}


def test_an_ods_keeps_what_was_seen():
    document = OpenDocumentSpreadsheet()
    table = Table(name="Foglio1")
    cells = [("float", "1.1", "1,10"), ("float", "2.5", "2,5"), ("percentage", "0.5", "50%")]
    for kind, value, text in cells:
        row, cell = TableRow(), TableCell(valuetype=kind, value=value)
        cell.addElement(P(text=text))
        row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    stream = io.BytesIO()
    document.write(stream)

    sheet = read_workbook(stream.getvalue()).sheets[0]

    assert sheet.rows == [[1.1], [2.5], [0.5]]
    assert sheet.shown == {(1, 1): "1,10", (3, 1): "50%"}
