"""The structure tree of a PDF before it is written: walking it, moving its nodes, dropping them.

Nodes are the engine's own dictionaries; a kid is a reference to another node or the number of a
piece of content on the node's page.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any


class Tree:
    """The structure tree of one document, over the engine's list of objects."""

    def __init__(self, pdf: Any) -> None:
        self.pdf = pdf
        self.root = self.node(pdf.catalog["StructTreeRoot"])

    def node(self, reference: bytes) -> Any:
        """Return the object a reference points to."""
        return self.pdf.objects[int(reference.split()[0])]

    def parent(self, node: Any) -> Any:
        """Return the node above."""
        return self.node(node["P"])

    def detach(self, node: Any) -> None:
        """Take a node out of the tree; its content becomes an artifact unless it is moved."""
        self.parent(node)["K"].remove(node.reference)

    def move(self, node: Any, *, to: Any) -> None:
        """Make a node the last kid of another one."""
        self.detach(node)
        node["P"] = to.reference
        to["K"].append(node.reference)

    def kids(self, node: Any) -> list[Any]:
        """Return the nodes below, without the pieces of content."""
        return [self.node(kid) for kid in node["K"] if isinstance(kid, bytes)]

    def prune(self) -> None:
        """Drop the nodes that hold nothing, except cells: an empty cell still has its place."""
        for top in self.kids(self.root):
            self._prune(top)

    def _prune(self, node: Any) -> bool:
        """Prune below `node` and say whether it holds anything."""
        for kid in self.kids(node):
            if "S" in kid and not self._prune(kid):
                self.detach(kid)
        return bool(node["K"]) or node["S"] in ("/TD", "/TH")

    def make_artifacts(self) -> None:
        """Mark what is drawn but not in the tree: running heads, repeated table heads."""
        used = defaultdict(set)
        for top in self.kids(self.root):
            for page, content in self._content(top):
                used[page].add(content)
        owners = self.node(self.root["ParentTree"])["Nums"]
        for number, page_reference in enumerate(self.pdf.page_references):
            page = self.node(page_reference)
            kept = used[page_reference]
            operands = self.node(page["Contents"]).stream
            for index, operand in enumerate(operands):
                if isinstance(operand, dict) and "MCID" in operand:
                    content = operand["MCID"]
                    if content not in kept:
                        operands[index - 1 : index + 2] = [b"/Artifact", b"", b"BMC"]
                        owners[2 * number + 1][content] = b"null"

    def _content(self, node: Any) -> Iterator[tuple[bytes, int]]:
        """Yield page and number of each piece of content below `node`."""
        for kid in node["K"]:
            if isinstance(kid, bytes):
                below = self.node(kid)
                if "S" in below:
                    yield from self._content(below)
            else:
                yield node["Pg"], kid
