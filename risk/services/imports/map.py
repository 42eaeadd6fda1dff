"""Stage three: which field of ours each column is, once a person has had their say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from risk.services.imports.recognise.tables import Recognised

HEADER_ROW = "header_row"
"""Key of a mapping's sheet under which a person's word on the row of its heads stands."""


def said_header_rows(mapping: Mapping[str, Any]) -> dict[str, int]:
    """Return the rows of heads a person has named, by sheet."""
    return {sheet: rows[HEADER_ROW] for sheet, rows in mapping.items() if HEADER_ROW in rows}


def map_columns(recognised: Recognised, mapping: Mapping[str, Any]) -> Recognised:
    """Return the tables with a person's mapping: {sheet: {column: field}}, columns as texts.

    An empty field leaves the column out; columns not named stay as they were recognised.
    """
    tables = []
    for table in recognised.tables:
        said = mapping.get(table.sheet.name, {})
        columns = []
        for column in table.columns:
            chosen = said.get(str(column.column))
            if chosen is not None:
                column = replace(column, field=chosen, confidence=1.0)
            columns.append(column)
        tables.append(replace(table, columns=tuple(columns)))
    return replace(recognised, tables=tuple(tables))
