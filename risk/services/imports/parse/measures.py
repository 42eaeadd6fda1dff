"""The measures of a process with what stands beside them: terms, persons, indicators, targets."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registry.normalise import fold
from registry.readable import grouped
from registry.validators import PROSE_LENGTH
from risk.services.imports.file_cells import FileCell
from risk.services.imports.parse.nothing import says_nothing
from risk.services.imports.parse.parallel_lists import ParallelLists, parts_of
from risk.services.imports.parse.parsed import (
    FileRow,
    ParsedMeasure,
    ParsedProcess,
    ParsedProgrammeStep,
    ParsedProgressIndicator,
)
from risk.services.imports.parse.programme_words import ON_OFF, day_of, indicator_of
from risk.services.imports.parse.texts import RowTexts
from risk.workbooks.fields import MEASURES, TARGET, field_of
from risk.workbooks.programme_heads import PROGRAMME_HEADS
from risk.workbooks.rowids import key_number

TIMING_LENGTH, LABEL_LENGTH = 250, 500
_OF_ONE = ("responsible", "typology", "state", "monitoring", "frequency")
"""What a measure has once."""


class MeasureParser:
    """Reads the measures of one process after the other. `names` are the fields the file has."""

    def __init__(self, texts: RowTexts, names: Iterable[str]) -> None:
        self._texts = texts
        self._parallel = ParallelLists(texts.ledger)
        names = set(names)
        self._measured = [(name, said) for name, said in MEASURES.items() if name in names]
        self._years = sorted(name for name in names if name.startswith(TARGET))
        self._programme = [*sorted(names & PROGRAMME_HEADS.keys()), *self._years]
        self._known: dict[int, tuple[FileCell, list[ParsedMeasure]]] = {}
        """By identity, a cell and its measures where it says them of the process alone: a merged
        cell is beside many processes."""

    def parse(self, process: ParsedProcess) -> None:
        """Give a process its measures, each with its programme and what it treats."""
        for name, character in self._measured:
            # a merged cell is the same for all of its rows
            cells: dict[tuple[Any, ...], tuple[FileCell, list[FileRow]]] = {}
            for row in process.rows:
                if cell := row.cells.get(name):
                    cells.setdefault(_place(cell), (cell, []))[1].append(row)
            for cell, rows in cells.values():
                process.measures += self._of_cell(process, name, character, cell, rows)
        self._leave_out_the_rest(process)

    def _leave_out_the_rest(self, process: ParsedProcess) -> None:
        """Say which cells of a programme are of no measure, or say again what has been said."""
        if not self._programme:
            return
        taken = {_place(cell) for measure in process.measures for cell in measure.cells}
        for row in process.rows:
            for name in self._programme:
                cell = row.cells.get(name)
                if cell and cell.row and _place(cell) not in taken:
                    what = capfirst(str(field_of(name).label))
                    self._texts.ledger.leave_out(cell, what, _("nessuna misura accanto"))

    def _of_cell(
        self, process: ParsedProcess, name: str, character: str, cell: FileCell, rows: list[FileRow]
    ) -> list[ParsedMeasure]:
        treated = self._treated(process, rows)
        is_plain = not (self._programme or treated)
        if is_plain and id(cell) in self._known:
            return self._known[id(cell)][1]
        entries = self._texts.lists_in.parts(name, cell)
        entries = tuple(one for one in entries if not says_nothing(one))
        measures = [ParsedMeasure(text, cell, character, treated) for text in entries]
        if is_plain:
            self._known[id(cell)] = (cell, measures)
        if not self._programme or not measures:
            return measures
        for row in _distinct(rows, self._programme):
            measures = self._programmed(row, measures)
        return [_with_one_person(measure) for measure in measures]

    def _treated(self, process: ParsedProcess, rows: list[FileRow]) -> tuple[str, ...]:
        """Return the behaviours a cell stands beside, none where it stands beside all of them."""
        is_ours = process.has_ids or key_number(process.row.text("row_uid"))
        if is_ours or len(process.behaviours) < 2 or len(rows) == len(process.rows):
            # our tables have the measures of a process, beside whichever of its rows
            return ()
        said = dict.fromkeys(fold(t) for row in rows for t in self._texts.parts(row, "behaviours"))
        beside = tuple(key for key in said if key in process.behaviours)
        return beside if len(beside) < len(process.behaviours) else ()

    def _programmed(self, row: FileRow, measures: list[ParsedMeasure]) -> list[ParsedMeasure]:
        """Return measures with what one row says of them, list beside list where it has lists."""
        said = {name: row.cells[name] for name in self._programme if name in row.cells}
        count = len(measures)
        parts = {
            name: self._parallel.parts(name, cell, count)
            for name, cell in said.items()
            if not says_nothing(cell.text)
        }
        own = [
            {name: cell for name, cells in parts.items() if (cell := cells[place])}
            for place in range(count)
        ]
        return [self._with_row(one, cells) for one, cells in zip(measures, own, strict=True)]

    def _with_row(self, measure: ParsedMeasure, cells: dict[str, FileCell]) -> ParsedMeasure:
        once = {
            name: cells[f"measure_{name}"]
            for name in _OF_ONE
            if f"measure_{name}" in cells and getattr(measure, name) is None
        }
        step = self._step(measure, cells)
        indicators = self._indicators(measure, cells)
        return replace(
            measure,
            **once,
            steps=(*measure.steps, *_other([step] if step else [], measure.steps)),
            indicators=tuple(dict.fromkeys((*measure.indicators, *indicators))),
            cells=(*measure.cells, *cells.values()),
        )

    def _step(
        self, measure: ParsedMeasure, cells: dict[str, FileCell]
    ) -> ParsedProgrammeStep | None:
        words, term = cells.get("measure_steps"), cells.get("measure_term")
        if not words and not term:
            return None
        description = words.text if words else measure.text
        due = (day_of(term.raw) or day_of(term.value)) if term else None
        timing = term.text if term and due is None else ""
        if len(timing) > TIMING_LENGTH:
            description, timing = f"{description}\n{timing}", ""
        if len(description) > PROSE_LENGTH and (cell := words or term):
            self._texts.ledger.refuse(cell, _("Il testo è troppo lungo."))
        return ParsedProgrammeStep(description, timing, due, cells.get("measure_responsible"))

    def _indicators(
        self, measure: ParsedMeasure, cells: dict[str, FileCell]
    ) -> list[ParsedProgressIndicator]:
        targets = {
            int(name.removeprefix(TARGET)): cells[name] for name in self._years if name in cells
        }
        if "measure_target" in cells:
            targets[0] = cells["measure_target"]
        said = cells.get("measure_indicator")
        if not said and not targets:
            return []
        baseline = cells["measure_baseline"].text if "measure_baseline" in cells else ""
        labels = parts_of(said, 1) if said else []
        sides = {year: parts_of(cell, 1) for year, cell in targets.items()}
        count = len(labels)
        if count > 1 and any(len(parts) == count for parts in sides.values()):
            # several indicators of one measure, each with its own target
            own = [
                {
                    y: parts[place] if len(parts) == count else targets[y]
                    for y, parts in sides.items()
                }
                for place in range(count)
            ]
            pairs = zip(labels, own, strict=True)
            return [one for label, said in pairs for one in self._targets(label, said, baseline)]
        label = (
            said._replace(value=said.text) if said else measure.cell._replace(value=measure.text)
        )
        return self._targets(label, targets, baseline)

    def _targets(
        self, label: FileCell, targets: dict[int, FileCell], baseline: str
    ) -> list[ParsedProgressIndicator]:
        """Return an indicator for each target, or without any."""
        said: dict[int, FileCell | None] = {**targets} or {0: None}
        found = []
        for year, cell in said.items():
            target = cell.text if cell else ""
            indicator, is_told = indicator_of(label.text, target, baseline, year)
            place = cell or label
            if len(indicator.label) > LABEL_LENGTH:
                reason = _("L’indicatore ha più di %(limit)s caratteri.") % {
                    "limit": grouped(LABEL_LENGTH)
                }
                self._texts.ledger.refuse(place, reason)
            elif not is_told:
                reason = _("Il tipo dell’indicatore non è detto: letto come sì/no.")
                if indicator.kind != ON_OFF:
                    reason = _("Il valore atteso non è un numero: resta nel testo dell’indicatore.")
                self._texts.ledger.note(place, reason)
            found.append(indicator)
        return found


def _place(cell: FileCell) -> tuple[str, int, int]:
    return cell.sheet, cell.row, cell.column


def _distinct(rows: list[FileRow], names: list[str]) -> list[FileRow]:
    """Return the rows that say something of a programme, those that say the same cells once."""
    found: dict[tuple[Any, ...], FileRow] = {}
    for row in rows:
        cells = tuple(_place(row.cells[name]) for name in names if name in row.cells)
        if cells:
            found.setdefault(cells, row)
    return list(found.values())


def _other(
    steps: Sequence[ParsedProgrammeStep], said: Sequence[ParsedProgrammeStep]
) -> list[ParsedProgrammeStep]:
    """Return the steps that say anything else than those said before: rows may repeat them."""
    known = {_said_by(step) for step in said}
    return [step for step in steps if _said_by(step) not in known]


def _said_by(step: ParsedProgrammeStep) -> tuple[str, str, date | None, str]:
    person = step.responsible.text if step.responsible else ""
    return fold(step.description), fold(step.timing), step.due, fold(person)


def _with_one_person(measure: ParsedMeasure) -> ParsedMeasure:
    """Return a measure whose steps name a person only where not all have the same."""
    persons = {step.responsible.text if step.responsible else "" for step in measure.steps}
    if len(persons) > 1:
        return replace(measure, responsible=None)
    return replace(measure, steps=tuple(replace(s, responsible=None) for s in measure.steps))
