"""How high a text is in a cell: the lines it breaks into, as the programs that print it break it.

A merged cell does not grow by itself, so what a program would find out must be known before.
"""

import unicodedata
from functools import lru_cache
from math import ceil

LINE_HEIGHT = 12.5
"""Points of one line of the body."""
_FONT_SIZE = 10
_PADDING = 3
"""Points a program leaves free beside a text."""

# Advance widths of Calibri, in thousandths of the size of the font; Carlito, which LibreOffice has
# in its place, shares them. A program that has neither takes wider letters and wider columns.
_WIDTHS = {
    226: " '",
    246: "ijl,.I·’‘",
    272: ":;`",
    307: "()f-[]{}",
    330: "tJ!°",
    352: "r",
    393: "s/\\z",
    422: 'cL“”"',
    455: "xvykFS|?",
    475: "gaZ",
    498: "TYE#*+<=>^_e~•–§",
    512: "0123456789$€«»",
    522: "bdhnpquoPXK",
    543: "CRB",
    575: "AV",
    628: "DHG",
    652: "UNO",
    690: "Q&…",
    715: "w%",
    799: "m",
    900: "MW@—",
}
_WIDTH_OF = {char: width for width, chars in _WIDTHS.items() for char in chars}
_WIDEST = 1000
_BOLD = 1.05


def height_of(text: str, width: float, *, is_bold: bool = False) -> float:
    """Return the points a text needs in a column (or merged ones) of `width` characters."""
    # a width counts digits of 11 points, to which 5 points of a screen are added
    room = (7 * width + 5) * 0.75 - _PADDING
    if is_bold:
        room /= _BOLD
    return LINE_HEIGHT * sum(_lines_of(line, room) for line in text.split("\n"))


def _lines_of(text: str, room: float) -> int:
    """Return how many lines a text without breaks takes; a word longer than a line is cut."""
    lines, used = 1, 0.0
    blank = _width_of(" ")
    for word in text.split(" "):
        needed = _width_of(word)
        if used and used + blank + needed > room:
            lines, used = lines + 1, 0.0
        used += (blank if used else 0) + needed
        if used > room:
            over = ceil(used / room) - 1
            lines, used = lines + over, used - over * room
    return lines


@lru_cache(maxsize=20_000)
def _width_of(word: str) -> float:
    """Return the points a word is wide; an accent adds nothing to its letter."""
    plain = unicodedata.normalize("NFD", word)
    widths = (_WIDTH_OF.get(char, _WIDEST) for char in plain if not unicodedata.combining(char))
    return sum(widths) * _FONT_SIZE / 1000
