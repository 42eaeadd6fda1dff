"""Automatic numbers and bullets of a Word document, as the page shows them before a paragraph."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from registry.spreadsheets.docx_styles import DocxStyles
from registry.spreadsheets.docx_xml import attribute, child, number, switch, tag
from registry.spreadsheets.parts import Parts
from registry.spreadsheets.symbols import is_symbol_font, symbol

BULLET = "•"
_LEVEL = re.compile(r"%([1-9])")
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"))
_MOST = 10_000
"""Beyond, a number is not written in letters: it is no number of a list."""
_BOXES = "☐☒✓✗■"


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a paragraph without being typed. `text` is None where nobody can know."""

    text: str | None
    is_bullet: bool = False


@dataclass(slots=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = ""
    font: str = ""
    is_legal: bool = False
    restarts: int = -1


@dataclass(slots=True)
class _WordList:
    """A list of a document: its levels, and the number each has reached."""

    levels: dict[int, _Level] = field(default_factory=dict)
    reached: dict[int, int] = field(default_factory=dict)


class DocxNumbering:
    """The lists of a document, counted as its paragraphs go by."""

    def __init__(self, parts: Parts, name: str, styles: DocxStyles) -> None:
        self._styles = styles
        self._lists: dict[int, _WordList] = {}
        self._of_number: dict[int, int] = {}
        self._starts: dict[int, dict[int, int]] = {}
        self._own_levels: dict[int, dict[int, _Level]] = {}
        self._style_levels: dict[tuple[int, str], int] = {}
        if name in parts.names:
            for element in parts.tree(name):
                if tag(element) == "abstractNum":
                    self._take_list(element)
                elif tag(element) == "num":
                    self._take_number(element)

    def label(self, paragraph: Element) -> Label | None:
        """Return what stands before a paragraph, counting it; None before one of no list."""
        properties = child(paragraph, "pPr")
        listed = child(properties, "numPr")
        style = attribute(child(properties, "pStyle"), "val")
        of_style, level = self._styles.numbering(style)
        key = number(child(listed, "numId"), of_style)
        if not key:
            return None
        level = self._style_levels.get((self._of_number.get(key, -1), style), level)
        return self._counted(key, number(child(listed, "ilvl"), level, 8))

    def _counted(self, key: int, level: int) -> Label:
        listed = self._lists.get(self._of_number.get(key, -1))
        levels = {**listed.levels, **self._own_levels.get(key, {})} if listed else {}
        if listed is None or level not in levels:
            return Label(None)
        if level in self._starts.get(key, {}):
            # the first paragraph of this list begins anew; what follows goes on
            listed.reached[level] = self._starts[key].pop(level) - 1
        own = levels[level]
        listed.reached[level] = listed.reached.get(level, own.start - 1) + 1
        for deeper in [one for one in listed.reached if one > level]:
            if levels[deeper].restarts != 0:
                del listed.reached[deeper]
        if own.kind == "bullet":
            return Label(_bullet(own), is_bullet=True)
        if own.kind == "none":
            return Label("")
        return Label(_text(own, levels, listed.reached))

    def _take_list(self, element: Element) -> None:
        listed = _WordList()
        key = int(attribute(element, "abstractNumId") or -1)
        for inside in element:
            if tag(inside) == "lvl":
                place = int(attribute(inside, "ilvl") or 0)
                listed.levels[place] = _level(inside)
                if style := attribute(child(inside, "pStyle"), "val"):
                    self._style_levels[key, style] = place
        self._lists[key] = listed

    def _take_number(self, element: Element) -> None:
        key = int(attribute(element, "numId") or -1)
        self._of_number[key] = number(child(element, "abstractNumId"), -1)
        for inside in element:
            if tag(inside) != "lvlOverride":
                continue
            place = int(attribute(inside, "ilvl") or 0)
            start, own = child(inside, "startOverride"), child(inside, "lvl")
            if start is not None:
                self._starts.setdefault(key, {})[place] = number(start, 1)
            if own is not None:
                self._own_levels.setdefault(key, {})[place] = _level(own)


def _level(element: Element) -> _Level:
    fonts = child(child(element, "rPr"), "rFonts")
    return _Level(
        start=number(child(element, "start"), 0 if child(element, "start") is None else 1),
        kind=attribute(child(element, "numFmt"), "val") or "decimal",
        text=attribute(child(element, "lvlText"), "val"),
        font=attribute(fonts, "ascii"),
        is_legal=bool(switch(element, "isLgl")),
        restarts=number(child(element, "lvlRestart"), -1),
    )


def _bullet(level: _Level) -> str:
    """Return a box or a tick where that is what the list draws, else one bullet for all."""
    signs = [symbol(level.font, ord(sign)) for sign in level.text if is_symbol_font(level.font)]
    drawn = "".join(signs) or level.text
    return drawn if drawn and drawn in _BOXES else BULLET


def _text(own: _Level, levels: dict[int, _Level], reached: dict[int, int]) -> str | None:
    """Return the text of a number such as "1.2)", None where a way of counting is not known."""
    told: list[str] = []
    at = 0
    for found in _LEVEL.finditer(own.text):
        place = int(found[1]) - 1
        level = levels.get(place, own)
        kind = "decimal" if own.is_legal else level.kind
        counted = _counted(reached.get(place, level.start), kind)
        if counted is None:
            return None
        told += [own.text[at : found.start()], counted]
        at = found.end()
    return "".join([*told, own.text[at:]]).strip()


def _counted(count: int, kind: str) -> str | None:
    if not 0 <= count < _MOST:
        return str(count) if kind == "decimal" else None
    match kind:
        case "decimal":
            return str(count)
        case "decimalZero":
            return f"{count:02d}"
        case "ordinal":
            return f"{count}°"
        case "lowerLetter" | "upperLetter":
            # a … z, aa, bb: a letter again for each time round
            text = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if count else ""
        case "lowerRoman" | "upperRoman":
            text = _roman(count)
        case "none":
            return ""
        case _:
            return None
    return text.upper() if kind.startswith("upper") else text


def _roman(count: int) -> str:
    told = "m" * (count // 1000)
    count %= 1000
    told += "cm" * (count >= 900) + ("" if count >= 900 else "d" * (count >= 500))
    count -= 900 * (count >= 900) or 500 * (count >= 500)
    told += "cd" * (count >= 400)
    count -= 400 * (count >= 400)
    for size, letters in _ROMAN:
        told += letters * (count // size)
        count %= size
    return told + "i" * count
