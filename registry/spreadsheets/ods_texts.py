"""The text of an ODS cell as it is seen: its paragraphs, what is struck or hidden, its comments."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from registry.spreadsheets.looks import Comment, Span, joined_spans
from registry.spreadsheets.ods_styles import OdsStyle, OdsStyles
from registry.spreadsheets.page_heads import page_heads
from registry.spreadsheets.symbols import symbols_of
from registry.spreadsheets.workbook import AsideText, Where

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_ANNOTATION = f"{_OFFICE}annotation"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_OVER_AND_UNDER = (f"{_STYLE}header", f"{_STYLE}footer")
_FIELDS = {
    f"{_TEXT}{name}"
    for name in ("page-number", "page-count", "sheet-name", "title", "file-name", "date", "time")
}
"""What a program fills in over and under a page: the file says it elsewhere."""
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")


@dataclass(frozen=True, slots=True)
class SeenText:
    """A text, and what of it is struck or hidden: all of it, or some parts."""

    text: str
    is_struck: bool = False
    is_hidden: bool = False
    struck: tuple[Span, ...] = ()
    hidden: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Words:
    text: str
    struck: bool
    hidden: bool


def plain_text(cell: Element) -> str:
    """Return the text of a cell where no style marks any words."""
    noted = _noted(cell)
    paragraphs = [
        "".join(_pieces(child))
        for child in cell.iter()
        if child.tag in _PARAGRAPHS and child not in noted
    ]
    return "\n".join(paragraphs)


def texts_of_shapes(shapes: Element) -> tuple[AsideText, ...]:
    """Return the texts of the boxes that lie over a sheet, in no cell of it."""
    texts = (plain_text(shape).strip() for shape in shapes)
    return tuple(AsideText(Where.BOX, text) for text in texts if text)


def heads_of_pages(page: Element) -> tuple[AsideText, ...]:
    """Return what the pages of a style have over and under the sheet."""
    return page_heads(
        "".join(_pieces(paragraph, _FIELDS))
        for part in page
        if part.tag.startswith(_OVER_AND_UNDER) and part.get(f"{_STYLE}display") != "false"
        for paragraph in part.iter(f"{_TEXT}p")
    )


def seen_text(cell: Element, style: OdsStyle, styles: OdsStyles) -> SeenText:
    """Return the text of a cell with its marks. `style` is that of the cell."""
    noted = _noted(cell)
    pieces: list[str] = []
    length = 0
    struck: list[Span] = []
    hidden: list[Span] = []
    paragraphs = (one for one in cell.iter() if one.tag in _PARAGRAPHS and one not in noted)
    for number, paragraph in enumerate(paragraphs):
        if number:
            pieces.append("\n")
            length += 1
        own = _after(style, styles.of_paragraph(paragraph.get(f"{_TEXT}style-name", "")))
        for words in _marked(paragraph, own, styles):
            span = (length, length + len(words.text))
            struck += [span] if words.struck else []
            hidden += [span] if words.hidden else []
            pieces.append(words.text)
            length = span[1]
    text = "".join(pieces)
    is_struck, struck_parts = joined_spans(text, struck)
    is_hidden, hidden_parts = joined_spans(text, hidden)
    return SeenText(text, is_struck, is_hidden, struck_parts, hidden_parts)


def comments_of(cell: Element) -> tuple[Comment, ...]:
    """Return the comments beside a cell."""
    found = []
    for note in cell.iter(_ANNOTATION):
        text = "\n".join("".join(_pieces(one)) for one in note.iter(f"{_TEXT}p")).strip()
        author = next((one.text or "" for one in note.iter(_CREATOR)), "")
        if text:
            found.append(Comment(text, author))
    return tuple(found)


def _noted(cell: Element) -> set[Element]:
    """Return the paragraphs of comments: they stand beside the cell, not in it."""
    notes = cell.iter(_ANNOTATION)
    return {paragraph for note in notes for paragraph in note.iter(f"{_TEXT}p")}


def _after(before: OdsStyle, style: OdsStyle) -> OdsStyle:
    """Return what holds for words inside: what their own style does not say is as around them."""
    return OdsStyle(
        struck=before.struck if style.struck is None else style.struck,
        hidden=before.hidden if style.hidden is None else style.hidden,
        symbols=before.symbols if style.symbols is None else style.symbols,
    )


def _marked(element: Element, style: OdsStyle, styles: OdsStyles) -> Iterator[_Words]:
    def words(text: str | None) -> _Words:
        seen = symbols_of(style.symbols, text or "") if style.symbols else text or ""
        return _Words(seen, bool(style.struck), bool(style.hidden))

    yield words(element.text)
    for child in element:
        sign = _sign(child)
        if sign is not None:
            yield words(sign)
        elif child.tag != _ANNOTATION:
            name = child.get(f"{_TEXT}style-name", "") if child.tag == f"{_TEXT}span" else ""
            inner = _after(style, styles.of_words(name)) if name else style
            yield from _marked(child, inner, styles)
        yield words(child.tail)


def _pieces(element: Element, without: Collection[str] = (_ANNOTATION,)) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        sign = _sign(child)
        if sign is not None:
            yield sign
        elif child.tag not in without:
            yield from _pieces(child, without)
        yield child.tail or ""


def _sign(element: Element) -> str | None:
    """Return the blank, tab or break an element stands for; None for any other element."""
    if element.tag == f"{_TEXT}s":
        return " " * min(int(element.get(f"{_TEXT}c", "1")), 100)
    return {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}.get(element.tag)
