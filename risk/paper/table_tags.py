"""Tables in the structure tree: one table however many pages, and each cell linked to its heads.

The engine writes a table anew on each page and gets the links wrong where merged cells stand side
by side. The boxes it laid out still know their element and their column, so the truth is taken
from them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pydyf

from risk.paper.structure import Tree


@dataclass(slots=True)
class _Cell:
    """A cell of the whole table at its place in the grid."""

    node: Any
    element: Any
    row: int
    column: int
    rows: int
    columns: int
    in_head: bool
    id: str = ""

    @property
    def is_header(self) -> bool:
        return bool(self.element.tag == "th")


def link_tables(document: Any, tree: Tree, *, table_box: type, prefix: str) -> None:
    """Join the parts of each table and write its name, scopes, ids, spans and links of its cells.

    Ids begin with `prefix`.
    """
    names = _Names(document)
    for number, parts in enumerate(_parts_by_table(document, table_box), start=1):
        cells = _join(parts, tree)
        if cells:
            _name(cells[0].node, parts[0].element, tree, names)
        for cell in cells:
            if cell.is_header:
                own = cell.element.get("id") or f"t{number}-{cell.row}-{cell.column}"
                cell.id = prefix + own
        heads = _Heads(cells, prefix)
        for cell in cells:
            _write(cell, heads)


class _Names:
    """What tables are called: by a caption that is not drawn, else by what they are labelled by."""

    def __init__(self, document: Any) -> None:
        self.document = document

    @cached_property
    def _by_id(self) -> dict[str, Any]:
        """The elements of the whole text by their ids."""
        html = self.document.pages[0]._page_box.children[0].element
        return {one.get("id"): one for one in html.iter() if one.get("id")}

    def of(self, table: Any) -> str:
        named = table.find("caption")
        if named is None:
            named = self._by_id.get(table.get("aria-labelledby", ""))
        return "" if named is None else " ".join("".join(named.itertext()).split())


def _name(cell: Any, table: Any, tree: Tree, names: _Names) -> None:
    """Say what a table is called where no caption of it is drawn (ISO 32000-1, 14.8.5.7)."""
    node = tree.parent(tree.parent(tree.parent(cell)))
    is_drawn = any(kid["S"] == "/Caption" for kid in tree.kids(node) if "S" in kid)
    if not is_drawn and (name := names.of(table)):
        node["A"] = pydyf.Dictionary({"O": "/Table", "Summary": pydyf.String(name)})


def _parts_by_table(document: Any, table_box: type) -> list[list[Any]]:
    """Return the boxes of each table of the document, one for each page it stands on."""
    parts: dict[Any, list[Any]] = {}
    for page in document.pages:
        box: Any
        for box in page._page_box.descendants():
            is_table = isinstance(box, table_box)
            if is_table and box.element is not None:
                parts.setdefault(box.element, []).append(box)
    return list(parts.values())


def _join(parts: list[Any], tree: Tree) -> list[_Cell]:
    """Move the rows of later parts into the first one; return all the cells, placed."""
    cells: list[_Cell] = []
    row_number = 0
    table_node: Any = None
    group_node: Any = None
    last_group: Any = None
    last_row: Any = None
    open_cells: list[Any] = []
    for group, row, row_node in _rows(parts, tree):
        this_group = tree.parent(row_node)
        this_table = tree.parent(this_group)
        table_node = table_node or this_table
        if group.is_header and this_table is not table_node:
            # A repeated head is drawn, not read again: out of the tree it becomes an artifact.
            if row_node.reference in this_group["K"]:
                tree.detach(row_node)
            continue
        if row.element is last_row:
            _continue_cells(row, open_cells, tree)
            tree.detach(row_node)
            continue
        if group.element is last_group and this_group is not group_node:
            tree.move(row_node, to=group_node)
        elif this_group is not group_node:
            group_node = this_group
            if this_table is not table_node:
                tree.move(group_node, to=table_node)
        last_group, last_row = group.element, row.element
        open_cells = [cell.mark for cell in row.children]
        cells += [_placed(cell, row_number, in_head=group.is_header) for cell in row.children]
        row_number += 1
    return cells


def _rows(parts: list[Any], tree: Tree) -> Iterator[tuple[Any, Any, Any]]:
    for part in parts:
        for group in part.children:
            for row in group.children:
                if row.children:
                    yield group, row, tree.parent(row.children[0].mark)


def _continue_cells(row: Any, open_cells: list[Any], tree: Tree) -> None:
    """Give the content of a row cut by the page to the cells where it began."""
    for cell, begun in zip(row.children, open_cells, strict=True):
        for kid in tree.kids(cell.mark):
            tree.move(kid, to=begun)


def _placed(box: Any, row: int, *, in_head: bool) -> _Cell:
    return _Cell(box.mark, box.element, row, box.grid_x, box.rowspan, box.colspan, in_head)


class _Heads:
    """The heads of one table, found by name, by column and by row."""

    def __init__(self, cells: list[_Cell], prefix: str) -> None:
        self.prefix = prefix
        self.known = {cell.id for cell in cells if cell.id}
        self.columns = [cell for cell in cells if cell.id and cell.in_head]
        self.by_row: dict[int, list[_Cell]] = {}
        for cell in cells:
            if cell.id and not cell.in_head:
                for row in range(cell.row, cell.row + cell.rows):
                    self.by_row.setdefault(row, []).append(cell)

    def of(self, cell: _Cell) -> list[str]:
        """Return the heads the template names; failing these, those above and before the cell."""
        asked = (self.prefix + name for name in cell.element.get("headers", "").split())
        named = [name for name in asked if name in self.known]
        if named or cell.in_head:
            return named
        above = [
            head.id
            for head in self.columns
            if head.column < cell.column + cell.columns and cell.column < head.column + head.columns
        ]
        beside = [
            head
            for row in range(cell.row, cell.row + cell.rows)
            for head in self.by_row.get(row, ())
        ]
        # a cell left of the head of its row is of that row too
        before = [head for head in beside if head.column < cell.column] or beside
        return list(dict.fromkeys(above + [head.id for head in before if head is not cell]))


def _write(cell: _Cell, heads: _Heads) -> None:
    """Write the attributes of one cell into its node."""
    attributes = cell.node["A"]
    if cell.is_header:
        cell.node["ID"] = pydyf.String(cell.id)
        across = cell.in_head or cell.element.get("scope", "").startswith("col")
        attributes["Scope"] = "/Column" if across else "/Row"
    else:
        cell.node.pop("ID", None)
    if headers := heads.of(cell):
        attributes["Headers"] = pydyf.Array([pydyf.String(header) for header in headers])
    else:
        attributes.pop("Headers", None)
