"""The *catalogo* and the *tabella* of an annex as sheets.

The catalogue has one row per process and no merged cells, so that it can be filtered and sorted.
The table has one row per phase, and merges each column on its own (docs/decisions/0027); a text
that comes again in a later run is written again, without "(segue)", because a file is data.
"""

from collections.abc import Hashable, Iterator, Sequence
from itertools import groupby

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
    break_pages,
    checked,
    listed,
    spread_heights,
    tell_drafts,
)

FORM_ROWS = 500
"""Rows below the last one that offer the lists too, for rows people add."""

_CATALOGUE = (
    DrawnColumn(16),
    DrawnColumn(24, Look.KEY),
    DrawnColumn(30),
    DrawnColumn(5, Look.NUMBER),
    DrawnColumn(50),
    DrawnColumn(32),
)
_TABLE = (
    DrawnColumn(16),
    DrawnColumn(22),
    DrawnColumn(4.5, Look.NUMBER),
    DrawnColumn(22),
    DrawnColumn(26),
    DrawnColumn(36),
    DrawnColumn(26),
    DrawnColumn(10, Look.LEVEL),
    DrawnColumn(26),
)
_CODE = DrawnColumn(9)
"""After the number, in a file any process of which has a code of its own."""
_HIDDEN = DrawnColumn(0, Look.KEY)


def catalogue_sheet(content: FileContent, annex: FileAnnex, keys: Keys) -> SheetDrawing:
    """Return the catalogue of the processes of an annex."""
    more = int(content.has_codes)
    columns = _with_more(_CATALOGUE, 4, more, with_ids=not content.is_form)
    sheet = begun(content, annex, columns)
    heads = (
        _("Processi di supporto/processi primari"),
        _("Funzioni istituzionali"),
        _("Macroprocesso"),
        _("N."),
        *([_("Codice")] * more),
        _("Processo"),
        _("Area di rischio"),
    )
    sheet.heads = add_heads(sheet, heads, with_ids=not content.is_form)
    looks = [column.look for column in columns]
    for process in annex.processes:
        key = keys.next()
        cells = (
            process.kind,
            process.function,
            process.macroprocess,
            process.number,
            *([process.code] * more),
            checked(process.title, process.title),
            process.risk_area,
            key,
        )
        sheet.add([cell or None for cell in cells], looks)
        keys.note(key, "process", [process])
    sheet.is_filtered = True
    spread_heights(sheet, sheet.heads)
    _offer(sheet, {0: ("tipi", True), 2: ("macroprocessi", False), 5 + more: ("aree", False)})
    return sheet


def table_sheet(content: FileContent, annex: FileAnnex, keys: Keys) -> SheetDrawing:
    """Return the table of processes, phases, behaviours, measures and levels of an annex."""
    more = int(content.has_codes)
    columns = _with_more(_TABLE, 3, more, with_ids=not content.is_form)
    sheet = begun(content, annex, columns)
    heads = (
        _("Processi"),
        _("Obiettivo dei Processi"),
        _("N."),
        *([_("Codice")] * more),
        _("Attività"),
        _("Principali fasi"),
        _("Descrizione del comportamento a rischio corruzione"),
        _("Misure contenute nel PTPCT"),
        _("Livello di rischio"),
        _("Motivazione"),
    )
    sheet.heads = add_heads(sheet, heads, with_ids=not content.is_form)
    tell_drafts(sheet, annex.processes)
    _TableRows(sheet, keys, columns, more).add(annex.processes)
    _offer(sheet, {0: ("macroprocessi", False), 7 + more: ("livelli", True)})
    return sheet


def _with_more(
    columns: tuple[DrawnColumn, ...], place: int, more: int, *, with_ids: bool
) -> tuple[DrawnColumn, ...]:
    """Return columns with that of the codes at its place, where there is one, and that of keys."""
    ids = (_HIDDEN,) if with_ids else ()
    return (*columns[:place], *([_CODE] * more), *columns[place:], *ids)


def _offer(sheet: SheetDrawing, lists: dict[int, tuple[str, bool]]) -> None:
    top, bottom = sheet.heads + 1, len(sheet.lines) + FORM_ROWS
    for column, (name, is_closed) in lists.items():
        sheet.choices.append(DropDown(top, bottom, column, name, is_closed))


