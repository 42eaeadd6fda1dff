"""The row of the heads, where a person has said it."""

from registry.spreadsheets.reading import read_workbook
from risk.services.imports.map import map_columns
from risk.services.imports.parse.rows import unfold
from risk.services.imports.recognise.registers import recognise

ODD = "Elenco interno;;\nCosa si fa;Dove si annida il pericolo;Note\nPatrocini;Favoritismi;x\n"


def recognised(text: str, row: int | None = None):
    workbook = read_workbook(text.encode(), "Elenco.csv")
    return recognise(workbook, header_rows={} if row is None else {"Elenco": row})


def test_heads_that_mean_nothing_are_a_table_once_somebody_says_where_they_are():
    assert recognised(ODD).tables == ()
    (table,) = recognised(ODD, 2).tables
    assert [column.head for column in table.unknown] == [
        "Cosa si fa",
        "Dove si annida il pericolo",
        "Note",
    ]
    said = map_columns(recognised(ODD, 2), {"Elenco": {"1": "process_title"}})
    assert [row.text("process_title") for row in unfold(said).rows] == ["Patrocini"]


def test_another_row_than_the_one_found():
    text = "Processo;Area di rischio\nProcesso;Area\nUno;D\n"
    assert recognised(text).header_row == 1
    assert recognised(text, 2).header_row == 2


def test_a_row_that_is_not_there_is_not_said():
    assert recognised(ODD, 99).tables == ()
    assert recognised("Processo;Area di rischio\nUno;D\n", 99).header_row == 1


def test_a_long_sample_says_that_it_goes_on():
    (table,) = recognised(f"Processo;Area di rischio\n{'parola ' * 30};D\n").tables
    sample = table.columns[0].samples[0]
    assert sample.startswith("parola parola")
    assert sample.endswith("…")
    assert len(sample) <= 80
