"""The styles of an XLSX file: which numbers of style are struck, filled, formatted, or symbols."""

import colorsys
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.styles.numbers import BUILTIN_FORMATS

from registry.spreadsheets.conditional import ConditionalStyle
from registry.spreadsheets.parts import Parts
from registry.spreadsheets.symbols import is_symbol_font

_STYLES, _THEMES = "xl/styles.xml", "xl/theme/"
WHITE = "FFFFFF"
_GENERAL = frozenset({"general", "standard", "@", ""})
# What an Italian program shows for the codes that only have a number (ECMA-376, 18.8.30).
_ITALIAN = {14: "dd/mm/yyyy", 22: "dd/mm/yyyy hh:mm"}
# The order of a theme's colours is not that of their numbers: light and dark are exchanged.
_THEME_ORDER = (1, 0, 3, 2, 4, 5, 6, 7, 8, 9, 10, 11)
_OFF = ("0", "false")


@dataclass(frozen=True, slots=True)
class CellStyle:
    """What one number of style says. `code` is its format of numbers, "" for the general one.

    `symbols` is its font, where that has signs in place of letters.
    """

    struck: bool = False
    fill: str = ""
    code: str = ""
    symbols: str = ""

    @property
    def is_marked(self) -> bool:
        """Whether a cell with it shows more than its value."""
        return bool(self.struck or self.fill or self.symbols)


def read_styles(parts: Parts) -> list[CellStyle]:
    """Return the styles of cells, each at its number; none without a part of styles."""
    if _STYLES not in parts.names:
        return []
    root = parts.tree(_STYLES)
    palette = _Palette(parts, root)
    fonts = [_font(font) for font in _listed(root, "fonts")]
    fills = [_fill(fill, palette) for fill in _listed(root, "fills")]
    codes = {
        _number(one.get("numFmtId")): one.get("formatCode", "") for one in _listed(root, "numFmts")
    }
    return [_style(one, fonts, fills, codes) for one in _listed(root, "cellXfs")]


class ConditionalStyles:
    """What the rules of conditional formats do, each at its number, or written beside its rule."""

    def __init__(self, parts: Parts) -> None:
        root = parts.tree(_STYLES) if _STYLES in parts.names else Element("styleSheet")
        self._palette = _Palette(parts, root)
        self._numbered = [_conditional(one, self._palette) for one in _listed(root, "dxfs")]
        self.has_marks = any(one.is_marked for one in self._numbered)

    def of_rule(self, rule: Element) -> ConditionalStyle:
        """Return what a rule does to its cells."""
        own = _child(rule, "dxf")
        if own is not None:
            return _conditional(own, self._palette)
        number = rule.get("dxfId", "")
        is_known = number.isascii() and number.isdigit() and len(number) < 6
        is_known = is_known and int(number) < len(self._numbered)
        return self._numbered[int(number)] if is_known else ConditionalStyle()


def _conditional(element: Element, palette: "_Palette") -> ConditionalStyle:
    font, fill = _child(element, "font"), _child(element, "fill")
    pattern = None if fill is None else _child(fill, "patternFill")
    colour = None if pattern is None else _child(pattern, "bgColor")
    return ConditionalStyle(
        struck=font is not None and is_on(_child(font, "strike")),
        filled=palette.colour(colour) not in ("", WHITE),
    )


def is_on(element: Element | None) -> bool:
    """Return whether a mark such as `<strike/>` is there and not switched off."""
    return element is not None and element.get("val", "1").lower() not in _OFF


def _style(
    element: Element,
    fonts: list[tuple[bool, str]],
    fills: list[str],
    codes: dict[int, str],
) -> CellStyle:
    font, fill = _number(element.get("fontId")), _number(element.get("fillId"))
    struck, symbols = fonts[font] if font < len(fonts) else (False, "")
    return CellStyle(
        struck=struck,
        fill=fills[fill] if fill < len(fills) else "",
        code=_code(_number(element.get("numFmtId")), codes),
        symbols=symbols,
    )


def _code(number: int, codes: dict[int, str]) -> str:
    code = codes.get(number)
    if code is None:
        code = _ITALIAN.get(number) or BUILTIN_FORMATS.get(number, "").replace("$", "€")
    return "" if code.strip().lower() in _GENERAL else code


def _font(element: Element) -> tuple[bool, str]:
    found = _child(element, "name")
    name = found.get("val", "") if found is not None else ""
    return is_on(_child(element, "strike")), name if is_symbol_font(name) else ""


def _fill(element: Element, palette: "_Palette") -> str:
    pattern = _child(element, "patternFill")
    if pattern is None or pattern.get("patternType") != "solid":
        return ""
    colour = palette.colour(_child(pattern, "fgColor"))
    return "" if colour == WHITE else colour


class _Palette:
    """The colours a file has names for: those of its theme, and the numbered ones of old."""

    def __init__(self, parts: Parts, styles: Element) -> None:
        own = [
            one.get("rgb", "")[-6:]
            for colours in _listed(styles, "colors")
            if _tag(colours) == "indexedColors"
            for one in colours
        ]
        self._indexed = own or [one[-6:] for one in COLOR_INDEX]
        self._theme = _theme(parts)

    def colour(self, element: Element | None) -> str:
        """Return a colour as "RRGGBB", "" where the file leaves it to the program."""
        if element is None:
            return ""
        if rgb := element.get("rgb"):
            found = rgb[-6:].upper()
        elif theme := element.get("theme"):
            found = _at(self._theme, _number(theme))
        else:
            found = _at(self._indexed, _number(element.get("indexed", "64")))
        return _tinted(found, element.get("tint", "0")) if _is_colour(found) else ""


def _theme(parts: Parts) -> list[str]:
    name = next((name for name in sorted(parts.names) if name.startswith(_THEMES)), "")
    if not name.endswith(".xml"):
        return []
    scheme = next((one for one in parts.tree(name).iter() if _tag(one) == "clrScheme"), None)
    listed = [
        (inside.get("lastClr") or inside.get("val") or "").upper()
        for colour in (scheme if scheme is not None else ())
        for inside in list(colour)[:1]
    ]
    return [_at(listed, place) for place in _THEME_ORDER]


def _tinted(colour: str, tint: str) -> str:
    """Return a colour made lighter or darker (ECMA-376, 18.8.19)."""
    try:
        share = max(-1.0, min(float(tint), 1.0))
    except ValueError:
        return colour
    if not share:
        return colour.upper()
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + share) if share < 0 else light * (1 - share) + share
    return "".join(
        f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, light, saturation)
    )


def _is_colour(text: str) -> bool:
    return len(text) == 6 and all(sign in "0123456789ABCDEFabcdef" for sign in text)


def _at(listed: list[str], place: int) -> str:
    return listed[place] if 0 <= place < len(listed) else ""


def _listed(root: Element, name: str) -> list[Element]:
    return [child for found in root if _tag(found) == name for child in found]


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if _tag(child) == name), None)


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