class _TableRows:
    """The rows of the table: texts column by column, each merged over its runs.

    `more` are the columns it has for codes: one or none.
    """

    def __init__(
        self, sheet: SheetDrawing, keys: Keys, columns: Sequence[DrawnColumn], more: int
    ) -> None:
        self.sheet = sheet
        self.keys = keys
        self.more = more
        self.looks = [column.look for column in columns]
        # What makes two neighbours one cell, by column; a process is one by its place.
        self.macroprocesses: list[Hashable] = []
        self.processes: list[Hashable] = []
        self.behaviours: list[Hashable] = []
        self.measures: list[Hashable] = []

    def add(self, processes: Sequence[FileProcess]) -> None:
        first = len(self.sheet.lines)
        for place, process in enumerate(processes):
            self._process(place, process)
        more = self.more
        for columns, marks in (
            ((0,), self.macroprocesses),
            ((1, 2, *range(3, 4 + more), 7 + more, 8 + more), self.processes),
            ((5 + more,), self.behaviours),
            ((6 + more,), self.measures),
        ):
            for start, stop in _runs(marks):
                for column in columns:
                    self.sheet.merge(first + start, column, first + stop - 1, column)
        spread_heights(self.sheet, self.sheet.heads)
        break_pages(self.sheet, [first + start for start, _stop in _runs(self.processes)])

    def _process(self, place: int, process: FileProcess) -> None:
        measures = checked(listed(process.measures), process.title)
        judgement = process.judgement
        first: tuple[str | int, ...] = (
            process.macroprocess,
            process.prose.get("objective", ""),
            process.number,
            *([process.code] * self.more),
            process.title,
            measures,
            judgement.level if judgement else "",
            judgement.motivation if judgement else "",
        )
        looks = list(self.looks)
        if judgement and judgement.is_draft:
            looks[8 + self.more] = Look.DRAFT
        begins = True
        for phase, behaviours in _rows_of(process):
            key = self.keys.next()
            risks = checked(listed(row.text for row in behaviours), process.title)
            title = phase.title if phase else ""
            own = 4 + self.more
            cells = (*first[:own], title, risks, *first[own:], key)
            self.sheet.add([cell or None for cell in cells], looks)
            self._note(key, process if begins else None, phase, behaviours, place)
            # Nothing written is nothing in common: blank neighbours stay two cells.
            self.macroprocesses.append(process.macroprocess or place)
            self.processes.append(place)
            self.measures.append(process.measures or place)
            self.behaviours.append((place, tuple(row.uid for row in behaviours)))
            begins = False

    def _note(
        self,
        key: str,
        process: FileProcess | None,
        phase: FileStep | None,
        behaviours: Sequence[FileBehaviour],
        place: int,
    ) -> None:
        if process:
            self.keys.note(key, "process", [process])
            if process.judgement and process.judgement.uid:
                self.keys.note(key, "assessment", [process.judgement])
        if phase:
            self.keys.note(key, "phase", [phase])
        goes_on = self.behaviours and self.behaviours[-1] == (
            place,
            tuple(row.uid for row in behaviours),
        )
        if not goes_on:
            self.keys.note(key, "behaviour", behaviours)


def _runs(marks: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """Yield first and last (excluded) place of each run of equal neighbours."""
    start = 0
    for _mark, equal in groupby(marks):
        stop = start + sum(1 for _one in equal)
        yield start, stop
        start = stop


def _rows_of(process: FileProcess) -> list[tuple[FileStep | None, Sequence[FileBehaviour]]]:
    """Return the rows of a process; what covers an action shows on its phase."""
    rows: list[tuple[FileStep | None, Sequence[FileBehaviour]]] = []
    for phase in process.phases:
        parts = [phase.behaviours, *(action.behaviours for action in phase.actions)]
        covering = {row.uid: row for part in parts for row in part}
        rows.append((phase, tuple(sorted(covering.values(), key=lambda row: row.position))))
    if process.uncovered or not rows:
        # A behaviour that covers nothing yet is not dropped, nor said of a phase.
        rows.append((None, process.uncovered))
    return rows
