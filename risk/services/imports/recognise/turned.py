"""Tables on their side: labels in the first column, one process in each of those beside it."""

from registry.spreadsheets.workbook import WorkbookSheet, shown
from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.contexts import plain_area
from risk.services.imports.recognise.form_blocks import with_labels
from risk.services.imports.recognise.form_labels import Labels
from risk.services.imports.recognise.tables import FileColumn, FileTable, FormLabel

_COLUMNS = (1, 2)
"""Columns the labels may stand in: before them there may be a number."""
_ROWS = 40
"""Rows in which the labels are looked for."""
_FEWEST = 3
_MOSTLY = 0.5
_MEANT = frozenset(
    {"behaviours", "level", "measures", "risk_area", "office", "phase", "macroprocess", "factors"}
)


def turned_tables(sheet: WorkbookSheet, labels: Labels, layout: str) -> list[FileTable]:
    """Return one table for each process of a sheet that stands on its side, [] for any other."""
    for column in _COLUMNS:
        heads = _heads(sheet, labels, column)
        title = next((row for row, name in heads.items() if name == "process_title"), 0)
        if title and _is_turned(labels, heads, title, column):
            return _tables(sheet, labels, layout, heads, title, column)
    return []


def _heads(sheet: WorkbookSheet, labels: Labels, column: int) -> dict[int, str]:
    """Return our field by row of the texts of a column, "" for those nobody knows."""
    found: dict[int, str] = {}
    for row in range(1, min(len(sheet.rows), _ROWS) + 1):
        value = sheet.value(row, column)
        if isinstance(value, str):
            found[row] = labels.field_of(value)
    return found


def _is_turned(labels: Labels, heads: dict[int, str], title: int, column: int) -> bool:
    known = {name for name in heads.values() if name}
    below = [row for row in heads if row >= title]
    share = sum(bool(heads[row]) for row in below) / len(below)
    beside = [text for at, text in labels.written(title) if at > column]
    is_wide = len(beside) > 1 and not any(map(labels.is_label, beside))
    return is_wide and len(known) >= _FEWEST and bool(known & _MEANT) and share >= _MOSTLY


def _tables(
    sheet: WorkbookSheet,
    labels: Labels,
    layout: str,
    heads: dict[int, str],
    title: int,
    column: int,
) -> list[FileTable]:
    covering = {
        (merge.top, place): merge.left
        for merge in sheet.merges
        for place in range(merge.left + 1, merge.right + 1)
        if merge.left > column
    }
    found = []
    first = min(row for row, name in heads.items() if name)
    rows = [row for row in heads if row >= first]
    for at, _text in labels.written(title):
        if at <= column:
            continue
        own = []
        for row in rows:
            place = covering.get((row, at), at)
            text = shown(sheet.value(row, place))
            said = plain_area(text) if heads[row] == "risk_area" else text
            head = shown(sheet.value(row, column))
            cell = FileCell(said or None, head, sheet.name, row, place, "context")
            if said:
                sure = 1.0 if heads[row] else 0.0
                label = FormLabel(row, column, cell)
                own.append(FileColumn(place, head, heads[row], sure, (said,), label=label))
        context = with_labels({}, own)
        found.append(
            FileTable(
                sheet,
                layout,
                (title,),
                title + 1,
                tuple(own),
                context,
                last_row=title,
                span=(at, at),
                turned=column,
            )
        )
    return found
