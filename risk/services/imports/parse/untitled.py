"""A row that lost its title: with an area or an office of its own it goes on with nothing."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from registry.normalise import fold
from registry.spreadsheets.workbook import PLACE_WIDTH, Finding
from risk.services.imports.file_cells import FileCell
from risk.services.imports.parse.grid import Grid
from risk.services.imports.parse.parsed import FileRow
from risk.services.imports.recognise.contexts import is_group
from risk.services.imports.recognise.descriptions import DESCRIPTIONS
from risk.workbooks.fields import field_of

_OF_A_PROCESS = frozenset({"office", "risk_area", "macroprocess", "function"})
"""What a row that goes on with a process leaves blank, or says as the row above."""


def untitled(
    grid: Grid, row: int, cells: Mapping[str, FileCell], before: FileRow
) -> tuple[Finding, ...]:
    """Return why a row without a title is no continuation of the one before; () where it is one."""
    columns = grid.columns_of("process_title")
    if grid.table.exact or DESCRIPTIONS[grid.table.layout].is_blocks or not columns:
        return ()
    # under a title alone on its row, the rows say of what office or area the process is
    is_title_alone = all(map(is_group, before.cells))
    said = [
        name
        for name in sorted(_OF_A_PROCESS.intersection(cells))
        if cells[name].row == row
        and fold(cells[name].text) != fold(before.text(name))
        and not (is_title_alone and not before.text(name))
    ]
    is_more = any(cell.row == row and not is_group(name) for name, cell in cells.items())
    if not said or not is_more:
        return ()
    reason = _(
        "La riga ha %(what)s «%(text)s» e non ha il titolo del processo: non è la continuazione "
        "di «%(before)s». Scrivi il titolo."
    ) % {
        "what": field_of(said[0]).label,
        "text": cells[said[0]].text[:PLACE_WIDTH],
        "before": before.text("process_title")[:PLACE_WIDTH],
    }
    sheet = grid.table.sheet.name
    return (Finding("no-title", reason, sheet, row, columns[0], "", stops=True),)
