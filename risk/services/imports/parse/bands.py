"""Bands: texts alone on their rows that say of what office, area or process the rows below are."""

from collections.abc import Collection

from registry.spreadsheets.workbook import Value, shown
from risk.services.imports.file_cells import FileCell
from risk.services.imports.parse.grid import Grid
from risk.services.imports.recognise.contexts import band_of
from risk.services.imports.recognise.descriptions import heads_of
from risk.services.imports.recognise.heads import Names

_OF_PROCESS = ("process_title", "process_number")


class Bands:
    """Reads the bands of one table. Where no column is the process a band may be one."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._names = Names(heads_of(None, {}), {})
        self._has_title = bool(grid.columns_of("process_title"))
        self._is_under_process = False
        self._roles: dict[str, dict[str, Value]] = {}
        """What each text met says: phases alone on their rows repeat."""

    def cells(self, row: int, column: int, value: Value, *, is_wide: bool) -> dict[str, FileCell]:
        """Return what the one text of a row says of the rows below, {} where it is no band."""
        table, text = self._grid.table, shown(value)
        if text not in self._roles:
            self._roles[text] = band_of(text, self._names)
        roles = self._roles[text]
        if self._has_title and "process_title" in roles:
            roles = {}
        if not roles and table.band_role and row in table.band_rows:
            roles = {table.band_role: text}
        if not is_wide and self._grid.mapping.get(column) in roles:
            return {}
        sheet = table.sheet.name
        return {
            name: FileCell(said, value, sheet, row, column, "context")
            for name, said in roles.items()
        }

    def ended(self, roles: Collection[str]) -> tuple[str, ...]:
        """Return what no more holds under a band: another area or office ends the process."""
        is_process = "process_title" in roles
        ended = _OF_PROCESS if is_process or self._is_under_process else ()
        self._is_under_process = is_process
        return ended
