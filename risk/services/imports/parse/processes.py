"""What the rows of a file say, as processes with what hangs on them; nothing is looked up yet.

The rows of a process are put together: its own fields stand on the first, each row adds a phase or
an action, and cells that list several (behaviours, measures) are read once for each cell.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from registry.models.processes import CODE_LENGTH, TITLE_LENGTH
from registry.normalise import fold, short
from registry.validators import PROSE_LENGTH
from risk.services.imports.file_cells import FileCell
from risk.services.imports.ledger import QUOTED, Ledger, LedgerLine
from risk.services.imports.parse.assessments import AssessmentParser, Ids
from risk.services.imports.parse.lists_in_cells import ListsInCells
from risk.services.imports.parse.measures import MeasureParser
from risk.services.imports.parse.nothing import is_grade, says_nothing
from risk.services.imports.parse.own_entries import aligned
from risk.services.imports.parse.parsed import (
    FileRow,
    ParsedBehaviour,
    ParsedFile,
    ParsedProcess,
    ParsedStep,
)
from risk.services.imports.parse.residual import RESIDUAL, parse_residual
from risk.services.imports.parse.texts import RowTexts
from risk.services.imports.recognise.contexts import is_group
from risk.services.imports.recognise.tables import FileTable, Recognised
from risk.workbooks.content import PROSE
from risk.workbooks.rowids import RowId, RowIds

LISTS = ("categories", "factors")
RESPONSIBLE_LENGTH = 250
LINES = {"process_code": ("code", CODE_LENGTH), "responsible": ("responsible", RESPONSIBLE_LENGTH)}
"""Fields of one line: the column of a process and how long it may be."""
_LARGEST_NUMBER = 1_000_000


@dataclass(frozen=True, slots=True)
class ParseKnowledge:
    """What is known beside the file. `ids`: which row of ours is which, None in foreign files.

    `behaviours` are the folded texts of those of the plan, by uid. `is_measure` tells whether a
    text is a measure of the list.
    """

    is_measure: Callable[[str], bool]
    ids: RowIds | None = None
    behaviours: Mapping[UUID, str] | None = None


def parse_processes(
    recognised: Recognised, rows: Sequence[FileRow], knowledge: ParseKnowledge, ledger: Ledger
) -> ParsedFile:
    """Return what the rows of a file say, in their order; what cannot be is refused."""
    tables = recognised.tables
    fields = {name for table in tables for name in table.mapping.values()}
    # a sheet of one process has its labels in the context
    fields |= {name for table in tables if table.exact for name in table.context}
    lists_in = ListsInCells(
        ledger,
        is_measure=knowledge.is_measure,
        is_exact=any(table.exact for table in tables),
        in_two_languages=any(map(_in_two_languages, tables)),
    )
    parser = ProcessParser(
        RowTexts(ledger, lists_in, has_ids=bool(knowledge.ids)), knowledge, fields, rows
    )
    parser.unmerged = {
        table.sheet.name
        for table in tables
        if not (table.exact or any(one.bottom > one.top for one in table.sheet.merges))
    }
    processes = tuple(filter(None, map(parser.parse, _by_process(rows))))
    return ParsedFile(tuple(rows), processes, knowledge.ids, frozenset(fields))


def _in_two_languages(table: FileTable) -> bool:
    """Return whether most heads of a table say the same twice, with a bar between."""
    heads = [column.head for column in table.columns if column.head]
    return 2 * sum(" / " in head for head in heads) > len(heads)


def _by_process(rows: Sequence[FileRow]) -> list[list[FileRow]]:
    """Return the rows process by process."""
    found: list[list[FileRow]] = []
    for row in rows:
        if row.begins or not found:
            found.append([])
        found[-1].append(row)
    return found


class ProcessParser:
    """Reads the rows of one process after the other. `fields` are those the file has."""

    def __init__(
        self,
        texts: RowTexts,
        knowledge: ParseKnowledge,
        fields: set[str],
        rows: Sequence[FileRow],
    ) -> None:
        self._texts = texts
        self._fields = fields
        self._ids = knowledge.ids.by_key if knowledge.ids else {}
        self._behaviour_texts = knowledge.behaviours or {}
        self._seen_keys: set[str] = set()
        self._own_behaviours: dict[str, RowId] = {}
        """Those of the process that is read, by the words the register has."""
        self.unmerged: set[str] = set()
        """Sheets without cells merged downwards: a blank there may go on with the cell above."""
        # asked at every row: what the file has at all is found once
        names: set[str] = set().union(*(row.cells for row in rows))
        self._group = [name for name in names if is_group(name)]
        self._lists = [name for name in LISTS if name in names]
        self._measures = MeasureParser(texts, names)
        self._has_residual = RESIDUAL in names
        self._assessments = AssessmentParser(texts, rows, names=names, fields=fields)

    def parse(self, rows: list[FileRow]) -> ParsedProcess | None:
        """Return one process, also one without its office: all it leaves open is asked at once."""
        rows = _completed(rows)
        first = rows[0]
        title = self._texts.line(first, "process_title", TITLE_LENGTH)
        if not title:
            reason = _("Manca la denominazione del processo.")
            self._texts.refuse(first, "process_title", reason)
            return None
        ids = self._ids_of(rows)
        self._own_behaviours = {
            self._behaviour_texts.get(one.uid, ""): one
            for own in ids.values()
            for one in own
            if one.kind == "behaviour"
        }
        own = _own(ids.get(first.key, ()), "process")
        process = ParsedProcess(
            tuple(rows), title, self._number(first), *_named(own), has_ids=bool(ids)
        )
        self._parse_fields(process, first)
        self._leave_out_below(process)
        self._parse_fields_elsewhere(process)
        for row in rows:
            self._parse_steps(process, row, ids.get(row.key, ()) if ids else ())
        self._measures.parse(process)
        self._assessments.parse(process, ids)
        if self._has_residual:
            parse_residual(process, self._texts)
        return process

    def _ids_of(self, rows: list[FileRow]) -> Ids:
        """Return what each row stands for, by the row's key; a key met twice counts once."""
        found: dict[str, tuple[RowId, ...]] = {}
        for row in rows if self._ids else ():
            key = row.text("row_uid")
            if key in self._ids and key not in self._seen_keys:
                self._seen_keys.add(key)
                found[row.key] = self._ids[key]
        return found

    def _number(self, row: FileRow) -> int | None:
        number = row.value("process_number")
        if isinstance(number, int) and 0 < number <= _LARGEST_NUMBER:
            return number
        if number is not None:
            reason = _("Il numero del processo è un intero da 1.")
            self._texts.refuse(row, "process_number", reason)
        return None

    def _parse_fields(self, process: ParsedProcess, row: FileRow) -> None:
        for name, column in PROSE.items():
            if self._says(row, name, process):
                process.texts[column] = self._texts.prose(row, name)
        for name, (column, longest) in LINES.items():
            if self._says(row, name, process):
                process.texts[column] = self._texts.line(row, name, longest)
        for name in ("process_kind", "risk_area", "macroprocess"):
            if self._says(row, name, process):
                process.cells[name] = row.cells.get(name)
        for name in ("office", "function"):
            if name in row.cells:
                process.cells[name] = row.cells[name]

    def _leave_out_below(self, process: ParsedProcess) -> None:
        """Leave out what a row says of its process otherwise than the first one, which counts."""
        first = process.row.cells
        for row in process.rows[1:]:
            for name in self._group:
                cell = row.cells.get(name)
                # a merged cell, or one said above, is the same for all rows
                if cell is None or cell is first.get(name) or cell.row != row.row:
                    continue
                if row.is_gathered and name in PROSE:
                    # what is said elsewhere is added
                    continue
                if name in first and first[name].value == cell.value:
                    continue
                if process.has_ids:
                    # a cell that was merged, and says by now several things
                    reason = _("Vale per tutto il processo: scrivilo uguale in tutte le sue righe.")
                    self._texts.refuse(row, name, reason)
                else:
                    self._leave_out(cell, _("il processo comincia più sopra: vale quella riga"))

    def _leave_out(self, cell: FileCell, reason: str) -> None:
        self._texts.ledger.leave_out(cell, _("celle senza effetto"), reason)

    def _parse_fields_elsewhere(self, process: ParsedProcess) -> None:
        """Add what the rows that stood elsewhere say: texts that are new, cells that lacked."""
        for row in process.rows:
            if not row.is_gathered:
                continue
            for name, column in PROSE.items():
                text = self._texts.prose(row, name) if name in row.cells else ""
                lines = process.texts.get(column, "").split("\n")
                if text and text not in lines:
                    process.texts[column] = "\n".join(filter(None, [*lines, text]))
            for name in ("process_kind", "risk_area", "macroprocess", "office", "function"):
                if name in row.cells:
                    process.cells.setdefault(name, row.cells[name])
            if code := self._texts.line(row, "process_code", CODE_LENGTH):
                process.texts["code"] = process.texts.get("code") or code
            line = self._texts.line(row, "responsible", RESPONSIBLE_LENGTH)
            if line and process.texts.setdefault("responsible", line) != line:
                reason = _("Lo stesso processo ha altrove un altro responsabile.")
                self._texts.refuse(row, "responsible", reason)

    def _says(self, row: FileRow, name: str, process: ParsedProcess) -> bool:
        """Whether the file says something of a field: an empty cell does only in a file of ours."""
        return name in row.cells or (process.has_ids and name in self._fields)

    # phases, actions, behaviours

    def _parse_steps(self, process: ParsedProcess, row: FileRow, ids: tuple[RowId, ...]) -> None:
        phase = self._phase(process, row, ids)
        action = self._action(process, phase, row, ids)
        self._check_executor(row, action or phase)
        entries = self._texts.parts(row, "behaviours")
        known = [one for one in ids if one.kind == "behaviour"]
        if not entries:
            self._leave_out_lists(row)
            self._tell_emptied(row, known)
        named: Iterable[tuple[str, RowId | None]] = ((text, None) for text in entries)
        if known or self._own_behaviours:
            named = aligned(entries, known, self._behaviour_texts, self._own_behaviours)
        for text, own in named:
            if says_nothing(text):
                self._leave_out(row.cells["behaviours"], _("non dice nulla"))
                continue
            if not process.has_ids and is_grade(text):
                self._texts.tell_grade(row.cells["behaviours"], text, is_all=len(entries) == 1)
                continue
            behaviour = self._behaviour(process, row, text, own)
            if len(text) > PROSE_LENGTH:
                self._texts.refuse(row, "behaviours", _("Il testo è troppo lungo."))
            if action is not None and action not in behaviour.actions:
                behaviour.actions.append(action)
            elif action is None and phase is not None and phase not in behaviour.phases:
                behaviour.phases.append(phase)
            for name in self._lists:
                if cell := row.cells.get(name):
                    entries_of_list = self._texts.parts(row, name)
                    behaviour.lists.setdefault(name, []).extend((e, cell) for e in entries_of_list)

    def _behaviour(
        self, process: ParsedProcess, row: FileRow, text: str, own: RowId | None
    ) -> ParsedBehaviour:
        """Return the behaviour an entry stands for: by its id, else the one with its words."""
        key = fold(text)
        if own:
            said = [one for one in process.behaviours.values() if one.uid == own.uid]
            if said and said[0].text != text:
                reason = _(
                    "Sta in più celle ed è cambiato solo in alcune: scrivilo uguale in tutte."
                )
                self._texts.refuse(row, "behaviours", reason)
            if said:
                return said[0]
            if key in process.behaviours and process.behaviours[key].uid:
                # two with the same words stay two
                key = f"{key} {own.uid}"
        behaviour = process.behaviours.get(key)
        if behaviour is None:
            behaviour = process.behaviours[key] = ParsedBehaviour(text)
        if own:
            behaviour.uid, behaviour.version = own.uid, own.version
        return behaviour

    def _phase(
        self, process: ParsedProcess, row: FileRow, ids: tuple[RowId, ...]
    ) -> ParsedStep | None:
        title = self._texts.line(row, "phase", TITLE_LENGTH)
        last = process.phases[-1] if process.phases else None
        if not title:
            return last if "action" in row.cells or self._goes_on(process, row) else None
        cell = row.cells["phase"]
        goes_on = cell.origin in ("merged", "repeated") and cell.row != row.row
        own = _own(ids, "phase")
        is_other = bool(own and last and last.uid and own.uid != last.uid)
        is_same = last is not None and last.title == title and not is_other
        is_filled_down = row.sheet in self.unmerged and cell.row == row.row and not own
        if last is not None and is_same and (goes_on or is_filled_down or "action" in row.cells):
            return last
        if row.is_gathered and "action" not in row.cells:
            same = [one for one in process.phases if fold(one.title) == fold(title)]
            if same:
                return same[0]
        executor = (None, False) if "action" in row.cells else self._executor(row, process)
        phase = ParsedStep(title, *_named(own), *executor)
        process.phases.append(phase)
        return phase

    def _goes_on(self, process: ParsedProcess, row: FileRow) -> bool:
        """Return whether risks without a phase are of the one above, and say so once a process."""
        cell = row.cells.get("behaviours")
        if row.sheet not in self.unmerged or not process.phases or not cell or not cell.parts:
            return False
        if cell.row != row.row or row.row == process.row.row:
            return False
        reason = _("Fase vuota: questa riga va con «%(phase)s», la fase sopra.")
        self._texts.ledger.note(cell, reason % {"phase": short(process.phases[-1].title)})
        return True

    def _action(
        self,
        process: ParsedProcess,
        phase: ParsedStep | None,
        row: FileRow,
        ids: tuple[RowId, ...],
    ) -> ParsedStep | None:
        if "action" not in row.cells:
            return None
        title = self._texts.line(row, "action", TITLE_LENGTH)
        if not title:
            return None
        if phase is None:
            reason = _("L’azione non ha una fase a cui appartenere.")
            self._texts.refuse(row, "action", reason)
            return None
        executor = self._executor(row, process)
        action = ParsedStep(title, *_named(_own(ids, "action")), *executor)
        phase.actions.append(action)
        return action

    def _executor(self, row: FileRow, process: ParsedProcess) -> tuple[FileCell | None, bool]:
        """Return the cell of the executor, and whether the file says anything of them."""
        return row.cells.get("executor"), self._says(row, "executor", process)

    def _check_executor(self, row: FileRow, step: ParsedStep | None) -> None:
        """Leave out an executor beside no phase, or beside one that has another."""
        cell = row.cells.get("executor")
        if cell is None or (step is not None and step.executor is cell) or cell.row != row.row:
            return
        if step is None or step.executor is None or step.executor.text != cell.text:
            self._leave_out(cell, _("nessuna fase comincia in questa riga"))

    def _tell_emptied(self, row: FileRow, known: list[RowId]) -> None:
        """Note that what a list of a file of ours has lost stays in the register."""
        if known:
            reason = _("La cella dei comportamenti a rischio è vuota: nel registro restano.")
            text = row.text("phase")[:QUOTED]
            self._texts.ledger.notes.append(LedgerLine(row.sheet, row.row, "", text, reason))

    def _leave_out_lists(self, row: FileRow) -> None:
        """Leave out categories and factors beside no behaviour."""
        for name in LISTS:
            cell = row.cells.get(name)
            if cell is not None and cell.row == row.row:
                self._leave_out(cell, _("nessun comportamento a rischio in questa riga"))


def _completed(rows: list[FileRow]) -> list[FileRow]:
    """Return the rows of a process; a title alone on its row has what the rows below say of it."""
    first = rows[0]
    if len(rows) < 2 or not all(map(is_group, first.cells)) or first.text("row_uid"):
        return rows
    said: dict[str, FileCell] = {}
    for row in rows[1:]:
        own = ((name, cell) for name, cell in row.cells.items() if is_group(name))
        for name, cell in own:
            if name not in first.cells and cell.row == row.row:
                said.setdefault(name, cell)
    return [replace(first, cells={**first.cells, **said}), *rows[1:]] if said else rows


def _own(ids: tuple[RowId, ...], kind: str) -> RowId | None:
    """Return the first of the ids of a row of the file that is of a kind."""
    return next((one for one in ids if one.kind == kind), None)


def _named(own: RowId | None) -> tuple[UUID | None, int]:
    """Return which row of ours something in the file is, with its version, if any."""
    return (own.uid, own.version) if own else (None, 0)
