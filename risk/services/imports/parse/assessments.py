"""The judgements of the rows of a process: of the process, or of each of its behaviours."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from registry.normalise import fold
from registry.spreadsheets.workbook import shown
from risk.services.imports.parse.cells import NOTHING_WRITTEN, decimal_of
from risk.services.imports.parse.parsed import FileRow, ParsedAssessment, ParsedProcess
from risk.services.imports.parse.texts import RowTexts
from risk.workbooks.fields import INDICATOR
from risk.workbooks.rowids import RowId

SIDES = ("probability", "impact")
GRADES = frozenset({"level", "result", *SIDES})
Ids = Mapping[str, tuple[RowId, ...]]


class AssessmentParser:
    """Reads the judgements of one process after the other. `fields` are those the file has."""

    def __init__(self, texts: RowTexts, *, names: set[str], fields: set[str]) -> None:
        self._texts = texts
        self._fields = fields
        # asked at every row: which grades the file has at all is found once
        self._has_motivations = "motivation" in names
        self._grades = {name for name in names if name in GRADES or name.startswith(INDICATOR)}

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
        if len({self._place(row) for row in judged}) == 1:
            process.assessment = self._assessment(judged[0], ids)
            return
        shared = self._shared_level(judged)
        if shared:
            process.assessment = shared
        for row in judged:
            if not self._judge_behaviour(process, row, shared, ids):
                return

    def _judge_behaviour(
        self, process: ParsedProcess, row: FileRow, shared: ParsedAssessment | None, ids: Ids
    ) -> bool:
        """Give the one behaviour of a row its judgement; False where that cannot be said."""
        texts = [fold(text) for text in self._texts.parts(row, "behaviours")]
        if len(texts) != 1 or texts[0] not in process.behaviours:
            reason = _(
                "Il processo ha più giudizi: ciascuno deve stare accanto a un solo "
                "comportamento a rischio."
            )
            self._texts.refuse(row, "level", reason)
            return False
        said = self._assessment(row, ids)
        if shared:
            said.level = None
            said.motivation = "" if shared.motivation else said.motivation
        behaviour = process.behaviours[texts[0]]
        if behaviour.assessment and behaviour.assessment.words != said.words:
            reason = _("Lo stesso comportamento ha nel processo due giudizi.")
            self._texts.refuse(row, "behaviours", reason)
            return False
        behaviour.assessment = behaviour.assessment or said
        return True

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
        names = sorted(self._grades.intersection(row.cells))
        return tuple((row.cells[name].row, row.cells[name].column) for name in names)

    def _assessment(self, row: FileRow, ids: Ids) -> ParsedAssessment:
        grades = (cell for name, cell in row.cells.items() if name in self._grades)
        place = next(grades, None) or row.cells["process_title"]
        found = ParsedAssessment(place, motivation=self._texts.prose(row, "motivation"))
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
        own = next((one for one in ids.get(row.key, ()) if one.kind == "assessment"), None)
        if own:
            found.uid, found.version = own.uid, own.version
        return found
