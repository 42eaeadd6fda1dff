"""A list as it leaves the register, before it is in any format."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from functools import partial
from typing import Any

from registry.spreadsheets.workbook import Value, shown

FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would take for a formula."""
NARROWEST, WIDEST = 10, 60
"""Limits of a column's width, in characters."""


@dataclass(frozen=True, slots=True)
class Table:
    """A list: its title, the heads of its columns, no two alike, and rows as wide as the heads.

    The rows are read once, one after the other, so that a long list need never be held whole.
    `size` counts them beforehand; None where nobody asks how many there are.
    """

    title: str
    heads: tuple[str, ...]
    rows: Iterable[Sequence[Value]]
    size: Callable[[], int] | None = None


@dataclass(frozen=True, slots=True)
class Streamed:
    """Objects that are read one after the other, and how many there are."""

    rows: Iterable[Any]
    size: Callable[[], int]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)


def table_of(title: str, columns: Mapping[str, Callable[[Any], Value]], rows: Iterable) -> Table:
    """Return the table of some objects; each column is its head and how to read its value."""
    size = partial(len, rows) if isinstance(rows, Sized) else getattr(rows, "size", None)
    return Table(str(title), tuple(columns), _cells(tuple(columns.values()), rows), size)


def _cells(readers: Sequence[Callable[[Any], Value]], rows: Iterable) -> Iterator[list[Value]]:
    for row in rows:
        yield [reader(row) for reader in readers]


def width_of(value: Value) -> int:
    """Return how many characters wide a column must be to show a value, within the limits."""
    longest = max(map(len, shown(value).split("\n"))) + 2
    return max(NARROWEST, min(longest, WIDEST))


def one_line_break(text: str) -> str:
    """Return a text whose line breaks are all written alike: formats differ in keeping others."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
