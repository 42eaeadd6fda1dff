"""The text of a spreadsheet, cell by cell."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.services.mapping.paste.blocks import (
    CELL_LIMIT,
    ROW_LIMIT,
    PastedCell,
    PastedColumn,
    PasteRefused,
    cells_of,
    understand,
)
from tests.processor import at_most_seconds

TEXTS = st.text(alphabet=st.sampled_from('ab à"\t\n,;\u2019'), max_size=8)
BLOCKS = st.lists(st.lists(TEXTS, min_size=2, max_size=4), min_size=1, max_size=5)


def as_spreadsheet(block: list[list[str]]) -> str:
    """Write cells as spreadsheets copy them."""
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\r\n").writerows(block)
    return out.getvalue()


def kept(block: list[list[str]]) -> list[list[str]]:
    return [row for row in block if any(cell.strip() for cell in row)]


@given(BLOCKS)
def test_what_a_spreadsheet_copies_is_read_back(block):
    if kept(block):
        assert cells_of(as_spreadsheet(block)) == kept(block)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        rows = cells_of(text)
    except PasteRefused:
        assert not text.strip()
    else:
        assert all(any(cell.strip() for cell in row) for row in rows)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ('"due\nrighe"\tb', [["due\nrighe", "b"]]),
        ('"detta ""prova"""\tb', [['detta "prova"', "b"]]),
        ('"Legge" 190\tb', [['"Legge" 190', "b"]]),
        ('"mai chiusa\tb\nc\td', [['"mai chiusa', "b"], ["c", "d"]]),
        ("\n\na\tb\n\t\n", [["a", "b"]]),
        ("a\t\t", [["a", "", ""]]),
    ],
)
def test_quotes_breaks_and_blanks(text, rows):
    assert cells_of(text) == rows


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nulla da leggere"),
        (" \n\t\n", "nulla da leggere"),
        ("x" * 5_000_001, "MB"),
        ("a\n" + "y" * (CELL_LIMIT + 1), "riga 2"),
        ("a\n" * (ROW_LIMIT + 1), "2.001"),
    ],
)
def test_what_is_too_much_is_refused_in_words(text, words):
    with pytest.raises(PasteRefused, match=words):
        cells_of(text)


@pytest.mark.parametrize("text", ['"' * 900_000, '\t""x' * 200_000, '"a\t' * 200_000])
def test_a_text_made_to_be_slow_is_not(text):
    with at_most_seconds(5), pytest.raises(PasteRefused):
        cells_of(text + "\n" + "x" * (CELL_LIMIT + 1))


def column(key: str) -> PastedColumn:
    return PastedColumn(
        key=key, label=key, read=lambda text: PastedCell(text=text, value=text, shown=text)
    )


def read(text: str):
    columns = [column("uno"), column("due")]
    return understand(text, columns=columns, order=["uno", "due"], scope="prova")


def test_a_header_names_the_columns_in_any_order():
    preview = read("DUE\tUno\nb\ta")
    assert preview.has_header
    (line,) = preview.lines
    assert (line.row, line.value("uno"), line.value("due")) == (2, "a", "b")


def test_without_a_header_the_order_counts_and_short_rows_are_filled():
    preview = read("a\tb\nc")
    assert not preview.has_header
    assert [line.value("due") for line in preview.lines] == ["b", ""]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("uno\tdue\ttre\n1\t2\t3", "tre"),
        ("uno\tuno\n1\t2", "due volte"),
        ("uno\tdue", "solo la riga dei titoli"),
        ("a\tb\tc", "3 celle"),
    ],
)
def test_columns_that_fit_nothing_are_refused(text, words):
    with pytest.raises(PasteRefused, match=words):
        read(text)


def test_a_control_character_is_a_problem_of_its_cell():
    (problem,) = read("a\x07\tb").problems
    assert (problem.row, problem.column) == (1, "uno")


def test_the_digest_names_the_outcome():
    assert read("a\tb").digest == read(" a\tb ").digest
    assert read("a\tb").digest != read("a\tc").digest
