"""Text boxes and shapes that lie over a worksheet: their words are in no cell."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from registry.spreadsheets.packages import relations_of
from registry.spreadsheets.parts import Parts
from registry.spreadsheets.workbook import AsideText, Where

_DRAWING = "drawing"
_LEFT_OUT = "Fallback"
"""A second copy for old programs."""


def texts_over(parts: Parts, path: str) -> tuple[AsideText, ...]:
    """Return the texts of the boxes over the worksheet of a part."""
    names = [one.target for one in relations_of(parts, path) if one.kind == _DRAWING]
    bodies = (
        body for name in names if name in parts.names for body in _named(parts.tree(name), "txBody")
    )
    texts = ("\n".join(map(_words, _named(body, "p"))).strip() for body in bodies)
    return tuple(AsideText(Where.BOX, text) for text in texts if text)


def _words(paragraph: Element) -> str:
    return "".join(one.text or "" for one in _named(paragraph, "t"))


def _named(element: Element, name: str) -> Iterator[Element]:
    for inside in element:
        kind = inside.tag.rpartition("}")[2]
        if kind == name:
            yield inside
        elif kind != _LEFT_OUT:
            yield from _named(inside, name)
