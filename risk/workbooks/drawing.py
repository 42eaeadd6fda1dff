"""A workbook before any format knows it: lines of cells, what is merged, offered and printed.

Rows and columns are counted from 0, as the writer does.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from risk.workbooks.content import FileAnnex, FileContent, FileProcess
from risk.workbooks.heights import LINE_HEIGHT, height_of
from risk.workbooks.rowids import HEAD, OWN_BULLET, Origin, RowId

CELL_CHARS = 32_767
"""Characters a cell of a spreadsheet holds."""
_HIGHEST = 408.75
"""Points of the highest row a spreadsheet can have."""
_PAGE = (784, 490)
"""Points an A4 page across has for the sheet; of the height, 8 are left for rounded rows."""

_NOTE_ROW = 2


class TooLongError(ValueError):
    """A text is longer than a cell of a spreadsheet; the message is an Italian sentence."""


class Look(StrEnum):
    """How a cell looks and whether it may be changed: `TEXT`, `DRAFT`, `LEVEL`, `ENTRY` may."""

    TITLE = "title"
    NOTE = "note"
    HEAD = "head"
    LABEL = "label"
    KEY = "key"
    NUMBER = "number"
    TEXT = "text"
    DRAFT = "draft"
    LEVEL = "level"
    ENTRY = "entry"

    @property
    def is_bold(self) -> bool:
        """Whether its letters are bold, and so wider."""
        return self in (Look.TITLE, Look.HEAD, Look.LABEL, Look.LEVEL, Look.ENTRY)


@dataclass(frozen=True, slots=True)
class DrawnColumn:
    """A column of a sheet; `width` in characters, 0 hides it."""

    width: float
    look: Look = Look.TEXT


@dataclass(slots=True)
class DrawnLine:
    """A row of a sheet: texts, whole numbers, or None for an empty cell, each with its look."""

    cells: Sequence[str | int | None]
    looks: Sequence[Look | None]
    height: float = 0
    """In points; 0 lets the program that opens the file choose."""


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of merged cells, all four sides inside; its line holds text and look top left."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class DropDown:
    """Cells that offer a list; `is_closed` refuses what is not in it, else only warns."""

    top: int
    bottom: int
    column: int
    name: str
    is_closed: bool = False


@dataclass(slots=True)
class SheetDrawing:
    """One sheet. `heads` is the row repeated on each page and frozen, -1 for none."""

    name: str
    columns: Sequence[DrawnColumn]
    lines: list[DrawnLine] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    choices: list[DropDown] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    """Rows that begin a page."""
    heads: int = -1
    is_filtered: bool = False
    is_draft: bool = True
    subject: str = ""
    """Printed at the head of each page."""

    def add(self, cells: Sequence[Any], looks: Sequence[Look | None], height: float = 0) -> int:
        """Add a line and return its row."""
        self.lines.append(DrawnLine(cells, looks, height))
        return len(self.lines) - 1

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merge a rectangle; one cell alone is none."""
        if bottom > top or right > left:
            self.blocks.append(Block(top, left, bottom, right))


@dataclass(slots=True)
class BookDrawing:
    """A workbook; `lists` are what the choices offer, by name; `ids` go into the hidden sheet."""

    title: str
    origin: Origin | None
    sheets: list[SheetDrawing] = field(default_factory=list)
    lists: dict[str, Sequence[str]] = field(default_factory=dict)
    ids: list[RowId] = field(default_factory=list)


class Keys:
    """Gives each row of a file its key, and notes what the key stands for."""

    def __init__(self) -> None:
        self.ids: list[RowId] = []
        self._count = 0

    def next(self) -> str:
        """Return the key of the next row."""
        self._count += 1
        return f"r{self._count}"

    def note(self, key: str, kind: str, rows: Iterable[Any]) -> None:
        """Note that a key stands for rows that have a uid and a version."""
        for order, row in enumerate(rows, 1):
            self.ids.append(RowId(key, kind, order, row.uid, row.version))


