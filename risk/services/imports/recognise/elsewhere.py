"""Which roles are said elsewhere than in a column: above some heads, or by bands under them."""

from collections.abc import Callable, Collection, Iterator, Mapping

from registry.spreadsheets.workbook import WorkbookSheet
from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.contexts import band_of, carried_on, context_of
from risk.services.imports.recognise.descriptions import Said, TableDescription
from risk.services.imports.recognise.heads import Header, Names

_PROCESS = frozenset({"process_title", "process_number"})
_MEANT = frozenset({"behaviours", "phase", "level", "measures", "specific_measures"})
"""Heads of which one is there where a table lacks nothing but its process."""


def fitting(
    description: TableDescription,
    names: Names,
    vocabulary: Mapping[str, Collection[str]],
    before: Mapping[str, FileCell],
) -> Callable[[WorkbookSheet, Header, int], bool]:
    """Return what tells whether heads are those of a kind of table.

    `before` is what the part of a document over the sheet has said. What stands elsewhere is looked
    for only where no column is the process.
    """

    def fits(sheet: WorkbookSheet, header: Header, top: int) -> bool:
        fields = header.fields
        if description.satisfied_by(fields):
            return True
        if fields & _PROCESS or not fields & _MEANT or header.known < 2:
            return False
        if not description.satisfied_by(fields | _PROCESS):
            return False
        context, _titles = context_of(sheet, header.rows[0], names, vocabulary, top)
        elsewhere: dict[str, Said] = dict.fromkeys(carried_on(before, context, fields), Said.ABOVE)
        if not _PROCESS & elsewhere.keys():
            elsewhere |= dict.fromkeys(bands_below(sheet, header.rows[-1] + 1, names), Said.BAND)
        return description.satisfied_by(fields, elsewhere)

    return fits


def bands_below(sheet: WorkbookSheet, first: int, names: Names) -> Iterator[str]:
    """Return the roles said by texts that stand alone on their rows, from a row on."""
    for cells in sheet.rows[first - 1 :]:
        written = [value for value in cells if value is not None]
        if len(written) == 1 and isinstance(written[0], str):
            yield from band_of(written[0], names)
