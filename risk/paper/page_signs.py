"""The signs of the numbers that `risk.paper.page_stamps` writes on ready pages, drawn once."""

from functools import cache

from django.template.loader import render_to_string

from risk.paper.html import style_of
from risk.paper.pdf import write_pdf


@cache
def signs_of(sentence: str, *, weight: int) -> bytes:
    """Return a PDF in which all signs of the number of a page are drawn, in one font."""
    style = style_of(("risk/paper/fonts.css",), embed=False)
    context = {"style": style, "weight": weight, "signs": f"{sentence} 0123456789"}
    return write_pdf(render_to_string("risk/paper/plan/signs.html", context))
