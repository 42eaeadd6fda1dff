"""Filters of a worksheet: which of the hidden rows they hide, the others being hidden by hand."""

import fnmatch
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from registry.spreadsheets.workbook import WorkbookSheet
from registry.spreadsheets.workbook import shown as plain
from registry.spreadsheets.xlsx_cells import place_of

_FILTER = re.compile(
    rb"<(?:\w+:)?autoFilter\b([^<>]*)(?<!/)>(.*?)</(?:\w+:)?autoFilter>", re.DOTALL
)
_COLUMN = re.compile(
    rb"<(?:\w+:)?filterColumn\b([^<>]*)(?<!/)>(.*?)</(?:\w+:)?filterColumn>", re.DOTALL
)
_TAG = re.compile(rb"<(?:\w+:)?(\w+)\b([^<>]*)>")
_ATTRIBUTE = re.compile(rb"\b(\w+)\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)')")
_UNSEEN = ("dynamicFilter", "top10", "colorFilter", "iconFilter", "dateGroupItem")
"""Filters by what the file alone does not say: whatever they hide is theirs."""

_MOST_FILTERS, _MOST_CRITERIA = 20, 50
"""Of one sheet, its tables included, and of one filter."""


@dataclass(frozen=True, slots=True)
class _Criterion:
    """What one column has to hold: one of some texts, or comparisons, of which all or any."""

    column: int
    texts: frozenset[str]
    comparisons: tuple[tuple[str, str], ...]
    takes_blank: bool = False
    all_hold: bool = False
    is_unseen: bool = False


@dataclass(frozen=True, slots=True)
class _Filter:
    top: int
    bottom: int
    criteria: tuple[_Criterion, ...]


def filtered_rows(
    sheet: WorkbookSheet, hidden: frozenset[int], parts: list[bytes]
) -> frozenset[int]:
    """Return which hidden rows a filter hides. `parts` are the worksheet and its tables, as XML.

    A filter that lets a row through has not hidden it: somebody has, by hand.
    """
    filters = list(islice((one for data in parts for one in _filters(data)), _MOST_FILTERS))
    return frozenset(row for row in hidden if any(_hides(one, sheet, row) for one in filters))


def _filters(data: bytes) -> Iterator[_Filter]:
    end = max(data.rfind(b"/autoFilter>"), data.rfind(b":autoFilter>")) + len("/autoFilter>")
    for found in _FILTER.finditer(data, 0, max(end, 0)):
        first, _colon, last = _attributes(found[1]).get("ref", "").partition(":")
        (top, left), (bottom, _right) = place_of(first), place_of(last or first)
        stop = max(found[2].rfind(b"/filterColumn>"), found[2].rfind(b":filterColumn>")) + 14
        criteria = tuple(
            _criterion(left, _attributes(column[1]), column[2])
            for column in islice(_COLUMN.finditer(found[2], 0, max(stop, 0)), _MOST_CRITERIA)
        )
        if top and criteria:
            yield _Filter(top, bottom, criteria)


def _criterion(left: int, attributes: dict[str, str], inside: bytes) -> _Criterion:
    texts: set[str] = set()
    comparisons: list[tuple[str, str]] = []
    takes_blank = all_hold = is_unseen = False
    for tag in _TAG.finditer(inside):
        name, said = tag[1].decode(), _attributes(tag[2])
        if name == "filter":
            texts.add(_folded(said.get("val", "")))
        elif name == "filters":
            takes_blank = said.get("blank") in ("1", "true")
        elif name == "customFilters":
            all_hold = said.get("and") in ("1", "true")
        elif name == "customFilter":
            comparisons.append((said.get("operator", "equal"), said.get("val", "")))
        elif name in _UNSEEN:
            is_unseen = True
    column = attributes.get("colId", "0")
    return _Criterion(
        left + (int(column) if column.isdigit() else 0),
        frozenset(texts),
        tuple(comparisons),
        takes_blank=takes_blank,
        all_hold=all_hold,
        is_unseen=is_unseen,
    )


def _hides(one: _Filter, sheet: WorkbookSheet, row: int) -> bool:
    is_inside = one.top < row <= max(one.bottom, one.top)
    return is_inside and any(
        criterion.is_unseen or not _lets_through(criterion, sheet, row)
        for criterion in one.criteria
    )


def _lets_through(criterion: _Criterion, sheet: WorkbookSheet, row: int) -> bool:
    value = sheet.value(row, criterion.column)
    if value is None:
        is_blank_asked = criterion.takes_blank or any(
            (operator, text.strip()) == ("equal", "") for operator, text in criterion.comparisons
        )
        return is_blank_asked or any(one[0] == "notEqual" for one in criterion.comparisons)
    ways = {_folded(one) for one in (sheet.text(row, criterion.column), plain(value), str(value))}
    if criterion.comparisons:
        held = [_compares(operator, text, value, ways) for operator, text in criterion.comparisons]
        return all(held) if criterion.all_hold else any(held)
    return bool(ways & criterion.texts)


def _compares(operator: str, text: str, value: object, ways: set[str]) -> bool:
    limit = _number(text)
    if limit is not None and isinstance(value, int | float):
        return {
            "equal": value == limit,
            "notEqual": value != limit,
            "lessThan": value < limit,
            "lessThanOrEqual": value <= limit,
            "greaterThan": value > limit,
            "greaterThanOrEqual": value >= limit,
        }.get(operator, True)
    is_like = any(fnmatch.fnmatchcase(one, _folded(text)) for one in ways)
    return {"equal": is_like, "notEqual": not is_like}.get(operator, True)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _attributes(written: bytes) -> dict[str, str]:
    decoded: Callable[[bytes], str] = lambda part: html.unescape(part.decode("utf-8", "replace"))  # noqa: E731
    return {
        name.decode(): decoded(double or single)
        for name, double, single in _ATTRIBUTE.findall(written)
    }
