"""What is found in a file: its tables, and which column of them is which of our fields.

The names of fields (`FIELDS` in `risk.workbooks.fields`) are those of the models where there is
one, so that the import has nothing to translate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.spreadsheets.workbook import Finding, Workbook, WorkbookSheet, address
from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.descriptions import Said
from risk.services.imports.recognise.legends import Legend
from risk.workbooks.rowids import RowIds


@dataclass(frozen=True, slots=True)
class FormLabel:
    """A label of a sheet: where it stands, and its value, beside or below it."""

    row: int
    column: int
    cell: FileCell


@dataclass(frozen=True, slots=True)
class SaidPlace:
    """What stands around a table and may say a role of all rows under it, or of the whole table.

    `value` is what a person is asked about, the same in files like it; `cells` are where it stands.
    `field` is what it most likely says, certain (a person has said so once) from `SURE` on.
    """

    where: Said
    value: str
    cells: tuple[FileCell, ...]
    field: str = ""
    confidence: float = 0.0


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
    is_open: bool = False
    """Whether a person has yet to say if it is that field: until then it is not read."""
    entry: str = ""
    """The entry of a list a cross in this column stands for, "" where its cells say it."""
    label: FormLabel | None = None
    """Where the label is and what it says, None for a column of a table."""

    @property
    def key(self) -> str:
        """What a person’s word on it refers to: the number of the column, the cell of a label."""
        return self.label.cell.place if self.label else str(self.column)

    @property
    def position(self) -> int:
        """Its place among columns, or among labels."""
        return self.label.row if self.label else self.column


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
    top: int = 1
    """The first row of what stands over the heads: below another table, that under its rows."""
    span: tuple[int, int] | None = None
    """The first and the last column, where another table stands beside."""
    unread: tuple[tuple[int, str], ...] = ()
    """What stands over the heads and says nothing of the rows, each with its row (0: none)."""
    exact: bool = False
    """Whether the file is one of ours with its ids: then a cell says what it says, no less."""
    turned: int = 0
    """The column of the labels, where the table stands on its side and this is one process."""
    said: tuple[SaidPlace, ...] = ()
    """What stands around it and may say more than is read of it."""
    bands: frozenset[str] = frozenset()
    """The roles its bands say by their own words, where no column is the process."""
    band_role: str = ""
    """What the texts say that stand alone on `band_rows`, where nothing in them says it."""
    band_rows: frozenset[int] = frozenset()
    is_left_out: bool = False
    """Whether a person has said that it is none of the register."""

    @property
    def key(self) -> str:
        """What tells a table from all others: its sheet, with its place where it is not alone."""
        name = self.sheet.name
        if self.span:
            left, right = (address(0, column) for column in self.span)
            name = f"{name} ({left}–{right})"
        return f"{name} (riga {self.header_rows[0]})" if self.top > 1 else name

    @property
    def mapping(self) -> dict[int, str]:
        """Our field by column, the columns without one left out."""
        return {
            one.column: one.field
            for one in self.columns
            if one.field and not (one.is_open or one.label)
        }

    @property
    def labels(self) -> tuple[FileColumn, ...]:
        """The labels of a sheet of one process."""
        return tuple(column for column in self.columns if column.label)

    @property
    def heads(self) -> tuple[FileColumn, ...]:
        """The columns of its rows."""
        return tuple(column for column in self.columns if not column.label)

    @property
    def entries(self) -> dict[int, str]:
        """The entry of a list that is meant by a cross, by column."""
        return {column.column: column.entry for column in self.columns if column.entry}

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
    rejoined: Mapping[str, str] = field(default_factory=dict)
    """Texts with words broken by narrow columns, and the same with the words joined."""
    ids: RowIds | None = None
    """What stands for which row, in a file of ours."""
    legends: tuple[Legend, ...] = ()
    aside: tuple[FileTable, ...] = ()
    """Tables a person has left out, and those that are none of a register."""

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
