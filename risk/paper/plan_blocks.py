"""A plan as blocks: its cover, its parts from what they say, then each annex in full."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from risk.content.part_values import PartCell, PartContent, PartSection, PartTable
from risk.content.plan_values import BoundPlan, PlanEmblem
from risk.content.values import DASH, AnnexDocument
from risk.enums import Layout
from risk.paper.annex_blocks import (
    annex_parts,
    cover_words,
    entries_table,
    level_word,
    state_of,
)
from risk.paper.blocks import (
    Block,
    BlockCell,
    Book,
    ContentsBlock,
    Heading,
    ImageBlock,
    Paragraph,
    TableBlock,
    TextStyle,
)
from risk.paper.image_sizes import fitted
from risk.paper.plan_chapters import WIDE
from risk.paper.text_widths import LYING, UPRIGHT, column_widths
from risk.paper.word_blocks import word_blocks

CONTENTS_LEVELS = 2
_EMBLEM_CM = (4.5, 3.0)
"""How wide and how high an emblem may be, as on the paper."""


class AnnexText(NamedTuple):
    """An annex of a plan: its heading, what is told of its state, what it says."""

    title: str
    detail: str
    document: AnnexDocument


def plan_book(document: BoundPlan, annexes: Sequence[AnnexText]) -> Book:
    """Return a plan with all its annexes as one document."""
    running = f"{document.administration} · {document.title}"
    if not document.act:
        running += f" · {_('BOZZA')}"
    said: list[Block] = []
    for part in document.parts:
        said.extend(_part(part))
    for annex in annexes:
        said.extend(_annex(annex))
    # of an edition that says nothing yet there is nothing to find
    contents = [ContentsBlock(_("Indice"), CONTENTS_LEVELS, begins_page=True)] if said else []
    blocks = [*_cover(document), *contents, *said]
    title = f"{document.title} – {document.administration}"
    return Book(title, document.administration, running, tuple(blocks))


def _cover(document: BoundPlan) -> Iterator[Block]:
    if document.emblem:
        yield _emblem(document.emblem)
    yield Paragraph(document.administration, TextStyle.COVER_BODY)
    yield Paragraph(document.kind, TextStyle.COVER_KIND)
    yield Paragraph(document.title, TextStyle.TITLE)
    yield Paragraph(_("Anni %(years)s") % {"years": document.years}, TextStyle.SUBTITLE)
    if not document.act:
        yield Paragraph(_("BOZZA del %s") % document.drafted_on, TextStyle.DRAFT)
    role = _("Responsabile della prevenzione della corruzione e della trasparenza: %s")
    yield Paragraph(role % document.rpct, TextStyle.COVER_FIRST)
    if act := document.act:
        names = {"kind": act.kind, "n": act.number, "day": act.date}
        adopted = _("Adottato con: %(kind)s n. %(n)s del %(day)s") % names
        yield Paragraph(adopted, TextStyle.COVER_FACT)
        yield Paragraph(_("Organo: %s") % act.organ, TextStyle.COVER_FACT)
    if document.version:
        version = _("Versione del contenuto: %s") % document.version
        yield Paragraph(version, TextStyle.COVER_FACT)
    if document.act:
        note = _("Copia modificabile: fa fede il documento adottato, con i suoi allegati.")
        yield Paragraph(note, TextStyle.QUIET)


def _emblem(emblem: PlanEmblem) -> ImageBlock:
    size = fitted(emblem.kind, emblem.content, widest=_EMBLEM_CM[0], highest=_EMBLEM_CM[1])
    return ImageBlock(emblem.kind, emblem.content, emblem.alternative, *size)


def _part(part: PartContent) -> Iterator[Block]:
    yield Heading(part.title, 1, landscape=part.name in WIDE)
    for paragraph in part.paragraphs:
        yield Paragraph(paragraph)
    whole = LYING if part.name in WIDE else UPRIGHT
    for section in part.sections:
        yield from _section(section, whole)


def _section(section: PartSection, whole: int) -> Iterator[Block]:
    if section.title:
        level = f" – {level_word(section.level)}" if section.level else ""
        yield Heading(section.title + level, 2)
    if section.link:
        yield Paragraph(section.link.text)
    for paragraph in section.paragraphs:
        yield Paragraph(paragraph)
    yield from word_blocks(section.words)
    yield from entries_table("", section.entries)
    if section.table and section.table.rows:
        yield _table(section.table, whole, is_titled=bool(section.title))


def _table(table: PartTable, whole: int, *, is_titled: bool) -> TableBlock:
    heads = tuple(str(column.title) for column in table.columns)
    rows = tuple(
        tuple(_cell(cell, is_head=not place) for place, cell in enumerate(row))
        for row in table.rows
    )
    texts = [
        [head, *(" ".join(row[place].lines) for row in rows)] for place, head in enumerate(heads)
    ]
    return TableBlock("" if is_titled else table.title, heads, rows, column_widths(texts, whole))


def _cell(cell: PartCell, *, is_head: bool) -> BlockCell:
    level = (level_word(cell.level),) if cell.level else ()
    links = ("; ".join(link.text for link in cell.links),) if cell.links else ()
    return BlockCell((*level, *links, *cell.lines) or (DASH,), is_head=is_head)


def _annex(annex: AnnexText) -> Iterator[Block]:
    yield Heading(annex.title, 1, landscape=False)
    head = _("Responsabile dell’ufficio: %s") % annex.document.head
    yield Paragraph(f"{head}; {annex.detail}")
    yield from state_of(annex.document)
    yield from cover_words(annex.document, Layout.COMPLETE)
    yield from annex_parts(annex.document, Layout.COMPLETE, level=2)
