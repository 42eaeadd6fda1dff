"""The rows of a form: what its labels say of risks and phases stands on rows of its own."""

from collections.abc import Callable, Mapping

from risk.services.imports.file_cells import FileCell
from risk.services.imports.parse.parsed import FileRow
from risk.services.imports.recognise.tables import FileTable

_BY_LABEL = frozenset({"behaviours", "phase"})
"""Fields of rows: said by a label they are of the process, not of each of its rows."""


def rows_of_labels(
    table: FileTable,
    context: Mapping[str, FileCell],
    entries: Callable[[str], tuple[str, ...]],
) -> list[FileRow]:
    """Return the rows a form has beside those of its tables; none where labels say no row."""
    if not _BY_LABEL & context.keys():
        return []
    first, column = table.header_rows[0], side_of(table)
    cells = {name: cell for name, cell in context.items() if name != "phase"}
    rows = [FileRow(table.sheet.name, first, cells, column=column)]
    phases = context.get("phase")
    if phases is None or not isinstance(phases.value, str):
        return rows
    group = {name: cell for name, cell in cells.items() if name.startswith("process_")}
    for text in entries(phases.value):
        own = {**group, "phase": phases._replace(value=text)}
        rows.append(FileRow(table.sheet.name, first, own, begins=False, column=column))
    return rows


def side_of(table: FileTable) -> int:
    """Return the column of a process that has one of its own, 0 for any other."""
    return table.span[0] if table.turned and table.span else 0
