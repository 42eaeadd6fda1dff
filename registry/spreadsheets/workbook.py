"""What a file of tables is, whatever its format: sheets of values with their places.

Rows and columns are counted from 1, as people see them.
"""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from registry.spreadsheets.looks import NO_LOOK, CellLook

Value = (
    str
    | int
    | float
    | bool
    | datetime.date
    | datetime.datetime
    | datetime.time
    | datetime.timedelta
    | None
)
"""What stands in a cell. An empty text is None; a date is never turned into a number or back."""

PLACE_WIDTH = 120
"""Characters of a value shown beside its place."""


class UnreadableFile(ValueError):
    """The file is not what it says, or larger than any list of a register.

    The message is Italian and says what to do; `sheet`, `row`, `column` and `value` are given where
    one place is to blame (0 and "" otherwise).
    """

    def __init__(
        self, message: str, *, sheet: str = "", row: int = 0, column: int = 0, value: str = ""
    ) -> None:
        super().__init__(message)
        self.sheet = sheet
        self.row = row
        self.column = column
        self.value = value


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know of a file; with `stops` the file cannot be taken as it is.

    `kind` is a stable English word (listed where it is made), `reason` an Italian sentence.
    `row` and `column` are 0 where a whole sheet or file is meant.
    """

    kind: str
    reason: str
    sheet: str = ""
    row: int = 0
    column: int = 0
    value: str = ""
    stops: bool = False

    @property
    def place(self) -> str:
        """The address as spreadsheets write it: "C12", "12", or nothing."""
        return address(self.row, self.column)


class Merge(NamedTuple):
    """A rectangle of cells joined into one, all four sides inside; its value stands top left.

    A tuple, as there are tens of thousands of them.
    """

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{address(self.top, self.left)}:{address(self.bottom, self.right)}"


class Where(StrEnum):
    """Where a text stands that is in no cell and above no table."""

    AFTER = "after"
    PAGE_HEAD = "page-head"
    NOTE = "note"
    BOX = "box"
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True)
class AsideText:
    """A text of a file outside its cells, which nobody reads: in a box, a chart, over the pages."""

    where: Where
    text: str


@dataclass(slots=True)
class WorkbookSheet:
    """One table: a worksheet, the table of a document, or a whole CSV file.

    `rows[0]` is row 1; rows may be of different lengths. `before` are the paragraphs that stand
    over the table of a document, which has no cells for them; `aside` are texts that stand over
    none, those of a whole document with its last table.

    What cells show besides their values stands beside them, and only where there is something:
    `looks` by row and column, and in `shown` the text a person sees where it is not the plain text
    of the value ("36:00", "30 giorni", "007"). `hidden_rows` are hidden by hand, `filtered_rows` by
    a filter; a hidden column may be in `hidden_columns` beyond the last written one.
    """

    name: str
    rows: list[list[Value]]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    before: tuple[str, ...] = ()
    aside: tuple[AsideText, ...] = ()
    looks: dict[tuple[int, int], CellLook] = field(default_factory=dict)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    filtered_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    file: str = ""
    """The file of an archive it is from; its name then begins with it."""

    @property
    def own_name(self) -> str:
        """The name of the sheet in its own file."""
        return self.name.removeprefix(f"{self.file} › ") if self.file else self.name

    def look(self, row: int, column: int) -> CellLook:
        """Return how the cell at a place looks; one nobody marked as nothing."""
        return self.looks.get((row, column), NO_LOOK)

    def text(self, row: int, column: int) -> str:
        """Return what a person sees at a place: what a field for texts gets."""
        seen = self.shown.get((row, column))
        return shown(self.value(row, column)) if seen is None else seen

    def value(self, row: int, column: int) -> Value:
        """Return the value at a place, None outside the table."""
        if not 0 < row <= len(self.rows):
            return None
        cells = self.rows[row - 1]
        return cells[column - 1] if 0 < column <= len(cells) else None

    @property
    def width(self) -> int:
        """How many columns the longest row has."""
        return max(map(len, self.rows), default=0)


@dataclass(slots=True)
class Workbook:
    """A file read: `format` is "xlsx", "ods", "docx", "csv", or "zip" for an archive of them.

    It is told by the content, never by the name.
    """

    filename: str
    format: str
    sheets: list[WorkbookSheet]
    findings: list[Finding] = field(default_factory=list)

    @property
    def problems(self) -> list[Finding]:
        """The findings for which the file cannot be taken."""
        return [finding for finding in self.findings if finding.stops]


def address(row: int, column: int) -> str:
    """Return a place as spreadsheets write it; a 0 leaves its part out."""
    return f"{get_column_letter(column) if column else ''}{row or ''}"


def shown(value: Value) -> str:
    """Return a value as an Italian reads it: 31/01/2027, 2,5, vero; an empty cell is ""."""
    match value:
        case None:
            return ""
        case bool():
            return "vero" if value else "falso"
        case float():
            return f"{value:.10g}".replace(".", ",")
        case datetime.datetime():
            return f"{value:%d/%m/%Y %H:%M}"
        case datetime.date():
            return f"{value:%d/%m/%Y}"
        case datetime.time():
            return f"{value:%H:%M}"
        case _:
            return str(value)
