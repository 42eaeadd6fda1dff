"""What a file says, in one neutral shape: rows of cells, then processes with what hangs on them.

Cells are as written; what they stand for in the lists of the body is found by the next stage.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from registry.spreadsheets.workbook import Finding, Value, address
from risk.services.imports.file_cells import FileCell
from risk.services.imports.ledger import QUOTED, LedgerLine
from risk.workbooks.rowids import RowIds


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A reading of a row that a person has to confirm.

    "phase-above": the phase is written on the first row of a process and by sense may close the
    process before (`belongs_to`, its title as in the file); answered by `moved_up` of `parse_rows`.
    "behaviours-above": the cell is blank in a table without merged cells, and may stand for the
    behaviours above it; the cell is there with the origin "repeated", to be left out if not so.
    """

    kind: str
    reason: str
    field: str
    belongs_to: str = ""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of a register: the cells that hold something, by field.

    `key` names the row in its file ("Foglio1!12") and is what answers refer to. `begins` tells
    that a process begins here; the rows that follow with `begins` False are more phases or
    behaviours of the same process. `findings` are of this row's cells; those with `stops` refuse
    the file.
    """

    sheet: str
    row: int
    cells: Mapping[str, FileCell]
    begins: bool = True
    ambiguities: tuple[Ambiguity, ...] = ()
    findings: tuple[Finding, ...] = ()
    is_gathered: bool = False
    """Whether it stood elsewhere in the file, away from the first row of its process."""
    column: int = 0
    """The column it stands in, of a table on its side."""
    emptied: frozenset[str] = frozenset()
    """The fields over which, in a file of ours, stands a merged cell that holds nothing."""

    @property
    def key(self) -> str:
        return f"{self.sheet}!{address(self.row, self.column)}"

    def value(self, name: str) -> Value:
        """Return the value of a field, None when the row has none."""
        return self.cells[name].value if name in self.cells else None

    def text(self, name: str) -> str:
        """Return the value of a field on one line, "" when the row has none."""
        return self.cells[name].text if name in self.cells else ""

    def parts(self, name: str) -> tuple[str, ...]:
        """Return the entries of a field that takes several."""
        return self.cells[name].parts if name in self.cells else ()


@dataclass(frozen=True, slots=True, eq=False)
class ParsedStep:
    """A phase, or an action under one. `executor` is None where the file says none.

    `says_executor`: whether the file says anything of it; an empty cell of ours says "nobody".
    """

    title: str
    uid: UUID | None = None
    version: int = 0
    executor: FileCell | None = None
    says_executor: bool = False
    actions: list["ParsedStep"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class ParsedBehaviour:
    """A behaviour, and which of the phases and actions of its process it covers.

    `lists` are the entries of its categories and factors, each with the cell it stands in.
    """

    text: str
    uid: UUID | None = None
    version: int = 0
    phases: list[ParsedStep] = field(default_factory=list)
    actions: list[ParsedStep] = field(default_factory=list)
    lists: dict[str, list[tuple[str, FileCell]]] = field(default_factory=dict)
    assessment: "ParsedAssessment | None" = None
    residual: "ParsedAssessment | None" = None


@dataclass(slots=True, eq=False)
class ParsedAssessment:
    """A judgement: cells as written; the next stage finds the method and what they come to."""

    place: FileCell
    level: FileCell | None = None
    motivation: str = ""
    indicators: dict[str, FileCell] = field(default_factory=dict)
    probability: FileCell | None = None
    impact: FileCell | None = None
    result: FileCell | None = None
    beside: FileCell | None = None
    """The probability of a behaviour, where this is of its process and has none of its own."""
    uid: UUID | None = None
    version: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        """What it says, to tell two apart."""
        cells = (self.level, self.probability, self.impact, self.result, *self.indicators.values())
        return (self.motivation, *(cell.text if cell else "" for cell in cells))

    @property
    def is_scored(self) -> bool:
        """Whether a method with a probability and an impact is meant."""
        cells = (self.probability, self.impact, self.beside)
        return any(cells) or (self.result is not None and self.level is None)


@dataclass(frozen=True, slots=True)
class ParsedProgrammeStep:
    """A step of implementation: `due` is a day, `timing` words that are none."""

    description: str
    timing: str = ""
    due: date | None = None
    responsible: FileCell | None = None
    """Who answers for this step, where not the same person does for all of the measure."""


@dataclass(frozen=True, slots=True)
class ParsedProgressIndicator:
    """An indicator of implementation with one target, by the end of a year where one is said."""

    label: str
    kind: str
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    year: int = 0


@dataclass(frozen=True, slots=True)
class ParsedMeasure:
    """A measure with its programme: what a file says of it beside its name.

    `character` is what its column gives it. `behaviours` are the folded texts of those it treats,
    none where it treats the process.
    """

    text: str
    cell: FileCell
    character: str = ""
    behaviours: tuple[str, ...] = ()
    responsible: FileCell | None = None
    typology: FileCell | None = None
    state: FileCell | None = None
    monitoring: FileCell | None = None
    frequency: FileCell | None = None
    steps: tuple[ParsedProgrammeStep, ...] = ()
    indicators: tuple[ParsedProgressIndicator, ...] = ()
    cells: tuple[FileCell, ...] = ()
    """Those that say its programme."""


@dataclass(slots=True, eq=False)
class ParsedProcess:
    """One process of the file. `texts` and `cells` hold only what the file says, by field.

    A cell is None where a file of ours has emptied it.
    """

    rows: tuple[FileRow, ...]
    title: str
    number: int | None = None
    uid: UUID | None = None
    version: int = 0
    has_ids: bool = False
    texts: dict[str, str] = field(default_factory=dict)
    cells: dict[str, FileCell | None] = field(default_factory=dict)
    phases: list[ParsedStep] = field(default_factory=list)
    behaviours: dict[str, ParsedBehaviour] = field(default_factory=dict)
    measures: list[ParsedMeasure] = field(default_factory=list)
    assessment: ParsedAssessment | None = None
    residual: ParsedAssessment | None = None

    @property
    def row(self) -> FileRow:
        """The first of its rows, which has its own fields."""
        return self.rows[0]

    def line(self, reason: str, name: str = "") -> LedgerLine:
        """Return what is to be said of it, at the cell of a field where it has one."""
        cell = self.row.cells.get(name)
        column, value = (address(0, cell.column), cell.text) if cell else ("", self.title)
        return LedgerLine(self.row.sheet, self.row.row, column, value[:QUOTED], reason)


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """All a file says. `ids`: which row is which, where the file is one of ours.

    `fields` are those it has a column or a label for, whether anything stands there or not.
    """

    rows: tuple[FileRow, ...]
    processes: tuple[ParsedProcess, ...]
    ids: RowIds | None = None
    fields: frozenset[str] = frozenset({"action"})
