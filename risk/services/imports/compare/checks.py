"""What is looked at once all of a file is compared: rows out of their place, gone, or not theirs.

A row of ours that continues a process does not name it; where the rows of a table have been sorted
or cut apart, it would be read as one of the process above it. A row whose line somebody has taken
out of the file is told, and left as it is. What the RPCT has added ex officio the office does not
change.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from registry.models import Process
from registry.normalise import fold
from risk.guards.ex_officio import EX_OFFICIO
from risk.models import Coverage, RiskBehaviour
from risk.services.imports.compare.changes import ChangeSet, RowChange
from risk.services.imports.compare.register import Register
from risk.services.imports.ledger import QUOTED, LedgerLine
from risk.services.imports.parse.parsed import FileRow, ParsedProcess
from risk.services.imports.resolve.resolved import ResolvedFile
from risk.services.mapping.behaviours import may_touch
from risk.workbooks.rowids import RowIds


def refuse_misplaced(changes: ChangeSet, register: Register, file: ResolvedFile) -> None:
    """Refuse the rows of a file of ours whose phase is of another process than the one above."""
    ids = file.ids
    if ids is None:
        return
    owners = dict(_owners(register))
    above: Process | None = None
    met: set[str] = set()
    for row in file.rows:
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
            text = row.text("phase")[:QUOTED]
            changes.ledger.refusals.append(LedgerLine(row.sheet, row.row, "", text, reason % told))


def note_lost_ids(changes: ChangeSet, file: ResolvedFile) -> None:
    """Note that rows of ours are known by their texts alone, where the sheet of their ids is lost.

    A text somebody has changed is then a new row beside the old one.
    """
    row = next((row for row in file.rows if row.text("row_uid")), None)
    if row is None or file.ids is not None:
        return
    reason = _(
        "Il foglio nascosto con gli identificativi manca o è di un altro piano: le righe si "
        "riconoscono dal testo, e un testo cambiato diventa una riga nuova."
    )
    changes.ledger.notes.append(LedgerLine(row.sheet, row.row, "", "", reason))


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


def tell_missing_rows(changes: ChangeSet, register: Register, file: ResolvedFile) -> None:
    """Add the phases, actions and behaviours a file of ours has lost to `only_in_register`.

    Only those of processes the file still has: a process that is missing is told as one.
    """
    missing = _without_line(file.ids, file.rows) if file.ids else set()
    if not missing:
        return
    named = {one.parsed.uid: one.parsed for one in file.processes if one.parsed.uid}
    for annex in register.annexes.values():
        for process in register.processes[annex.pk]:
            if process.uid not in named:
                continue
            said = _texts(named[process.uid])
            for row in _below(register, process):
                # written again by hand, it has no id, and is not missing
                if row.uid in missing and fold(str(row)) not in said:
                    label = _("%(kind)s «%(row)s» di «%(process)s»") % {
                        "kind": row._meta.verbose_name,
                        "row": row,
                        "process": process.printed,
                    }
                    kind = row._meta.model_name
                    told = RowChange(kind, label, annex.office.name, process.printed)
                    changes.only_in_register.append(told)


def _without_line(ids: RowIds, rows: Iterable[FileRow]) -> set[UUID]:
    met = {row.text("row_uid") for row in rows}
    kept = {one.uid for key in met for one in ids.by_key.get(key, ())}
    return {one.uid for own in ids.by_key.values() for one in own} - kept


def _texts(process: ParsedProcess) -> set[str]:
    phases = [*process.phases, *(action for phase in process.phases for action in phase.actions)]
    texts = [phase.title for phase in phases]
    return {fold(text) for text in [*texts, *(one.text for one in process.behaviours.values())]}


def _below(register: Register, process: Process) -> Iterator[Any]:
    for phase in register.phases[process.pk]:
        yield phase
        yield from register.actions[phase.pk]
    yield from register.behaviours[process.pk]


def refuse_ex_officio(changes: ChangeSet, *, by: Any) -> None:
    """Note as a problem each behaviour ex officio the file would change or put on more steps."""
    asked: dict[int, bool] = {}
    for behaviour in _touched(changes):
        if behaviour.is_ex_officio and behaviour.pk and behaviour.pk not in asked:
            asked[behaviour.pk] = may_touch(behaviour=behaviour, by=by)
            if not asked[behaviour.pk]:
                line = LedgerLine("", 0, "", behaviour.text[:QUOTED], str(EX_OFFICIO))
                changes.ledger.refusals.append(line)


def _touched(changes: ChangeSet) -> Iterator[RiskBehaviour]:
    yield from changes.updated.get(RiskBehaviour, {}).values()
    for (first, _second), pairs in changes.tied.get(Coverage, {}).items():
        if first == "behaviour":
            yield from (behaviour for behaviour, _step in pairs)
