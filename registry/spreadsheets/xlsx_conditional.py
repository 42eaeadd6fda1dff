"""The rules of the conditional formats of an XLSX file."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml import ElementTree as SafeTree

from registry.spreadsheets.conditional import ConditionalRule, ConditionalStyle
from registry.spreadsheets.xlsx_styles import ConditionalStyles

_BLOCK = re.compile(
    rb"<((?:\w+:)?)conditionalFormatting\b[^<>]*(?<!/)>.*?</\1conditionalFormatting>", re.DOTALL
)
_OF_OTHERS = re.compile(rb"\s(?!xmlns:)\w+:\w+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*')")
"""Attributes of spaces that are declared elsewhere in the sheet."""
_SPACE = re.compile(rb"</?(\w+):")
_DECLARED = re.compile(rb"\bxmlns:(\w+)")


def rules_of(data: bytes, styles: ConditionalStyles) -> Iterator[ConditionalRule]:
    """Yield the rules of a sheet that strike or colour cells, those of later programs too.

    What refers to another sheet stands in an extension, and has its style and its range inside.
    """
    if b"conditionalFormatting" not in data or not (styles.has_marks or b"dxf>" in data):
        return
    last = max(data.rfind(b"/conditionalFormatting"), data.rfind(b":conditionalFormatting"))
    for match in _BLOCK.finditer(data, 0, last + len(b"/conditionalFormatting>")):
        block = _OF_OTHERS.sub(b"", match[0])
        unknown = {*_SPACE.findall(block)} - {*_DECLARED.findall(block)}
        spaces = b"".join(b' xmlns:%b="x"' % prefix for prefix in sorted(unknown))
        block = block.replace(b"conditionalFormatting", b"conditionalFormatting" + spaces, 1)
        try:
            root = SafeTree.fromstring(block, forbid_dtd=True)
        except SafeTree.ParseError:
            continue
        inside = (one.text or "" for one in root if _tag(one) == "sqref")
        where = " ".join((root.get("sqref") or next(inside, "")).split())
        for element in root:
            style = styles.of_rule(element)
            if style.is_marked:
                yield _rule(element, style, where)


def _rule(element: Element, style: ConditionalStyle, where: str) -> ConditionalRule:
    formulas = [one.text or "" for one in element if _tag(one) in ("formula", "f")]
    return ConditionalRule(
        element.get("type", ""),
        where,
        style,
        operator=element.get("operator", ""),
        text=element.get("text", ""),
        formula=(formulas or [""])[0],
    )


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]
