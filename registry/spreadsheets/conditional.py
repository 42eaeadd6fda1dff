"""Conditional formats: what they strike is struck, where their rule is a plain one.

A rule that compares a cell with a word is followed; of any other that strikes cells, or colours
them by a formula, it is said that it was not. Rules have the words of XLSX; other formats put
theirs into these.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string

from registry.normalise import fold, short
from registry.spreadsheets.looks import NO_LOOK
from registry.spreadsheets.workbook import Finding, Value, WorkbookSheet, shown

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_COMPARED = re.compile(
    r'\s*(\$?)([A-Z]{1,3})(\$?)(\d{1,7})\s*(=|<>)\s*(?:"((?:[^"]|"")*)"|(-?\d+(?:\.\d+)?))\s*'
)
_CONSTANT = re.compile(r'\s*(?:"((?:[^"]|"")*)"|(-?\d+(?:\.\d+)?))\s*')
_FOLLOWED = 100
"""Rules of a sheet that are followed; of more it is said that they were not."""
_PLACES_CHARS = 300

_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "containsText": lambda said, text: text in said,
    "notContainsText": lambda said, text: text not in said,
    "beginsWith": str.startswith,
    "endsWith": str.endswith,
}
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ConditionalStyle:
    """What a rule does to the cells it is true of, as far as that may mean something."""

    struck: bool = False
    filled: bool = False

    @property
    def is_marked(self) -> bool:
        """Whether a cell with it shows more than its value."""
        return self.struck or self.filled


@dataclass(frozen=True, slots=True)
class ConditionalRule:
    """One rule of a sheet. `where` are its ranges ("A2:C4 E1"), as people write them.

    `base` is the cell its formula is said of, the first of them where it says none.
    """

    kind: str
    where: str
    style: ConditionalStyle
    operator: str = ""
    text: str = ""
    formula: str = ""
    base: str = ""

    @property
    def ranges(self) -> list[tuple[int, int, int, int]]:
        """Top, left, bottom and right of each of its ranges."""
        return list(map(_sides, _RANGE.finditer(self.where)))


def follow_conditional(sheet: WorkbookSheet, rules: Iterable[ConditionalRule]) -> list[Finding]:
    """Strike the cells of a sheet that its rules strike; say which rules were not followed."""
    unread: dict[str, None] = {}
    for number, rule in enumerate(rules):
        is_true = _test_of(rule, sheet) if number < _FOLLOWED else None
        if is_true is None:
            # a colour that follows from its own cell says nothing more
            if rule.style.struck or rule.kind == "expression":
                unread[rule.where] = None
        elif rule.style.struck:
            for place in filter(is_true, _written(rule, sheet)):
                look = sheet.looks.get(place, NO_LOOK)
                sheet.looks[place] = replace(look, is_struck=True, struck=())
    if not unread:
        return []
    reason = _(
        "Barrature o colori che dipendono da una formula (%(places)s): non si leggono, contano i "
        "valori delle celle."
    ) % {"places": short(", ".join(unread), _PLACES_CHARS)}
    return [Finding("conditional-format", reason, sheet.name)]


def _sides(match: re.Match[str]) -> tuple[int, int, int, int]:
    """Return top, left, bottom and right of a range."""
    left, top = column_index_from_string(match[1]), int(match[2])
    right = column_index_from_string(match[3]) if match[3] else left
    return top, left, int(match[4]) if match[4] else top, right


def _written(rule: ConditionalRule, sheet: WorkbookSheet) -> Iterator[Place]:
    """Yield the cells of a rule that hold something."""
    for top, left, bottom, right in rule.ranges:
        for row in range(top, min(bottom, len(sheet.rows)) + 1):
            for column, value in enumerate(sheet.rows[row - 1][left - 1 : right], left):
                if value is not None:
                    yield row, column


def _test_of(rule: ConditionalRule, sheet: WorkbookSheet) -> Callable[[Place], bool] | None:
    """Return what tells of a place whether a rule is true there, None for one nobody follows."""
    if not rule.ranges:
        return None
    if (compare := _TEXTS.get(rule.kind)) and rule.text:
        text = fold(rule.text)
        return lambda place: compare(_said(sheet.value(*place)), text)
    if rule.kind == "duplicateValues":
        counts = Counter(_said(sheet.value(*place)) for place in _written(rule, sheet))
        return lambda place: counts[_said(sheet.value(*place))] > 1
    is_compared = rule.kind == "cellIs" and rule.operator in ("equal", "notEqual")
    if is_compared and (constant := _CONSTANT.fullmatch(rule.formula)):
        wanted = _wanted(constant[1], constant[2])
        is_equal = rule.operator == "equal"
        return lambda place: (_said(sheet.value(*place)) == wanted) == is_equal
    if rule.kind == "expression" and (said := _COMPARED.fullmatch(rule.formula)):
        return _comparison(said, rule, sheet)
    return None


def _comparison(
    said: re.Match[str], rule: ConditionalRule, sheet: WorkbookSheet
) -> Callable[[Place], bool]:
    """Return the test of `$H2="archiviato"`, which is said of the first cell of the rule."""
    base = _RANGE.fullmatch(rule.base)
    top, left = _sides(base)[:2] if base else rule.ranges[0][:2]
    down = 0 if said[3] else int(said[4]) - top
    across = column_index_from_string(said[2]) - (0 if said[1] else left)
    wanted, is_equal = _wanted(said[6], said[7]), said[5] == "="

    def is_true(place: Place) -> bool:
        row = int(said[4]) if said[3] else place[0] + down
        column = across if said[1] else place[1] + across
        return (_said(sheet.value(row, column)) == wanted) == is_equal

    return is_true


def _wanted(text: str | None, number: str | None) -> str:
    return _said(float(number) if number else (text or "").replace('""', '"'))


def _said(value: Value) -> str:
    """Return a value as it is compared: capitals do not count, 2 and 2.0 are one."""
    return fold(shown(float(value) if isinstance(value, int) else value))