def begun(content: FileContent, annex: FileAnnex, columns: Sequence[DrawnColumn]) -> SheetDrawing:
    """Return a sheet with the title, the office and a note; heads and rows still lack."""
    subject = ", ".join(filter(None, (content.plan, annex.office)))
    sheet = SheetDrawing(name="", columns=columns, is_draft=annex.is_draft, subject=subject)
    width = len(columns)
    visible = max(n for n, column in enumerate(columns) if column.width)
    for look, cells, height in (
        (Look.TITLE, [f"{content.plan} – {content.body}"], 22),
        (Look.LABEL, [_("Ufficio:"), annex.office], 18),
        (Look.NOTE, [_note(content, annex)], 28),
    ):
        row = sheet.add([*cells, *[None] * (width - len(cells))], [look] * width, height)
        sheet.merge(row, len(cells) - 1, row, visible)
    if content.is_form:
        looks = [Look.LABEL, *[Look.TEXT] * (width - 1)]
        sheet.lines[1] = DrawnLine(sheet.lines[1].cells, looks, 18)
        sheet.choices.append(DropDown(1, 1, 1, "uffici"))
    return sheet


def _note(content: FileContent, annex: FileAnnex) -> str:
    if not annex.is_open:
        return _("L’allegato non è aperto: questo file si legge e si stampa, ma non si reimporta.")
    if content.is_form:
        return _(
            "Scrivi sotto i titoli, una riga per ogni fase o processo; dove c’è un elenco, scegli. "
            "Più voci nella stessa cella vanno una per riga."
        )
    return _(
        "Le celle grigie non si modificano. Più voci nella stessa cella vanno una per riga. "
        "Ciò che togli da questo file non viene cancellato dal registro."
    )


def add_heads(
    sheet: SheetDrawing, labels: Sequence[str], *, with_ids: bool, height: float = 0
) -> int:
    """Add the row of heads, the last of the column of keys; return its row."""
    heads = [*labels, HEAD] if with_ids else list(labels)
    return sheet.add(heads, [Look.HEAD] * len(heads), height)


def listed(texts: Iterable[str]) -> str:
    """Return entries as one cell shows them, one a line; an entry's own line breaks are blanks."""
    return "\n".join(f"{OWN_BULLET} {' '.join(text.split())}" for text in texts)


def checked(text: str, where: str) -> str:
    """Return `text`; raises `TooLongError` when no cell can hold it."""
    # what counts are UTF-16 units: an emoji is two
    if len(text) > CELL_CHARS // 2 and len(text.encode("utf-16-le")) // 2 > CELL_CHARS:
        raise TooLongError(
            _(
                "Un testo di «%(where)s» supera i %(limit)s caratteri che stanno in una cella: "
                "scarica il PDF, o dividi il testo."
            )
            % {"where": where[:120], "limit": "32.767"}
        )
    return text


def spread_heights(sheet: SheetDrawing, first: int) -> None:
    """Make the rows from `first` on high enough: merged cells do not grow by themselves."""
    widths = [column.width for column in sheet.columns]
    covered = {
        (row, column)
        for block in sheet.blocks
        for row in range(block.top, block.bottom + 1)
        for column in range(block.left, block.right + 1)
    }
    heights: list[float] = []
    for row, line in enumerate(sheet.lines[first:], first):
        own = [
            height_of(cell, widths[column], is_bold=_is_bold(line, column))
            for column, cell in enumerate(line.cells)
            if cell.__class__ is str and widths[column] and (row, column) not in covered
        ]
        heights.append(max(own, default=LINE_HEIGHT))
    for block in sheet.blocks:
        cell = sheet.lines[block.top].cells[block.left] if block.top >= first else None
        if not isinstance(cell, str):
            continue
        rows = range(block.top - first, block.bottom - first + 1)
        lacking = _needed(sheet, block, cell) - sum(heights[row] for row in rows)
        if lacking > 0:
            for row in rows:
                heights[row] += lacking / len(rows)
    cut = []
    for row, (line, height) in enumerate(zip(sheet.lines[first:], heights, strict=True), first + 1):
        if not line.height:
            line.height = min(round(height + 3, 1), _HIGHEST)
            if height > _HIGHEST:
                cut.append(row)
    if cut:
        _tell_cut(sheet, cut)


def _needed(sheet: SheetDrawing, block: Block, text: str) -> float:
    width = sum(column.width for column in sheet.columns[block.left : block.right + 1])
    return height_of(text, width, is_bold=_is_bold(sheet.lines[block.top], block.left))


