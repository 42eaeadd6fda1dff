"""The charts of an ODS file, which are files of their own in it: their words are in no cell."""

import posixpath
from collections.abc import Iterator

from registry.spreadsheets.ods_texts import plain_text
from registry.spreadsheets.parts import Parts
from registry.spreadsheets.workbook import AsideText, UnreadableFile, Where

_CHART = "{urn:oasis:names:tc:opendocument:xmlns:chart:1.0}"
_WORDS = tuple(f"{_CHART}{name}" for name in ("title", "subtitle", "footer"))
"""Titles of the chart and of its axes: all else it says is in cells."""


def texts_of_chart(parts: Parts, place: str) -> Iterator[AsideText]:
    """Yield what people have written in the chart at a place of a file."""
    name = posixpath.normpath(posixpath.join(place, "content.xml"))
    if name not in parts.names:
        return
    try:
        root = parts.tree(name)
    except UnreadableFile:
        # what is not read stops nothing
        return
    texts = (plain_text(one).strip() for one in root.iter() if one.tag in _WORDS)
    yield from (AsideText(Where.DRAWN, text) for text in texts if text)
