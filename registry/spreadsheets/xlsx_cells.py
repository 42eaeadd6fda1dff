"""Where the cells of a worksheet's XML stand: looked for only by what somebody asks of them.

The XML has been checked before (`registry.spreadsheets.xlsx`), and is searched, not parsed: of
hundreds of thousands of cells only those asked for become objects.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from openpyxl.utils import column_index_from_string

_AT = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,9})[\"']")
_UNPLACED = re.compile(rb"<(?:\w+:)?c(?=[\s>])(?![^<>]*" + _AT.pattern + rb")")
_ROW_OR_CELL = re.compile(rb"<(?:\w+:)?(row|c)\b([^<>]*)>")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_ROW_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d{1,9})[\"']")
_STYLE = re.compile(rb"\bs\s*=\s*[\"'](\d{1,6})[\"']")
_SHARED = re.compile(rb"\bt\s*=\s*[\"']s[\"']")
_VALUE = re.compile(rb"\s*<(?:\w+:)?v>(\d{1,8})<")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^<>]*)>")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_ENDS = re.compile(rb"\b(min|max)\s*=\s*[\"'](\d{1,6})[\"']")
_MOST_COLUMNS = 20_000
"""Tags that may say something of columns: a sheet has no more."""
_MANY = 200
"""Numbers of style that are looked for by name; of more, every cell with one is looked at."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell found: its place, its number of style, and the number of its shared text or -1."""

    row: int
    column: int
    style: int
    shared: int


def cells_of(data: bytes, styles: Collection[int], shared: Collection[int]) -> Iterator[Cell]:
    """Return the cells with one of some styles, or that show one of some shared texts."""
    if not (styles or shared):
        return
    if _UNPLACED.search(data):
        for cell in _walked(data):
            if cell.style in styles or cell.shared in shared:
                yield cell
        return
    if styles:
        for found in _styled(styles).finditer(data):
            styled = _cell(data, found[1], found.end())
            if styled and styled.style in styles:
                yield styled
    if shared:
        for found in _showing(shared).finditer(data):
            showing = _cell(data, found[1], found.end(1) + 1)
            if showing and showing.shared in shared and showing.style not in styles:
                yield showing


def hidden_rows(data: bytes) -> frozenset[int]:
    """Return the rows a person does not see."""
    if b"hidden" not in data or not _HIDDEN.search(data):
        return frozenset()
    rows, row = set(), 0
    for found in _ROW.finditer(data):
        number = _ROW_NUMBER.search(found[1])
        row = int(number[1]) if number else row + 1
        if _HIDDEN.search(found[1]):
            rows.add(row)
    return frozenset(rows)


def hidden_columns(data: bytes, width: int) -> frozenset[int]:
    """Return the columns a person does not see, up to the last one written."""
    columns: set[int] = set()
    if b"hidden" not in data:
        return frozenset()
    for found in islice(_COLUMN.finditer(data), _MOST_COLUMNS):
        if _HIDDEN.search(found[1]):
            ends = {name: int(digits) for name, digits in _ENDS.findall(found[1])}
            first, last = ends.get(b"min", 0), ends.get(b"max", 0)
            columns.update(range(max(first, 1), min(last, width) + 1))
    return frozenset(columns)


def place_of(reference: str) -> tuple[int, int]:
    """Return row and column of "D2"; (0, 0) for anything else."""
    found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})", reference.strip())
    return (int(found[2]), column_index_from_string(found[1])) if found else (0, 0)


def _styled(styles: Collection[int]) -> re.Pattern[bytes]:
    numbers = rb"\d{1,6}"
    if len(styles) <= _MANY:
        numbers = b"|".join(str(number).encode() for number in sorted(styles))
    return re.compile(rb"<(?:\w+:)?c\b(?=[^<>]*\bs\s*=\s*[\"'](?:" + numbers + rb")[\"'])([^<>]*)>")


def _showing(shared: Collection[int]) -> re.Pattern[bytes]:
    numbers = rb"\d{1,8}"
    if len(shared) <= _MANY:
        numbers = b"|".join(str(number).encode() for number in sorted(shared))
    return re.compile(rb"<(?:\w+:)?c\b([^<>]*)>\s*<(?:\w+:)?v>(?:" + numbers + rb")<")


def _cell(data: bytes, attributes: bytes, end: int) -> Cell | None:
    place = _AT.search(attributes)
    if not place:
        return None
    row, column = int(place[2]), column_index_from_string(place[1].decode())
    return _at(data, row, column, attributes, end)


def _at(data: bytes, row: int, column: int, attributes: bytes, end: int) -> Cell:
    style = _STYLE.search(attributes)
    value = _VALUE.match(data, end) if _SHARED.search(attributes) else None
    return Cell(row, column, int(style[1]) if style else 0, int(value[1]) if value else -1)


def _walked(data: bytes) -> Iterator[Cell]:
    """Return every cell, counting where one leaves its place out: it follows the one before."""
    row = column = 0
    for found in _ROW_OR_CELL.finditer(data):
        name, attributes = found.groups()
        if name == b"row":
            number = _ROW_NUMBER.search(attributes)
            row, column = (int(number[1]) if number else row + 1), 0
            continue
        place = _AT.search(attributes)
        column = column_index_from_string(place[1].decode()) if place else column + 1
        row = int(place[2]) if place else row
        yield _at(data, row, column, attributes, found.end())
