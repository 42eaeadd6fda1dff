"""The rows of a table of ours put together by their keys, whatever became of its merged cells.

Merged cells are taken apart to sort a table, filled down by some programs and left behind by
others. The key of a row travels with it, and the keys of a process follow one another as the file
was written: the row belongs to its process wherever it stands now.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from registry.normalise import fold
from registry.readable import grouped
from registry.spreadsheets.workbook import PLACE_WIDTH, Finding
from risk.services.imports.file_cells import FileCell
from risk.services.imports.parse.parsed import FileRow
from risk.services.imports.recognise.contexts import is_group
from risk.services.imports.recognise.descriptions import DESCRIPTIONS
from risk.services.imports.recognise.tables import FileTable, Recognised
from risk.workbooks.rowids import RowIds, key_number

_NAMED = ("process_title", "process_number")
_TOLD = 12
"""Rows that are named when several are told of at once."""


def homes_of(ids: RowIds) -> dict[str, str]:
    """Return by key that of the first row of its process."""
    homes: dict[str, str] = {}
    home = ""
    for key, own in ids.by_key.items():
        if any(one.kind == "process" for one in own):
            home = key
        homes[key] = home
    return homes


def arranged(
    rows: Sequence[FileRow], recognised: Recognised
) -> tuple[list[FileRow], list[Finding]]:
    """Return the rows of a file of ours process by process, and what is to be said of that."""
    layout = DESCRIPTIONS.get(recognised.layout)
    if recognised.ids is None or layout is None or not layout.is_merged:
        return list(rows), []
    findings: list[Finding] = []
    groups = _groups(rows, homes_of(recognised.ids), findings)
    separated = [table for table in recognised.tables if not _has_merges(table)]
    if separated and any(len(group) > 1 for group in groups.values()):
        findings.append(_separated(separated[0]))
    done = [row for name, group in groups.items() for row in _together(name, group, findings)]
    return done, findings


def disordered(rows: Iterable[FileRow]) -> Iterator[Finding]:
    """Yield why rows of ours cannot be told that were sorted after their hidden sheet was lost.

    Keys count up as the file was written: one that is less than that above it stood elsewhere, and
    without a title of its own nothing says whose row it is.
    """
    before = 0
    for row in rows:
        key = key_number(row.text("row_uid")) or before
        if key < before and "process_title" not in _own(row):
            reason = _(
                "Le righe sono in un altro ordine, e senza il foglio nascosto con gli "
                "identificativi non si sa di quale processo è questa: rimettile com’erano."
            )
            text = row.text("phase")[:PLACE_WIDTH]
            yield Finding("row-of-nobody", reason, row.sheet, row.row, 0, text, stops=True)
        before = max(before, key)


def _has_merges(table: FileTable) -> bool:
    merges = table.sheet.merges
    return any(one.bottom > one.top and one.bottom >= table.first_row for one in merges)


def _groups(
    rows: Sequence[FileRow], homes: Mapping[str, str], findings: list[Finding]
) -> dict[str, list[FileRow]]:
    """Return rows by the key of their process; those people added go with the row above."""
    groups: dict[str, list[FileRow]] = {}
    met: set[str] = set()
    moved: list[FileRow] = []
    name = ""
    for row in rows:
        key = row.text("row_uid")
        home = homes.get(key, "")
        if home and key not in met:
            met.add(key)
            if home != name and home in groups:
                moved.append(row)
            name = home
        elif row.begins or not groups:
            name = row.key
        groups.setdefault(name, []).append(row)
    if moved:
        told = rows_told(moved)
        reason = _(
            "Righe lontane dal loro processo (%(rows)s): vanno con esso, per la loro chiave."
        )
        findings.append(
            Finding("rows-moved", reason % {"rows": told}, moved[0].sheet, moved[0].row)
        )
    return groups


def rows_told(rows: Sequence[FileRow]) -> str:
    """Return the numbers of some rows as a sentence names them."""
    numbers = ", ".join(str(row.row) for row in rows[:_TOLD])
    more = len(rows) - _TOLD
    return (
        numbers
        if more <= 0
        else _("%(rows)s e altre %(n)s") % {"rows": numbers, "n": grouped(more)}
    )


def _separated(table: FileTable) -> Finding:
    reason = _(
        "Le celle unite di questo foglio sono state separate: le righe si riconoscono dalla loro "
        "chiave, e una cella vuota che stava sotto un’unione non dice nulla."
    )
    return Finding("cells-separated", reason, table.sheet.name, table.first_row)


def _together(name: str, group: list[FileRow], findings: list[Finding]) -> list[FileRow]:
    """Return the rows of a process, its first row before the others."""
    first = next((row for row in group if row.text("row_uid") == name), None)
    first = first or next((row for row in group if "process_title" in _own(row)), None)
    if first is None:
        # without its first row nothing says here which process it is
        return [replace(row, begins=False) for row in group]
    shared = {
        name: cell._replace(origin="repeated")
        for name, cell in _own(first).items()
        if is_group(name) and cell.origin != "context"
    }
    below = (_below(row, first, shared, findings) for row in group if row is not first)
    if not first.begins or len(_own(first)) < len(first.cells):
        first = replace(first, begins=True, cells=_own(first))
    return [first, *below]


def _own(row: FileRow) -> Mapping[str, FileCell]:
    """Return the cells of a row without those repeated from the row above it in the file."""
    if all(cell.origin != "repeated" for cell in row.cells.values()):
        return row.cells
    return {name: cell for name, cell in row.cells.items() if cell.origin != "repeated"}


def _below(
    row: FileRow, first: FileRow, shared: Mapping[str, FileCell], findings: list[Finding]
) -> FileRow:
    """Return a row with what the first of its process says of all."""
    own = _own(row)
    for name in _NAMED:
        cell, above = own.get(name), first.cells.get(name)
        if cell and above and cell.value != above.value and fold(cell.text) != fold(above.text):
            findings.append(_of_another(row, cell, first))
            break
    if own is row.cells and not row.begins and "process_title" in own:
        return row
    return replace(row, begins=False, cells={**shared, **own})


def _of_another(row: FileRow, cell: FileCell, first: FileRow) -> Finding:
    reason = _(
        "La riga %(row)d è del processo della riga %(first)d, «%(own)s», e ora dice «%(said)s»: "
        "scrivi lo stesso in tutte le sue righe, o rimettila al suo posto; se è una riga in più, "
        "scrivila in una riga nuova."
    ) % {
        "row": row.row,
        "first": first.row,
        "own": first.text("process_title")[:PLACE_WIDTH],
        "said": cell.text[:PLACE_WIDTH],
    }
    text = cell.text[:PLACE_WIDTH]
    return Finding("row-of-another", reason, row.sheet, row.row, cell.column, text, stops=True)
