"""Rows of ours that came under another process than their own, or lost what says which they are.

A row that continues a process does not name it; where the rows of a table have been sorted or cut
apart, it would be read as one of the process above it.
"""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from registry.models import Process
from risk.services.imports.register import Register
from risk.services.imports.shapes import Preview, Problem
from risk.workbooks.rowids import RowIds
from risk.workbooks.shapes import FileRow


def refuse_misplaced(
    preview: Preview, register: Register, ids: RowIds | None, rows: Iterable[FileRow]
) -> None:
    """Refuse the rows of a file of ours whose phase is of another process than the one above."""
    if ids is None:
        return
    owners = dict(_owners(register))
    above: Process | None = None
    met: set[str] = set()
    for row in rows:
        key = row.text("row_uid")
        if row.begins:
            above = _process_of(ids, key, owners)
        owner = _process_of(ids, key, owners) if key not in met else None
        met.add(key)
        if above and owner and owner.pk != above.pk:
            reason = _(
                "La riga era di «%(own)s» e ora sta sotto «%(above)s»: rimettila al suo posto, "
                "oppure, se vuoi aggiungerla, scrivila in una riga nuova."
            )
            told = {"own": owner.printed, "above": above.printed}
            text = row.text("phase")[:120]
            preview.problems.append(Problem(row.sheet, row.row, "", text, reason % told))


def note_lost_ids(preview: Preview, ids: RowIds | None, rows: Iterable[FileRow]) -> None:
    """Note that rows of ours are known by their texts alone, where the sheet of their ids is lost.

    A text somebody has changed is then a new row beside the old one.
    """
    row = next((row for row in rows if row.text("row_uid")), None)
    if row is None or ids is not None:
        return
    reason = _(
        "Il foglio nascosto con gli identificativi manca o è di un altro piano: le righe si "
        "riconoscono dal testo, e un testo cambiato diventa una riga nuova."
    )
    preview.notes.append(Problem(row.sheet, row.row, "", "", reason))


def _owners(register: Register) -> Iterator[tuple[UUID, Process]]:
    for annex in register.annexes.values():
        for process in register.processes[annex.pk]:
            yield process.uid, process
            for phase in register.phases[process.pk]:
                yield phase.uid, process
                for action in register.actions[phase.pk]:
                    yield action.uid, process


def _process_of(ids: RowIds, key: str, owners: Mapping[UUID, Process]) -> Process | None:
    """Return the process a row of ours was of, as far as the file and the register say."""
    return next((owners[one.uid] for one in ids.by_key.get(key, ()) if one.uid in owners), None)
