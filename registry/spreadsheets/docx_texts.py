"""The text of a paragraph or a cell of a Word document, as the page shows it, and how it looks.

Changes nobody has accepted yet are read as if somebody had. Boxes, ticks and chosen entries are
read from what the form stores, never from the sign it happens to draw.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree.ElementTree import Element

from registry.spreadsheets.docx_numbering import DocxNumbering
from registry.spreadsheets.docx_styles import PLAIN, DocxStyles, Marks, marks_of
from registry.spreadsheets.docx_xml import attribute, child, number, switch, tag
from registry.spreadsheets.looks import CellLook, Comment, Revision, Span, joined_spans
from registry.spreadsheets.symbols import is_symbol_font, symbol, symbols_of

TICKED, NOT_TICKED = "☒", "☐"
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
_DELETED, _INSERTED = ("del", "moveFrom"), ("ins", "moveTo")
# Drawings with a second copy of their text for old programs, and the words of formulas.
_LEFT_OUT = ("Fallback", "instrText", "delInstrText", "rPr", "pPr", "sdtPr")


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    struck: bool = False
    hidden: bool = False


@dataclass
class WordText:
    """What one cell shows. `findings` are kinds of what it does not, with the words of each."""

    lines: list[str] = field(default_factory=list)
    length: int = 0
    struck: list[Span] = field(default_factory=list)
    hidden: list[Span] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    inserted: list[str] = field(default_factory=list)
    author: str = ""
    comments: list[Comment] = field(default_factory=list)
    findings: list[tuple[str, str]] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        """The lines, once all have been added."""
        return "\n".join(self.lines)

    @property
    def look(self) -> CellLook:
        """How the cell looks."""
        is_struck, struck = joined_spans(self.text, self.struck)
        is_hidden, hidden = joined_spans(self.text, self.hidden)
        deleted, inserted = ("".join(one).strip() for one in (self.deleted, self.inserted))
        revision = Revision(deleted, inserted, self.author) if deleted or inserted else None
        return CellLook(
            is_struck=is_struck,
            is_hidden=is_hidden,
            struck=struck,
            hidden=hidden,
            comments=tuple(self.comments),
            revision=revision,
        )

    def add_line(self, pieces: Iterable[_Piece]) -> None:
        """Add a paragraph; blanks at its ends, and one that shows nothing, are left out."""
        listed = list(pieces)
        line = "".join(piece.text for piece in listed)
        shown = line.strip()
        if not shown:
            return
        first = self.length + bool(self.lines)
        self.length = last = first + len(shown)
        self.lines.append(shown)
        at = first - (len(line) - len(line.lstrip()))
        for piece in listed:
            start, end = max(at, first), min(at + len(piece.text), last)
            at += len(piece.text)
            if start < end:
                self.struck += [(start, end)] if piece.struck else []
                self.hidden += [(start, end)] if piece.hidden else []


class DocxTexts:
    """Reads the texts of one document, its paragraphs in their order: that is how lists count."""

    def __init__(
        self, styles: DocxStyles, numbering: DocxNumbering, comments: dict[str, Comment]
    ) -> None:
        self._styles = styles
        self._numbering = numbering
        self._comments = comments

    def paragraph(self, element: Element) -> str:
        """Return the text of a paragraph outside the tables."""
        self._numbering.label(element)
        cell = WordText()
        cell.add_line(_Reader(self._styles, self._comments, cell).pieces(element, PLAIN))
        return cell.text

    def inside(self, element: Element) -> Iterator[str]:
        """Yield the texts of all paragraphs inside an element, those of tables and boxes too."""
        for paragraph in _paragraphs(element, WordText()):
            if text := self.paragraph(paragraph):
                yield text

    def cell(self, element: Element, *, is_unfilled: bool = False) -> WordText:
        """Return what a cell shows; its paragraphs are its lines. Nothing if it is to be filled."""
        found = WordText()
        if is_unfilled:
            found.findings.append(("not-filled-in", _shown_words(element)))
            return found
        reader = _Reader(self._styles, self._comments, found)
        numbers: list[str] = []
        for paragraph in _paragraphs(element, found):
            label = self._numbering.label(paragraph)
            style = attribute(child(child(paragraph, "pPr"), "pStyle"), "val")
            pieces = list(reader.pieces(paragraph, self._styles.marks(style) if style else PLAIN))
            before = label.text if label else ""
            if label and label.text is None:
                found.findings.append(("number-not-known", ""))
            if before and any(piece.text.strip() for piece in pieces):
                is_struck = all(piece.struck for piece in pieces if piece.text.strip())
                is_hidden = all(piece.hidden for piece in pieces if piece.text.strip())
                pieces.insert(0, _Piece(f"{before} ", is_struck, is_hidden))
            elif before and label and not label.is_bullet:
                numbers.append(before)
            found.add_line(pieces)
        if not found.lines:
            # a cell that holds nothing but the number of its row
            for text in numbers:
                found.add_line([_Piece(text)])
        return found


class _Reader:
    """Goes through the runs of a cell; a field may begin in one and end in another."""

    def __init__(self, styles: DocxStyles, comments: dict[str, Comment], into: WordText) -> None:
        self._styles = styles
        self._comments = comments
        self._into = into
        self._fields: list[bool] = []
        """Of each field that has begun, whether its own words stand for nothing."""

    def pieces(self, element: Element, around: Marks) -> Iterator[_Piece]:
        """Return the words inside an element, each with its marks."""
        for inside in element:
            name = tag(inside)
            if name in _LEFT_OUT or name == "p":
                continue
            if name in _DELETED:
                self._into.deleted += _deleted_words(inside)
                self._into.author = self._into.author or attribute(inside, "author")
            elif name in _INSERTED:
                pieces = list(self.pieces(inside, around))
                self._into.inserted += [piece.text for piece in pieces]
                self._into.author = self._into.author or attribute(inside, "author")
                yield from pieces
            elif name == "sdt":
                yield from self._control(inside, around)
            elif name == "commentReference":
                if comment := self._comments.get(attribute(inside, "id")):
                    self._into.comments.append(comment)
            elif name == "r":
                yield from self.pieces(inside, self._marks(inside).over(around))
            else:
                yield from self._words(inside, name, around)

    def _marks(self, run: Element) -> Marks:
        properties = child(run, "rPr")
        own = marks_of(properties)
        style = attribute(child(properties, "rStyle"), "val")
        return own.over(self._styles.marks(style)) if style else own

    def _words(self, element: Element, name: str, marks: Marks) -> Iterator[_Piece]:
        text = None
        if name == "t":
            text = element.text or ""
            text = symbols_of(marks.font, text) if is_symbol_font(marks.font) else text
        elif name in _BREAKS:
            text = _BREAKS[name]
        elif name == "sym":
            text = _sign(element)
        elif name == "fldChar":
            text = self._field(element)
            if text:
                yield _Piece(text, bool(marks.struck), bool(marks.hidden))
            return
        if text is None:
            yield from self.pieces(element, marks)
        elif not any(self._fields):
            yield _Piece(text, bool(marks.struck), bool(marks.hidden))

    def _control(self, element: Element, around: Marks) -> Iterator[_Piece]:
        """Return what a content control holds: nothing while it asks to be filled in."""
        properties = child(element, "sdtPr")
        box = child(properties, "checkbox")
        if box is not None:
            is_ticked = switch(box, "checked")
            yield _Piece(
                TICKED if is_ticked else NOT_TICKED, bool(around.struck), bool(around.hidden)
            )
            return
        pieces = list(self.pieces(element, around))
        if switch(properties, "showingPlcHdr"):
            self._into.findings.append(("not-filled-in", "".join(one.text for one in pieces)))
        else:
            yield from pieces

    def _field(self, element: Element) -> str:
        """Return what a field of an old form shows where that stands in the field alone."""
        kind = attribute(element, "fldCharType")
        if kind == "end":
            if self._fields:
                self._fields.pop()
            return ""
        if kind != "begin":
            return ""
        form = child(element, "ffData")
        chosen, box = child(form, "ddList"), child(form, "checkBox")
        is_muted = any(self._fields)
        self._fields.append(chosen is not None or box is not None)
        if is_muted:
            return ""
        if chosen is not None:
            entries = [attribute(one, "val") for one in chosen if tag(one) == "listEntry"]
            place = number(child(chosen, "result"), number(child(chosen, "default"), 0))
            return entries[place] if place < len(entries) else ""
        if box is not None:
            is_ticked = switch(box, "checked")
            is_ticked = switch(box, "default") if is_ticked is None else is_ticked
            return TICKED if is_ticked else NOT_TICKED
        return ""


def asks_to_be_filled(element: Element) -> bool:
    """Return whether something is a content control nobody has written into."""
    return tag(element) == "sdt" and bool(switch(child(element, "sdtPr"), "showingPlcHdr"))


def _paragraphs(
    element: Element, into: WordText, *, is_in_paragraph: bool = False
) -> Iterator[Element]:
    """Return the paragraphs of a cell, those of tables and drawings in it included."""
    for inside in element:
        name = tag(inside)
        if asks_to_be_filled(inside) and any(tag(one) == "p" for one in inside.iter()):
            into.findings.append(("not-filled-in", _shown_words(inside)))
        elif name == "altChunk":
            into.findings.append(("html-part", ""))
        elif name == "p":
            yield inside
            yield from _paragraphs(inside, into, is_in_paragraph=True)
        elif name in _DELETED:
            if not is_in_paragraph:
                into.deleted += _deleted_words(inside)
        elif name not in _LEFT_OUT:
            if name == "tbl":
                into.findings.append(("table-in-cell", ""))
            yield from _paragraphs(inside, into, is_in_paragraph=is_in_paragraph)


def _shown_words(element: Element) -> str:
    return "".join(one.text or "" for one in element.iter() if tag(one) == "t")


def _deleted_words(element: Element) -> list[str]:
    return [one.text or "" for one in element.iter() if tag(one) in ("delText", "t")]


def _sign(element: Element) -> str:
    code = attribute(element, "char")
    try:
        return symbol(attribute(element, "font"), int(code, 16))
    except (ValueError, OverflowError):
        return ""
