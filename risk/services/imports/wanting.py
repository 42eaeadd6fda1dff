"""What a file says, as processes with what hangs on them (`wanted`); nothing is compared yet.

The rows of a process are put together: its own fields stand on the first, each row adds a phase or
an action, and cells that list several (behaviours, measures) are read once for each cell.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from registry.models import Office
from registry.models.processes import TITLE_LENGTH
from registry.normalise import fold
from registry.spreadsheets.workbook import address, shown
from registry.validators import PROSE_LENGTH
from risk.services.imports.lists_in_cells import ListsInCells
from risk.services.imports.own_files import aligned
from risk.services.imports.shapes import Problem, QuestionKind
from risk.services.imports.values import NOTHING_WRITTEN, NewRow, Values
from risk.services.imports.wanted import (
    WantedAssessment,
    WantedBehaviour,
    WantedPhase,
    WantedProcess,
)
from risk.workbooks.content import PROSE
from risk.workbooks.fields import INDICATOR, field_of
from risk.workbooks.rowids import RowId, RowIds
from risk.workbooks.shapes import FileRow
from risk.workbooks.splitting import decimal_of

Kind = QuestionKind
MEASURES = {"measures": "", "general_measures": "general", "specific_measures": "specific"}
SIDES = ("probability", "impact")
GRADES = frozenset({"level", "result", *SIDES})
RESPONSIBLE_LENGTH = 250


class Wanting:
    """Reads the rows of one file; afterwards its public lists hold what they say."""

    def __init__(
        self,
        *,
        values: Values,
        office: Office | None,
        ids: RowIds | None,
        fields: set[str],
        texts: Mapping[UUID, str],
        is_exact: bool = False,
    ) -> None:
        self.values = values
        self.processes: list[WantedProcess] = []
        self.problems: list[Problem] = []
        self.without_office: list[FileRow] = []
        self._office = office
        self._ids = ids.by_key if ids else {}
        self._fields = fields
        self._texts = texts
        self._lists_in = ListsInCells(values, is_exact=is_exact)
        self._seen_keys: set[str] = set()

    def read(self, rows: list[FileRow]) -> None:
        """Read all rows, in their order."""
        # asked at every row: what the file has at all is found once
        names: set[str] = set().union(*(row.cells for row in rows))
        self._grades = {name for name in names if name in GRADES or name.startswith(INDICATOR)}
        self._measured = [(name, said) for name, said in MEASURES.items() if name in names]
        process: list[FileRow] = []
        for row in rows:
            if row.begins and process:
                self._process(process)
                process = []
            process.append(row)
        if process:
            self._process(process)

    # one process; without its office it is read too, so that all it leaves open is asked at once

    def _process(self, rows: list[FileRow]) -> None:
        first = rows[0]
        office = self._office_of(first)
        title = self._line(first, "process_title", TITLE_LENGTH)
        if not title:
            self._say(first, "process_title", _("Manca la denominazione del processo."))
            return
        ids = self._ids_of(rows)
        wanted = WantedProcess(first, office, title, has_ids=bool(ids))
        number = first.value("process_number")
        if isinstance(number, int) and 0 < number <= 1_000_000:
            wanted.number = number
        elif number is not None:
            self._say(first, "process_number", _("Il numero del processo è un intero da 1."))
        _name(wanted, _own(ids.get(first.key, ()), "process"))
        self._fields_of(wanted, first)
        for row in rows:
            self._steps(wanted, row, ids.get(row.key, ()))
        self._measures(wanted, rows)
        self._assessments(wanted, rows, ids)
        if office is not None:
            self.processes.append(wanted)
        elif "office" not in first.cells:
            self.without_office += rows

    def _ids_of(self, rows: list[FileRow]) -> dict[str, tuple[RowId, ...]]:
        """Return what each row stands for, by the row's key; a key met twice counts once."""
        found = {}
        for row in rows:
            key = row.text("row_uid")
            if key in self._ids and key not in self._seen_keys:
                self._seen_keys.add(key)
                found[row.key] = self._ids[key]
        return found

    def _office_of(self, row: FileRow) -> Office | None:
        if "office" not in row.cells:
            return self._office
        cell = row.cells["office"]
        found = self.values.row(Kind.OFFICE, cell.text, cell)
        return found if isinstance(found, Office) else None

    def _fields_of(self, wanted: WantedProcess, row: FileRow) -> None:
        values = wanted.values
        for name, column in PROSE.items():
            if self._says(row, name, wanted):
                values[column] = self._prose(row, name)
        if self._says(row, "responsible", wanted):
            values["responsible"] = self._line(row, "responsible", RESPONSIBLE_LENGTH)
        if self._says(row, "process_kind", wanted):
            cell = row.cells.get("process_kind")
            values["kind"] = self.values.process_kind(cell.text, cell) if cell else ""
        if self._says(row, "risk_area", wanted):
            cell = row.cells.get("risk_area")
            values["risk_area"] = cell and self.values.row(Kind.RISK_AREA, cell.text, cell)
        if self._says(row, "macroprocess", wanted):
            cell = row.cells.get("macroprocess")
            function = row.text("function")
            found = cell and self.values.row(Kind.MACROPROCESS, cell.text, cell, function)
            if isinstance(found, NewRow) and function:
                # a new one stands under its function, which may be new in its turn
                self.values.row(Kind.FUNCTION, function, row.cells["function"])
            values["macroprocess"] = found

    def _says(self, row: FileRow, name: str, wanted: WantedProcess) -> bool:
        """Whether the file says something of a field: an empty cell does only in a file of ours."""
        return name in row.cells or (wanted.has_ids and name in self._fields)

    # phases, actions, behaviours

    def _steps(self, wanted: WantedProcess, row: FileRow, ids: tuple[RowId, ...]) -> None:
        phase = self._phase(wanted, row, ids)
        action = self._action(wanted, phase, row, ids)
        entries = self._parts(row, "behaviours")
        known = [one for one in ids if one.kind == "behaviour"]
        for text, own in aligned(entries, known, self._texts):
            if fold(text) in NOTHING_WRITTEN:
                continue
            behaviour = self._behaviour(wanted, row, text, own)
            if len(text) > PROSE_LENGTH:
                self._say(row, "behaviours", _("Il testo è troppo lungo."))
            if action is not None and action not in behaviour.actions:
                behaviour.actions.append(action)
            elif action is None and phase is not None and phase not in behaviour.phases:
                behaviour.phases.append(phase)
            self._lists(behaviour, row)

    def _behaviour(
        self, wanted: WantedProcess, row: FileRow, text: str, own: RowId | None
    ) -> WantedBehaviour:
        """Return the behaviour an entry stands for: by its id, else the one with its words."""
        key = fold(text)
        if own:
            said = [one for one in wanted.behaviours.values() if one.uid == own.uid]
            if said and said[0].text != text:
                self._say(
                    row,
                    "behaviours",
                    _("Sta in più celle ed è cambiato solo in alcune: scrivilo uguale in tutte."),
                )
            if said:
                return said[0]
            if key in wanted.behaviours and wanted.behaviours[key].uid:
                # two with the same words stay two
                key = f"{key} {own.uid}"
        behaviour = wanted.behaviours.setdefault(key, WantedBehaviour(text))
        _name(behaviour, own)
        return behaviour

    def _lists(self, behaviour: WantedBehaviour, row: FileRow) -> None:
        for name, kind, chosen in (
            ("categories", Kind.CATEGORY, behaviour.categories),
            ("factors", Kind.FACTOR, behaviour.factors),
        ):
            for text in self._parts(row, name):
                found = self.values.row(kind, text, row.cells[name])
                if found is None:
                    behaviour.left_out.add(name)
                elif found not in chosen:
                    chosen.append(found)

    def _phase(
        self, wanted: WantedProcess, row: FileRow, ids: tuple[RowId, ...]
    ) -> WantedPhase | None:
        title = self._line(row, "phase", TITLE_LENGTH)
        if not title:
            return wanted.phases[-1] if wanted.phases and "action" in row.cells else None
        cell = row.cells["phase"]
        last = wanted.phases[-1] if wanted.phases else None
        goes_on = cell.origin in ("merged", "repeated") and cell.row != row.row
        own = _own(ids, "phase")
        is_other = bool(own and last and last.uid and own.uid != last.uid)
        is_same = last is not None and last.title == title and not is_other
        if last is not None and is_same and (goes_on or "action" in row.cells):
            return last
        phase = WantedPhase(title)
        _name(phase, own)
        if "action" not in row.cells:
            phase.executor = self._executor(row, wanted)
        wanted.phases.append(phase)
        return phase

    def _action(
        self,
        wanted: WantedProcess,
        phase: WantedPhase | None,
        row: FileRow,
        ids: tuple[RowId, ...],
    ) -> WantedPhase | None:
        title = self._line(row, "action", TITLE_LENGTH)
        if not title:
            return None
        if phase is None:
            self._say(row, "action", _("L’azione non ha una fase a cui appartenere."))
            return None
        action = WantedPhase(title, executor=self._executor(row, wanted))
        _name(action, _own(ids, "action"))
        phase.actions.append(action)
        return action

    def _executor(self, row: FileRow, wanted: WantedProcess) -> tuple[Any, Any] | None:
        cell = row.cells.get("executor")
        if cell is None and self._says(row, "executor", wanted):
            return None, None
        return self.values.executor(cell.text, cell) if cell else None

    # measures and assessments

    def _measures(self, wanted: WantedProcess, rows: list[FileRow]) -> None:
        read: set[int] = set()
        for row in rows:
            for name, character in self._measured:
                cell = row.cells.get(name)
                # a merged cell is the same for all of its rows
                if cell is None or id(cell) in read:
                    continue
                read.add(id(cell))
                for text in self._lists_in.parts(name, cell):
                    found = self.values.row(Kind.MEASURE, text, cell, character)
                    if found is not None and found not in wanted.measures:
                        wanted.measures.append(found)

    def _assessments(
        self, wanted: WantedProcess, rows: list[FileRow], ids: Mapping[str, tuple[RowId, ...]]
    ) -> None:
        """The judgement belongs to the process; to each behaviour where each has its own cell."""
        judged = [row for row in rows if self._judged(row)]
        if not judged and self._judges_without_level(rows[0], ids):
            judged = rows[:1]
        places = {self._place(row) for row in judged}
        if not judged:
            return
        if len(places) == 1:
            wanted.assessment = self._assessment(judged[0], ids)
            return
        shared = self._shared_level(judged)
        if shared:
            wanted.assessment = shared
        for row in judged:
            texts = [fold(text) for text in self._parts(row, "behaviours")]
            if len(texts) != 1 or texts[0] not in wanted.behaviours:
                self._say(
                    row,
                    "level",
                    _(
                        "Il processo ha più giudizi: ciascuno deve stare accanto a un solo "
                        "comportamento a rischio."
                    ),
                )
                return
            said = self._assessment(row, ids)
            if shared:
                said.level = None
                said.motivation = "" if shared.motivation else said.motivation
            behaviour = wanted.behaviours[texts[0]]
            if behaviour.assessment and behaviour.assessment.words != said.words:
                self._say(
                    row, "behaviours", _("Lo stesso comportamento ha nel processo due giudizi.")
                )
                return
            behaviour.assessment = behaviour.assessment or said

    def _judges_without_level(self, row: FileRow, ids: Mapping[str, tuple[RowId, ...]]) -> bool:
        """Whether a file of ours has cleared a level, or holds a motivation before its level."""
        own = ids.get(row.key, ())
        is_judged = any(one.kind == "assessment" for one in own)
        return "level" in self._fields and (is_judged or bool(own and row.text("motivation")))

    def _shared_level(self, judged: list[FileRow]) -> WantedAssessment | None:
        """Return the judgement of the process where one merged cell has its level.

        The rows have a probability and an impact of their own, which are of the behaviours.
        """
        cells = [row.cells.get("level") for row in judged]
        first = cells[0]
        scored = [row.cells[side] for row in judged for side in SIDES if side in row.cells]
        if first is None or not scored or any(cell is None for cell in cells):
            return None
        if len({(cell.row, cell.column) for cell in cells if cell}) > 1:
            return None
        said = WantedAssessment(level=first, place=first, beside=scored[0])
        motivations = [row.cells.get("motivation") for row in judged]
        if all(motivations) and len({(cell.row, cell.column) for cell in motivations if cell}) == 1:
            said.motivation = self._prose(judged[0], "motivation")
        return said

    def _judged(self, row: FileRow) -> bool:
        return not self._grades.isdisjoint(row.cells)

    def _place(self, row: FileRow) -> tuple[Any, ...]:
        names = sorted(self._grades.intersection(row.cells))
        return tuple((row.cells[name].row, row.cells[name].column) for name in names)

    def _assessment(self, row: FileRow, ids: Mapping[str, tuple[RowId, ...]]) -> WantedAssessment:
        found = WantedAssessment(motivation=self._prose(row, "motivation"))
        found.level = row.cells.get("level")
        for name, cell in row.cells.items():
            if name.startswith(INDICATOR):
                found.indicators[name.removeprefix(INDICATOR)] = cell
        for name in ("probability", "impact", "result"):
            if name in row.cells and row.text(name) not in NOTHING_WRITTEN:
                setattr(found, name, row.cells[name])
        if found.level is None and found.result and decimal_of(found.result.value) is None:
            # a result in words is a level
            found.level, found.result = found.result, None
        grades = (cell for name, cell in row.cells.items() if name in self._grades)
        found.place = next(grades, row.cells.get("process_title"))
        _name(found, _own(ids.get(row.key, ()), "assessment"))
        return found

    # texts

    def _parts(self, row: FileRow, name: str) -> tuple[str, ...]:
        cell = row.cells.get(name)
        return self._lists_in.parts(name, cell) if cell else ()

    def _line(self, row: FileRow, name: str, longest: int) -> str:
        text = row.text(name)
        self._measure(row, name, text, longest)
        return text

    def _prose(self, row: FileRow, name: str) -> str:
        text = shown(row.value(name)).strip()
        if text in NOTHING_WRITTEN and not self._ids:
            return ""
        self._measure(row, name, text, PROSE_LENGTH)
        return text

    def _measure(self, row: FileRow, name: str, text: str, longest: int) -> None:
        if len(text) > longest:
            self._say(
                row,
                name,
                _("Il testo è lungo %(length)d caratteri: il massimo è %(limit)d.")
                % {"length": len(text), "limit": longest},
            )

    def _say(self, row: FileRow, name: str, reason: str) -> None:
        cell = row.cells.get(name)
        self.problems.append(
            Problem(
                sheet=row.sheet,
                row=cell.row if cell and cell.row else row.row,
                column=address(0, cell.column) if cell else "",
                value=cell.text[:120] if cell else str(field_of(name).label) if name else "",
                reason=reason,
            )
        )


def _own(ids: tuple[RowId, ...], kind: str) -> RowId | None:
    """Return the first of the ids of a row of the file that is of a kind."""
    return next((one for one in ids if one.kind == kind), None)


def _name(said: Any, own: RowId | None) -> None:
    """Say which row of ours something in the file is, if any."""
    if own:
        said.uid, said.version = own.uid, own.version
