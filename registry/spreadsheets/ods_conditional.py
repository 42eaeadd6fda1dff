"""The rules of the conditional formats of an ODS file: LibreOffice’s own, and those of styles."""

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from openpyxl.utils import get_column_letter

from registry.spreadsheets import limits
from registry.spreadsheets.conditional import ConditionalRule, ConditionalStyle
from registry.spreadsheets.ods_styles import OdsMap, OdsStyles

_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
CONDITIONAL_FORMAT = f"{_CALCEXT}conditional-format"
_SHEET = re.compile(r"(?:'(?:[^']|'')*'|[^\s:.'\[]+)\.(?=\$?[A-Z])")
"""The name of the sheet before the cells of a range."""
_OF_STYLES = re.compile(r"\s*(?:cell-content\(\)(.*)|is-true-formula\((.*)\)|.*)\s*", re.DOTALL)
_OF_FORMULA = re.compile(r"\[\.([$A-Z0-9]+)\]")
_EQUAL = {"=": "equal", "!=": "notEqual"}
_TEXTS = {
    "contains-text": "containsText",
    "not-contains-text": "notContainsText",
    "begins-with": "beginsWith",
    "ends-with": "endsWith",
}
_SAID = re.compile(r"\s*(?:([a-z-]+)\((.*)\)|(!?=)(.*)|(duplicate))\s*", re.DOTALL)


def rules_of(element: Element, styles: OdsStyles) -> Iterator[ConditionalRule]:
    """Yield the rules of one conditional format that strike or colour cells."""
    where = _SHEET.sub("", element.get(f"{_CALCEXT}target-range-address", ""))
    for condition in element.iter(f"{_CALCEXT}condition"):
        name = condition.get(f"{_CALCEXT}apply-style-name", "")
        look = styles.of_cell(name)
        style = ConditionalStyle(bool(look.struck), bool(look.fill))
        if style.is_marked:
            yield _rule(condition.get(f"{_CALCEXT}value", ""), where, style)


class MappedCells:
    """The cells of a sheet whose style another one replaces by a condition, as ODF itself says it.

    Other programs than LibreOffice write their rules so alone.
    """

    def __init__(self) -> None:
        self._runs: dict[tuple[OdsMap, ...], list[list[int]]] = {}

    def add(
        self, maps: tuple[OdsMap, ...], row: int, repeats: int, columns: tuple[int, int]
    ) -> None:
        """Add the cells of some columns in some rows, from left to right and from top to bottom."""
        runs = self._runs.setdefault(maps, [])
        first, last = columns[0], min(columns[1], limits.COLUMNS)
        bottom = min(row + repeats - 1, limits.ROWS)
        if first > last or row > bottom:
            return
        if runs and runs[-1][0] == row and runs[-1][3] == first - 1:
            runs[-1][3] = last
            return
        _join(runs)
        runs.append([row, first, bottom, last])

    def rules(self, styles: OdsStyles) -> Iterator[ConditionalRule]:
        """Yield the rules that strike or colour cells."""
        for maps, runs in self._runs.items():
            _join(runs)
            where = " ".join(
                f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
                for top, left, bottom, right in runs
            )
            for one in maps:
                look = styles.of_cell(one.style)
                style = ConditionalStyle(bool(look.struck), bool(look.fill))
                if style.is_marked and (said := _OF_STYLES.fullmatch(one.condition)):
                    base = _SHEET.sub("", one.base)
                    plain = f"formula-is({said[2]})" if said[2] else said[1] or ""
                    rule = _rule(plain, where, style)
                    yield replace(rule, base=base)


def _join(runs: list[list[int]]) -> None:
    """Join the last two rectangles where one is right below the other."""
    if len(runs) > 1:
        above, below = runs[-2:]
        if above[2] == below[0] - 1 and above[1::2] == below[1::2]:
            above[2] = below[2]
            runs.pop()


def _rule(said: str, where: str, style: ConditionalStyle) -> ConditionalRule:
    match = _SAID.fullmatch(said)
    if match is None:
        return ConditionalRule("other", where, style)
    function, inside, sign, value, duplicate = match.groups()
    if duplicate:
        return ConditionalRule("duplicateValues", where, style)
    if sign:
        return ConditionalRule("cellIs", where, style, operator=_EQUAL[sign], formula=value)
    if function == "formula-is":
        return ConditionalRule("expression", where, style, formula=_OF_FORMULA.sub(r"\1", inside))
    text = inside.strip().removeprefix('"').removesuffix('"').replace('""', '"')
    return ConditionalRule(_TEXTS.get(function, "other"), where, style, text=text)
