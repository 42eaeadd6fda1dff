"""Forms beside each other on one sheet: the labels of a process again, some columns further on."""

from collections.abc import Iterator
from dataclasses import replace

from registry.spreadsheets.workbook import WorkbookSheet, shown
from risk.services.imports.recognise.form_labels import Labels
from risk.services.imports.recognise.heads import Names

_FEWEST_LABELS = 3
"""Known labels that stand under each other where a form begins."""
Span = tuple[int, int]


def forms_beside(sheet: WorkbookSheet, names: Names) -> Iterator[tuple[WorkbookSheet, Span | None]]:
    """Yield the parts of a sheet that hold a form each, with their columns; else all of it."""
    labels = Labels(sheet, names)
    starts = next(filter(None, (_starts(labels, row) for row in _rows(labels))), [])
    if not all(_labels_in(labels, column) >= _FEWEST_LABELS for column in starts):
        starts = []
    if not starts:
        yield sheet, None
        return
    firsts = [1, *starts[1:]]
    lasts = [*(column - 1 for column in starts[1:]), sheet.width]
    for first, last in zip(firsts, lasts, strict=True):
        rows = [
            [value if first <= column <= last else None for column, value in enumerate(cells, 1)]
            for cells in sheet.rows
        ]
        yield replace(sheet, rows=rows), (first, last)


def _rows(labels: Labels) -> Iterator[int]:
    return filter(labels.may_name, range(1, len(labels.sheet.rows) + 1))


def _starts(labels: Labels, row: int) -> list[int]:
    """Return the columns where a row names a process and its value, if there are several."""
    written = labels.written(row)
    starts = [
        column
        for (column, text), (_beside, value) in zip(written, written[1:], strict=False)
        if labels.field_of(text) == "process_title" and not labels.is_label(value)
    ]
    return starts if len(starts) > 1 else []


def _labels_in(labels: Labels, column: int) -> int:
    """Return how many different fields are labels of a column."""
    texts = (shown(labels.sheet.value(row, column)) for row in range(1, len(labels.sheet.rows) + 1))
    return len({name for name in map(labels.field_of, texts) if name})
