"""Pictures of the paper of the demo that somebody has looked at, each page small and grey.

A paper is one picture, its pages in rows of ten. Whoever changes how paper looks runs
`APPROVE=1 python -m pytest tests/risk/sample_data/demo/test_paper.py`, looks at what has changed
under `out/paper/` – above what was approved, below what is there now – and commits the pictures.
Another release of what lays lines out breaks some of them elsewhere: then only the pages are
compared, how many there are and how they lie.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngInfo

HERE = Path(__file__).parent / "approved"
CHANGED = Path(__file__).parents[4] / "out" / "paper"
SMALLER = 4
"""Times that a page is smaller than the picture it is given as, forty dots to the inch."""
IN_A_ROW = 10
SIDE = 118
"""Dots of the longer side of a page."""
NO_PAGE = 128
DARKER = 56
"""How much another grey a dot may have, of 255: another day or number is no other page."""
MOST_DOTS = 12
"""Dots of a page that may have more: a line of text in another place has hundreds."""
SETTER, PAGES = "setter", "pages"


def changed_pages(name: str, pictures: list[Image.Image]) -> list[int]:
    """Return the pages of a paper that look otherwise than approved, from 1; all of a new one.

    They are drawn beside each other under `out/paper/`. With `APPROVE=1` they are approved after.
    """
    now = [picture.convert("L").reduce(SMALLER) for picture in pictures]
    file = HERE / f"{name}.png"
    before, setter = approved(file)
    found = [*_changed(before, now, is_close=setter == _setter())]
    for number in found:
        _show(name, number, before[number - 1 : number], pictures[number - 1 : number])
    if found and os.environ.get("APPROVE"):
        _approve(file, now)
    return found


def approved(file: Path) -> tuple[list[Image.Image], str]:
    """Return the pages that were approved, and the release of what had set their lines."""
    if not file.exists():
        return [], ""
    with Image.open(file) as sheet:
        sizes = [tuple(map(int, one.split("x"))) for one in sheet.info[PAGES].split()]
        boxes = zip(_places(len(sizes)), sizes, strict=True)
        pages = [sheet.crop((x, y, x + width, y + height)) for (x, y), (width, height) in boxes]
        return [page.convert("L") for page in pages], sheet.info[SETTER]


def _changed(before: list[Image.Image], now: list[Image.Image], *, is_close: bool) -> Iterator[int]:
    for number in range(1, max(len(before), len(now)) + 1):
        pair = [pages[number - 1] for pages in (before, now) if number <= len(pages)]
        if len(pair) < 2 or pair[0].size != pair[1].size or (is_close and _differ(*pair)):
            yield number


def _differ(one: Image.Image, other: Image.Image) -> bool:
    dots = ImageChops.difference(one, other).histogram()
    return sum(dots[DARKER:]) > MOST_DOTS


def _setter() -> str:
    """Return the release of Pango, which finds where lines end."""
    from weasyprint.text.ffi import pango  # noqa: PLC0415

    return str(pango.pango_version())


def _places(count: int) -> list[tuple[int, int]]:
    return [(n % IN_A_ROW * SIDE, n // IN_A_ROW * SIDE) for n in range(count)]


def _approve(file: Path, pages: list[Image.Image]) -> None:
    places = _places(len(pages))
    size = (min(len(pages), IN_A_ROW) * SIDE, (places[-1][1]) + SIDE)
    sheet = Image.new("L", size, NO_PAGE)
    told = PngInfo()
    told.add_text(SETTER, _setter())
    told.add_text(PAGES, " ".join(f"{page.width}x{page.height}" for page in pages))
    for page, place in zip(pages, places, strict=True):
        sheet.paste(page, place)
    file.parent.mkdir(exist_ok=True)
    # sixteen greys are what can be told from each other, in half the bytes
    sheet.point(lambda dot: dot // 17 * 17).save(file, pnginfo=told, optimize=True)


def _show(name: str, number: int, before: list[Image.Image], now: list[Image.Image]) -> None:
    pages = [*(page.resize((page.width * SMALLER, page.height * SMALLER)) for page in before), *now]
    sheet = Image.new("L", (max(one.width for one in pages), sum(one.height for one in pages)))
    top = 0
    for page in pages:
        sheet.paste(page, (0, top))
        top += page.height
    CHANGED.mkdir(parents=True, exist_ok=True)
    sheet.save(CHANGED / f"{name}-{number:03}.png")
