"""The grid of a Word table: two borders moved apart by a hair are one, as people see them.

Who drags the border of one cell makes a column a millimetre wide, that heads and rows then take to
different sides: what stands under a head would be read beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from registry.spreadsheets.docx_xml import attribute, child, tag

HAIR = 120
"""Twentieths of a point: two millimetres. No column somebody writes in is as narrow."""
_FRAMES = ("sdt", "sdtContent", "customXml", "ins", "moveTo")


@dataclass(frozen=True, slots=True)
class WordGrid:
    """How many columns lie before each border of the file's own grid, the hairs left out."""

    before: tuple[int, ...] = ()

    def column(self, border: int) -> int:
        """Return how many columns lie before a border."""
        if border < len(self.before):
            return self.before[border]
        known = len(self.before) - 1
        return self.before[known] + border - known if self.before else border


def grid_of(table: Element, rows: Iterable[Element]) -> WordGrid:
    """Return the grid of a table; as the file has it where a hair would hold something written."""
    columns = child(table, "tblGrid")
    widths = [attribute(one, "w") for one in columns] if columns is not None else []
    sizes = [int(width) if width.isdigit() else 0 for width in widths]
    hairs = {place for place, size in enumerate(sizes) if 0 < size <= HAIR}
    if not hairs or len(hairs) == len(sizes) or any(_fills_hair(row, hairs) for row in rows):
        return WordGrid()
    before = [0]
    for place in range(len(sizes)):
        before.append(before[-1] + (place not in hairs))
    return WordGrid(tuple(before))


def _fills_hair(row: Element, hairs: set[int]) -> bool:
    """Return whether a row has a cell with a text that takes nothing but hairs."""
    at = _number(child(child(row, "trPr"), "gridBefore"), 0)
    for cell in _cells(row):
        span = max(_number(child(child(cell, "tcPr"), "gridSpan"), 1), 1)
        is_hair = all(place in hairs for place in range(at, at + min(span, len(hairs) + 1)))
        if is_hair and any(tag(one) == "t" and (one.text or "").strip() for one in cell.iter()):
            return True
        at += span
    return False


def _cells(row: Element) -> Iterable[Element]:
    for inside in row:
        if tag(inside) == "tc":
            yield inside
        elif tag(inside) in _FRAMES:
            yield from _cells(inside)


def _number(element: Element | None, default: int) -> int:
    text = attribute(element, "val")
    return min(int(text), 1_000) if text.isdigit() else default
