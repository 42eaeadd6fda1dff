"""The judgements of the rows of a process: of the process, or of each of its behaviours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from registry.normalise import fold
from registry.spreadsheets.workbook import address, shown
from risk.services.imports.file_cells import FileCell
from risk.services.imports.ledger import QUOTED, LedgerLine
from risk.services.imports.parse.cells import decimal_of
from risk.services.imports.parse.nothing import says_nothing
from risk.services.imports.parse.parsed import FileRow, ParsedAssessment, ParsedProcess
from risk.services.imports.parse.texts import RowTexts
from risk.workbooks.fields import INDICATOR
from risk.workbooks.rowids import RowId

SIDES = ("probability", "impact")
GRADES = frozenset({"level", "result", *SIDES})
Ids = Mapping[str, tuple[RowId, ...]]


class AssessmentParser:
    """Reads the judgements of one process after the other. `fields` are those the file has."""

    def __init__(
        self, texts: RowTexts, rows: Sequence[FileRow], *, names: set[str], fields: set[str]
    ) -> None:
        self._texts = texts
        self._fields = fields
        # asked at every row: which grades the file has at all is found once
        self._has_motivations = "motivation" in names
        self._grades = {name for name in names if name in GRADES or name.startswith(INDICATOR)}
        self._in_order = sorted(self._grades)
        self._columns = _level_columns(rows)
        self._is_of_behaviours = "level" in self._grades and _differ_by_row(rows)

    def parse(self, process: ParsedProcess, ids: Ids) -> None:
        """Give a process its judgement; to each behaviour its own where each has its own cell."""
        self._parse(process, ids)
        if self._has_motivations:
            self._leave_out_motivations(process)

    def _leave_out_motivations(self, process: ParsedProcess) -> None:
        """Leave out the motivations of rows that judge nothing, or nothing of their own."""
        judged = (process.assessment, *(one.assessment for one in process.behaviours.values()))
        used = {one.motivation for one in judged if one}
        for row in process.rows:
            cell = row.cells.get("motivation")
            if cell is None or cell.row != row.row or shown(cell.value).strip() in used:
                continue
            reason = _("nessun giudizio prende questa motivazione")
            self._texts.ledger.leave_out(cell, _("celle senza effetto"), reason)

    def _parse(self, process: ParsedProcess, ids: Ids) -> None:
        rows = process.rows
        judged = [row for row in rows if not self._grades.isdisjoint(row.cells)]
        if not judged and self._judges_without_level(rows[0], ids):
            judged = [rows[0]]
        if not judged:
            return
        if ids:
            process.assessment = self._of_ours(judged, ids)
            return
        if (one := self._one_judgement(process, judged)) is not None:
            process.assessment = self._assessment(one)
            return
        shared = self._shared_level(judged)
        if shared:
            process.assessment = shared
        for row in judged:
            if not self._judge_behaviours(process, row, shared):
                return
        self._note_unjudged(process, judged)

    def _of_ours(self, judged: list[FileRow], ids: Ids) -> ParsedAssessment | None:
        """Return the one judgement a process has in a file of ours, wherever its rows say it."""
        cells: dict[str, FileCell] = {}
        for row in judged:
            for name in (*sorted(self._grades), "motivation"):
                cell = row.cells.get(name)
                if cell and cell.text != cells.setdefault(name, cell).text:
                    reason = _(
                        "Il processo ha un giudizio solo: scrivilo uguale in tutte le righe."
                    )
                    self._texts.refuse(row, name, reason)
                    return None
        return self._assessment(replace(judged[0], cells={**judged[0].cells, **cells}), ids)

    def _one_judgement(self, process: ParsedProcess, judged: list[FileRow]) -> FileRow | None:
        """Return the row with the judgement of a process, None where its rows have their own.

        One cell is the process’s, and so are the same words on all of its rows: a merged cell
        somebody has taken apart. What two tables say of a process is put together.
        """
        if len({self._place(row) for row in judged}) == 1:
            is_alone = self._is_of_behaviours and len(process.rows) > 1
            is_merged = judged[0].cells and len(judged) == len(process.rows)
            return None if is_alone and not is_merged else judged[0]
        names = [*self._grades, "motivation"]
        words = [{n: row.text(n) for n in names if n in row.cells} for row in judged]
        if any(one[n] != other[n] for one in words for other in words for n in one.keys() & other):
            return None
        is_same = all(one == words[0] for one in words)
        unjudged = [row for row in process.rows if row not in judged and row.parts("behaviours")]
        if is_same and (len({row.sheet for row in judged}) > 1 or not unjudged):
            return judged[0]
        if len({(row.sheet, frozenset(one)) for row, one in zip(judged, words, strict=True)}) < 2:
            return None
        if len({row.sheet for row in judged}) < 2:
            return None
        cells = {n: row.cells[n] for row in reversed(judged) for n in names if n in row.cells}
        return replace(judged[0], cells={**judged[0].cells, **cells})

    def _judge_behaviours(
        self, process: ParsedProcess, row: FileRow, shared: ParsedAssessment | None
    ) -> bool:
        """Give the behaviours of a row its judgement; False where that cannot be said."""
        texts = [fold(text) for text in self._texts.parts(row, "behaviours")]
        if not texts or any(text not in process.behaviours for text in texts):
            reason = _(
                "Il processo ha più giudizi: ciascuno deve stare accanto a un "
                "comportamento a rischio."
            )
            self._texts.refuse(row, "level", reason)
            return False
        for text in texts:
            said = self._assessment(row)
            if shared:
                said.level = None
                said.motivation = "" if shared.motivation else said.motivation
            behaviour = process.behaviours[text]
            if behaviour.assessment and behaviour.assessment.words != said.words:
                reason = _("Lo stesso comportamento ha nel processo due giudizi.")
                self._texts.refuse(row, "behaviours", reason)
                return False
            behaviour.assessment = behaviour.assessment or said
        return True

    def _note_unjudged(self, process: ParsedProcess, judged: list[FileRow]) -> None:
        """Note the rows whose behaviours have no judgement, where those of others are their own."""
        for row in process.rows:
            cell = row.cells.get("behaviours")
            if cell is None or row in judged or not cell.parts or cell.row != row.row:
                continue
            reason = _("Non ha un livello: in questa tabella ogni comportamento ha il suo.")
            column = self._columns.get(row.sheet, 0)
            line = LedgerLine(row.sheet, row.row, address(0, column), cell.text[:QUOTED], reason)
            self._texts.ledger.notes.append(line)

    def _judges_without_level(self, row: FileRow, ids: Ids) -> bool:
        """Whether a file of ours has cleared a level, or holds a motivation before its level."""
        own = ids.get(row.key, ())
        is_judged = any(one.kind == "assessment" for one in own)
        return "level" in self._fields and (is_judged or bool(own and row.text("motivation")))

    def _shared_level(self, judged: list[FileRow]) -> ParsedAssessment | None:
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
        said = ParsedAssessment(place=first, level=first, beside=scored[0])
        motivations = [row.cells.get("motivation") for row in judged]
        if all(motivations) and len({(cell.row, cell.column) for cell in motivations if cell}) == 1:
            said.motivation = self._texts.prose(judged[0], "motivation")
        return said

    def _place(self, row: FileRow) -> tuple[Any, ...]:
        cells = map(row.cells.get, self._in_order)
        return tuple([(cell.row, cell.column) for cell in cells if cell])

    def _assessment(self, row: FileRow, ids: Ids | None = None) -> ParsedAssessment:
        grades = (cell for name, cell in row.cells.items() if name in self._grades)
        place = next(grades, None) or row.cells["process_title"]
        found = ParsedAssessment(place, motivation=self._texts.prose(row, "motivation"))
        found.level = row.cells.get("level")
        for name, cell in row.cells.items():
            if name.startswith(INDICATOR):
                found.indicators[name.removeprefix(INDICATOR)] = cell
        for name in ("probability", "impact", "result"):
            if name in row.cells and not says_nothing(row.text(name)):
                setattr(found, name, row.cells[name])
        if found.level is None and found.result and decimal_of(found.result.value) is None:
            # a result in words is a level
            found.level, found.result = found.result, None
        own = [one for said in (ids or {}).values() for one in said if one.kind == "assessment"]
        if own:
            found.uid, found.version = own[0].uid, own[0].version
        return found


def _level_columns(rows: Iterable[FileRow]) -> dict[str, int]:
    """Return by sheet the column in which the levels stand."""
    return {row.sheet: row.cells["level"].column for row in rows if "level" in row.cells}


def _differ_by_row(rows: Sequence[FileRow]) -> bool:
    """Return whether a process of a file has two levels, each in a cell beside its behaviours."""
    words: set[str] = set()
    for row in rows:
        if row.begins:
            words.clear()
        cell = row.cells.get("level")
        if cell is not None and cell.row == row.row and row.parts("behaviours"):
            words.add(fold(cell.text))
            if len(words) > 1:
                return True
    return False
