"""The rules of the conditional formats of an ODS file, as LibreOffice writes them."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from registry.spreadsheets.conditional import ConditionalRule, ConditionalStyle
from registry.spreadsheets.ods_styles import OdsStyles

_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
CONDITIONAL_FORMAT = f"{_CALCEXT}conditional-format"
_SHEET = re.compile(r"(?:'(?:[^']|'')*'|[^\s:.'\[]+)\.(?=\$?[A-Z])")
"""The name of the sheet before the cells of a range."""
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
