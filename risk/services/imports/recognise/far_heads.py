"""Heads that stand far down a sheet, below pages of notes: looked for where none stand near."""

from collections.abc import Iterable, Mapping

from registry.spreadsheets.workbook import WorkbookSheet
from risk.services.imports.recognise.descriptions import TableDescription
from risk.services.imports.recognise.heads import ROWS_SEARCHED, Names, headers

ROWS_BELOW = 300
"""The last row that is looked at: what stands lower a person names."""


def far_heads(
    sheets: Iterable[WorkbookSheet], layouts: Iterable[tuple[TableDescription, Names]]
) -> Mapping[str, int]:
    """Return the row of the heads that mean most, by sheet, of those below the rows searched."""
    layouts = list(layouts)
    found: dict[str, int] = {}
    for sheet in sheets:
        best = 0.0
        for first in range(ROWS_SEARCHED + 1, min(len(sheet.rows), ROWS_BELOW), ROWS_SEARCHED):
            for layout, names in layouts:
                for header in headers(sheet, names, first=first):
                    if header.score > best and layout.satisfied_by(header.fields):
                        best, found[sheet.name] = header.score, header.rows[0]
    return found
