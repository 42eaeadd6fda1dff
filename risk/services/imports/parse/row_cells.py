"""The cells of the rows of a table by field: a merged cell is there for each of its rows.

Every cell of a file comes through here, so what is the same for many is found once: what a column
is, the entries of a text, whether a merged cell says anything.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from registry.spreadsheets.workbook import PLACE_WIDTH, Finding, Value, shown
from risk.services.imports.account import Claim, Fate, SheetAccount
from risk.services.imports.file_cells import FileCell, Origin
from risk.services.imports.parse.cells import entries_of, own_entries
from risk.services.imports.parse.continued import without_mark
from risk.services.imports.parse.dates import needs_a_grade
from risk.services.imports.parse.grid import Grid
from risk.services.imports.parse.nothing import Silence, says_no_risk, says_nothing
from risk.services.imports.recognise.contexts import is_group
from risk.services.imports.recognise.crossed import is_cross, is_no_cross
from risk.workbooks.fields import field_of

_BEHAVIOURS = "behaviours"
_NOTHING: frozenset[str] = frozenset()


class _Column(NamedTuple):
    """A column that is read. `tops` is for each row where the merged cell over it begins, 0: none.

    `entry` is what a cross in it stands for.
    """

    column: int
    name: str
    tops: list[int] | None
    entry: str
    merged: dict[int, FileCell]
    """The merged cells by their first row, one for all rows below it."""
    said: dict[int, FileCell | None]
    """What they say to those rows; None where it is nothing."""


class RowCells:
    """Gives the cells of one row of a table after the other.

    What is noted of them is added to `findings`.
    """

    def __init__(
        self,
        grid: Grid,
        rejoined: Mapping[str, str],
        account: SheetAccount,
        findings: list[Finding],
    ) -> None:
        self._findings = findings
        self.silence = Silence()
        self._grid = grid
        self._rejoined = rejoined
        self._account = account
        self._exact = grid.table.exact
        self._sheet = grid.table.sheet.name
        self._several = {name: field_of(name).several for name in grid.mapping.values()}
        self._groups = {name for name in grid.mapping.values() if is_group(name)}
        self._entries: dict[tuple[str, bool], tuple[str, ...]] = {}
        self._refused: list[Finding] = []
        self._emptied: set[str] = set()
        entries = grid.table.entries
        self._columns = [
            _Column(column, name, grid.tops.get(column), entries.get(column, ""), {}, {})
            for column, name in grid.mapping.items()
        ]

    def of_row(self, row: int) -> dict[str, FileCell]:
        """Return the cells of a row that say something, by field."""
        written = self._grid.cells[row - 1]
        width = len(written)
        cells: dict[str, FileCell] = {}
        for one in self._columns:
            column = one.column
            value = written[column - 1] if column <= width else None
            top = one.tops[row] if one.tops else 0
            if value is None:
                if not top:
                    continue
                if top in one.said and one.name not in cells:
                    # most cells of a table that is merged downwards
                    cell = one.said[top]
                    if cell is not None:
                        cells[one.name] = cell
                    continue
            elif one.entry:
                if is_no_cross(value):
                    left_out = Claim(Fate.LEFT_OUT, _("voci segnate con un no"))
                    self._account.set(row, column, left_out)
                    continue
                value = one.entry if is_cross(value) else value
            self._add(cells, one, row, top, value)
        return cells

    def _add(
        self, cells: dict[str, FileCell], one: _Column, row: int, top: int, value: Value
    ) -> None:
        """Add what one column says of a row, unless it says nothing."""
        name = one.name
        cell = self._merged(one, top) if top else None
        if cell is not None:
            if value is not None and value != cell.raw:
                self._say_hidden(row, one.column, value)
        elif value is not None:
            cell = self.cell(name, value, row, one.column, "own")
        else:
            if top and self._exact:
                self._emptied.add(name)
            elif top:
                one.said[top] = None
            return
        is_first = name not in cells
        said = cell if is_first else self._beside(cells[name], cell, row)
        if not self._is_silent(name, said, row):
            cells[name] = said
        else:
            cells.pop(name, None)
        if is_first and top and cell.row == top:
            one.said[top] = cells.get(name)

    def _merged(self, one: _Column, top: int) -> FileCell | None:
        """Return the merged cell over a row, with whatever stands in it."""
        if top not in one.merged:
            value = self._grid.table.sheet.value(top, one.column)
            if value is None:
                return None
            one.merged[top] = self.cell(one.name, value, top, one.column, "merged")
        return one.merged[top]

    def _say_hidden(self, row: int, column: int, value: Value) -> None:
        """Note a text under a merged cell: nobody sees it in the file."""
        reason = _("Testo nascosto sotto una cella unita: non letto.")
        text = shown(value)[:PLACE_WIDTH]
        self._findings.append(Finding("text-hidden", reason, self._sheet, row, column, text))
        hidden = Claim(Fate.LEFT_OUT, _("testi sotto celle unite"), is_noted=True)
        self._account.set(row, column, hidden)

    def _beside(self, first: FileCell, other: FileCell, row: int) -> FileCell:
        """Return the cells of two columns of one field as one; a field of one value has but one."""
        if self._several.get(self._grid.mapping[other.column]):
            return first._replace(parts=(*first.parts, *other.parts))
        if first.value != other.value:
            reason = _("Due colonne dicono «%(first)s» e «%(other)s»: la riga ne può avere una.")
            told = reason % {"first": first.text, "other": other.text}
            place = (self._sheet, row, other.column, other.text)
            self._refused.append(Finding("two-values", told, *place, stops=True))
        return first

    def _is_silent(self, name: str, cell: FileCell, row: int) -> bool:
        """Return whether a cell says that there is nothing; of risks it stays, without entries."""
        if self._exact or cell.parts or name in self._groups:
            return False
        is_text = isinstance(cell.value, str)
        is_risk = name == _BEHAVIOURS and is_text
        if not isinstance(cell.value, str):
            # what a formula draws from a blank cell
            if not is_zero(cell.value) or needs_a_grade(name):
                return False
        elif not (is_risk or self._several.get(name) or says_nothing(cell.value)):
            return False
        if cell.row == row:
            self.silence.add(name, cell)
            reason = _("non dice nulla")
            silent = Claim(Fate.LEFT_OUT, _("celle senza effetto"), reason, is_noted=True)
            self._account.set(row, cell.column, silent)
        return not is_risk

    def cell(self, name: str, raw: Value, row: int, column: int, origin: Origin) -> FileCell:
        """Return what stands in a cell of a field, its broken words joined, with its entries."""
        if not isinstance(raw, str):
            return FileCell(raw, raw, self._sheet, row, column, origin)
        value = self._rejoined.get(raw, raw)
        if name in self._groups and not self._exact:
            value = without_mark(value) or value
        parts: tuple[str, ...] = ()
        if self._several.get(name):
            key = (value, name == _BEHAVIOURS)
            if key not in self._entries:
                self._entries[key] = self._saying(*key)
            parts = self._entries[key]
        return FileCell(value, raw, self._sheet, row, column, origin, parts)

    def _saying(self, value: str, is_risk: bool) -> tuple[str, ...]:
        """Return the entries of a text that say something."""
        if self._exact:
            return own_entries(value)
        is_none = says_no_risk if is_risk else says_nothing
        return tuple(entry for entry in entries_of(value) if not is_none(entry))

    def entries(self, value: str) -> tuple[str, ...]:
        """Return all entries of a text."""
        return own_entries(value) if self._exact else entries_of(value)

    def renewed(self, name: str, cell: FileCell) -> FileCell:
        """Return a cell of what stands around the table as one of its rows."""
        if not isinstance(cell.value, str):
            return cell
        value = self._rejoined.get(cell.value, cell.value)
        parts = self.entries(value) if field_of(name).several else ()
        return cell._replace(value=value, parts=parts)

    def take_refused(self) -> tuple[Finding, ...]:
        """Return why rows are refused since this was asked last."""
        if not self._refused:
            return ()
        refused, self._refused = tuple(self._refused), []
        return refused

    def take_emptied(self) -> frozenset[str]:
        """Return the fields over which stood a merged cell without anything, since asked last."""
        if not self._emptied:
            return _NOTHING
        emptied, self._emptied = frozenset(self._emptied), set()
        return emptied


def is_zero(value: Value) -> bool:
    """Return whether a value is the number nought."""
    return value == 0 and isinstance(value, int | float) and not isinstance(value, bool)
