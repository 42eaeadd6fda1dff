"""What the cells of an XLSX file show besides their values, and what their numbers look like.

The styles are read first: a worksheet is searched only for those that mean something.
"""

import re
from dataclasses import dataclass, field, replace

from openpyxl.utils import column_index_from_string

from registry.spreadsheets import limits
from registry.spreadsheets.looks import NO_LOOK, CellLook, Fills, plain_look
from registry.spreadsheets.number_formats import formatted, hides
from registry.spreadsheets.packages import relations_of
from registry.spreadsheets.parts import Parts
from registry.spreadsheets.symbols import symbols_of
from registry.spreadsheets.workbook import Value, WorkbookSheet
from registry.spreadsheets.workbook import shown as plain
from registry.spreadsheets.xlsx_cells import cells_of, hidden_columns, hidden_rows
from registry.spreadsheets.xlsx_comments import comments_of
from registry.spreadsheets.xlsx_filters import filtered_rows
from registry.spreadsheets.xlsx_styles import CellStyle, read_styles
from registry.spreadsheets.xlsx_texts import RichText, rich_text, rich_texts, shared_part

_INLINE = re.compile(rb"<(?:\w+:)?c\b([^<>]*)(?<!/)>\s*(<(?:\w+:)?is>.*?)</(?:\w+:)?is>", re.DOTALL)
_RUNS = re.compile(rb"<(?:\w+:)?is>\s*<(?:\w+:)?r\b")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,9})[\"']")
_NO_STYLE = CellStyle()


@dataclass(frozen=True, slots=True)
class BookLooks:
    """What all worksheets of a file share: its styles, and the texts written in several runs."""

    styles: list[CellStyle]
    texts: dict[int, RichText]
    special: frozenset[int] = field(default_factory=frozenset)
    """The numbers of style that say something."""


def looks_of_book(parts: Parts) -> BookLooks:
    """Return what the worksheets of a file share."""
    styles = read_styles(parts)
    special = {n for n, style in enumerate(styles) if style.is_marked or style.code}
    return BookLooks(styles, rich_texts(shared_part(parts)), frozenset(special))


def add_looks(sheet: WorkbookSheet, path: str, parts: Parts, book: BookLooks) -> None:
    """Put beside a worksheet what its cells look like. `path` is the name of its part.

    Texts of several runs get their blanks, letters of fonts of signs become those signs.
    """
    data = parts.read(path)
    looks: dict[tuple[int, int], CellLook] = {}
    fills = Fills()
    for cell in cells_of(data, book.special, book.texts):
        style = book.styles[cell.style] if cell.style < len(book.styles) else _NO_STYLE
        place = (cell.row, cell.column)
        _take_text(sheet, looks, place, book.texts.get(cell.shared))
        _take_style(sheet, looks, place, style, fills)
    for place, text in _inline_texts(data):
        _take_text(sheet, looks, place, text)
    fills.leave_backgrounds(looks)
    relations = relations_of(parts, path)
    for place, comments in comments_of(parts, relations).items():
        looks[place] = replace(looks.get(place, NO_LOOK), comments=comments)
    sheet.looks = looks
    hidden = hidden_rows(data)
    if hidden:
        tables = [
            parts.read(one.target)
            for one in relations
            if one.kind == "table" and one.target in parts.names
        ]
        sheet.filtered_rows = filtered_rows(sheet, hidden, [data, *tables])
        sheet.hidden_rows = hidden - sheet.filtered_rows
    sheet.hidden_columns = hidden_columns(data, limits.COLUMNS)


def _take_style(
    sheet: WorkbookSheet,
    looks: dict[tuple[int, int], CellLook],
    place: tuple[int, int],
    style: CellStyle,
    fills: Fills,
) -> None:
    value = sheet.value(*place)
    if style.symbols and isinstance(value, str):
        _put(sheet, place, symbols_of(style.symbols, value))
    is_struck = style.struck and value is not None
    is_hidden = False
    if style.code and value is not None and not isinstance(value, str | bool):
        seen = formatted(value, style.code)
        is_hidden = not seen and hides(style.code)
        if seen is not None and not is_hidden and seen != plain(value):
            sheet.shown[place] = seen
    fill = style.fill if fills.mark(style.fill) else ""
    if (fill or is_struck) and not (is_hidden or place in looks):
        looks[place] = plain_look(fill, is_struck=is_struck)
    elif is_struck or fill or is_hidden:
        before = looks.get(place, NO_LOOK)
        looks[place] = replace(
            before,
            is_struck=is_struck or before.is_struck,
            struck=() if is_struck else before.struck,
            is_hidden=is_hidden,
            fill=fill,
        )


def _take_text(
    sheet: WorkbookSheet,
    looks: dict[tuple[int, int], CellLook],
    place: tuple[int, int],
    text: RichText | None,
) -> None:
    value = sheet.value(*place)
    if text is None or not isinstance(value, str):
        return
    # a run in one font of signs has other letters than calamine read; blanks it may have left out
    if text.text != value:
        _put(sheet, place, text.text)
    if text.is_struck or text.struck:
        looks[place] = CellLook(is_struck=text.is_struck, struck=text.struck)


def _put(sheet: WorkbookSheet, place: tuple[int, int], value: Value) -> None:
    row, column = place
    sheet.rows[row - 1][column - 1] = value


def _inline_texts(data: bytes) -> list[tuple[tuple[int, int], RichText]]:
    """Return the texts of several runs that stand in their cells, by place."""
    if not ((b"<is" in data or b":is" in data) and _RUNS.search(data)):
        return []
    end = max(data.rfind(b"/is>"), data.rfind(b":is>")) + len("/is>")
    found = []
    for match in _INLINE.finditer(data, 0, max(end, 0)):
        place, text = _PLACE.search(match[1]), rich_text(match[2])
        if place and text:
            column = column_index_from_string(place[1].decode())
            found.append(((int(place[2]), column), text))
    return found
