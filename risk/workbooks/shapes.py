"""What is found in a file: which column is which of our fields, and rows in one neutral shape.

The names of fields (`FIELDS` in `risk.workbooks.fields`) are those of the models where there is
one, so that the import has nothing to translate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from registry.spreadsheets.workbook import Finding, Value, Workbook, WorkbookSheet, address, shown
from risk.workbooks.rowids import RowIds

Origin = Literal["own", "merged", "repeated", "context"]
"""Where a value comes from: its own cell; the merged cell that covers it; the cell above, which
stands for the blank ones below; or what a title, a band or the sheet's name says of all rows."""


@dataclass(frozen=True, slots=True)
class FileCell:
    """One value of a row. `row` and `column` are where it is written, also when merged from there.

    `value` is mended (words broken by narrow columns joined); `raw` is what the file has. `parts`
    are the entries of a field that takes several (behaviours, measures), empty for other fields.
    """

    value: Value
    raw: Value
    sheet: str
    row: int
    column: int
    origin: Origin = "own"
    parts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The value as an Italian reads it, on one line."""
        return " ".join(shown(self.value).split())

    @property
    def place(self) -> str:
        """The address, such as "C12"; empty for a sheet's name."""
        return address(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reading that a person has to confirm.

    "phase-above": the phase is written on the first row of a process and by sense may close the
    process before (`belongs_to`, its title as in the file); answered by `moved_up` of `read_rows`.
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
    doubts: tuple[Doubt, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.sheet}!{self.row}"

    def value(self, name: str) -> Value:
        """Return the value of a field, None when the row has none."""
        return self.cells[name].value if name in self.cells else None

    def text(self, name: str) -> str:
        """Return the value of a field on one line, "" when the row has none."""
        return self.cells[name].text if name in self.cells else ""

    def parts(self, name: str) -> tuple[str, ...]:
        """Return the entries of a field that takes several."""
        return self.cells[name].parts if name in self.cells else ()


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column of a table, or one label of a sheet, beside our field.

    `field` is "" when nothing of ours fits: the person chooses, or leaves it out knowingly.
    `confidence` is 1.0 for a head known by name or chosen, less for one that is only like it.
    """

    column: int
    head: str
    field: str
    confidence: float
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileTable:
    """One table found in a sheet. `header_rows` are the one or two rows of its heads.

    `context` holds what titles or the sheet's name say of all rows, by field.
    """

    sheet: WorkbookSheet
    layout: str
    header_rows: tuple[int, ...]
    first_row: int
    columns: tuple[FileColumn, ...]
    context: Mapping[str, FileCell] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    last_row: int = 0
    """The last row of the table, 0 for the end of its sheet."""
    exact: bool = False
    """Whether the file is one of ours with its ids: then a cell says what it says, no less."""

    @property
    def mapping(self) -> dict[int, str]:
        """Our field by column, the columns without one left out."""
        return {column.column: column.field for column in self.columns if column.field}

    @property
    def unknown(self) -> tuple[FileColumn, ...]:
        """The columns that stand for nothing of ours."""
        return tuple(column for column in self.columns if not column.field)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file and what its tables are. `left_out` are the sheets without a register, with why."""

    workbook: Workbook
    layout: str
    tables: tuple[FileTable, ...]
    findings: tuple[Finding, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    mended: Mapping[str, str] = field(default_factory=dict)
    """Texts with words broken by narrow columns, and the same with the words joined."""
    ids: RowIds | None = None
    """What stands for which row, in a file of ours."""

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The findings that stop the file: those of cells that are read, or of the whole file.

        An error in a column left out, or outside the tables, harms nobody.
        """
        return tuple(
            finding
            for finding in self.findings
            if finding.stops and (not finding.column or self._reads(finding))
        )

    def _reads(self, finding: Finding) -> bool:
        return any(
            table.sheet.name == finding.sheet
            and finding.column in table.mapping
            and table.first_row <= finding.row <= (table.last_row or finding.row)
            for table in self.tables
        )

    @property
    def header_row(self) -> int:
        """The first row of heads of the first table, 0 without any."""
        return self.tables[0].header_rows[0] if self.tables and self.tables[0].header_rows else 0
