"""What is written on pages that are drawn already: in the foot, outside what is read aloud.

The signs come from a PDF in which they were drawn, with its font (docs/decisions/0072).
"""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array

SIZE = 7.5
"""Points; that of the foot of an annex."""
COLOUR = "0.09 0.196 0.302"
"""That of what is strong in its running heads."""
_MM = 72 / 25.4
_FONT = "/Timbro"
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

    def stamp(self, page: pikepdf.Page, text: str) -> None:
        """Write a text at the right of the foot, below the number a page has of its own."""
        if page.obj.Resources.objgen not in self.done or not page.obj.Resources.is_indirect:
            page.obj.Resources.Font[_FONT] = self.font
            self.done.add(page.obj.Resources.objgen)
        codes = [self.codes[sign] for sign in text]
        width = sum(self.widths[int(code, 16)] for code in codes) / 1000 * SIZE
        left, bottom, right, top = (float(edge) for edge in page.mediabox)
        is_upright = top - bottom > right - left
        x = right - (16 if is_upright else 14) * _MM - width
        y = bottom + (8.4 if is_upright else 7.4) * _MM
        # what is drawn leaves its own coordinates behind
        content = (
            f"Q\n/Artifact <</Type /Pagination>> BDC\nq {COLOUR} rg BT {_FONT} {SIZE} Tf "
            f"{x:.2f} {y:.2f} Td <{''.join(codes)}> Tj ET Q\nEMC\n"
        )
        found = page.obj.Contents
        drawn = list(found) if isinstance(found, Array) else [found]
        page.obj.Contents = Array([self.before, *drawn, self.book.make_stream(content.encode())])


def _widths(told: Any) -> Iterator[tuple[int, float]]:
    """Yield code and width of the signs of a font (ISO 32000-1, 9.7.4.3)."""
    pairs = iter(told)
    for first, widths in zip(pairs, pairs, strict=True):
        for place, width in enumerate(widths):
            yield int(first) + place, float(width)
