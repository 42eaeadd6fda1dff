"""A cell belongs under the head that covers it, also where somebody has dragged a border."""

import pytest

from registry.spreadsheets.workbook import Merge, Workbook, WorkbookSheet
from risk.services.imports.ledger import Ledger
from risk.services.imports.parse import parse_rows
from risk.services.imports.recognise import recognise

HEADS = ["Processo", "Fase", "Evento rischioso", None, "Livello di rischio"]
DRAGGED = ["Gare", "Avvio", None, "Ritardo", "ALTO"]
STRAIGHT = ["Concorsi", "Bando", "Requisiti", None, "BASSO"]
HEAD = Merge(1, 3, 1, 4)


def read(*rows, merges=()):
    sheet = WorkbookSheet("Registro", [HEADS, *map(list, rows)], (HEAD, *merges))
    ledger = Ledger()
    parsed = parse_rows(recognise(Workbook("a.xlsx", "xlsx", [sheet])), ledger)
    return [{name: row.text(name) for name in row.cells} for row in parsed]


@pytest.mark.parametrize(
    ("rows", "merges", "behaviours"),
    [
        ((DRAGGED, DRAGGED), (Merge(2, 2, 2, 3), Merge(3, 2, 3, 3)), ["Ritardo"] * 2),
        ((STRAIGHT, DRAGGED), (Merge(2, 3, 2, 4), Merge(3, 2, 3, 3)), ["Requisiti", "Ritardo"]),
        ((STRAIGHT, STRAIGHT), (), ["Requisiti"] * 2),
    ],
)
def test_a_cell_is_read_under_the_head_that_covers_it(rows, merges, behaviours):
    read_rows = read(*rows, merges=merges)

    assert [row["behaviours"] for row in read_rows] == behaviours
    assert [row["phase"] for row in read_rows] == [row[1] for row in rows]


def test_two_columns_under_one_head_stay_two():
    rows = read(["Gare", "Avvio", "Ritardo", "nota", "ALTO"], DRAGGED)

    assert [row.get("behaviours") for row in rows] == ["Ritardo", None]
