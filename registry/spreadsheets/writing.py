"""Writing a list as a file: one table, four formats, every text still a text when it is opened."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO

from registry.spreadsheets.tables import Table, one_line_break
from registry.spreadsheets.workbook import Value
from registry.spreadsheets.writing_ods import write_ods
from registry.spreadsheets.writing_text import write_csv, write_json
from registry.spreadsheets.writing_xlsx import write_xlsx

_TOLD_EVERY = 1000


@dataclass(frozen=True, slots=True)
class ListFormat:
    """One format: the end of its names, what servers call it, and who writes it."""

    suffix: str
    content_type: str
    write: Callable[[Table, IO[bytes]], None]

    @property
    def label(self) -> str:
        return self.suffix.upper()


LIST_FORMATS = {
    row.suffix: row
    for row in (
        ListFormat(
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            write_xlsx,
        ),
        ListFormat("ods", "application/vnd.oasis.opendocument.spreadsheet", write_ods),
        ListFormat("csv", "text/csv; charset=utf-8", write_csv),
        ListFormat("json", "application/json", write_json),
    )
}


def write_table(
    table: Table, suffix: str, into: IO[bytes], on_count: Callable[[int], None] | None = None
) -> int:
    """Write a list in the format with this suffix; return how many rows it has.

    `on_count` is called with the rows written so far, every thousand.

    Raises `KeyError` for a format there is not, `ValueError` for a text no cell can hold.
    """
    counted = _Counted(table, on_count)
    rows = replace(table, heads=tuple(map(one_line_break, table.heads)), rows=counted)
    LIST_FORMATS[suffix].write(rows, into)
    return counted.count


class _Counted:
    """The rows of a table, counted as they pass, their line breaks written alike."""

    def __init__(self, table: Table, on_count: Callable[[int], None] | None) -> None:
        self.count = 0
        self._table = table
        self._on_count = on_count

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for row in self._table.rows:
            self.count += 1
            if self._on_count and self.count % _TOLD_EVERY == 0:
                self._on_count(self.count)
            yield [one_line_break(cell) if isinstance(cell, str) else cell for cell in row]
