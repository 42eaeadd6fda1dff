"""Articles and sections in the structure tree: one element however many pages they stand on.

The engine begins them anew on each page. It makes an element for each box, in the order of the
boxes, so that from the boxes it is known which of those of a page goes on with one before.
"""

from collections.abc import Iterator
from typing import Any

from risk.paper.structure import Tree

_GO_ON = {"article": "/Art", "section": "/Sect"}
"""What goes on, by the name of its element."""


def join_continued(document: Any, tree: Tree, *, line_box: type) -> None:
    """Move what stands in the later parts of an article or a section into its first one."""
    tops: dict[bytes, list[Any]] = {}
    for top in tree.kids(tree.kids(tree.root)[0]):
        tops.setdefault(top["Pg"], []).append(top)
    begun: dict[Any, Any] = {}
    for page, reference in zip(document.pages, tree.pdf.page_references, strict=False):
        nodes = [one for top in tops.get(reference, ()) for one in _below(top, tree)]
        boxes = [*_boxes(page._page_box, line_box)]
        if [_GO_ON[box.element_tag] for box in boxes] != [node["S"] for node in nodes]:
            # another engine makes other elements: what is not known is left as it is
            continue
        on_page = set()
        for box, node in zip(boxes, nodes, strict=True):
            # boxes the engine makes within one are of the same element
            if box.element not in on_page:
                on_page.add(box.element)
                first = begun.setdefault(box.element, node)
                if first is not node:
                    _move_kids(node, first, tree)


def part_paragraphs(tree: Tree) -> None:
    """Let no paragraph stand in another: the inner one is a box the engine made of the same."""
    waiting = tree.kids(tree.root)
    while waiting:
        node = waiting.pop()
        for kid in (one for one in tree.kids(node) if "S" in one):
            if kid["S"] == node["S"] == "/P":
                kid["S"] = "/NonStruct"
            waiting.append(kid)


def _below(node: Any, tree: Tree) -> Iterator[Any]:
    """Yield the articles and sections of a page, in their order."""
    if node["S"] in _GO_ON.values():
        yield node
    for kid in tree.kids(node):
        if "S" in kid:
            yield from _below(kid, tree)


def _boxes(box: Any, line_box: type) -> Iterator[Any]:
    """Yield the boxes that become articles and sections, as the engine goes through them."""
    for kid in getattr(box, "children", ()):
        # what has a place of its own is held by another box
        child = getattr(kid, "_box", kid)
        if hasattr(child, "at_keyword"):
            # margins are no part of the tree
            continue
        is_line = isinstance(child, line_box)
        if not is_line and child.element is not None and child.element_tag in _GO_ON:
            yield child
        yield from _boxes(child, line_box)


def _move_kids(node: Any, to: Any, tree: Tree) -> None:
    for kid in tree.kids(node):
        kid["P"] = to.reference
    to["K"].extend(node["K"])
    node["K"].clear()
    tree.detach(node)