def _is_bold(line: DrawnLine, column: int) -> bool:
    look = line.looks[column]
    return look is not None and look.is_bold


def _tell_cut(sheet: SheetDrawing, rows: Sequence[int]) -> None:
    """Say in the note of a sheet which rows, counted from 1, show less than they hold."""
    numbers = ", ".join(map(str, rows[:20])) + (" …" if len(rows) > 20 else "")
    sentence = _(
        "Attenzione: una riga di un foglio non può essere più alta di così. Il testo delle righe "
        "%(rows)s nelle celle c’è per intero, ma in stampa non si legge tutto: lo stampa il PDF."
    ) % {"rows": numbers}
    _add_to_note(sheet, sentence)


def tell_drafts(sheet: SheetDrawing, processes: Iterable[FileProcess]) -> None:
    """Say in the note of a sheet which motivations were copied and are not read yet, if any is.

    Their cells have the look of a draft; docs/decisions/0064.
    """
    rows = [row.number for row in processes if row.judgement and row.judgement.is_draft]
    if rows:
        numbers = ", ".join(map(str, rows[:20])) + (" …" if len(rows) > 20 else "")
        sentence = _("In corsivo le motivazioni copiate, da rileggere: processi n. %(numbers)s.")
        _add_to_note(sheet, sentence % {"numbers": numbers})


def _add_to_note(sheet: SheetDrawing, sentence: str) -> None:
    note = sheet.lines[_NOTE_ROW]
    note.cells = [f"{note.cells[0]}\n{sentence}", *note.cells[1:]]
    note.height += 16


def break_pages(sheet: SheetDrawing, starts: Sequence[int]) -> None:
    """Begin a new page where what starts at a row would not end on the page.

    A merged cell that goes over a page is cut through its text, so a page ends earlier where one
    that several starts share would be. Heights come first.
    """
    width = sum((7 * column.width + 5) * 0.75 for column in sheet.columns if column.width)
    # a sheet is made smaller by whole per cents, never greater
    room = _PAGE[1] / min(1.0, int(100 * _PAGE[0] / width) / 100)
    shared = _shared(sheet, starts)
    heads = sheet.lines[sheet.heads].height
    used = _height(sheet, 0, sheet.heads + 1)
    begun_at = sheet.heads
    for start, stop in pairwise([*starts, len(sheet.lines)]):
        height = _height(sheet, start, stop)
        while used > heads and used + height > room:
            on_page = starts[bisect_right(starts, begun_at) : bisect_right(starts, start)]
            whole = (
                row
                for row in reversed(on_page)
                if not any(_is_cut(sheet, block, row) for block in shared)
            )
            begun_at = next(whole, start)
            sheet.pages.append(begun_at)
            used = heads + _height(sheet, begun_at, start)
        used += height
        if used > room:
            # higher than a page: it goes on from page to page
            used = heads + (used - heads) % (room - heads)


def _shared(sheet: SheetDrawing, starts: Sequence[int]) -> list[Block]:
    """Return the merged cells that more than one start shares."""
    return [
        block
        for block in sheet.blocks
        if block.top > sheet.heads
        and bisect_right(starts, block.top) < bisect_right(starts, block.bottom)
    ]


def _is_cut(sheet: SheetDrawing, block: Block, row: int) -> bool:
    """Return whether a page that begins at a row would cut the text of a merged cell."""
    text = sheet.lines[block.top].cells[block.left]
    if not (block.top < row <= block.bottom and isinstance(text, str)):
        return False
    return _needed(sheet, block, text) > _height(sheet, block.top, row)


def _height(sheet: SheetDrawing, first: int, stop: int) -> float:
    return sum(line.height for line in sheet.lines[first:stop])


def named_sheets(drawn: Iterable[tuple[str, SheetDrawing]]) -> Iterator[SheetDrawing]:
    """Give each sheet a name a spreadsheet allows, of its own; upper and lower case are one."""
    taken: set[str] = set()
    for wish, sheet in drawn:
        plain = "".join("-" if char in "[]:*?/\\" else char for char in wish).strip("' ") or "–"
        name, turn = plain[:31].rstrip(), 1
        while name.casefold() in taken:
            turn += 1
            end = f" {turn}"
            name = plain[: 31 - len(end)].rstrip() + end
        taken.add(name.casefold())
        sheet.name = name
        yield sheet
