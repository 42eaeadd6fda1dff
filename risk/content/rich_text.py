"""A formatted text as it is printed: its blocks as plain values, whoever draws them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Union

from risk.content.typography import without_controls


@dataclass(frozen=True, slots=True)
class TextRun:
    """A stretch of a text in one form; `link` is the address it leads to."""

    text: str
    strong: bool = False
    emphasis: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class RichParagraph:
    """A paragraph."""

    kind: ClassVar[str] = "paragraph"
    runs: tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class RichList:
    """A list of items, each of some blocks; a numbered one counts from `start`."""

    kind: ClassVar[str] = "list"
    items: tuple[tuple["RichBlock", ...], ...]
    is_ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class RichTable:
    """A table with a head; a cell is its runs."""

    kind: ClassVar[str] = "table"
    head: tuple[tuple[TextRun, ...], ...]
    rows: tuple[tuple[tuple[TextRun, ...], ...], ...]


RichBlock = Union[RichParagraph, RichList, RichTable]  # noqa: UP007 - it names itself


def rich_blocks(tree: Iterable[dict[str, Any]]) -> tuple[RichBlock, ...]:
    """Return the blocks of a tree (`risk.formatted.tree`) as they are printed."""
    return tuple(map(_block, tree))


def _block(block: dict[str, Any]) -> RichBlock:
    if block["type"] == "paragraph":
        return RichParagraph(_runs(block["runs"]))
    if block["type"] == "list":
        items = tuple(map(rich_blocks, block["items"]))
        return RichList(items, block["ordered"], block.get("start", 1))
    return RichTable(_row(block["head"]), tuple(map(_row, block["rows"])))


def _row(row: list[list[dict[str, Any]]]) -> tuple[tuple[TextRun, ...], ...]:
    return tuple(map(_runs, row))


def _runs(runs: list[dict[str, Any]]) -> tuple[TextRun, ...]:
    return tuple(TextRun(**{**run, "text": without_controls(run["text"])}) for run in runs)


def plain_text(runs: Iterable[TextRun]) -> str:
    """Return what runs say, without their forms."""
    return "".join(run.text for run in runs)
