"""From the grid of a table to its rows: each value knows whether it is its own or from above."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from registry.readable import bare_code
from registry.spreadsheets.workbook import PLACE_WIDTH, Finding, Value, shown
from risk.services.imports.account import Claim, Fate, SheetAccount
from risk.services.imports.file_cells import FileCell
from risk.services.imports.parse.bands import Bands
from risk.services.imports.parse.cells import number_of, split_number
from risk.services.imports.parse.claims import row_template
from risk.services.imports.parse.codes import ProcessCodes, coded, counted
from risk.services.imports.parse.continued import gone_on_with
from risk.services.imports.parse.dates import dates_for_numbers
from risk.services.imports.parse.footers import Footers
from risk.services.imports.parse.grid import Grid
from risk.services.imports.parse.labels import rows_of_labels, side_of
from risk.services.imports.parse.parsed import FileRow
from risk.services.imports.parse.row_cells import RowCells, is_zero
from risk.services.imports.parse.untitled import untitled
from risk.services.imports.recognise.claims import taken_as
from risk.services.imports.recognise.contexts import is_group
from risk.services.imports.recognise.descriptions import DESCRIPTIONS

_MOSTLY = 0.8
_OF_PROCESS = ("process_title", "process_number")
_OUTER_FILLED = 0.6
"""Share of filled cells under which a column before the process is taken for one said once."""


class Unfolding:
    """Reads one table once, from its first row to its last."""

    def __init__(
        self, grid: Grid, rejoined: Mapping[str, str], account: SheetAccount | None = None
    ) -> None:
        self.grid = grid
        self.findings: list[Finding] = []
        self._account = account or SheetAccount(grid.table.sheet)
        self._template = row_template(grid.table, self._account)
        self._cells = RowCells(grid, rejoined, self._account, self.findings)
        self._exact = grid.table.exact
        self._layout = DESCRIPTIONS[grid.table.layout]
        self._sheet, self._span = grid.table.sheet.name, grid.table.span
        self._context: dict[str, FileCell] = {
            name: self._cells.renewed(name, cell)
            for name, cell in grid.table.context.items()
            if self._exact or cell.value is not None
        }
        self._title_column = next(iter(grid.columns_of("process_title")), 0)
        self._number_column = next(iter(grid.columns_of("process_number")), 0)
        is_loose = not (self._exact or grid.has_merges)
        self._numbered = is_loose and self._share_numbered() >= _MOSTLY
        self._outer = set() if self._exact else self._said_once()
        self._footers = None if self._exact else Footers(grid)
        self._codes = ProcessCodes(grid)
        self._bands = Bands(grid)
        self._rows: list[FileRow] = []
        self._last_key: tuple[FileRow, tuple[Any, ...]] | None = None

    def rows(self) -> list[FileRow]:
        """Return the rows of the table; what is no row is in `findings` afterwards."""
        if self._layout.is_blocks and not self._exact:
            self._rows += rows_of_labels(self.grid.table, self._context, self._cells.entries)
            if self._rows:
                self._context = {n: cell for n, cell in self._context.items() if is_group(n)}
        for row in range(self.grid.table.first_row, self.grid.last + 1):
            own = self.grid.own(row)
            if not own or self._is_no_row(row, own):
                continue
            self._account.claim_row(row, self._template)
            if self._goes_on(own):
                self._join(row, own)
                continue
            cells = self._cells.of_row(row)
            if cells:
                self._add(row, cells)
        self.findings += [
            *self._cells.silence.findings(),
            *self._codes.findings(),
            *self.grid.findings(),
        ]
        if not self._rows and self._layout.is_blocks:
            # A process described without phases is still a process.
            table = self.grid.table
            cells = self._labelled({})
            self._rows.append(
                FileRow(self._sheet, table.header_rows[0], cells, column=side_of(table))
            )
        return self._rows

    # what is no row

    def _is_no_row(self, row: int, own: list[tuple[int, Value]]) -> bool:
        if self.grid.is_page_head(own):
            self._say("page-head", _("Titolo ripetuto dalla pagina: saltato."), row, own)
            self._account.claim_rows(row, row, Claim(Fate.TITLE, _("titoli ripetuti")), self._span)
            return True
        if not self._exact and all(is_zero(value) for _column, value in own):
            # formulas prepared in advance, which draw it from blank cells
            self._say("row-of-zeros", _("Riga di soli zeri: vale come vuota."), row, own)
            self._leave_out(row, _("righe di zeri"))
            return True
        if self._footers and self._footers.is_one(row, own):
            text = " · ".join(shown(value) for _column, value in own)
            reason = _("Totale, data, firma o nota e non un processo: non letto.")
            self._say("footer", reason, row, [(own[0][0], text)])
            self._leave_out(row, _("totali, date, firme e note"))
            return True
        if len(own) > 1:
            return False
        column, value = own[0]
        text = shown(value)
        is_band = self.grid.is_band(row, column)
        if self._read_band(row, column, value, is_band=is_band):
            return True
        # In a table of numbered rows a short text may be the end of a row cut by a page.
        may_go_on = self._numbered and len(text) <= PLACE_WIDTH
        if not may_go_on and (is_band or self.grid.is_outside(row, column, value)):
            self._say("text-outside", _("Testo fuori dalla tabella: non letto."), row, own)
            self._leave_out(row, _("testi fuori dalla tabella"))
            return True
        return False

    def _read_band(self, row: int, column: int, value: Value, *, is_band: bool) -> bool:
        """Return whether the one text of a row is a band: the rows below then have what it says."""
        cells = self._bands.cells(row, column, value, is_wide=is_band)
        if not cells:
            return False
        for name in self._bands.ended(cells):
            self._context.pop(name, None)
        self._context |= {name: self._cells.renewed(name, cell) for name, cell in cells.items()}
        name = "process_title" if "process_title" in cells else next(iter(cells))
        self._account.claim_rows(row, row, taken_as(name, _("fasce")), self._span)
        return True

    def _leave_out(self, row: int, what: str) -> None:
        """Say of the cells of a row that they are not read; a note says it already."""
        self._account.claim_rows(row, row, Claim(Fate.LEFT_OUT, what, is_noted=True), self._span)

    def _say(self, kind: str, reason: str, row: int, own: list[tuple[int, Value]]) -> None:
        column, value = own[0]
        text = shown(value)[:PLACE_WIDTH]
        self.findings.append(Finding(kind, reason, self._sheet, row, column, text))

    # rows cut by a page

    def _share_numbered(self) -> float:
        """Return the share of rows that begin with a number, of those that have a process."""
        column = self._number_column or self._title_column
        if not column:
            return 0.0
        values = [
            cells[column - 1]
            for cells in self.grid.cells[self.grid.table.first_row - 1 : self.grid.last]
            if len(cells) >= column and cells[column - 1] is not None
        ]
        numbered = sum(self._is_numbered(value) for value in values)
        return numbered / len(values) if values else 0.0

    def _is_numbered(self, value: Value) -> bool:
        if self._number_column:
            return number_of(value) is not None
        return isinstance(value, str) and split_number(value)[0] is not None

    def _goes_on(self, own: list[tuple[int, Value]]) -> bool:
        """Return whether a row is the end of the one above: the number and the first cell lack."""
        if not self._numbered or not self._rows or not self._layout.is_row_each:
            return False
        written = dict(own)
        first = min(self.grid.mapping)
        key = written.get(self._number_column or self._title_column)
        return not self._is_numbered(key) and (first not in written or len(own) == 1)

    def _join(self, row: int, own: list[tuple[int, Value]]) -> None:
        before = self._rows[-1]
        cells = dict(before.cells)
        for column, value in own:
            name = self.grid.mapping.get(column)
            if not name:
                continue
            above = cells.get(name)
            raw = f"{shown(above.value)} {shown(value)}" if above else value
            place = (above.row, above.column) if above else (row, column)
            cells[name] = self._cells.cell(name, raw, *place, "own")
        self._rows[-1] = FileRow(self._sheet, before.row, cells, before.begins)
        self._say("row-joined", _("Riga spezzata dalla pagina: unita a quella sopra."), row, own)

    # rows

    def _add(self, row: int, cells: dict[str, FileCell]) -> None:
        if not self._title_column and not self._layout.is_blocks:
            said = {name: c for name, c in self._context.items() if name in _OF_PROCESS}
            cells = {**(said if self._exact else gone_on_with(said)), **cells}
        cells = own = self._with_number(cells)
        before = self._rows[-1] if self._rows else None
        key = self._process_key(cells)
        has_own = any(key)
        begins = has_own and (
            before is None or not (key == self._key_of(before) or _goes_on_merged(cells))
        )
        if self._layout.is_row_each:
            begins = True
        if before is not None and not has_own:
            cells = {**self._repeated(before), **cells}
        elif before is not None and self._outer:
            outer = self._repeated(before)
            cells = {**{n: c for n, c in outer.items() if n in self._outer}, **cells}
        cells = self._labelled(cells)
        if self._layout.is_blocks:
            begins = before is None
        findings = (*dates_for_numbers(self._sheet, row, cells), *self._cells.take_refused())
        if before is not None and not has_own:
            findings += untitled(self.grid, row, cells, before)
        emptied = self._cells.take_emptied()
        self._rows.append(FileRow(self._sheet, row, cells, begins, (), findings, emptied=emptied))
        self._last_key = (self._rows[-1], key if cells is own else self._process_key(cells))

    def _key_of(self, row: FileRow) -> tuple[Any, ...]:
        """Return what names the process of a row, which is that added last as a rule."""
        last = self._last_key
        return last[1] if last and last[0] is row else self._process_key(row.cells)

    def _process_key(self, cells: Mapping[str, FileCell]) -> tuple[Any, ...]:
        """Return what names a process; its place tells merged cells with the same title apart."""
        title = cells.get("process_title")
        number = cells.get("process_number")
        is_placed = self._title_column in self.grid.tops or (title and title.origin == "context")
        merged = title.row if title and is_placed else 0
        code = cells.get("process_code")
        return (title and title.value, number and number.value, code and code.value, merged)

    def _with_number(self, cells: dict[str, FileCell]) -> dict[str, FileCell]:
        title, number = cells.get("process_title"), cells.get("process_number")
        if self._codes.are_of_rows and (code := cells.pop("process_code", None)):
            self._leave_code_out(code)
        if not self._codes.are_numbers:
            self._take_code(cells)
            number = None
        if number is not None and (split := number_of(number.value)) is not None:
            cells["process_number"] = _with_value(number, split)
        if self._codes.are_cut and title is not None and isinstance(title.value, str):
            self._cut_code(cells, title)
        is_whole = self._codes.in_titles or (self._exact and number is not None)
        if title is not None and isinstance(title.value, str) and not is_whole:
            split, words = split_number(title.value)
            if self._codes.are_counted and split is None:
                split, words = counted(title.value)
            if self._codes.restart:
                cells["process_title"] = _with_value(title, words)
            elif split is not None and number is None:
                cells["process_number"] = _with_value(title, split)
            is_same = number is None or number_of(number.value) == split
            if split is not None and is_same:
                cells["process_title"] = _with_value(title, words)
        return cells

    def _take_code(self, cells: dict[str, FileCell]) -> None:
        """Take what stands for the number of a row as the code of its process, or leave it out."""
        cell = cells.pop("process_number", None)
        if cell is None:
            return
        if self._codes.counts_rows or "process_code" in cells:
            self._leave_code_out(cell)
            return
        cells["process_code"] = _with_value(cell, bare_code(cell.text))
        taken = taken_as("process_code", _("codici al posto dei numeri"))
        self._account.set(cell.row, cell.column, taken)

    def _leave_code_out(self, cell: FileCell) -> None:
        left_out = Claim(Fate.LEFT_OUT, _("codici al posto dei numeri"), is_noted=True)
        self._account.set(cell.row, cell.column, left_out)

    def _cut_code(self, cells: dict[str, FileCell], title: FileCell) -> None:
        """Take the code off a title of a table whose titles all begin with one."""
        code, words = coded(str(title.value))
        if code and words:
            cells["process_title"] = _with_value(title, words)
            cells.setdefault("process_code", _with_value(title, code))

    def _repeated(self, before: FileRow) -> dict[str, FileCell]:
        return {
            name: FileCell(c.value, c.raw, c.sheet, c.row, c.column, "repeated", c.parts)
            for name, c in before.cells.items()
            if is_group(name) and c.origin != "context"
        }

    def _labelled(self, cells: dict[str, FileCell]) -> dict[str, FileCell]:
        return {**self._context, **cells} if self._context else cells

    def _said_once(self) -> set[str]:
        """Return the fields said once for many processes, in columns before that of the process."""
        names: set[str] = set()
        height = self.grid.last - self.grid.table.first_row + 1
        for column, name in self.grid.mapping.items():
            if not is_group(name) or column >= self._title_column or column in self.grid.tops:
                continue
            cells = self.grid.cells[self.grid.table.first_row - 1 : self.grid.last]
            filled = sum(len(row) >= column and row[column - 1] is not None for row in cells)
            if filled < _OUTER_FILLED * height:
                names.add(name)
        return names - {"process_number", "process_title"}


def _goes_on_merged(cells: Mapping[str, FileCell]) -> bool:
    """Return whether number or title is merged from above and the other one is left blank."""
    named = [cells[name] for name in ("process_title", "process_number") if name in cells]
    return len(named) == 1 and named[0].origin == "merged"


def _with_value(cell: FileCell, value: Value) -> FileCell:
    return FileCell(value, cell.raw, cell.sheet, cell.row, cell.column, cell.origin, cell.parts)
