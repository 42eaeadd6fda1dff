"""One value of a file, with the place where it is written: what every stage hands on."""

from dataclasses import dataclass
from typing import Literal

from registry.spreadsheets.workbook import Value, address, shown

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
