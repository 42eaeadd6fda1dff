"""The rules of the conditional formats of an XLSX file."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml import ElementTree as SafeTree

from registry.spreadsheets.conditional import ConditionalRule, ConditionalStyle

_BLOCK = re.compile(
    rb"<((?:\w+:)?)conditionalFormatting\b[^<>]*(?<!/)>.*?</\1conditionalFormatting>", re.DOTALL
)
_OF_OTHERS = re.compile(rb"\s(?!xmlns:)\w+:\w+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*')")
"""Attributes of spaces that are declared elsewhere in the sheet."""


def rules_of(data: bytes, styles: list[ConditionalStyle]) -> Iterator[ConditionalRule]:
    """Yield the rules of a sheet that strike or colour cells."""
    if b"conditionalFormatting" not in data or not any(one.is_marked for one in styles):
        return
    last = max(data.rfind(b"/conditionalFormatting"), data.rfind(b":conditionalFormatting"))
    for match in _BLOCK.finditer(data, 0, last + len(b"/conditionalFormatting>")):
        prefix = match[1].rstrip(b":")
        space = b" xmlns:" + prefix + b'="x"' if prefix else b""
        block = _OF_OTHERS.sub(b"", match[0])
        block = block.replace(b"conditionalFormatting", b"conditionalFormatting" + space, 1)
        try:
            root = SafeTree.fromstring(block, forbid_dtd=True)
        except SafeTree.ParseError:
            continue
        where = " ".join(root.get("sqref", "").split())
        for element in root:
            number = element.get("dxfId", "")
            is_known = number.isascii() and number.isdigit() and len(number) < 6
            if is_known and int(number) < len(styles) and styles[int(number)].is_marked:
                yield _rule(element, styles[int(number)], where)


def _rule(element: Element, style: ConditionalStyle, where: str) -> ConditionalRule:
    formulas = [one.text or "" for one in element if one.tag.rpartition("}")[2] == "formula"]
    return ConditionalRule(
        element.get("type", ""),
        where,
        style,
        operator=element.get("operator", ""),
        text=element.get("text", ""),
        formula=(formulas or [""])[0],
    )
