"""Each process of a file with the rows of the lists its texts stand for."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.models import Office
from registry.readable import grouped
from risk.services.imports.ledger import Ledger, LedgerLine, QuestionKind
from risk.services.imports.parse.parsed import (
    FileRow,
    ParsedBehaviour,
    ParsedFile,
    ParsedProcess,
    ParsedStep,
)
from risk.services.imports.resolve.assessments import AssessmentResolver
from risk.services.imports.resolve.known_rows import Judged
from risk.services.imports.resolve.lists import ListLookup, NewRow
from risk.services.imports.resolve.measures import MeasureResolver
from risk.services.imports.resolve.resolved import (
    ResolvedBehaviour,
    ResolvedFile,
    ResolvedProcess,
    ResolvedStep,
)

Kind = QuestionKind
_LISTS = {"categories": Kind.CATEGORY, "factors": Kind.FACTOR}


def resolve(
    parsed: ParsedFile,
    *,
    lists: ListLookup,
    office: Office | None,
    judged: Mapping[UUID, Judged],
    ledger: Ledger,
) -> ResolvedFile:
    """Return what a file says in rows of the lists; what stands for none is asked.

    `office` is that of rows that name none. All that is open is asked at once, also of processes
    whose office nobody has said: those are left out.
    """
    resolver = _ProcessResolver(lists, AssessmentResolver(lists, ledger, judged))
    processes, without_office = [], []
    for process in parsed.processes:
        own = resolver.office_of(process) if "office" in process.cells else office
        resolved = resolver.resolve(process, own)
        if resolved is not None:
            processes.append(resolved)
        elif "office" not in process.cells:
            without_office += process.rows
    _refuse_without_office(without_office, ledger)
    return ResolvedFile(
        parsed.rows, tuple(processes), parsed.ids, parsed.fields, len(without_office)
    )


class _ProcessResolver:
    def __init__(self, lists: ListLookup, assessments: AssessmentResolver) -> None:
        self._lists = lists
        self._assessments = assessments
        self._measures = MeasureResolver(lists)

    def office_of(self, process: ParsedProcess) -> Office | None:
        cell = process.cells["office"]
        found = cell and self._lists.row(Kind.OFFICE, cell.text, cell)
        return found if isinstance(found, Office) else None

    def resolve(self, process: ParsedProcess, office: Office | None) -> ResolvedProcess | None:
        values = {**process.texts, **self._values(process)}
        steps = {phase: self._step(phase) for phase in process.phases}
        behaviours = [self._behaviour(one, process) for one in process.behaviours.values()]
        measures = tuple(filter(None, map(self._measures.resolve, process.measures)))
        assessment = self._assessments.resolve(process.assessment, process)
        residual = self._assessments.residual(process.residual, process, assessment)
        if office is None:
            return None
        return ResolvedProcess(
            process,
            office,
            values,
            tuple(steps.values()),
            tuple(behaviours),
            measures,
            assessment,
            residual,
        )

    def _values(self, process: ParsedProcess) -> dict[str, Any]:
        """Return what the file says of kind, area and macroprocess."""
        values: dict[str, Any] = {}
        cells = process.cells
        if "process_kind" in cells:
            cell = cells["process_kind"]
            values["kind"] = self._lists.process_kind(cell.text, cell) if cell else ""
        if "risk_area" in cells:
            cell = cells["risk_area"]
            values["risk_area"] = cell and self._lists.row(Kind.RISK_AREA, cell.text, cell)
        if "macroprocess" in cells:
            values["macroprocess"] = self._macroprocess(process)
        if (function := cells.get("function")) and not cells.get("macroprocess"):
            reason = _("nessun macroprocesso sta accanto alla funzione")
            self._lists.ledger.leave_out(function, _("celle senza effetto"), reason)
        return values

    def _macroprocess(self, process: ParsedProcess) -> Any:
        cell, above = process.cells["macroprocess"], process.cells.get("function")
        function = above.text if above else ""
        found = cell and self._lists.row(Kind.MACROPROCESS, cell.text, cell, function)
        if isinstance(found, NewRow) and above and function:
            # a new one stands under its function, which may be new in its turn
            self._lists.row(Kind.FUNCTION, function, above)
        return found

    def _step(self, step: ParsedStep) -> ResolvedStep:
        executor = None
        if step.executor is not None:
            executor = self._lists.executor(step.executor.text, step.executor)
        elif step.says_executor:
            executor = (None, None)
        return ResolvedStep(step, executor, tuple(map(self._step, step.actions)))

    def _behaviour(self, behaviour: ParsedBehaviour, process: ParsedProcess) -> ResolvedBehaviour:
        lists: dict[str, list[Any]] = {}
        left_out = set()
        for name, entries in behaviour.lists.items():
            chosen = lists[name] = []
            for text, cell in entries:
                found = self._lists.row(_LISTS[name], text, cell)
                if found is None:
                    left_out.add(name)
                elif found not in chosen:
                    chosen.append(found)
        assessment = self._assessments.resolve(behaviour.assessment, process)
        residual = self._assessments.residual(behaviour.residual, process, assessment)
        return ResolvedBehaviour(behaviour, lists, frozenset(left_out), assessment, residual)


def _refuse_without_office(rows: list[FileRow], ledger: Ledger) -> None:
    """Say once of all rows without an office that they have none: one answer serves them all."""
    if not rows:
        return
    reason = ngettext(
        "Il file non dice l’ufficio di questa riga: indicalo.",
        "Il file non dice l’ufficio di %(rows)s righe, a cominciare da questa: indicalo.",
        len(rows),
    ) % {"rows": grouped(len(rows))}
    ledger.refusals.append(LedgerLine(rows[0].sheet, rows[0].row, "", "", reason))
