"""Rows of ours whose line somebody has taken out of the file: told, and left as they are."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from registry.models import Process
from registry.normalise import fold
from risk.services.imports.register import Register
from risk.services.imports.shapes import Preview, RowChange
from risk.services.imports.wanted import WantedProcess
from risk.workbooks.rowids import RowIds
from risk.workbooks.shapes import FileRow


def tell_gone(
    preview: Preview,
    register: Register,
    ids: RowIds | None,
    rows: Iterable[FileRow],
    processes: Iterable[WantedProcess],
) -> None:
    """Add the phases, actions and behaviours a file of ours has lost to `only_in_register`.

    Only those of processes the file still has: a process that is gone is told as one.
    """
    gone = _without_line(ids, rows) if ids else set()
    if not gone:
        return
    wanted = {one.uid: one for one in processes if one.uid}
    for annex in register.annexes.values():
        for process in register.processes[annex.pk]:
            if process.uid not in wanted:
                continue
            said = _texts(wanted[process.uid])
            for row in _below(register, process):
                # written again by hand, it has no id, and is not gone
                if row.uid in gone and fold(str(row)) not in said:
                    label = _("%(kind)s «%(row)s» di «%(process)s»") % {
                        "kind": row._meta.verbose_name,
                        "row": row,
                        "process": process.printed,
                    }
                    kind = row._meta.model_name
                    told = RowChange(kind, label, annex.office.name, process.printed)
                    preview.only_in_register.append(told)


def _without_line(ids: RowIds, rows: Iterable[FileRow]) -> set[UUID]:
    met = {row.text("row_uid") for row in rows}
    kept = {one.uid for key in met for one in ids.by_key.get(key, ())}
    return {one.uid for own in ids.by_key.values() for one in own} - kept


def _texts(wanted: WantedProcess) -> set[str]:
    phases = [*wanted.phases, *(action for phase in wanted.phases for action in phase.actions)]
    texts = [phase.title for phase in phases]
    return {fold(text) for text in [*texts, *(one.text for one in wanted.behaviours.values())]}


def _below(register: Register, process: Process) -> Iterator[Any]:
    for phase in register.phases[process.pk]:
        yield phase
        yield from register.actions[phase.pk]
    yield from register.behaviours[process.pk]
