"""Phases listed in one cell, each on a line with a mark: each is a phase of the process.

What else their row says is said of all of them, as where its cells are merged over several rows.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from risk.services.imports.file_cells import FileCell
from risk.services.imports.parse.cells import entries_of, is_marked_list
from risk.services.imports.parse.parsed import FileRow


def with_phase_lists(rows: Iterable[FileRow]) -> Iterator[FileRow]:
    """Yield the rows, one with a list of phases once for each of them."""
    rows = list(rows)
    places = Counter(_place(cell) for row in rows if (cell := row.cells.get("phase")))
    for row in rows:
        cell = row.cells.get("phase")
        titles = _titles(cell) if cell and "action" not in row.cells else ()
        # a cell over several rows is said of what stands beside it row by row
        if cell is None or len(titles) < 2 or places[_place(cell)] > 1:
            yield row
            continue
        for place, title in enumerate(titles):
            own = replace(row, cells={**row.cells, "phase": cell._replace(value=title)})
            yield own if place == 0 else replace(own, begins=False, ambiguities=(), findings=())


def _titles(cell: FileCell) -> tuple[str, ...]:
    is_list = isinstance(cell.value, str) and "\n" in cell.value and is_marked_list(cell.value)
    return entries_of(str(cell.value)) if is_list else ()


def _place(cell: FileCell) -> tuple[str, int, int]:
    return cell.sheet, cell.row, cell.column
