"""Which rows of an ODS are hidden by hand: Calc calls all that stand in a filter filtered."""

from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from registry.spreadsheets.reading import read_workbook
from tests.calc import converted

FILTERED = Path(__file__).parents[2] / "risk/imports/cases/files/righe_nascoste.xlsx"
"""A filter hides its row 3, a person row 5."""
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
ROWS = (("Processo", "Livello", "P"), ("Concorsi", "ALTO", 3), ("Permessi", "MEDIO", 2), ("Mensa",))
"""Of row 4 the level is empty."""


def flat_ods(filters: str, *, name: str = "Registro", visibility: str = "filter") -> bytes:
    """Return a flat ODS of which all rows but the heads are hidden."""
    rows = "".join(
        f'<table:table-row table:visibility="{visibility if number else "visible"}">'
        + "".join(map(_cell, cells))
        + "</table:table-row>"
        for number, cells in enumerate(ROWS)
    )
    return (
        f'<?xml version="1.0"?><office:document xmlns:office="{_OASIS}:office:1.0" '
        f'xmlns:table="{_OASIS}:table:1.0" xmlns:text="{_OASIS}:text:1.0" office:mimetype='
        '"application/vnd.oasis.opendocument.spreadsheet"><office:body><office:spreadsheet>'
        f'<table:table table:name="{name}">{rows}</table:table>'
        f"<table:database-ranges>{filters}</table:database-ranges>"
        "</office:spreadsheet></office:body></office:document>"
    ).encode()


def _cell(value: object) -> str:
    kind = f'"float" office:value="{value}"' if isinstance(value, int) else '"string"'
    return f"<table:table-cell office:value-type={kind}><text:p>{value}</text:p></table:table-cell>"


def ranged(*conditions: str, at: str = "Registro.A1:Registro.C4") -> str:
    """Return a range with a filter."""
    inside = "".join(conditions)
    return (
        f'<table:database-range table:target-range-address="{at}">'
        f"<table:filter>{inside}</table:filter></table:database-range>"
    )


def asked(column: int, operator: str, value: str = "", items: str = "") -> str:
    """Return a condition; `items` are more values, each a word."""
    inside = "".join(f'<table:filter-set-item table:value="{one}"/>' for one in items.split())
    return (
        f'<table:filter-condition table:field-number="{column}" table:value="{value}" '
        f'table:operator="{escape(operator)}">{inside}</table:filter-condition>'
    )


HIGH, BOTH = asked(1, "=", "alto"), asked(1, "=", "ALTO", "ALTO MEDIO")


@pytest.mark.parametrize(
    ("filters", "by_hand"),
    [
        # what the filter lets through somebody has hidden
        (ranged(HIGH), {2}),
        (ranged(BOTH), {2, 3}),
        (ranged(asked(1, "!=", "ALTO")), {3, 4}),
        (ranged(asked(1, "empty")), {4}),
        (ranged(asked(1, "!empty")), {2, 3}),
        (ranged(asked(0, "contains", "ens")), {4}),
        (ranged(asked(0, "!begins", "con")), {3, 4}),
        (ranged(asked(2, ">=", "2")), {2, 3}),
        (ranged(f"<table:filter-and>{BOTH}{asked(2, '<', '3')}</table:filter-and>"), {3}),
        (ranged(f"<table:filter-or>{HIGH}{asked(0, 'ends', 'sa')}</table:filter-or>"), {2, 4}),
        (ranged(HIGH, at="$Registro.$A$1:.$C$3"), {2}),
        # not known, not of this place, or no filter at all: the file says that it is one
        (ranged(asked(2, "top values", "1")), set()),
        (ranged(asked(2, ">", "molto")), set()),
        (ranged(BOTH, at="Altrove.A1:Altrove.C4"), set()),
        (ranged(BOTH, at="Registro.A8:Registro.C9"), set()),
        (ranged(BOTH, at="#REF!"), set()),
        ("", set()),
    ],
)
def test_a_row_a_filter_lets_through_is_hidden_by_hand(filters, by_hand):
    [sheet] = read_workbook(flat_ods(filters)).sheets

    assert (sheet.hidden_rows, sheet.filtered_rows) == (by_hand, {2, 3, 4} - by_hand)


def test_the_name_of_a_sheet_may_be_quoted():
    content = flat_ods(ranged(HIGH, at="'L''anno 1.0'.A1:'L''anno 1.0'.C4"), name="L'anno 1.0")

    assert read_workbook(content).sheets[0].hidden_rows == {2}


def test_rows_the_file_calls_hidden_stay_so():
    [sheet] = read_workbook(flat_ods(ranged(HIGH), visibility="collapse")).sheets

    assert (sheet.hidden_rows, sheet.filtered_rows) == ({2, 3, 4}, frozenset())


def test_what_calc_calls_filtered_somebody_may_have_hidden():
    content = converted({FILTERED.name: FILTERED.read_bytes()}, "ods")["righe_nascoste.ods"]

    for one in (FILTERED.read_bytes(), content):
        sheet = read_workbook(one).sheets[0]
        assert (sheet.hidden_rows, sheet.filtered_rows) == ({5}, {3})
