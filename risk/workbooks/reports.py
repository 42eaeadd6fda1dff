"""A report as a workbook: plain tables, one a sheet; every text is written as a text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from risk.workbooks.drawing import (
    BookDrawing,
    DrawnColumn,
    Look,
    SheetDrawing,
    add_heads,
    checked,
    named_sheets,
)

_NARROW, _WIDE = 14, 44


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """A table of a workbook: its title, the heads of its columns and its rows."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | int]]


def report_book(title: str, sheets: Iterable[ReportSheet], *, is_draft: bool) -> BookDrawing:
    """Return the drawing of a workbook. Raises `risk.workbooks.drawing.TooLongError`."""
    drawn = [(one.title, _sheet(title, one, is_draft=is_draft)) for one in sheets]
    return BookDrawing(title=title, origin=None, sheets=list(named_sheets(drawn)))


def _sheet(title: str, table: ReportSheet, *, is_draft: bool) -> SheetDrawing:
    widths = [
        _NARROW if all(isinstance(row[place], int) for row in table.rows) else _WIDE
        for place in range(len(table.heads))
    ]
    columns = [DrawnColumn(width) for width in widths]
    sheet = SheetDrawing(name="", columns=columns, is_draft=is_draft, subject=title)
    sheet.heads = add_heads(sheet, table.heads, with_ids=False)
    sheet.is_filtered = True
    for row in table.rows:
        looks = [Look.NUMBER if isinstance(cell, int) else Look.TEXT for cell in row]
        cells = [
            cell if isinstance(cell, int) else checked(cell, table.title) or None for cell in row
        ]
        sheet.add(cells, looks)
    return sheet
