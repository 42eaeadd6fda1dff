"""What is written on pages that are drawn already: their number, and ways back, in the foot.

The number is outside what is read aloud. The signs come from a PDF in which they were drawn, with
its font (docs/decisions/0072).
"""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array

from risk.paper.ways_back import WaysBack

SIZE = 7.5
"""Points; that of the foot of an annex."""
COLOUR = "0.09 0.196 0.302"
"""That of what is strong in its running heads."""
LINK_COLOUR = "0 0.4 0.8"
GAP = 9
"""Points between what stands in the foot."""
_MM = 72 / 25.4
FONT = "/Timbro"
_SIGNS = re.compile(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]{4})>")


class Stamper:
    """Writes on the pages of one document, in the font of a PDF in which all signs are drawn."""

    def __init__(self, book: pikepdf.Pdf, drawn: pikepdf.Pdf) -> None:
        (font,) = drawn.pages[0].Resources.Font.values()
        self.book = book
        self.font = book.copy_foreign(font)
        self.codes = {
            bytes.fromhex(sign.decode()).decode("utf-16-be"): code.decode()
            for code, sign in _SIGNS.findall(font.ToUnicode.read_bytes())
        }
        self.widths = dict(_widths(font.DescendantFonts[0].W))
        self.before = book.make_stream(b"q\n")
        self.done: set[tuple[int, int]] = set()
        self.ways = WaysBack(book)

    def stamp(self, page: pikepdf.Page, text: str) -> None:
        """Write a text at the right of the foot, below the number a page has of its own.

        Before it stand the ways back from the page, which are links.
        """
        if page.obj.Resources.objgen not in self.done or not page.obj.Resources.is_indirect:
            page.obj.Resources.Font[FONT] = self.font
            self.done.add(page.obj.Resources.objgen)
        left, bottom, right, top = (float(edge) for edge in page.mediabox)
        is_upright = top - bottom > right - left
        y = bottom + (8.4 if is_upright else 7.4) * _MM
        x, drawn = self._drawn(text, right - (16 if is_upright else 14) * _MM, y, COLOUR)
        # what is drawn leaves its own coordinates behind
        content = ["Q\n", _marked("/Artifact <</Type /Pagination>>", drawn)]
        written = []
        for way in reversed(self.ways.of(page)):
            end = x - GAP
            x, drawn = self._drawn(way.text, end, y, LINK_COLOUR)
            written.append((way, drawn, (x - 1, y - 4, end + 1, y + SIZE + 1)))
        for way, drawn, edges in reversed(written):
            number = self.ways.link(page, way, edges)
            content.append(_marked(f"/Link <</MCID {number}>>", drawn))
        found = page.obj.Contents
        before = list(found) if isinstance(found, Array) else [found]
        behind = self.book.make_stream("".join(content).encode())
        page.obj.Contents = Array([self.before, *before, behind])

    def _drawn(self, text: str, right: float, bottom: float, colour: str) -> tuple[float, str]:
        """Return where a text begins that ends at `right`, and what draws it."""
        codes = [self.codes[sign] for sign in text]
        left = right - sum(self.widths[int(code, 16)] for code in codes) / 1000 * SIZE
        told = f"BT {FONT} {SIZE} Tf {left:.2f} {bottom:.2f} Td <{''.join(codes)}> Tj ET"
        return left, f"q {colour} rg {told} Q"


def _marked(what: str, drawn: str) -> str:
    return f"{what} BDC\n{drawn}\nEMC\n"


def _widths(told: Any) -> Iterator[tuple[int, float]]:
    """Yield code and width of the signs of a font (ISO 32000-1, 9.7.4.3)."""
    pairs = iter(told)
    for first, widths in zip(pairs, pairs, strict=True):
        for place, width in enumerate(widths):
            yield int(first) + place, float(width)
