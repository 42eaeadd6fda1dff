"""Fewer bytes for the same paper: lines without an element each, margins drawn once.

The engine makes an element of the structure tree for each line of text, and writes a page in one
piece, running heads and all. A line needs none where its paragraph stands on the same page
(ISO 32000-1, 14.7.4); and a page whose margins are a stream of their own (7.8.2) is, but for them,
the same bytes in the next edition, so that it need not be kept twice (docs/decisions/0050).
"""

from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import Any

import pydyf

from risk.paper.structure import Tree

_TEXTS = ("P", "H1", "H2", "H3", "H4", "H5", "H6", "TH", "TD", "Lbl", "LBody", "Span")
_HOLD_TEXT = {f"/{kind}" for kind in _TEXTS}
_OF_A_LINE = {"Type", "S", "K", "Pg", "P"}


def merge_lines(tree: Tree) -> None:
    """Give the content of lines to what they are lines of, where that stands on the same page."""
    owners = tree.node(tree.root["ParentTree"])["Nums"]
    numbers = {page: 2 * n + 1 for n, page in enumerate(tree.pdf.page_references)}
    for top in tree.kids(tree.root):
        _merge_below(top, tree, owners, numbers)


def _merge_below(node: Any, tree: Tree, owners: Any, numbers: dict[bytes, int]) -> None:
    kids: list[Any] = []
    for kid in node["K"]:
        below = tree.node(kid) if isinstance(kid, bytes) else None
        if below is None or "S" not in below:
            kids.append(kid)
            continue
        _merge_below(below, tree, owners, numbers)
        if _is_line_of(below, node):
            for content in below["K"]:
                owners[numbers[below["Pg"]]][content] = node.reference
            kids += below["K"]
        else:
            kids.append(kid)
    node["K"][:] = kids


def _is_line_of(line: Any, node: Any) -> bool:
    return (
        line["S"] == "/Span"
        and node["S"] in _HOLD_TEXT
        and line["Pg"] == node["Pg"]
        and line.keys() == _OF_A_LINE
        and not any(isinstance(kid, bytes) for kid in line["K"])
    )


def part_pages(tree: Tree) -> None:
    """Write what is in the margins of pages apart from them, and once what is the same."""
    pdf, written = tree.pdf, {}
    for reference in pdf.page_references:
        page = tree.node(reference)
        whole = tree.node(page["Contents"])
        body, *margins = _parts(whole.stream)
        whole.stream = body
        contents = [page["Contents"]]
        for operands in margins:
            part = pydyf.Stream(operands, compress=whole.compress)
            data = part.data
            if data not in written:
                pdf.add_object(part)
                written[data] = part.reference
            contents.append(written[data])
        page["Contents"] = pydyf.Array(contents)


def _parts(operands: list[Any]) -> Iterator[list[Any]]:
    """Give the content of a page up to the last that is tagged, then each group behind it.

    Groups are parted where no more graphics states are open than anywhere behind what is tagged.
    """
    tagged = [n for n, one in enumerate(operands) if isinstance(one, dict) and "MCID" in one]
    last = max((n for n, one in enumerate(operands) if one != b"Q"), default=0)
    depths = list(accumulate(_opened(one) for one in operands))
    behind = range(tagged[-1], last) if tagged else range(0)
    least = min((depths[n] for n in behind), default=0)
    cuts = [n + 1 for n in behind if operands[n] == b"Q" and depths[n] == least]
    # what closes the page stays with what stands last on it
    for start, end in pairwise([0, *cuts, len(operands)]):
        yield operands[start:end]


def _opened(operand: Any) -> int:
    """Return by how many graphics states more are open behind an operand."""
    return (operand == b"q") - (operand == b"Q")
