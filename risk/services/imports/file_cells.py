"""One value of a file, with the place where it is written: what every stage hands on."""

from typing import Literal, NamedTuple

from registry.spreadsheets.workbook import Value, address, shown

Origin = Literal["own", "merged", "repeated", "context"]
"""Where a value comes from: its own cell; the merged cell that covers it; the cell above, which
stands for the blank ones below; or what a title, a band or the sheet's name says of all rows."""


class FileCell(NamedTuple):
    """One value of a row. `row` and `column` are where it is written, also when merged from there.

    A tuple, as there are hundreds of thousands of them.

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
        value = self.value
        return on_one_line(value if isinstance(value, str) else shown(value))

    @property
    def place(self) -> str:
        """The address, such as "C12"; empty for a sheet's name."""
        return address(self.row, self.column)


def on_one_line(text: str) -> str:
    """Return a text without its breaks and repeated blanks."""
    # of what is printable the blank is the only one
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(text.split())
