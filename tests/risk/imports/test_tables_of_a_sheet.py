"""Every table of a sheet is found: under the first one, beside it, or both."""

import pytest

from risk.services.imports.parse.rows import unfold
from tests.messy_workbooks import Grid
from tests.risk.imports.test_layouts import recognised_of

_HEADS = ["Processo", "Rischio", "Livello"]
_GARE, _MULTE = ["Gare", "Favori", "Alto"], ["Multe", "Omissione", "Basso"]
_OTHER = ["N.", "Valutazione", "Processi", "Eventi rischiosi"]
_PERMITS = [7, "Medio", "Permessi", "Ritardo"]

# The rows of a sheet, and each process with its risk, level and office.
SHEETS = {
    "other heads after a blank row": (
        [_HEADS, _GARE, [], _OTHER, _PERMITS],
        [("Gare", "Favori", "Alto", ""), ("Permessi", "Ritardo", "Medio", "")],
    ),
    "other heads at once": (
        [_HEADS, _GARE, _OTHER, _PERMITS, [], _HEADS, _MULTE],
        [
            ("Gare", "Favori", "Alto", ""),
            ("Permessi", "Ritardo", "Medio", ""),
            ("Multe", "Omissione", "Basso", ""),
        ],
    ),
    "the same heads under the title of another office": (
        [["UFFICIO: Gare"], _HEADS, _GARE, ["UFFICIO: Vigili"], _HEADS, _MULTE],
        [("Gare", "Favori", "Alto", "Gare"), ("Multe", "Omissione", "Basso", "Vigili")],
    ),
    "the title above all holds until another is said": (
        [["UFFICIO: Gare"], _HEADS, _GARE, ["Altri processi"], _OTHER, _PERMITS],
        [("Gare", "Favori", "Alto", "Gare"), ("Permessi", "Ritardo", "Medio", "Gare")],
    ),
    "the same heads repeated are no table": (
        [_HEADS, _GARE, _HEADS, _MULTE],
        [("Gare", "Favori", "Alto", ""), ("Multe", "Omissione", "Basso", "")],
    ),
    "side by side, with other heads": (
        [[*_HEADS, None, *_OTHER], [*_GARE, None, *_PERMITS], [*_MULTE]],
        [
            ("Gare", "Favori", "Alto", ""),
            ("Multe", "Omissione", "Basso", ""),
            ("Permessi", "Ritardo", "Medio", ""),
        ],
    ),
    "an empty column within one table": (
        [["N.", None, *_HEADS], [1, None, *_GARE]],
        [("Gare", "Favori", "Alto", "")],
    ),
    "a row with a word that is a head by chance is a process": (
        [_HEADS, ["Processo", "Ritardo", "Alto"]],
        [("Processo", "Ritardo", "Alto", "")],
    ),
}


def _told(found):
    names = ("process_title", "behaviours", "level", "office")
    return [tuple(row.text(name) for name in names) for row in unfold(found).rows]


@pytest.mark.parametrize(("rows", "expected"), SHEETS.values(), ids=SHEETS)
def test_every_table_of_a_sheet_is_found(rows, expected):
    assert _told(recognised_of(Grid(rows))) == expected


def test_tables_of_one_sheet_are_told_apart_and_mapped_each_by_itself():
    rows = [_HEADS, _GARE, [], ["Parte seconda"], _OTHER, _PERMITS]
    found = recognised_of(Grid(rows))

    first, second = (table.key for table in found.tables)
    assert second == f"{first} (riga 5)"


def test_what_stands_over_a_table_and_says_nothing_is_noted():
    found = recognised_of(Grid([["Allegato 2"], ["Rev. 3"], _HEADS, _GARE]))

    (note,) = [one for one in found.findings if one.kind == "titles-unread"]
    assert (note.row, note.stops) == (1, False)
    assert "«Allegato 2», «Rev. 3»" in note.reason
