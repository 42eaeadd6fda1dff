"""From the grid of a table to its rows: each value knows whether it is its own or from above."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from registry.spreadsheets.workbook import PLACE_WIDTH, Finding, Value, shown
from risk.services.imports.account import Claim, Fate, SheetAccount
from risk.services.imports.file_cells import FileCell, Origin
from risk.services.imports.parse.bands import Bands
from risk.services.imports.parse.cells import entries_of, number_of, own_entries, split_number
from risk.services.imports.parse.claims import row_template
from risk.services.imports.parse.codes import ProcessCodes, counted
from risk.services.imports.parse.dates import dates_for_numbers, needs_a_grade
from risk.services.imports.parse.footers import Footers
from risk.services.imports.parse.grid import Grid
from risk.services.imports.parse.labels import rows_of_labels, side_of
from risk.services.imports.parse.nothing import Silence, says_no_risk, says_nothing
from risk.services.imports.parse.parsed import FileRow
from risk.services.imports.parse.untitled import untitled
from risk.services.imports.recognise.claims import taken_as
from risk.services.imports.recognise.contexts import is_group
from risk.services.imports.recognise.crossed import is_cross
from risk.services.imports.recognise.descriptions import DESCRIPTIONS
from risk.workbooks.fields import field_of

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
        self._rejoined = rejoined
        self._exact = grid.table.exact
        self._layout = DESCRIPTIONS[grid.table.layout]
        self._parts: dict[str, tuple[str, ...]] = {}
        self._sheet, self._span = grid.table.sheet.name, grid.table.span
        self._columns = list(grid.mapping.items())
        self._context: dict[str, FileCell] = {
            name: self._renewed(name, cell)
            for name, cell in grid.table.context.items()
            if self._exact or cell.value is not None
        }
        self._several = {name: field_of(name).several for name in grid.mapping.values()}
        self._merged: dict[tuple[int, int], FileCell] = {}
        self._title_column = next(iter(grid.columns_of("process_title")), 0)
        self._number_column = next(iter(grid.columns_of("process_number")), 0)
        is_loose = not (self._exact or grid.has_merges)
        self._numbered = is_loose and self._share_numbered() >= _MOSTLY
        self._outer = set() if self._exact else self._said_once()
        self._footers = None if self._exact else Footers(grid)
        self._codes = ProcessCodes(grid)
        self._silence = Silence()
        self._entry_of = grid.table.entries
        self._refused: list[Finding] = []
        self._bands = Bands(grid)
        self._emptied: set[str] = set()
        self._rows: list[FileRow] = []

    def rows(self) -> list[FileRow]:
        """Return the rows of the table; what is no row is in `findings` afterwards."""
        if self._layout.is_blocks and not self._exact:
            self._rows += rows_of_labels(self.grid.table, self._context, self._entries)
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
            cells = self._cells(row)
            if cells:
                self._add(row, cells)
        self.findings += [
            *self._silence.findings(),
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
        if not self._exact and all(_is_zero(value) for _column, value in own):
            # formulas prepared in advance, which draw it from blank cells
            self._say("row-of-zeros", _("Riga di soli zeri: vale come vuota."), row, own)
            self._leave_out(row, _("righe di zeri"))
            return True
        if self._footers and self._footers.is_one(own):
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
        self._context |= {name: self._renewed(name, cell) for name, cell in cells.items()}
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
            cells[name] = self._cell(name, raw, *place, "own")
        self._rows[-1] = FileRow(self._sheet, before.row, cells, before.begins)
        self._say("row-joined", _("Riga spezzata dalla pagina: unita a quella sopra."), row, own)

    # rows

    def _cells(self, row: int) -> dict[str, FileCell]:
        written = self.grid.cells[row - 1]
        width = len(written)
        cells: dict[str, FileCell] = {}
        for column, name in self._columns:
            value = written[column - 1] if column <= width else None
            if value is not None and column in self._entry_of and is_cross(value):
                value = self._entry_of[column]
            # most columns have no merged cell at all
            top = tops[row] if (tops := self.grid.tops.get(column)) else 0
            cell = self._from_merge(name, top, column) if top else None
            if cell is not None:
                cells[name] = self._beside(cells[name], cell, row) if name in cells else cell
                if value is not None and value != cell.raw:
                    # nobody sees it in the file
                    reason = _("Testo nascosto sotto una cella unita: non letto.")
                    self._say("text-hidden", reason, row, [(column, value)])
                    hidden = Claim(Fate.LEFT_OUT, _("testi sotto celle unite"), is_noted=True)
                    self._account.set(row, column, hidden)
            elif value is not None:
                own = self._cell(name, value, row, column, "own")
                cells[name] = self._beside(cells[name], own, row) if name in cells else own
            elif top and self._exact:
                self._emptied.add(name)
            if name in cells and self._is_silent(name, cells[name], row):
                del cells[name]
        return cells

    def _beside(self, first: FileCell, other: FileCell, row: int) -> FileCell:
        """Return the cells of two columns of one field as one; a field of one value has but one."""
        if self._several.get(self.grid.mapping[other.column]):
            return replace(first, parts=(*first.parts, *other.parts))
        if first.value != other.value:
            reason = _("Due colonne dicono «%(first)s» e «%(other)s»: la riga ne può avere una.")
            told = {"first": first.text, "other": other.text}
            self._refused.append(
                Finding(
                    "two-values",
                    reason % told,
                    self._sheet,
                    row,
                    other.column,
                    other.text,
                    stops=True,
                )
            )
        return first

    def _is_silent(self, name: str, cell: FileCell, row: int) -> bool:
        """Return whether a cell says that there is nothing; of risks it stays, without entries."""
        if self._exact or is_group(name):
            return False
        is_risk = name == "behaviours" and isinstance(cell.value, str)
        if not isinstance(cell.value, str):
            # what a formula draws from a blank cell
            if not _is_zero(cell.value) or needs_a_grade(name):
                return False
        elif cell.parts or not (is_risk or self._several.get(name) or says_nothing(cell.value)):
            return False
        if cell.row == row:
            self._silence.add(name, cell)
            reason = _("non dice nulla")
            silent = Claim(Fate.LEFT_OUT, _("celle senza effetto"), reason, is_noted=True)
            self._account.set(row, cell.column, silent)
        return not is_risk

    def _from_merge(self, name: str, top: int, column: int) -> FileCell | None:
        if (top, column) not in self._merged:
            value = self.grid.table.sheet.value(top, column)
            if value is None:
                return None
            self._merged[top, column] = self._cell(name, value, top, column, "merged")
        return self._merged[top, column]

    def _cell(self, name: str, raw: Value, row: int, column: int, origin: Origin) -> FileCell:
        if not isinstance(raw, str):
            return FileCell(raw, raw, self._sheet, row, column, origin)
        value = self._rejoined.get(raw, raw)
        parts = self._entries(value) if self._several.get(name) else ()
        if parts and not self._exact:
            is_none = says_no_risk if name == "behaviours" else says_nothing
            parts = tuple(entry for entry in parts if not is_none(entry))
        return FileCell(value, raw, self._sheet, row, column, origin, parts)

    def _entries(self, value: str) -> tuple[str, ...]:
        if value not in self._parts:
            self._parts[value] = own_entries(value) if self._exact else entries_of(value)
        return self._parts[value]

    def _renewed(self, name: str, cell: FileCell) -> FileCell:
        if not isinstance(cell.value, str):
            return cell
        value = self._rejoined.get(cell.value, cell.value)
        parts = self._entries(value) if field_of(name).several else ()
        return FileCell(value, cell.raw, cell.sheet, cell.row, cell.column, cell.origin, parts)

    def _add(self, row: int, cells: dict[str, FileCell]) -> None:
        if not self._title_column and not self._layout.is_blocks:
            cells = {**{n: c for n, c in self._context.items() if n in _OF_PROCESS}, **cells}
        cells = self._with_number(cells)
        before = self._rows[-1] if self._rows else None
        key = self._process_key(cells)
        has_own = any(key)
        begins = has_own and (
            before is None or not (key == self._process_key(before.cells) or _goes_on_merged(cells))
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
        findings = (*dates_for_numbers(self._sheet, row, cells), *self._refused)
        self._refused = []
        if before is not None and not has_own:
            findings += untitled(self.grid, row, cells, before)
        emptied, self._emptied = frozenset(self._emptied), set()
        self._rows.append(FileRow(self._sheet, row, cells, begins, (), findings, emptied=emptied))

    def _process_key(self, cells: Mapping[str, FileCell]) -> tuple[Any, ...]:
        """Return what names a process; its place tells merged cells with the same title apart."""
        title = cells.get("process_title")
        number = cells.get("process_number")
        is_placed = self._title_column in self.grid.tops or (title and title.origin == "context")
        merged = title.row if title and is_placed else 0
        return (title and title.value, number and number.value, merged)

    def _with_number(self, cells: dict[str, FileCell]) -> dict[str, FileCell]:
        title, number = cells.get("process_title"), cells.get("process_number")
        if not self._codes.are_numbers:
            self._drop_code(cells)
            number = None
        if number is not None and (split := number_of(number.value)) is not None:
            cells["process_number"] = _with_value(number, split)
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

    def _drop_code(self, cells: dict[str, FileCell]) -> None:
        """Take a code that is no number out of a row."""
        cell = cells.pop("process_number", None)
        if cell is not None:
            code = Claim(Fate.LEFT_OUT, _("codici al posto dei numeri"), is_noted=True)
            self._account.set(cell.row, cell.column, code)

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
        for column, name in self._columns:
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


def _is_zero(value: Value) -> bool:
    return value == 0 and isinstance(value, int | float) and not isinstance(value, bool)
