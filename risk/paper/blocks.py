"""A document that people go on writing, as blocks: what DOCX and ODT are both written from.

A block says what a text is, never how it looks: that is a named style of each format.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from risk.content.rich_text import TextRun

TEXT_FORMATS = ("docx", "odt")
"""The formats of a document that people go on writing."""


class TextStyle(StrEnum):
    """What a paragraph is; the values are the names of the styles, as word processors show them."""

    TITLE = "Titolo del documento"
    COVER_BODY = "Amministrazione in copertina"
    COVER_EMBLEM = "Emblema in copertina"
    COVER_KIND = "Tipo di piano in copertina"
    COVER_FIRST = "Primo dato in copertina"
    COVER_FACT = "Dato in copertina"
    SUBTITLE = "Sottotitolo del documento"
    BODY = "Testo del piano"
    QUIET = "Nota del piano"
    DRAFT = "Bozza"
    CAPTION = "Didascalia di tabella"
    CELL = "Testo di tabella"
    CELL_HEAD = "Intestazione di tabella"


class ItemKind(StrEnum):
    """What a paragraph of a text is to a list: nothing, more of an item, or one that begins."""

    NONE = ""
    MORE = "more"
    BULLET = "bullet"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a level from 1 on; `landscape` begins a page, lying or not, for what follows."""

    text: str
    level: int
    landscape: bool | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text, perhaps of several lines."""

    text: str
    style: TextStyle = TextStyle.BODY


@dataclass(frozen=True, slots=True)
class FormedParagraph:
    """A paragraph of runs, each in its form; one that is an `item` stands in a list.

    `depth` counts the lists it stands in; `begins` is the number of a first item, where it counts.
    """

    runs: tuple[TextRun, ...]
    depth: int = 0
    item: ItemKind = ItemKind.NONE
    begins: int | None = None


@dataclass(frozen=True, slots=True)
class BlockCell:
    """A cell of a table: its paragraphs, the rows it spans, whether it names its row.

    One with `runs` says these instead.
    """

    lines: tuple[str, ...]
    rowspan: int = 1
    is_head: bool = False
    runs: tuple[TextRun, ...] = ()


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table: what it is called unless a heading does it, heads of each page, rows, widths.

    A row holds a cell a column, None where one of a row above spans it. Without heads the first
    column names the rows. `widths` are parts of the whole.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[BlockCell | None, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ImageBlock:
    """An image by its type and content, what is read in its place, its size in centimetres."""

    kind: str
    content: bytes
    alternative: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ContentsBlock:
    """The table of contents, of so many levels, made of the headings that follow."""

    title: str
    levels: int
    begins_page: bool = False


Block = Heading | Paragraph | FormedParagraph | TableBlock | ContentsBlock | ImageBlock


@dataclass(frozen=True, slots=True)
class Book:
    """A document: its title, the body it is of, what stands on each page, its blocks."""

    title: str
    author: str
    running: str
    blocks: tuple[Block, ...]

    def headings(self, levels: int) -> Iterator[Heading]:
        """Give the headings of the first levels, in their order."""
        return (one for one in self.blocks if isinstance(one, Heading) and one.level <= levels)

    def mark(self, number: int) -> str:
        """Return fifteen digits for a heading, by its number, that no other document has.

        Offices put files one behind the other. Of two headings marked alike the first is found,
        so that the contents of the second document would tell pages of the first.
        """
        told = "\n".join((self.title, self.author, self.running))
        return f"{zlib.crc32(told.encode()):010}{number:05}"
