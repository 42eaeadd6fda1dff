"""The *tabella* as a grid: which cell stands where, what it spans and which heads it belongs to.

Ids and `headers` computed here serve both readers: the page's screen reader takes them as they
are, and the PDF's structure tree is written from them (`risk.paper.tags`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from risk.content.change_marks import MEASURES
from risk.content.values import DASH, LONG_TEXT, LevelLabel, PhaseRow, ProcessRow
from risk.paper.merging import Run, repeated, runs, seams

# Labels of the published process-risk table, in its order.
COLUMNS: tuple[tuple[str, str | Promise], ...] = (
    ("processi", _("Processi")),
    ("obiettivo", _("Obiettivo dei Processi")),
    ("attivita", _("Attività")),
    ("fasi", _("Principali fasi")),
    ("comportamento", _("Descrizione del comportamento a rischio corruzione")),
    ("misure", _("Misure contenute nel PTPCT")),
    ("livello", _("Livello di rischio")),
)


@dataclass(frozen=True, slots=True)
class CellText:
    """One text of a cell; `resumed` prints "(segue)" after it."""

    text: str
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of the grid; `id` is empty on data cells, `headers` are ids in the same table.

    The head of a process tells which by `process`, and is what leads to it by `anchor`, which the
    head that resumes it does not have. `says` names the rows of the sheets it speaks of, as the
    signs of what changed do (`risk.content.change_marks`).
    """

    column: str
    rowspan: int
    lines: tuple[CellText, ...]
    headers: str
    id: str = ""
    level: LevelLabel | None = None
    process: str = ""
    says: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """The name of the place where a process begins."""
        is_first = self.process and not self.lines[0].resumed
        return f"tabella-{self.process}" if is_first else ""

    @property
    def is_list(self) -> bool:
        """Whether the lines are the points of a list: measures are."""
        return self.column == "misure" and self.lines[0].text != DASH

    @property
    def is_header(self) -> bool:
        """Whether the cell names its row: the activity and the phase do."""
        return bool(self.id)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line of the grid: one phase, or a process without any."""

    uid: str
    cells: tuple[TableCell, ...]
    begins_process: bool
    begins_page: bool

    @property
    def is_long(self) -> bool:
        """Whether a page may cut the row."""
        return any(sum(len(line.text) for line in c.lines) > LONG_TEXT for c in self.cells)


@dataclass(frozen=True, slots=True)
class TableBody:
    """Rows held together by their merged cells; the table may be parted between two bodies."""

    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class _Slot:
    """A row before it has cells."""

    uid: str
    process: int
    phase: PhaseRow | None


def header_id(column: str) -> str:
    """Return the id of the head of a column."""
    return f"tabella-{column}"


def gaps(processes: Sequence[ProcessRow]) -> frozenset[str]:
    """Return the columns in which no process says anything; none where it is but one."""
    said = {
        "obiettivo": any(process.objective != DASH for process in processes),
        "fasi": any(process.phases for process in processes),
        "comportamento": any(p.behaviours for process in processes for p in process.phases),
        "misure": any(process.measures for process in processes),
    }
    empty = frozenset(column for column, is_said in said.items() if not is_said)
    return empty if len(empty) > 1 else frozenset()


def bodies(
    processes: Sequence[ProcessRow], *, breaks: Collection[str] = ()
) -> tuple[TableBody, ...]:
    """Return the grid of `processes`, parted before each row whose uid is in `breaks`.

    A process without phases takes one row. A text that goes on from an earlier run, or from the
    page before, is marked as resumed.
    """
    slots = _slots(processes)
    cuts = frozenset(row for row, slot in enumerate(slots) if slot.uid in breaks)
    grid = _Grid(processes, slots, cuts)
    starts = seams([grid.runs[column] for column, _label in COLUMNS], length=len(slots))
    rows = [grid.row(index) for index in range(len(slots))]
    return tuple(
        TableBody(tuple(rows[start:stop])) for start, stop in pairwise([*starts, len(rows)])
    )


def _slots(processes: Sequence[ProcessRow]) -> list[_Slot]:
    return [
        slot
        for index, process in enumerate(processes)
        for slot in (
            [_Slot(phase.uid, index, phase) for phase in process.phases]
            or [_Slot(process.uid, index, None)]
        )
    ]


class _Grid:
    """Runs and texts of each column over all the rows."""

    def __init__(
        self, processes: Sequence[ProcessRow], slots: Sequence[_Slot], cuts: frozenset[int]
    ) -> None:
        self.processes = processes
        self.slots = slots
        self.cuts = cuts
        by_process = runs([slot.process for slot in slots], cuts=cuts)
        self.runs: dict[str, tuple[Run, ...]] = {
            "processi": runs([self._process(slot).macroprocess_key for slot in slots], cuts=cuts),
            "obiettivo": by_process,
            "attivita": by_process,
            "fasi": tuple(Run(row, row + 1) for row in range(len(slots))),
            "comportamento": runs([self._behaviours_key(slot) for slot in slots], cuts=cuts),
            "misure": runs([self._process(slot).measures for slot in slots], cuts=cuts),
            "livello": by_process,
        }
        self.starting = {
            column: {run.start: run for run in column_runs}
            for column, column_runs in self.runs.items()
        }
        self.behaviour_lines = self._all_behaviour_lines()

    def _process(self, slot: _Slot) -> ProcessRow:
        return self.processes[slot.process]

    @staticmethod
    def _behaviours_key(slot: _Slot) -> tuple[int, tuple[str, ...]]:
        behaviours = slot.phase.behaviours if slot.phase else ()
        return slot.process, tuple(behaviour.uid for behaviour in behaviours)

    def _all_behaviour_lines(self) -> dict[int, tuple[CellText, ...]]:
        behaviour_runs = self.runs["comportamento"]
        phases = [self.slots[run.start].phase for run in behaviour_runs]
        marks = repeated([[b.uid for b in phase.behaviours] if phase else [] for phase in phases])
        return {
            run.start: tuple(
                CellText(behaviour.text, resumed)
                for behaviour, resumed in zip(phase.behaviours, marked, strict=True)
            )
            if phase
            else ()
            for run, phase, marked in zip(behaviour_runs, phases, marks, strict=True)
        }

    def row(self, index: int) -> TableRow:
        """Return the row at `index` with the cells that start in it."""
        slot = self.slots[index]
        cells = tuple(
            self._cell(column, self.starting[column][index])
            for column, _label in COLUMNS
            if index in self.starting[column]
        )
        begins = index == 0 or self.slots[index - 1].process != slot.process
        return TableRow(slot.uid, cells, begins_process=begins, begins_page=index in self.cuts)

    def _cell(self, column: str, run: Run) -> TableCell:
        slot = self.slots[run.start]
        return TableCell(
            column=column,
            rowspan=run.length,
            lines=self._lines(column, run) or (CellText(DASH),),
            headers=" ".join([header_id(column), *self._row_headers(column, run)]),
            id=self._cell_id(column, slot),
            level=self._process(slot).level if column == "livello" else None,
            process=self._process(slot).uid if column == "attivita" else "",
            says=self._says(column, run),
        )

    def _says(self, column: str, run: Run) -> tuple[str, ...]:
        slot = self.slots[run.start]
        process = self._process(slot).uid
        match column:
            case "attivita":
                return (process,)
            case "obiettivo":
                return (f"{process} {process} {_('Obiettivo')}",)
            case "fasi" if slot.phase:
                return (f"{process} {slot.phase.uid}",)
            case "comportamento" if slot.phase:
                return tuple(f"{process} {row.uid}" for row in slot.phase.behaviours)
            case "misure":
                rows = (self._process(one).uid for one in self.slots[run.start : run.stop])
                return tuple(f"{uid} {MEASURES}" for uid in dict.fromkeys(rows))
        return ()

    def _cell_id(self, column: str, slot: _Slot) -> str:
        if column == "attivita":
            # A process resumed on another page has a second head cell, so the row is in the name.
            return f"tabella-attivita-{slot.uid}"
        return f"tabella-fase-{slot.uid}" if column == "fasi" else ""

    def _row_headers(self, column: str, run: Run) -> list[str]:
        """Return the ids of the activities a cell speaks of, and a behaviour's phases."""
        if column == "attivita":
            return []
        activities = self.runs["attivita"]
        # the runs of a column stand in their order and cover all rows
        first = bisect_right(activities, run.start, key=attrgetter("stop"))
        behind = bisect_left(activities, run.stop, key=attrgetter("start"))
        named = [
            self._cell_id("attivita", self.slots[activity.start])
            for activity in activities[first:behind]
        ]
        if column == "comportamento":
            named += [self._cell_id("fasi", slot) for slot in self.slots[run.start : run.stop]]
        return named

    def _lines(self, column: str, run: Run) -> tuple[CellText, ...]:
        slot = self.slots[run.start]
        process = self._process(slot)
        match column:
            case "comportamento":
                return self.behaviour_lines[run.start]
            case "misure":
                return tuple(CellText(text, run.resumed) for _uid, text in process.measures)
            case "fasi":
                return (CellText(slot.phase.title),) if slot.phase else ()
            case "livello":
                return (CellText(process.level.label),) if process.level else ()
        texts = {
            "processi": process.macroprocess,
            "obiettivo": process.objective,
            "attivita": process.title,
        }
        text = texts[column]
        return (CellText(text, run.resumed and text != DASH),) if text else ()
