"""A process written in several places of a file is one: its rows are brought together.

Registers are sorted by level, exported with every cell filled, or spread over sheets. What names a
process is its title with its office, and its number or code where both places have one. Rows that
say a code and no title are of the process with that code.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from registry.normalise import fold, short
from risk.services.imports.ledger import QUOTED, Ledger, LedgerLine
from risk.services.imports.parse.parsed import FileRow

_TELLS_APART = (
    *("office", "risk_area", "macroprocess", "function", "process_number", "process_code"),
)
"""Fields that make two processes with the same title two, where they say something else."""


def gathered(rows: Sequence[FileRow], ledger: Ledger) -> list[FileRow]:
    """Return the rows with those of a process one after the other; notes what was brought there.

    Where the rows of one title say another office, area or number they stay apart.
    """
    groups = _groups(rows)
    places: dict[str, list[int]] = defaultdict(list)
    last_of: dict[int, int] = {}
    for index, group in enumerate(groups):
        if group[0].text("row_uid") or not (names := _names_of(group[0])):
            continue
        met = dict.fromkeys(i for name in names[:1] for i in places[name])
        home = next((i for i in met if _are_one(groups[i][0], group[0])), None)
        if home is None:
            for name in names:
                places[name].append(index)
            last_of[index] = index
            continue
        first = groups[home][0]
        groups[home] = [*groups[home], *(_going_on(row, first) for row in group)]
        groups[index] = []
        if index != last_of[home] + 1 or group[0].sheet != first.sheet:
            _note(group, first, ledger)
        last_of[home] = index
    return [row for group in groups for row in group]


def _groups(rows: Sequence[FileRow]) -> list[list[FileRow]]:
    groups: list[list[FileRow]] = []
    for row in rows:
        if row.begins or not groups:
            groups.append([])
        groups[-1].append(row)
    return groups


def _names_of(row: FileRow) -> list[str]:
    """Return what a process is known again by: its title, and its code where the title lacks."""
    title, code = fold(row.text("process_title")), fold(row.text("process_code"))
    return [name for name in (title, code and f"\0{code}") if name]


def _are_one(one: FileRow, other: FileRow) -> bool:
    """Return whether two rows that begin a process of one title may be of the same process."""
    for name in _TELLS_APART:
        texts = (fold(one.text(name)), fold(other.text(name)))
        if all(texts) and texts[0] != texts[1]:
            return False
    return True


def _going_on(row: FileRow, first: FileRow) -> FileRow:
    """Return a row as one that goes on with a process begun elsewhere."""
    names = (*_TELLS_APART, *(() if "process_title" in row.cells else ("process_title",)))
    cells = {**row.cells, **{n: first.cells[n] for n in names if n in first.cells}}
    return replace(row, begins=False, cells=cells, is_gathered=True)


def _note(group: Sequence[FileRow], first: FileRow, ledger: Ledger) -> None:
    row = group[0]
    cell = row.cells.get("process_title") or row.cells["process_code"]
    reason = _("«%(title)s» sta in più posti: questa riga va con la %(row)d di «%(sheet)s».") % {
        "title": short(cell.text),
        "row": first.row,
        "sheet": first.sheet,
    }
    ledger.notes.append(LedgerLine(row.sheet, row.row, "", cell.text[:QUOTED], reason))
