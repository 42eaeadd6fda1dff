"""The styles of a Word document: which strike or hide words, and which number their paragraphs."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from registry.spreadsheets.docx_xml import attribute, child, number, switch, tag
from registry.spreadsheets.parts import Parts


@dataclass(frozen=True, slots=True)
class Marks:
    """What a run or a style says of words; None where it leaves that to what is around it."""

    struck: bool | None = None
    hidden: bool | None = None
    font: str = ""

    def over(self, around: "Marks") -> "Marks":
        """Return what holds for words inside something that has marks of its own."""
        return Marks(
            around.struck if self.struck is None else self.struck,
            around.hidden if self.hidden is None else self.hidden,
            self.font or around.font,
        )


PLAIN = Marks()
_LONGEST_LINE = 20
"""Styles based one on the other: Word itself takes no more than eleven."""


@dataclass(frozen=True, slots=True)
class _Style:
    parent: str
    marks: Marks
    list_number: int
    list_level: int


class DocxStyles:
    """The styles of a document by their ids."""

    def __init__(self, parts: Parts, name: str) -> None:
        self._known: dict[str, _Style] = {}
        if name not in parts.names:
            return
        for element in parts.tree(name):
            if tag(element) == "style":
                self._known[attribute(element, "styleId")] = _style(element)

    def marks(self, name: str) -> Marks:
        """Return what a style says of words, with all it is based on."""
        whole = PLAIN
        for style in self._line(name):
            whole = whole.over(style.marks)
        return whole

    def numbering(self, name: str) -> tuple[int, int]:
        """Return the list a style of paragraphs belongs to, 0 for none, and its level."""
        listed = next((one for one in self._line(name) if one.list_number >= 0), None)
        return (listed.list_number, listed.list_level) if listed else (0, 0)

    def _line(self, name: str) -> list[_Style]:
        """Return a style, the one it is based on, and so on."""
        line: list[_Style] = []
        while name in self._known and len(line) < _LONGEST_LINE:
            line.append(self._known[name])
            name = line[-1].parent
        return line


def _style(element: Element) -> _Style:
    listed = child(child(element, "pPr"), "numPr")
    return _Style(
        parent=attribute(child(element, "basedOn"), "val"),
        marks=marks_of(child(element, "rPr")),
        list_number=number(child(listed, "numId"), -1),
        list_level=number(child(listed, "ilvl"), 0),
    )


def marks_of(properties: Element | None) -> Marks:
    """Return what the properties of a run say by themselves."""
    if properties is None:
        return PLAIN
    struck, twice = switch(properties, "strike"), switch(properties, "dstrike")
    fonts = child(properties, "rFonts")
    return Marks(
        struck=struck or twice if struck is not None else twice,
        hidden=switch(properties, "vanish"),
        font=attribute(fonts, "ascii") or attribute(fonts, "hAnsi"),
    )
