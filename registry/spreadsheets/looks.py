"""What a cell shows besides its value: struck and hidden words, fill, comments, revisions, boxes.

Formats say it in different ways; here it is one thing, so that what reads cells knows no format.
Nothing is decided: a struck text is still the value of its cell.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from registry.spreadsheets import limits

Span = tuple[int, int]
"""The first character and the one after the last, of the text of a cell, from 0."""

_BOX = re.compile(r"[☐☑☒□■▢▣◻◼✓✔✗✘]|\[[ xX]?\](?=\s|$)")
_EMPTY = frozenset({*"☐□▢◻", "[ ]", "[]"})
_MOST_BOXES = 300


@dataclass(frozen=True, slots=True)
class Comment:
    """A note somebody left beside a cell; of a discussion each answer is one."""

    text: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """A change of a cell nobody has accepted yet: its value is read as if somebody had."""

    deleted: str
    inserted: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A box or a tick drawn in a text: ☐ ☒ ✓ [x]. What it belongs to stands after it."""

    start: int
    end: int
    ticked: bool


@dataclass(frozen=True, slots=True)
class CellLook:
    """How one cell looks. A cell nobody marked has none.

    `is_struck` and `is_hidden` are of all it shows, also of a number; `struck` and `hidden` are the
    parts of a text where it is not the whole. `fill` is the colour behind it as "RRGGBB", where it
    is one and not white. Lengths and places are those of the value as a text.
    """

    is_struck: bool = False
    is_hidden: bool = False
    struck: tuple[Span, ...] = ()
    hidden: tuple[Span, ...] = ()
    fill: str = ""
    comments: tuple[Comment, ...] = ()
    revision: Revision | None = None
    boxes: tuple[Box, ...] = ()

    @property
    def is_only_filled(self) -> bool:
        """Whether a colour behind it is all there is to say."""
        return self == CellLook(fill=self.fill)

    def live_text(self, text: str) -> str:
        """Return what is left of the cell's text without its struck and hidden parts."""
        if self.is_struck or self.is_hidden:
            return ""
        return without(text, (*self.struck, *self.hidden))

    def cancelled_texts(self, text: str) -> tuple[str, ...]:
        """Return the struck and hidden parts of the cell's text, in their order."""
        if self.is_struck or self.is_hidden:
            return (text,)
        parts = (text[start:end].strip() for start, end in sorted((*self.struck, *self.hidden)))
        return tuple(filter(None, parts))


NO_LOOK = CellLook()


def without(text: str, spans: Iterable[Span]) -> str:
    """Return a text without some of its parts, and without the lines they leave blank."""
    kept, at = [], 0
    for start, end in sorted(spans):
        kept.append(text[at : max(start, at)])
        at = max(end, at)
    lines = "".join([*kept, text[at:]]).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def joined_spans(text: str, spans: Iterable[Span]) -> tuple[bool, tuple[Span, ...]]:
    """Return whether spans cover all that a text shows, and if not the spans, neighbours joined.

    Blanks between two of them count as theirs, blank spans count for nothing.
    """
    found: list[Span] = []
    for start, end in sorted(spans):
        if not text[start:end].strip():
            continue
        if found and (start <= found[-1][1] or not text[found[-1][1] : start].strip(" \t")):
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    if found and not without(text, found):
        return True, ()
    return False, tuple(found)


def moved(look: CellLook, before: str, clean: Callable[[str], str]) -> CellLook:
    """Return the look of a text after signs were taken out of it: its parts lie elsewhere then."""
    if not (look.struck or look.hidden):
        return look
    places, at, cleaned = {0: 0}, 0, 0
    for old in sorted({place for span in (*look.struck, *look.hidden) for place in span}):
        cleaned += len(clean(before[at:old]))
        places[old], at = cleaned, old

    def spans(old: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple((places[start], places[end]) for start, end in old)

    return replace(look, struck=spans(look.struck), hidden=spans(look.hidden))


class Fills:
    """The colours behind the cells of one sheet, counted: of too many cells it is a background.

    A background marks nothing, and would fill the memory; `leave_backgrounds` takes away what was
    taken for a mark before its cells were too many.
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def mark(self, fill: str, times: int = 1) -> bool:
        """Return whether a colour still marks something; more cells with it have been met."""
        count = self._counts.get(fill, 0) + times
        self._counts[fill] = count
        return bool(fill) and count <= limits.FILLED_CELLS

    def leave_backgrounds(self, looks: dict[tuple[int, int], CellLook]) -> None:
        """Take the backgrounds out of the looks of a sheet, in place."""
        painted = {
            fill for fill, count in self._counts.items() if fill and count > limits.FILLED_CELLS
        }
        if not painted:
            return
        for place, look in list(looks.items()):
            if look.is_only_filled and look.fill in painted:
                del looks[place]
            elif look.fill in painted:
                looks[place] = replace(look, fill="")


@lru_cache(maxsize=1024)
def plain_look(fill: str, *, is_struck: bool = False) -> CellLook:
    """Return the look of a cell of which its colour, and whether it is struck, is all there is."""
    return CellLook(fill=fill, is_struck=is_struck)


def boxes_in(text: str) -> tuple[Box, ...]:
    """Return the boxes and ticks drawn in a text, in their order; a text of hundreds has none."""
    if text.isascii() and "[" not in text:
        return ()
    found = tuple(
        Box(one.start(), one.end(), one[0] not in _EMPTY)
        for one in islice(_BOX.finditer(text), _MOST_BOXES + 1)
    )
    return found if len(found) <= _MOST_BOXES else ()


def options(text: str, boxes: Iterable[Box]) -> tuple[tuple[bool, str], ...]:
    """Return what stands after each box, up to the next one or the end of its line, and its tick.

    "☐ BASSO ☒ MEDIO" are (False, "BASSO") and (True, "MEDIO").
    """
    places = list(boxes)
    ends = [*(box.start for box in places), len(text)][1:]
    return tuple(
        (box.ticked, text[box.end : end].strip().split("\n", 1)[0].strip())
        for box, end in zip(places, ends, strict=True)
    )
