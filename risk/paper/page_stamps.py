"""What is written on pages that are drawn already: their number, and ways back, in the foot.

The number is outside what is read aloud. The signs come from a PDF in which they were drawn, with
its font (docs/decisions/0072).
"""

import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf
from pikepdf import Array

from risk.paper.ways_back import WaysBack

SIZE = 7.5
"""Points; that of the foot of an annex."""
STRONG = "0.09 0.196 0.302"
"""The colour of what is strong in its running heads."""
QUIET = "0.270588 0.356863 0.443137"
"""That of the foot itself."""
LINK_COLOUR = "0 0.4 0.8"
MARK_COLOUR = "0.9 0.92 0.94"
"""That of what stands across a draft: what is printed over it stays as dark as it was."""
GAP = 9
"""Points between what stands in the foot."""
_MM = 72 / 25.4
_OF_DIAGONAL = 0.7
"""How much of the diagonal of a page the mark takes."""
_OF_PAGES = "/Artifact <</Type /Pagination>>"
_SHOWN = re.compile(r"<([0-9a-f]{4})>(-?[\d.]*)")
"""A sign as it is shown, and by how much the next stands nearer (ISO 32000-1, 9.4.3)."""
_SIGNS = re.compile(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]{4})>")


class _Signs:
    """What is written on pages of one document, in the font of a PDF in which it was drawn.

    `font_name` is what that font is called: pages that were stamped may be stamped again.
    """

    font_name = ""

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
        self.nearer = _nearer(drawn.pages[0])
        self.done: set[tuple[int, int]] = set()

    def write(self, page: pikepdf.Page, content: str) -> None:
        """Put what is written behind what is drawn on a page, which leaves its coordinates."""
        resources = page.obj.Resources
        if resources.objgen not in self.done or not resources.is_indirect:
            resources.Font[self.font_name] = self.font
            self.done.add(resources.objgen)
        found = page.obj.Contents
        before = list(found) if isinstance(found, Array) else [found]
        behind = self.book.make_stream(f"Q\n{content}".encode())
        page.obj.Contents = Array([self.before, *before, behind])

    def drawn(self, text: str, right: float, bottom: float, colour: str) -> tuple[float, str]:
        """Return where a text begins that ends at `right`, and what draws it."""
        codes = [self.codes[sign] for sign in text]
        nearer = [*(self.nearer.get(pair, 0) for pair in pairwise(codes)), 0]
        width = sum(self.widths[int(code, 16)] for code in codes) - sum(nearer)
        left = right - width / 1000 * SIZE
        shown = "".join(f"<{code}>{by:g}" for code, by in zip(codes, nearer, strict=True))
        told = f"BT {self.font_name} {SIZE} Tf {left:.2f} {bottom:.2f} Td [{shown}] TJ ET"
        return left, f"q {colour} rg {told} Q"


class NumberStamper(_Signs):
    """Writes the number of a page where its blank is (`risk.paper.tags.NUMBER_AT`)."""

    font_name = "/Numero"

    def stamp(self, page: pikepdf.Page, text: str, place: tuple[float, float]) -> None:
        """Write a text that ends at a place."""
        _left, drawn = self.drawn(text, *place, QUIET)
        self.write(page, _marked(_OF_PAGES, drawn))


class Stamper(_Signs):
    """Writes at the foot of pages, below what they have there."""

    font_name = "/Timbro"

    def __init__(self, book: pikepdf.Pdf, drawn: pikepdf.Pdf, *, mark: str = "") -> None:
        super().__init__(book, drawn)
        self.ways = WaysBack(book)
        self.mark = mark
        self.darkening = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, BM=pikepdf.Name.Multiply)

    def stamp(self, page: pikepdf.Page, text: str) -> None:
        """Write a text at the right of the foot, below the number a page has of its own.

        Before it stand the ways back from the page, which are links.
        """
        left, bottom, right, top = (float(edge) for edge in page.mediabox)
        is_upright = top - bottom > right - left
        y = bottom + (8.4 if is_upright else 7.4) * _MM
        x, drawn = self.drawn(text, right - (16 if is_upright else 14) * _MM, y, STRONG)
        content = [_marked(_OF_PAGES, drawn)]
        if self.mark:
            content.append(self._across(page, right - left, top - bottom))
        written = []
        for way in reversed(self.ways.of(page)):
            end = x - GAP
            x, drawn = self.drawn(way.text, end, y, LINK_COLOUR)
            written.append((way, drawn, (x - 1, y - 4, end + 1, y + SIZE + 1)))
        for way, drawn, edges in reversed(written):
            number = self.ways.link(page, way, edges)
            content.append(_marked(f"/Link <</MCID {number}>>", drawn))
        self.write(page, "".join(content))

    def _across(self, page: pikepdf.Page, width: float, height: float) -> str:
        """Return what draws the mark across a page of a size.

        Pages are painted white, so it is over what stands there, and only darkens what is lighter.
        """
        resources = page.obj.Resources
        if "/ExtGState" not in resources:
            resources.ExtGState = pikepdf.Dictionary()
        resources.ExtGState[self.font_name] = self.darkening
        angle = math.atan2(height, width)
        cos, sin = math.cos(angle), math.sin(angle)
        long = self.drawn(self.mark, 0, 0, MARK_COLOUR)
        scale = _OF_DIAGONAL * math.hypot(width, height) / -long[0]
        half = -long[0] / 2
        turned = f"{scale * cos:.4f} {scale * sin:.4f} {-scale * sin:.4f} {scale * cos:.4f}"
        middle = (
            f"q {self.font_name} gs 1 0 0 1 {width / 2:.2f} {height / 2:.2f} cm {turned} 0 0 cm"
        )
        _left, drawn = self.drawn(self.mark, half, -SIZE / 3, MARK_COLOUR)
        return _marked("/Artifact <</Type /Background>>", f"{middle} {drawn} Q")


def _marked(what: str, drawn: str) -> str:
    return f"{what} BDC\n{drawn}\nEMC\n"


def _nearer(page: pikepdf.Page) -> dict[tuple[str, str], float]:
    """Return by how much signs stand nearer to each other where they are drawn."""
    content = page.obj.Contents
    streams = content if isinstance(content, Array) else [content]
    shown = _SHOWN.findall(b"".join(one.read_bytes() for one in streams).decode("latin-1"))
    return {(sign, after): float(by or 0) for (sign, by), (after, _by) in pairwise(shown)}


def _widths(told: Any) -> Iterator[tuple[int, float]]:
    """Yield code and width of the signs of a font (ISO 32000-1, 9.7.4.3)."""
    pairs = iter(told)
    for first, widths in zip(pairs, pairs, strict=True):
        for place, width in enumerate(widths):
            yield int(first) + place, float(width)
