"""Heads that look like others: numbers of things, common titles, letters that count columns."""

import pytest

from risk.services.imports.parse.rows import unfold
from tests.messy_workbooks import Grid
from tests.risk.imports.test_layouts import recognised_of


def fields_of(found):
    return [column.field for column in found.tables[0].columns]


def test_the_number_of_a_risk_is_not_the_risk():
    heads = ["N. proc.", "Processo", "N. rischio", "Rischio", "Livello"]
    found = recognised_of(Grid([heads, [1, "Gare", "1.1", "Favori a un operatore", "Alto"]]))

    expected = ["process_number", "process_title", "", "behaviours", "level"]
    assert fields_of(found) == expected


@pytest.mark.parametrize("letters", ["ABCDEFGHILM", "ABCDEFGHIJK"])
def test_a_row_of_letters_under_the_heads_is_no_process(letters):
    heads = ["Processo", "Rischio", "Livello", *[f"Nota {n}" for n in range(8)]]
    row = ["Gare", "Favori a un operatore", "Alto", *["x"] * 8]
    found = recognised_of(Grid([heads, list(letters), row]))

    assert [one.text("process_title") for one in unfold(found).rows] == ["Gare"]


def test_a_row_of_letters_in_no_order_is_read():
    rows = [["Processo", "Rischio", "Livello"], ["C", "A", "B"], ["Gare", "Favori", "Alto"]]

    found = recognised_of(Grid(rows))

    assert [one.text("process_title") for one in unfold(found).rows] == ["C", "Gare"]


def test_times_of_the_measures_are_not_those_of_the_process():
    above = ["Processo", "Rischio", "Livello", "Programmazione", ""]
    below = ["", "", "", "Tempi", "Responsabile"]
    grid = Grid(
        [above, below, ["Gare", "Favori", "Alto", "31/12/2021", "RUP"]],
        [(1, 4, 1, 5), *[(1, column, 2, column) for column in (1, 2, 3)]],
    )

    found = recognised_of(grid)

    assert fields_of(found) == [
        *("process_title", "behaviours", "level", "measure_term", "measure_responsible")
    ]
    assert found.tables[0].columns[3].head == "Tempi"


def test_the_area_of_a_title_is_told_by_its_words():
    rows = [["Processo", "Rischio", "Livello"], ["Gare", "Favori", "Alto"]]
    title = "AREA DI RISCHIO B: CONTRATTI PUBBLICI"

    (row,) = unfold(recognised_of(Grid([[title], [], *rows], [(1, 1, 1, 3)]))).rows

    assert row.text("risk_area") == "CONTRATTI PUBBLICI"
