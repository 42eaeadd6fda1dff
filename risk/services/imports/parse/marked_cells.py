"""One table with its marks: which of its cells are cancelled, and how it stands without them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from registry.spreadsheets.looks import CellLook
from registry.spreadsheets.workbook import Value, WorkbookSheet, address, shown
from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.tables import FileTable

TITLE = "process_title"
_KEY = "row_uid"


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A whole row (`column` is 0), a cell, or a part of one that is struck or hidden."""

    sheet: WorkbookSheet
    row: int
    column: int
    text: str
    is_part: bool = False

    @property
    def place(self) -> str:
        return address(self.row, self.column)


@dataclass
class MarkedTable:
    """A table whose sheet is taken apart: what is dropped is dropped in a copy of its rows."""

    table: FileTable
    cancelled: list[Cancelled] = field(default_factory=list)

    @property
    def sheet(self) -> WorkbookSheet:
        return self.table.sheet

    @property
    def has_looks(self) -> bool:
        """Whether there is anything to settle."""
        sheet = self.sheet
        return bool(
            sheet.looks
            or sheet.shown
            or sheet.hidden_rows
            or sheet.filtered_rows
            or sheet.hidden_columns
        )

    @cached_property
    def mapping(self) -> dict[int, str]:
        """Our field by column, the key of our own files left out."""
        mapping = self.table.mapping
        return {column: name for column, name in mapping.items() if name != _KEY}

    @cached_property
    def last(self) -> int:
        return min(self.table.last_row or len(self.sheet.rows), len(self.sheet.rows))

    def is_inside(self, row: int, column: int) -> bool:
        """Return whether a place is a cell that is read as one of a row."""
        return self.table.first_row <= row <= self.last and column in self.mapping

    def looks(self) -> Iterator[tuple[int, int, CellLook]]:
        """Return the marked cells that are read, in their order."""
        for (row, column), look in sorted(self.sheet.looks.items(), key=lambda one: one[0]):
            if self.is_inside(row, column) or (row, column) in self._above:
                yield row, column, look

    def field_at(self, row: int, column: int) -> str:
        """Return our field of a place, also where a label stands above the table."""
        return self._above.get((row, column)) or self.mapping.get(column, "")

    def put(self, row: int, column: int, value: Value) -> None:
        """Put another value in a cell; the sheet of the file stays as it is."""
        name = self._above.get((row, column))
        if name:
            self._put_above(name, value)
            return
        self._own_rows()
        cells = list(self.sheet.rows[row - 1])
        cells[column - 1] = value
        self.sheet.rows[row - 1] = cells

    def drop_cancelled(self) -> None:
        """Take out what is cancelled."""
        self.drop_rows(one.row for one in self.cancelled if not one.column)
        for one in self.cancelled:
            if not one.column:
                continue
            value = self.sheet.value(one.row, one.column)
            look = self.sheet.look(one.row, one.column)
            rest = look.live_text(value) if isinstance(value, str) and one.is_part else ""
            self.put(one.row, one.column, rest or None)

    def drop_rows(self, rows: Iterable[int]) -> None:
        """Take out whole rows; a merged cell that goes on below them stays."""
        dropped = set(rows)
        if not dropped:
            return
        kept = {
            (merge.top, merge.left)
            for merge in self.sheet.merges
            if merge.top in dropped and not dropped.issuperset(range(merge.top, merge.bottom + 1))
        }
        self._own_rows()
        for row in dropped:
            self.sheet.rows[row - 1] = [
                value if (row, column) in kept else None
                for column, value in enumerate(self.sheet.rows[row - 1], 1)
            ]

    def title_of(self, row: int) -> str:
        """Return what names a row to a person: its title, or the first text that is read."""
        texts = {
            name: " ".join(shown(self.sheet.value(row, column)).split())
            for column, name in self.mapping.items()
        }
        return texts.get(TITLE) or next((one for one in texts.values() if len(one) > 2), "")

    def rows_of(self, row: int) -> range:
        """Return a row with those below that the merged cell of its title goes over."""
        titles = [column for column, name in self.mapping.items() if name == TITLE]
        bottoms = [
            merge.bottom for merge in self.sheet.merges if merge.top == row and merge.left in titles
        ]
        return range(row, max([row, *bottoms]) + 1)

    @cached_property
    def _above(self) -> dict[tuple[int, int], str]:
        """What labels and titles above the table say, by the place where it is written."""
        return {
            (cell.row, cell.column): name
            for name, cell in self.table.context.items()
            if cell.row and cell.column
        }

    def _put_above(self, name: str, value: Value) -> None:
        context = dict(self.table.context)
        if value is None:
            del context[name]
        else:
            cell: FileCell = context[name]
            context[name] = cell._replace(value=value, raw=value)
        self.table = replace(self.table, context=context)

    def _own_rows(self) -> None:
        """Copy the rows once; those that are put anew are lists of their own."""
        if not self._is_copied:
            self.table = replace(self.table, sheet=replace(self.sheet, rows=list(self.sheet.rows)))
            self._is_copied = True

    _is_copied: bool = False


def marked_of(table: FileTable) -> MarkedTable:
    """Return a table with what is cancelled in it."""
    marked = MarkedTable(table)
    by_row: dict[int, dict[int, CellLook]] = {}
    for row, column, look in marked.looks():
        is_marked = look.is_struck or look.struck or look.is_hidden or look.hidden
        if is_marked and marked.sheet.value(row, column) is not None:
            by_row.setdefault(row, {})[column] = look
    gone: set[int] = set()
    for row, cells in by_row.items():
        whole = _rows_gone(marked, row, cells)
        for one in sorted(whole - gone):
            marked.cancelled.append(Cancelled(marked.sheet, one, 0, marked.title_of(one)))
        gone |= whole
        if row not in gone:
            marked.cancelled += _cells(marked, row, cells)
    return marked


def _cells(marked: MarkedTable, row: int, cells: dict[int, CellLook]) -> Iterator[Cancelled]:
    for column, look in cells.items():
        text = shown(marked.sheet.value(row, column))
        is_part = not (look.is_struck or look.is_hidden)
        told = " · ".join(" ".join(one.split()) for one in look.cancelled_texts(text))
        yield Cancelled(marked.sheet, row, column, told, is_part)


def _rows_gone(marked: MarkedTable, row: int, cells: Collection[int]) -> set[int]:
    """Return the rows that are cancelled with the cells of one: all with the title of a process.

    A row is cancelled where all its words are; a number that Word counts has none of its own.
    """
    looks = marked.sheet.looks
    titles = [column for column, name in marked.mapping.items() if name == TITLE]
    for column in titles:
        if column in cells and looks[row, column].is_struck:
            return set(marked.rows_of(row))
    written = [
        column
        for column in marked.mapping
        if any(sign.isalpha() for sign in shown(marked.sheet.value(row, column)))
    ]
    if (
        written
        and all(c in cells and looks[row, c].is_struck for c in written)
        and len(written) > 1
    ):
        return {row}
    return set()
