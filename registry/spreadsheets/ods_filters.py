"""Filters of an ODS sheet: Calc calls a row filtered that somebody has hidden by hand in it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from registry.spreadsheets.workbook import WorkbookSheet
from registry.spreadsheets.workbook import shown as plain
from registry.spreadsheets.xlsx_cells import place_of

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
RANGE = f"{_TABLE}database-range"
_ADDRESS = re.compile(r"(?:(?:\$?'((?:[^']|'')*)'|\$?([^.:]*))\.)?\$?([A-Z]+)\$?(\d+)")
_MOST_RANGES, _MOST_CONDITIONS = 20, 50


@dataclass(frozen=True, slots=True)
class RangeFilter:
    """The filter of a range: its rows, its first column, and what its conditions are."""

    sheet: str
    top: int
    bottom: int
    left: int
    conditions: Element


def filter_of(element: Element) -> RangeFilter | None:
    """Return the filter of a range of the data base, None where it has none or no address."""
    conditions = element.find(f"{_TABLE}filter")
    ends = _ADDRESS.findall(element.get(f"{_TABLE}target-range-address", ""))
    if conditions is None or not ends or len(list(conditions.iter())) > _MOST_CONDITIONS:
        return None
    quoted, bare, column, row = ends[0]
    top, left = place_of(f"{column}{row}")
    return RangeFilter(quoted.replace("''", "'") or bare, top, int(ends[-1][3]), left, conditions)


def hidden_by_hand(sheet: WorkbookSheet, filters: Sequence[RangeFilter]) -> frozenset[int]:
    """Return the rows called filtered that the filters of a sheet let through."""
    own = [one for one in filters if one.sheet == sheet.name][:_MOST_RANGES]
    return frozenset(
        row
        for row in sheet.filtered_rows
        if (around := [one for one in own if one.top < row <= one.bottom])
        and all(_holds(one.conditions, one, sheet, row) for one in around)
    )


def _holds(element: Element, one: RangeFilter, sheet: WorkbookSheet, row: int) -> bool:
    """Return whether a row is shown by a condition, or by those inside, of which all or any."""
    if element.tag == f"{_TABLE}filter-condition":
        return _is_met(element, one, sheet, row)
    held = [_holds(inside, one, sheet, row) for inside in element]
    return any(held) if element.tag == f"{_TABLE}filter-or" else all(held)


def _is_met(element: Element, one: RangeFilter, sheet: WorkbookSheet, row: int) -> bool:
    """Return whether a cell is as a condition asks; of what is not known it is taken not to be."""
    number = element.get(f"{_TABLE}field-number", "0")
    column = one.left + (int(number) if number.isdigit() else 0)
    value = sheet.value(row, column)
    ways = {_folded(way) for way in (sheet.text(row, column), plain(value), str(value or ""))}
    items = element.findall(f"{_TABLE}filter-set-item")
    asked = {_folded(item.get(f"{_TABLE}value", "")) for item in items or [element]}
    operator = element.get(f"{_TABLE}operator", "")
    is_negated, operator = operator.startswith("!"), operator.removeprefix("!")
    if operator == "empty" or asked == {""}:
        return (value is None) != is_negated
    if operator in ("=", "match"):
        return bool(ways & asked) != is_negated
    if operator in _LIKE:
        return any(_LIKE[operator](way, text) for way in ways for text in asked) != is_negated
    return isinstance(value, int | float) and _is_beyond(value, operator, next(iter(asked)))


_LIKE: dict[str, Callable[[str, str], bool]] = {
    "contains": str.__contains__,
    "begins": str.startswith,
    "ends": str.endswith,
}


def _is_beyond(value: float, operator: str, text: str) -> bool:
    try:
        limit = float(text)
    except ValueError:
        return False
    return {
        "<": value < limit,
        "<=": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
    }.get(operator, False)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
