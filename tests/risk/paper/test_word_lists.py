"""Lists of a formatted text in DOCX and ODT: each item once, as deep and with the number it has."""

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from odfdo import Document as OpenDocument

from risk.content.part_values import PartContent, PartSection
from risk.content.plan_values import BoundPlan
from risk.content.rich_text import rich_blocks
from risk.formatted.tree import DEEPEST, check_blocks
from risk.formatted.typed import read_typed
from risk.paper.blocks import ItemKind
from risk.paper.odt_styles import LIST_STYLES
from risk.paper.plan_blocks import plan_book
from risk.paper.writing_docx import write_docx
from risk.paper.writing_odt import write_odt

Item = tuple[int, int | None, str]
"""How many lists an item stands in, its number if it has one, its first paragraph."""


def book_of(blocks: list[dict[str, Any]]):
    chapter = PartSection("Contesto", words=rich_blocks(blocks))
    parts = (PartContent("capitoli", "Il piano", (), (chapter,)),)
    return plan_book(BoundPlan("Comune", "PTPCT", "PTPCT", "2021", "Anna Verdi", parts=parts), ())


def asked(blocks: list[dict[str, Any]], depth: int = 1) -> Iterator[Item]:
    for block in blocks:
        if block["type"] == "list":
            for number, item in enumerate(block["items"], start=block.get("start", 1)):
                said = item[0]["runs"][0]["text"] if item[0]["type"] == "paragraph" else ""
                yield depth, number if block["ordered"] else None, said
                yield from asked(item, depth + 1)


def in_docx(content: bytes) -> Iterator[Item]:
    docx = Document(io.BytesIO(content))
    counted: Counter[int] = Counter()
    nums = {one.numId: one for one in docx.part.numbering_part.element.num_lst}
    for row in docx.paragraphs:
        kind, _list, depth = row.style.name.removeprefix("List ").partition(" ")
        if not row.style.name.startswith("List") or kind == "Continue":
            continue
        number = None
        if kind == "Number":
            name = row._p.pPr.numPr.numId.val
            (first,) = nums[name].xpath("./w:lvlOverride/w:startOverride")
            number = int(first.get(qn("w:val"))) + counted[name]
            counted[name] += 1
        yield int(depth or 1), number, row.text


def in_odt(content: bytes) -> Iterator[Item]:
    for item in OpenDocument(io.BytesIO(content)).body.get_elements("//text:list-item"):
        rows, depth, above = item.parent, 0, item.parent
        while above is not None:
            depth, above = depth + (above.tag == "text:list"), above.parent
        number = None
        if rows.get_attribute("text:style-name") == LIST_STYLES[ItemKind.NUMBER]:
            items = rows.get_elements("text:list-item")
            place = [one._xml_element for one in items].index(item._xml_element)
            number = int(items[0].get_attribute("text:start-value")) + place
        yield depth, number, item.get_elements("text:p")[0].text_recursive


@pytest.mark.parametrize(
    ("typed", "items"),
    [
        ("1. - sotto\n2. due", [(1, 1, ""), (2, None, "sotto"), (1, 2, "due")]),
        ("- 7. sette\n- due", [(1, None, ""), (2, 7, "sette"), (1, None, "due")]),
        # one that is behind another does not go on with its number
        ("1. uno\n\ntesto\n\n1. - sotto\n2. due", [(1, 1, "uno"), (1, 1, ""), (2, None, "sotto")]),
    ],
)
def test_an_item_that_begins_with_a_list_has_its_sign(typed, items):
    blocks = read_typed(typed)
    book = book_of(blocks)
    told = list(asked(blocks))
    assert told[: len(items)] == items
    assert list(in_docx(write_docx(book))) == told
    assert list(in_odt(write_odt(book))) == told


WORDS = st.text(alphabet="abcde", min_size=1, max_size=3)
PARAGRAPH = WORDS.map(lambda text: {"type": "paragraph", "runs": [{"text": text}]})


@st.composite
def trees(draw, depth: int = 0) -> list[dict[str, Any]]:
    """Give blocks that a chapter may hold, lists in lists as far as they may stand."""
    blocks = []
    for _one in range(draw(st.integers(1, 2))):
        if depth == DEEPEST or draw(st.booleans()):
            blocks.append(draw(PARAGRAPH))
            continue
        rows = {"type": "list", "ordered": draw(st.booleans())}
        rows["items"] = [draw(trees(depth + 1)) for _item in range(draw(st.integers(1, 3)))]
        if rows["ordered"] and (start := draw(st.integers(0, 9))) != 1:
            rows["start"] = start
        blocks.append(rows)
    return blocks


@settings(max_examples=25)
@given(trees())
def test_every_list_a_chapter_may_hold_is_written(blocks):
    check_blocks(blocks)
    book, told = book_of(blocks), list(asked(blocks))
    assert list(in_docx(write_docx(book))) == told
    assert list(in_odt(write_odt(book))) == told
