"""The tables of a DOCX document, read from its XML: text, merged cells, and what stands above."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from registry.spreadsheets import limits
from registry.spreadsheets.parts import Parts, broken
from registry.spreadsheets.sizes import check_place, check_size
from registry.spreadsheets.workbook import Merge, UnreadableFile, Value, WorkbookSheet

_DOCUMENT = "word/document.xml"
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
# Text taken away under revision, and drawings with a second copy of their text for old programs.
_LEFT_OUT = ("del", "moveFrom", "Fallback", "instrText")


def is_docx(parts: Parts) -> bool:
    return _DOCUMENT in parts.names


def read_docx(parts: Parts) -> list[WorkbookSheet]:
    """Return each table of the document, in its order. Raises `UnreadableFile` without any."""
    try:
        return _tables(parts)
    except UnreadableFile:
        raise
    except (ValueError, RecursionError) as error:
        # numbers that are none, elements thousands deep: no office suite writes them
        raise broken() from error


def _tables(parts: Parts) -> list[WorkbookSheet]:
    sheets: list[WorkbookSheet] = []
    before: list[str] = []
    cells = chars = 0
    for block in _blocks(parts.tree(_DOCUMENT)):
        if _tag(block) == "p":
            if text := "".join(_pieces(block)).strip():
                before.append(text)
            continue
        if len(sheets) >= limits.SHEETS:
            raise UnreadableFile(_("Il documento ha troppe tabelle."))
        sheet = _table(block, _("Tabella %d") % (len(sheets) + 1))
        sheet.before, before = tuple(before), []
        sheets.append(sheet)
        cells += sum(map(len, sheet.rows))
        chars += sum(len(value) for row in sheet.rows for value in row if isinstance(value, str))
        check_size(cells=cells, chars=chars)
    if not sheets:
        raise UnreadableFile(_("Nel documento non c’è nessuna tabella da leggere."))
    return sheets


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribute(element: Element, name: str) -> str:
    return next((v for key, v in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _child(element: Element | None, name: str) -> Element | None:
    if element is None:
        return None
    return next((child for child in element if _tag(child) == name), None)


def _blocks(element: Element) -> Iterator[Element]:
    """Return the paragraphs and tables of the body, through the frames put around them."""
    for child in element:
        if _tag(child) in ("p", "tbl"):
            yield child
        elif _tag(child) in ("body", "sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _blocks(child)


def _wrapped(element: Element, name: str) -> Iterator[Element]:
    """Return the rows of a table, or the cells of a row, through the frames put around them."""
    for child in element:
        if _tag(child) == name:
            yield child
        elif _tag(child) in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _wrapped(child, name)


def _table(table: Element, name: str) -> WorkbookSheet:
    rows: list[list[Value]] = []
    merges: list[Merge] = []
    # Of each column: the row where a merge down began, its last row so far, its width.
    open_merges: dict[int, tuple[int, int, int]] = {}
    for row in _wrapped(table, "tr"):
        if _child(_child(row, "trPr"), "del") is not None:
            # taken out by who revises: Word shows it struck until somebody accepts
            continue
        place = len(rows) + 1
        check_place(name, row=place, column=0)
        cells: list[Value] = [None] * _skipped(row)
        still_open: dict[int, tuple[int, int, int]] = {}
        for cell in _wrapped(row, "tc"):
            column = len(cells) + 1
            span, merging = _spans(cell)
            check_place(name, row=place, column=column + span - 1)
            above = open_merges.get(column)
            if merging == "continue" and above:
                still_open[column] = (above[0], place, above[2])
                cells += [None] * span
                continue
            if merging:
                still_open[column] = (place, place, span)
            elif span > 1:
                merges.append(Merge(place, column, place, column + span - 1))
            cells += [_cell_text(cell) or None, *[None] * (span - 1)]
        merges += _closed(open_merges, still_open)
        open_merges = still_open
        rows.append(cells)
    merges += _closed(open_merges, {})
    return WorkbookSheet(name, rows, tuple(merges))


def _skipped(row: Element) -> int:
    grid_before = _child(_child(row, "trPr"), "gridBefore")
    return _number(grid_before, 0)


def _number(element: Element | None, default: int) -> int:
    text = _attribute(element, "val") if element is not None else ""
    return min(int(text), limits.COLUMNS + 1) if text.isdigit() else default


def _spans(cell: Element) -> tuple[int, str]:
    """Return how many columns a cell takes, and "restart", "continue" or "" for a merge down."""
    properties = _child(cell, "tcPr")
    down = _child(properties, "vMerge")
    merging = (_attribute(down, "val") or "continue") if down is not None else ""
    return max(_number(_child(properties, "gridSpan"), 1), 1), merging


def _closed(
    before: dict[int, tuple[int, int, int]], now: dict[int, tuple[int, int, int]]
) -> list[Merge]:
    return [
        Merge(top, column, bottom, column + span - 1)
        for column, (top, bottom, span) in before.items()
        if (column not in now or now[column][0] != top) and (bottom > top or span > 1)
    ]


def _cell_text(cell: Element) -> str:
    paragraphs = (element for element in cell.iter() if _tag(element) == "p")
    return "\n".join(text for p in paragraphs if (text := "".join(_pieces(p)).strip()))


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        tag = _tag(child)
        if tag == "t":
            yield child.text or ""
        elif tag in _BREAKS:
            yield _BREAKS[tag]
        elif tag not in _LEFT_OUT and tag != "p":
            yield from _pieces(child)
