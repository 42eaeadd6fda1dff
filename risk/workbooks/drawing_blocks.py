"""The *schede* of an annex as a sheet: for each process its labels, then its phases and actions.

A phase has a row of its own, each of its actions one below, so that a behaviour stands beside
exactly what it covers.
"""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from risk.workbooks.content import FileAnnex, FileBehaviour, FileContent, FileProcess, FileStep
from risk.workbooks.drawing import (
    DrawnColumn,
    DropDown,
    Keys,
    Look,
    SheetDrawing,
    add_heads,
    begun,
    checked,
    listed,
    spread_heights,
    tell_drafts,
)

FORM_PROCESSES = 10
"""Blank sheets of a form."""
FORM_STEPS = 8
"""Blank rows for the phases of each."""

_COLUMNS = (
    DrawnColumn(30, Look.LABEL),
    DrawnColumn(36),
    DrawnColumn(30),
    DrawnColumn(22),
    DrawnColumn(52),
)
_LAST = len(_COLUMNS) - 1


def sheets_sheet(content: FileContent, annex: FileAnnex, keys: Keys) -> SheetDrawing:
    """Return one sheet with a block for each process of an annex."""
    columns = _COLUMNS if content.is_form else (*_COLUMNS, DrawnColumn(0, Look.KEY))
    sheet = begun(content, annex, columns)
    first = len(sheet.lines)
    drawing = _Blocks(sheet, keys, with_ids=not content.is_form, with_codes=content.has_codes)
    for process in annex.processes:
        drawing.process(process)
    tell_drafts(sheet, annex.processes)
    if content.is_form:
        for number in range(1, FORM_PROCESSES + 1):
            drawing.form(number)
    spread_heights(sheet, first)
    return sheet


class _Blocks:
    """Draws one process after the other."""

    def __init__(
        self, sheet: SheetDrawing, keys: Keys, *, with_ids: bool, with_codes: bool
    ) -> None:
        self.sheet = sheet
        self.keys = keys
        self.with_ids = with_ids
        self.with_codes = with_codes
        self.width = len(sheet.columns)
        self._first = len(sheet.lines)

    def process(self, process: FileProcess) -> None:
        judgement = process.judgement
        self._title(process.number, checked(process.title, process.title))
        if self.with_codes:
            self._label(_("Codice del processo"), process.code)
        self._label(_("Tipo di processo"), process.kind, "tipi", is_closed=True)
        self._label(_("Macroprocesso"), process.macroprocess, "macroprocessi")
        self._label(_("Area di rischio"), process.risk_area, "aree")
        for label, text in _described(process):
            self._label(label, text)
        measures = checked(listed(process.measures), process.title)
        self._label(_("Misure"), measures)
        level = judgement.level if judgement else ""
        self._label(_("Livello di rischio"), level, "livelli", is_closed=True, look=Look.ENTRY)
        look = Look.DRAFT if judgement and judgement.is_draft else Look.TEXT
        self._label(_("Motivazione"), judgement.motivation if judgement else "", look=look)
        self._heads()
        self._steps(process)
        self.sheet.add([None] * self.width, [Look.NOTE] * self.width, 14)

    def form(self, number: int) -> None:
        """Draw the block of a process not there yet."""
        self._title(number, "")
        self._label(_("Tipo di processo"), "", "tipi", is_closed=True)
        self._label(_("Macroprocesso"), "", "macroprocessi")
        self._label(_("Area di rischio"), "", "aree")
        for label in _labels():
            self._label(label, "")
        self._label(_("Misure"), "")
        self._label(_("Livello di rischio"), "", "livelli", is_closed=True, look=Look.ENTRY)
        self._label(_("Motivazione"), "")
        self._heads()
        for _turn in range(FORM_STEPS):
            self._row((None, None, None, None, None))
        self.sheet.add([None] * self.width, [Look.NOTE] * self.width, 14)

    def _title(self, number: int, title: str) -> None:
        row = len(self.sheet.lines)
        if row > self._first:
            self.sheet.pages.append(row)
        cells = [_("PROCESSO NUMERO: %(n)d") % {"n": number}, title or None]
        looks: list[Look | None] = [Look.HEAD, *[Look.ENTRY] * (self.width - 1)]
        self.sheet.add([*cells, *[None] * (self.width - 2)], looks, 0)
        self.sheet.merge(row, 1, row, _LAST)

    def _label(
        self,
        label: str,
        text: str,
        offered: str = "",
        *,
        is_closed: bool = False,
        look: Look = Look.TEXT,
    ) -> None:
        looks = [Look.LABEL, *[look] * (self.width - 1)]
        row = self.sheet.add([label, text or None, *[None] * (self.width - 2)], looks)
        self.sheet.merge(row, 1, row, _LAST)
        if offered:
            self.sheet.choices.append(DropDown(row, row, 1, offered, is_closed))

    def _heads(self) -> None:
        labels = (
            _("N."),
            _("Fase"),
            _("Azione"),
            _("Esecutore"),
            _("Comportamenti a rischio"),
        )
        add_heads(self.sheet, labels, with_ids=self.with_ids)

    def _steps(self, process: FileProcess) -> None:
        begins = True
        for number, phase, action, behaviours in _rows_of(process):
            key = self.keys.next()
            step = action or phase
            cells = (
                number,
                phase.title if phase else None,
                action.title if action else None,
                (step.executor or None) if step else None,
                checked(listed(row.text for row in behaviours), process.title) or None,
            )
            self._row(cells, key)
            if begins:
                self.keys.note(key, "process", [process])
                if process.judgement and process.judgement.uid:
                    self.keys.note(key, "assessment", [process.judgement])
            if step:
                self.keys.note(key, "action" if action else "phase", [step])
            self.keys.note(key, "behaviour", behaviours)
            begins = False

    def _row(self, cells: Sequence[str | None], key: str = "") -> None:
        looks = [Look.NUMBER, *[column.look for column in self.sheet.columns[1:]]]
        row = self.sheet.add([*cells, key] if self.with_ids else list(cells), looks)
        self.sheet.choices.append(DropDown(row, row, 3, "esecutori"))


def _rows_of(
    process: FileProcess,
) -> Iterator[tuple[str, FileStep | None, FileStep | None, Sequence[FileBehaviour]]]:
    """Yield number, phase, action and behaviours of each row; there is always one."""
    for phase in process.phases:
        yield phase.number, phase, None, phase.behaviours
        for action in phase.actions:
            yield action.number, None, action, action.behaviours
    if process.uncovered or not process.phases:
        yield "—", None, None, process.uncovered


def _labels() -> dict[str, str]:
    """Return the field of each label, as the paper has them and the reading knows them."""
    return {
        _("Obiettivo"): "objective",
        _("Input"): "input",
        _("Output"): "output",
        _("Informazioni principali sul processo"): "process_description",
        _("Responsabile del processo"): "responsible",
        _("Tempi di svolgimento del processo e delle sue attività"): "times",
        _("Vincoli del processo"): "constraints",
        _("Risorse del processo"): "resources",
        _("Interrelazioni tra i processi"): "interrelations",
        _("Criticità del processo"): "criticalities",
    }


def _described(process: FileProcess) -> Iterator[tuple[str, str]]:
    for label, name in _labels().items():
        yield label, process.responsible if name == "responsible" else process.prose.get(name, "")
