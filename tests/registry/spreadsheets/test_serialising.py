"""A file kept as it was read comes back alike, every value of its own type."""

import datetime

import pytest

from registry.spreadsheets.reading import read_workbook
from registry.spreadsheets.serialising import deserialise, serialise
from registry.spreadsheets.workbook import Workbook, WorkbookSheet
from tests.messy_workbooks import Grid, as_csv, as_docx, as_ods, as_other_xlsx, as_xlsx

GRID = Grid(
    [["Elenco\u200b", None], ["Perché «così»", datetime.date(2027, 1, 31)], [None, 2.5]],
    [(1, 1, 1, 2), (2, 1, 3, 1)],
)
VALUES = [
    None,
    "=1+1",
    '{"type": "date"}',
    "\ud800",
    7,
    2.5,
    True,
    datetime.date(2027, 1, 31),
    datetime.datetime(2027, 1, 31, 12, 5, 0, 1),
    datetime.time(23, 59),
    datetime.timedelta(days=2, seconds=3),
]


@pytest.mark.parametrize("write", [as_xlsx, as_other_xlsx, as_ods, as_docx, as_csv])
def test_a_file_of_any_format_comes_back_alike(write):
    workbook = read_workbook(write(GRID), "registro")

    again = deserialise(serialise(workbook))

    assert again == workbook
    assert any(sheet.rows for sheet in again.sheets)


def test_values_keep_their_types():
    workbook = Workbook(
        "Elenco.xlsx", "xlsx", [WorkbookSheet("Foglio", [VALUES], before=("Titolo",))]
    )

    (row,) = deserialise(serialise(workbook)).sheets[0].rows

    assert row == VALUES
    assert [type(value) for value in row] == [type(value) for value in VALUES]
