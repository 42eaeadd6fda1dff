"""The two published documents as messy workbooks, read in every format people keep them in."""

import pytest

from registry.spreadsheets.reading import read_workbook
from risk.services.imports.parse.rows import unfold
from risk.services.imports.recognise.registers import recognise
from tests import messy_workbooks as workbooks
from tests.risk.sample_data.demo.base import lines_of

FORMATS = [workbooks.as_xlsx, workbooks.as_other_xlsx, workbooks.as_ods, workbooks.as_docx]
PUBLISHED_ROWS = [line.split("\t") for line in lines_of("catalogue.tsv")]
SAME_THREE = (
    "Omesso controllo",
    "Omessa comunicazione",
    "Alterazione dei dati occultandone gli esiti",
)


def reading_of(grid: workbooks.Grid, write, moved_up=()):
    recognised = recognise(read_workbook(write(grid), "registro"))
    assert recognised.problems == ()
    return recognised, unfold(recognised, moved_up)


@pytest.mark.parametrize("write", [*FORMATS, workbooks.as_csv])
def test_the_catalogue_is_read_row_by_row(write):
    recognised, reading = reading_of(workbooks.catalogue(), write)

    assert (recognised.layout, recognised.header_row) == ("catalogo", 5)
    assert len(reading.rows) == 28
    for number, (row, printed) in enumerate(zip(reading.rows, PUBLISHED_ROWS, strict=True), 1):
        assert row.begins
        assert row.value("process_number") == number
        assert f"n. {number} {row.text('process_title')}" == printed[3]
        assert row.text("process_kind") == printed[0]
        assert row.text("function") == printed[1]
        assert row.text("macroprocess") == printed[2]
        assert row.text("risk_area") == printed[4]


def test_the_broken_office_is_joined_and_the_file_s_own_text_kept():
    recognised, reading = reading_of(workbooks.catalogue(), workbooks.as_xlsx)

    offices = [row.text("office") for row in reading.rows]
    assert offices == (
        ["SERVIZI INFORMATIVI"] * 6 + ["SERVIZI INFORMATICI"] * 11 + ["SERVIZI INFORMATIVI"] * 11
    )
    assert reading.rows[20].cells["office"].raw == "SERVIZI INFORM ATIVI"
    assert [(f.kind, f.value, f.stops) for f in recognised.findings] == [
        ("rejoined-words", "SERVIZI INFORM ATIVI", False),
        ("titles-unread", "PTPCT 2021/2023", False),
    ]


def test_page_heads_cut_rows_and_the_closing_text_are_said():
    _recognised, reading = reading_of(workbooks.catalogue(), workbooks.as_xlsx)

    assert [(f.kind, f.row) for f in reading.findings] == [
        ("page-head", 12),
        ("page-head", 13),
        ("row-joined", 25),
        ("page-head", 26),
        ("page-head", 27),
        ("row-joined", 39),
        ("text-outside", 41),
        ("page-head", 42),
    ]


@pytest.mark.parametrize("write", FORMATS)
def test_the_merges_of_the_table_are_unfolded_column_by_column(write):
    recognised, reading = reading_of(workbooks.table(), write)

    assert (recognised.layout, recognised.header_row) == ("tabella", 2)
    rows = reading.rows
    assert [row.row for row in rows if row.begins] == [3, 7, 11, 15, 17]
    assert len(rows) == 19
    assert {row.text("macroprocess") for row in rows} == {
        "Processi di Gestione dei Servizi Tecnici"
    }
    assert {len(row.parts("measures")) for row in rows} == {5}
    assert {row.text("level") for row in rows} == {"BASSO"}
    first = rows[:4]
    assert [len(row.parts("behaviours")) for row in first] == [2, 2, 2, 1]
    assert [row.cells["behaviours"].origin for row in first] == ["own", "merged", "merged", "own"]
    assert [row.cells["behaviours"].row for row in first] == [3, 3, 3, 6]
    assert rows[14].parts("behaviours") == SAME_THREE


def test_only_the_phase_on_the_wrong_side_is_asked_about():
    _recognised, reading = reading_of(workbooks.table(), workbooks.as_xlsx)

    asked = [row for row in reading.rows if row.ambiguities]

    assert [row.text("phase") for row in asked] == ["Reporting e Analisi"]
    assert asked[0].ambiguities[0].kind == "phase-above"
    assert asked[0].ambiguities[0].belongs_to == "Incident Management"


def test_the_answer_puts_the_phase_where_it_belongs():
    _recognised, reading = reading_of(workbooks.table(), workbooks.as_xlsx, {"Foglio1!17"})

    moved, following = reading.rows[14], reading.rows[15]
    assert moved.text("phase") == "Reporting e Analisi"
    assert moved.text("process_title") == "Incident Management"
    assert moved.parts("behaviours") == SAME_THREE
    assert (moved.begins, moved.ambiguities) == (False, ())
    assert following.begins
    assert following.text("process_title") == "Gestione degli attacchi informatici"
    assert following.text("objective").startswith("Descrivere")


def test_a_file_that_lost_its_merges_asks_what_a_blank_means():
    _recognised, reading = reading_of(workbooks.table(), workbooks.as_csv)

    assert [row.row for row in reading.rows if row.begins] == [3, 7, 11, 15, 17]
    second = reading.rows[1]
    assert second.cells["process_title"].origin == "repeated"
    assert second.cells["behaviours"].origin == "repeated"
    assert [one.kind for one in second.ambiguities] == ["behaviours-above"]
    assert {row.text("macroprocess") for row in reading.rows} == {
        "Processi di Gestione dei Servizi Tecnici"
    }
