"""Boxes, charts and diagrams of an Office file: their words are in no cell, and nobody reads them.

A drawing lies over a worksheet or in a document; charts and diagrams are parts of their own.
"""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from registry.spreadsheets.packages import Relation, relations_of
from registry.spreadsheets.parts import Parts
from registry.spreadsheets.workbook import AsideText, UnreadableFile, Where

_BOXES = "drawing"
_KINDS = {
    _BOXES: Where.BOX,
    "chart": Where.DRAWN,
    "chartEx": Where.DRAWN,
    "chartUserShapes": Where.DRAWN,
    "diagramData": Where.DRAWN,
}
"""Relations to parts that have words, and where these are said to stand."""
_BODIES = ("txBody", "rich")
_POINT = ("pt", "t")
"""The text of a point of a diagram, whose pieces are called like it."""
_NAMES = (("tx", "v"), ("txData", "v"))
"""A name somebody has typed, and no copy of a cell."""
_LEFT_OUT = "Fallback"
"""A second copy for old programs."""


def drawn_texts(parts: Parts, relations: Iterable[Relation]) -> Iterator[AsideText]:
    """Yield the texts of what some relations draw, and of what these hold in their turn."""
    waiting, met = list(relations), set[str]()
    while waiting:
        relation = waiting.pop(0)
        name, where = relation.target, _KINDS.get(relation.kind)
        if where is None or name in met or name not in parts.names:
            continue
        met.add(name)
        try:
            root = parts.tree(name)
        except UnreadableFile:
            if relation.kind == _BOXES:
                raise
            # what is not read stops nothing
            continue
        texts = (text.strip() for text in _texts(root))
        yield from (AsideText(where, text) for text in texts if text)
        waiting += relations_of(parts, name)


def _texts(element: Element) -> Iterator[str]:
    around = _tag(element)
    for inside in element:
        kind = _tag(inside)
        if kind in _BODIES or (around, kind) == _POINT:
            yield "\n".join(map(_words, _named(inside, "p")))
        elif (around, kind) in _NAMES:
            yield inside.text or ""
        elif kind != _LEFT_OUT:
            yield from _texts(inside)


def _words(paragraph: Element) -> str:
    return "".join(one.text or "" for one in _named(paragraph, "t"))


def _named(element: Element, name: str) -> Iterator[Element]:
    for inside in element:
        kind = _tag(inside)
        if kind == name:
            yield inside
        elif kind != _LEFT_OUT:
            yield from _named(inside, name)


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]
