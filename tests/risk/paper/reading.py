"""Reading a PDF back: its words, its structure tree, the grids of its tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from pikepdf import Array

from risk.paper.name_trees import NUMBERS, entries

# Hyphens and spaces differ where lines end; every other character must be there.
_LAYOUT = re.compile(r"[\s\u00ad\u200b-]+")


def text_of(text: str) -> str:
    """Return a text without what a line end may add or take away."""
    return _LAYOUT.sub("", text)


@dataclass(frozen=True)
class GridCell:
    """A cell of the structure tree at the place its spans give it."""

    kind: str
    rows: frozenset[int]
    columns: frozenset[int]
    id: str
    scope: str
    headers: tuple[str, ...]

    @property
    def name(self) -> str:
        """The id without what every id of its document begins with."""
        return self.id.partition("-")[2]


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Yield the structure elements below a node, depth first."""
    kids = node.get("/K")
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    for kid in kids:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def tables(pdf: pikepdf.Pdf) -> list[list[GridCell]]:
    """Return the grid of each table, from its rows and spans alone."""
    found = [e for e in elements(pdf.Root.StructTreeRoot) if e.S == "/Table"]
    return [_grid(table) for table in found]


def _grid(table: pikepdf.Object) -> list[GridCell]:
    taken: set[tuple[int, int]] = set()
    cells = []
    rows = [element for element in elements(table) if element.S == "/TR"]
    for row, element in enumerate(rows):
        column = 0
        for cell in element.K:
            while (row, column) in taken:
                column += 1
            attributes = cell.get("/A", pikepdf.Dictionary())
            down = int(attributes.get("/RowSpan", 1))
            across = int(attributes.get("/ColSpan", 1))
            spanned_rows = frozenset(range(row, row + down))
            spanned_columns = frozenset(range(column, column + across))
            place = {(r, c) for r in spanned_rows for c in spanned_columns}
            assert not place & taken, "two cells in one place"
            taken |= place
            cells.append(
                GridCell(
                    kind=str(cell.S),
                    rows=spanned_rows,
                    columns=spanned_columns,
                    id=str(cell.get("/ID", "")),
                    scope=str(attributes.get("/Scope", "")),
                    headers=tuple(str(name) for name in attributes.get("/Headers", [])),
                )
            )
    width = max(max(cell.columns) for cell in cells) + 1
    assert len(taken) == width * len(rows), "a hole in the grid"
    return cells


def misplaced(pdf: pikepdf.Pdf) -> list[str]:
    """Return what is drawn on a page and belongs to no element of that page."""
    owners = dict(entries(pdf.Root.StructTreeRoot.ParentTree, NUMBERS))
    reachable = {element.objgen for element in elements(pdf.Root.StructTreeRoot)}
    found = []
    for number, page in enumerate(pdf.pages, start=1):
        mapped = owners.get(int(page.StructParents), Array())
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) != "BDC" or "/MCID" not in operands[1]:
                continue
            content = int(operands[1].MCID)
            owner = mapped[content] if content < len(mapped) else None
            if owner is None or owner.objgen not in reachable or owner.Pg.objgen != page.objgen:
                found.append(f"{number}: {content}")
        for link in page.get("/Annots", ()):
            owner = owners.get(int(link.StructParent))
            if owner is None or owner.objgen not in reachable:
                found.append(f"{number}: link")
    return found
