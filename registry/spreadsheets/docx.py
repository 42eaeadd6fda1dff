"""The tables of a DOCX document, read from its XML: texts, looks, merges, what stands above."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from registry.spreadsheets import limits
from registry.spreadsheets.docx_aside import texts_of_boxes, texts_of_parts
from registry.spreadsheets.docx_grids import WordGrid, grid_of
from registry.spreadsheets.docx_numbering import DocxNumbering
from registry.spreadsheets.docx_styles import DocxStyles
from registry.spreadsheets.docx_texts import DocxTexts, WordText, asks_to_be_filled
from registry.spreadsheets.docx_xml import attribute, child, number, tag
from registry.spreadsheets.looks import NO_LOOK, Comment
from registry.spreadsheets.packages import main_part, relations_of
from registry.spreadsheets.parts import Parts, broken
from registry.spreadsheets.sizes import check_place, check_size
from registry.spreadsheets.workbook import (
    PLACE_WIDTH,
    AsideText,
    Finding,
    Merge,
    UnreadableFile,
    Value,
    Where,
    WorkbookSheet,
)

_DOCUMENT = "word/document.xml"
_WORDS, _HEAD = b"wordprocessingml", 4096
_FRAMES = ("sdt", "sdtContent", "customXml", "ins", "moveTo")


def is_docx(parts: Parts) -> bool:
    """Return whether a file is a document of Word, whatever its main part is called."""
    return bool(_main(parts))


def _main(parts: Parts) -> str:
    named = main_part(parts)
    if named.endswith(".xml") and _WORDS in parts.read(named)[:_HEAD]:
        return named
    return _DOCUMENT if _DOCUMENT in parts.names else ""


def read_docx(parts: Parts) -> tuple[list[WorkbookSheet], list[Finding]]:
    """Return each table of the document, in its order, with its looks.

    Findings: "deleted-row" and "html-part" for what is not read, "inserted-row",
    "number-not-known", "not-filled-in". Raises `UnreadableFile` without any table.
    """
    try:
        return _DocxReader(parts).read()
    except UnreadableFile:
        raise
    except (ValueError, RecursionError) as error:
        # numbers that are none, elements thousands deep: no office suite writes them
        raise broken() from error


class _DocxReader:
    """Takes the tables of a document one after the other."""

    def __init__(self, parts: Parts) -> None:
        main = _main(parts)
        self._parts, self._relations = parts, relations_of(parts, main)
        names = {one.kind: one.target for one in self._relations}
        folder = posixpath.dirname(main)

        def part(kind: str) -> str:
            return names.get(kind, f"{folder}/{kind}.xml")

        styles = DocxStyles(parts, part("styles"))
        numbering = DocxNumbering(parts, part("numbering"), styles)
        self._texts = DocxTexts(styles, numbering, _comments(parts, part("comments")))
        self._root = parts.tree(main)
        self._sheets: list[WorkbookSheet] = []
        self._findings: list[Finding] = []

    def read(self) -> tuple[list[WorkbookSheet], list[Finding]]:
        """Return the tables, and what is to be said of them."""
        before: list[str] = []
        aside: list[AsideText] = []
        cells = chars = 0
        for block in _blocks(self._root):
            if tag(block) == "altChunk":
                self._note("html-part")
            elif tag(block) == "p":
                if text := self._texts.paragraph(block):
                    before.append(text)
                aside += texts_of_boxes(block, self._texts)
            else:
                if len(self._sheets) >= limits.SHEETS:
                    raise UnreadableFile(_("Il documento ha troppe tabelle."))
                sheet = WorkbookSheet(_("Tabella %d") % (len(self._sheets) + 1), [])
                self._sheets.append(sheet)
                self._table(block, sheet)
                sheet.before, before = tuple(before), []
                cells += sum(map(len, sheet.rows))
                chars += sum(len(one) for row in sheet.rows for one in row if isinstance(one, str))
                check_size(cells=cells, chars=chars)
        if not self._sheets:
            raise UnreadableFile(self._without_tables())
        aside += [AsideText(Where.AFTER, text) for text in before]
        aside += texts_of_parts(self._parts, self._relations, self._texts)
        check_size(cells=cells, chars=chars + sum(len(one.text) for one in aside))
        self._sheets[-1].aside = tuple(aside)
        return self._sheets, self._findings

    def _without_tables(self) -> str:
        if any(finding.kind == "html-part" for finding in self._findings):
            return _REASONS["html-part"]()
        return _("Nel documento non c’è nessuna tabella da leggere.")

    def _note(self, kind: str, *, row: int = 0, column: int = 0, value: str = "") -> None:
        sheet = self._sheets[-1].name if self._sheets and row else ""
        reason = _REASONS[kind]()
        # what is missing from a cell that is read is missing from the register
        stops = kind == "html-part" and bool(row)
        shown = value.strip()[:PLACE_WIDTH]
        self._findings.append(Finding(kind, reason, sheet, row, column, shown, stops))

    def _table(self, table: Element, sheet: WorkbookSheet) -> None:
        grid = grid_of(table, (row for row in _wrapped(table, "tr")))
        merges: list[Merge] = []
        # Of each column: the row where a merge down began, its last row so far, its width.
        open_merges: dict[int, tuple[int, int, int]] = {}
        for row in _wrapped(table, "tr"):
            place = len(sheet.rows) + 1
            if child(child(row, "trPr"), "del") is not None:
                # taken out by who revises: Word shows it struck until somebody accepts
                self._note("deleted-row", row=place, value=_row_text(row))
                continue
            if child(child(row, "trPr"), "ins") is not None:
                self._note("inserted-row", row=place, value=_row_text(row))
            check_place(sheet.name, row=place, column=0)
            still_open = self._row(row, sheet, grid, open_merges, merges)
            merges += _closed(open_merges, still_open)
            open_merges = still_open
        merges += _closed(open_merges, {})
        sheet.merges = tuple(merges)

    def _row(
        self,
        row: Element,
        sheet: WorkbookSheet,
        grid: WordGrid,
        above: dict[int, tuple[int, int, int]],
        merges: list[Merge],
    ) -> dict[int, tuple[int, int, int]]:
        """Add a row to its table; return the merges down that may go on below it."""
        place = len(sheet.rows) + 1
        at = number(child(child(row, "trPr"), "gridBefore"), 0, limits.COLUMNS + 1)
        cells: list[Value] = [None] * grid.column(at)
        sheet.rows.append(cells)
        still_open: dict[int, tuple[int, int, int]] = {}
        for cell, is_unfilled in _cells(row):
            wide, merging = _spans(cell)
            span = grid.column(at + wide) - grid.column(at)
            at += wide
            if not span:
                continue  # between two borders that are one, and nothing in it
            column = len(cells) + 1
            check_place(sheet.name, row=place, column=column + span - 1)
            begun = above.get(column)
            if merging == "continue" and begun:
                still_open[column] = (begun[0], place, begun[2])
                cells += [None] * span
                continue
            if merging:
                still_open[column] = (place, place, span)
            elif span > 1:
                merges.append(Merge(place, column, place, column + span - 1))
            found = self._texts.cell(cell, is_unfilled=is_unfilled)
            self._take(found, _fill(cell), sheet, place, column)
            cells += [found.text or None, *[None] * (span - 1)]
        return still_open

    def _take(self, cell: WordText, fill: str, sheet: WorkbookSheet, row: int, column: int) -> None:
        look = replace(cell.look, fill=fill)
        if look != NO_LOOK:
            sheet.looks[row, column] = look
        for kind, words in cell.findings:
            self._note(kind, row=row, column=column, value=words)


_REASONS = {
    "deleted-row": lambda: _("Riga tolta in revisione, letta come tolta."),
    "inserted-row": lambda: _("Riga aggiunta in revisione, letta come accettata."),
    "html-part": lambda: _(
        "Il documento contiene un testo in HTML (altChunk) che non si legge: aprilo con Word, "
        "salvalo di nuovo come .docx e riprova."
    ),
    "table-in-cell": lambda: _(
        "La cella contiene un’altra tabella: si legge come testo, una riga per ogni sua cella."
    ),
    "not-filled-in": lambda: _("Nessuno ha compilato la cella: si prende per vuota."),
    "number-not-known": lambda: _(
        "Il numero automatico di Word non si conosce: scrivilo nella cella, se serve."
    ),
}


def _comments(parts: Parts, name: str) -> dict[str, Comment]:
    """Return the comments of the document by their ids."""
    if name not in parts.names:
        return {}
    found = {}
    for element in parts.tree(name):
        if tag(element) == "comment":
            lines = (
                "".join(one.text or "" for one in paragraph.iter() if tag(one) == "t")
                for paragraph in element.iter()
                if tag(paragraph) == "p"
            )
            text = "\n".join(filter(None, lines)).strip()
            found[attribute(element, "id")] = Comment(text, attribute(element, "author"))
    return {key: comment for key, comment in found.items() if comment.text}


def _fill(cell: Element) -> str:
    """Return the colour behind a cell, "" where it is white or left to the program."""
    colour = attribute(child(child(cell, "tcPr"), "shd"), "fill").upper()
    return colour if re.fullmatch("[0-9A-F]{6}", colour) and colour != "FFFFFF" else ""


def _row_text(row: Element) -> str:
    words = (
        "".join(one.text or "" for one in cell.iter() if tag(one) in ("t", "delText"))
        for cell in _wrapped(row, "tc")
    )
    return " · ".join(filter(None, words))


def _blocks(element: Element) -> Iterator[Element]:
    """Return the paragraphs and tables of the body, through the frames put around them."""
    for inside in element:
        if tag(inside) in ("p", "tbl", "altChunk"):
            yield inside
        elif tag(inside) in ("body", *_FRAMES):
            yield from _blocks(inside)


def _wrapped(element: Element, name: str) -> Iterator[Element]:
    """Return the rows of a table, or the cells of a row, through the frames put around them."""
    for inside in element:
        if tag(inside) == name:
            yield inside
        elif tag(inside) in _FRAMES:
            yield from _wrapped(inside, name)


def _cells(row: Element, *, is_unfilled: bool = False) -> Iterator[tuple[Element, bool]]:
    """Return the cells of a row, and whether a control around one asks to be filled in."""
    for inside in row:
        if tag(inside) == "tc":
            yield inside, is_unfilled
        elif tag(inside) in _FRAMES:
            yield from _cells(inside, is_unfilled=is_unfilled or asks_to_be_filled(inside))


def _spans(cell: Element) -> tuple[int, str]:
    """Return how many columns a cell takes, and "restart", "continue" or "" for a merge down."""
    properties = child(cell, "tcPr")
    down = child(properties, "vMerge")
    merging = (attribute(down, "val") or "continue") if down is not None else ""
    return max(number(child(properties, "gridSpan"), 1, limits.COLUMNS + 1), 1), merging


def _closed(
    before: dict[int, tuple[int, int, int]], now: dict[int, tuple[int, int, int]]
) -> list[Merge]:
    return [
        Merge(top, column, bottom, column + span - 1)
        for column, (top, bottom, span) in before.items()
        if (column not in now or now[column][0] != top) and (bottom > top or span > 1)
    ]
