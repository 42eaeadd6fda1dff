"""The residual levels of a file: each a judgement of its own, beside the inherent one."""

from django.utils.translation import gettext as _

from registry.normalise import fold
from risk.services.imports.file_cells import FileCell
from risk.services.imports.parse.nothing import says_nothing
from risk.services.imports.parse.parsed import FileRow, ParsedAssessment, ParsedProcess
from risk.services.imports.parse.texts import RowTexts

RESIDUAL = "residual_level"


def parse_residual(process: ParsedProcess, texts: RowTexts) -> None:
    """Give a process its residual level, or each of its behaviours its own."""
    said = [
        (row, row.cells[RESIDUAL])
        for row in process.rows
        if RESIDUAL in row.cells and not says_nothing(row.text(RESIDUAL))
    ]
    if not said:
        return
    first = said[0][1]
    # one cell, or the same word in all rows: of the process
    is_one = len({(cell.row, cell.column) for _row, cell in said}) == 1
    is_same = len(said) == len(process.rows) and len({fold(cell.text) for _row, cell in said}) == 1
    if is_one or is_same:
        process.residual = ParsedAssessment(first, level=first)
        return
    for row, cell in said:
        _judge(process, row, cell, texts)


def _judge(process: ParsedProcess, row: FileRow, cell: FileCell, texts: RowTexts) -> None:
    keys = [fold(text) for text in texts.parts(row, "behaviours")]
    if len(keys) != 1 or keys[0] not in process.behaviours:
        reason = _(
            "Il processo ha più livelli residui: ciascuno deve stare accanto a un solo "
            "comportamento a rischio."
        )
        texts.refuse(row, RESIDUAL, reason)
        return
    behaviour = process.behaviours[keys[0]]
    if behaviour.residual and fold(behaviour.residual.place.text) != fold(cell.text):
        reason = _("Lo stesso comportamento ha nel processo due livelli residui.")
        texts.refuse(row, RESIDUAL, reason)
    behaviour.residual = behaviour.residual or ParsedAssessment(cell, level=cell)
