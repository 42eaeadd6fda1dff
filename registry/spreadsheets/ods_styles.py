"""The styles of an ODS file, told as they come: which are struck, hidden, or have a colour."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from registry.spreadsheets.symbols import is_symbol_font

_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FORMAT = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_NOTHING = ("none", "")
_OF_MAPS = ("condition", "apply-style-name", "base-cell-address")
_WHITE = "FFFFFF"
_LONGEST_LINE = 20
"""Styles made one after the other: what stands further back says nothing."""


@dataclass(frozen=True, slots=True)
class OdsMap:
    """A style that takes the place of another one where a condition is true.

    `base` is the cell the condition is said of.
    """

    condition: str
    style: str
    base: str


@dataclass(slots=True)
class OdsStyle:
    """What one style says; None where it leaves that to the style it is made after."""

    parent: str = ""
    struck: bool | None = None
    hidden: bool | None = None
    fill: str | None = None
    symbols: str | None = None
    maps: tuple[OdsMap, ...] | None = None


@dataclass(slots=True)
class OdsStyles:
    """The styles of a file by name; those of cells and of words have names of their own."""

    _known: dict[tuple[str, str], OdsStyle] = field(default_factory=dict)
    _current: OdsStyle = field(default_factory=OdsStyle)
    _wholes: dict[tuple[str, str], OdsStyle] = field(default_factory=dict)
    has_marks: bool = False
    """Whether any style strikes, hides, or writes signs for letters: most files have none."""

    def begin(self, element: Element) -> None:
        """Take the beginning of a style."""
        self._current = OdsStyle(parent=element.get(f"{_STYLE}parent-style-name", ""))
        family, name = element.get(f"{_STYLE}family", ""), element.get(f"{_STYLE}name", "")
        self._known[family, name] = self._current
        # conditions name a style as people see it
        seen = element.get(f"{_STYLE}display-name", name)
        self._known.setdefault((family, seen), self._current)

    def take(self, element: Element) -> None:
        """Take what a style says of words and of what is behind them, and what replaces it."""
        if element.tag == f"{_STYLE}map":
            said = (element.get(f"{_STYLE}{name}", "") for name in _OF_MAPS)
            self._current.maps = (*(self._current.maps or ()), OdsMap(*said))
        elif element.tag == f"{_STYLE}text-properties":
            line = element.get(f"{_STYLE}text-line-through-style")
            line = element.get(f"{_STYLE}text-line-through-type") if line is None else line
            if line is not None:
                self._current.struck = line not in _NOTHING
            display = element.get(f"{_TEXT}display")
            if display is not None:
                self._current.hidden = display == "none"
            font = element.get(f"{_STYLE}font-name", "")
            if font:
                self._current.symbols = font if is_symbol_font(font) else ""
            style = self._current
            self.has_marks |= bool(style.struck or style.hidden or style.symbols)
        elif element.tag == f"{_STYLE}table-cell-properties":
            colour = element.get(f"{_FORMAT}background-color")
            if colour is not None:
                found = colour.lstrip("#").upper() if colour.startswith("#") else ""
                self._current.fill = "" if found == _WHITE else found

    def of_cell(self, name: str) -> OdsStyle:
        """Return what a style of cells says, with all it is made after."""
        return self._whole("table-cell", name)

    def of_words(self, name: str) -> OdsStyle:
        """Return what a style of words says."""
        return self._whole("text", name)

    def of_paragraph(self, name: str) -> OdsStyle:
        """Return what a style of paragraphs says."""
        return self._whole("paragraph", name)

    def _whole(self, family: str, name: str) -> OdsStyle:
        if (family, name) not in self._wholes:
            self._wholes[family, name] = self._composed(family, name)
        return self._wholes[family, name]

    def _composed(self, family: str, name: str) -> OdsStyle:
        whole = OdsStyle()
        for _step in range(_LONGEST_LINE):
            style = self._known.get((family, name))
            if style is None:
                break
            for part in ("struck", "hidden", "fill", "symbols", "maps"):
                if getattr(whole, part) is None:
                    setattr(whole, part, getattr(style, part))
            name = style.parent
        return whole
