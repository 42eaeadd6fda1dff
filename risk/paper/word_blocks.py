"""A formatted text as the blocks that word processors are given."""

from collections.abc import Iterable, Iterator

from risk.content.rich_text import (
    RichBlock,
    RichList,
    RichParagraph,
    RichTable,
    TextRun,
    plain_text,
)
from risk.paper.blocks import Block, BlockCell, FormedParagraph, ItemKind, TableBlock

_NARROWEST, _WIDEST = 8, 40
"""Limits of the width of a column, in characters of its texts."""


def word_blocks(blocks: Iterable[RichBlock]) -> Iterator[Block]:
    """Give the blocks of a formatted text, those of its lists item by item."""
    for block in blocks:
        if isinstance(block, RichList):
            yield from _items(block, depth=1)
        elif isinstance(block, RichTable):
            yield _table(block)
        else:
            yield FormedParagraph(block.runs)


def _items(rows: RichList, depth: int) -> Iterator[FormedParagraph]:
    kind = ItemKind.NUMBER if rows.is_ordered else ItemKind.BULLET
    for number, item in enumerate(rows.items):
        begun = rows.start if rows.is_ordered and not number else None
        is_first = True
        if not isinstance(item[0], RichParagraph):
            # its sign and its number stand on a paragraph
            yield FormedParagraph((), depth, kind, begun)
            is_first = False
        for block in item:
            if isinstance(block, RichList):
                yield from _items(block, depth + 1)
            elif not isinstance(block, RichTable):
                own = kind if is_first else ItemKind.MORE
                yield FormedParagraph(block.runs, depth, own, begun if is_first else None)
                is_first = False


def _table(table: RichTable) -> TableBlock:
    heads = tuple(map(plain_text, table.head))
    rows = tuple(tuple(map(_cell, row)) for row in table.rows)
    columns = zip(heads, *(map(plain_text, row) for row in table.rows), strict=True)
    widths = tuple(min(_WIDEST, max(_NARROWEST, *map(len, texts))) for texts in columns)
    return TableBlock("", heads, rows, widths)


def _cell(runs: tuple[TextRun, ...]) -> BlockCell:
    return BlockCell((plain_text(runs),), runs=runs)
