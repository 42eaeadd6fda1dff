"""Our own reading of the tags of tables that are longer than a validator looks at by itself.

The validator gives up at 1,024 rows. Its limit can be raised (`tests.conformance`), but then a rule
it applies to no table of that length in its own tests is the only witness; so each long table is
read here once more, from the tags alone: what stands in what, that rows and spans fill one grid,
and that each cell is under the heads it names.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf

MOST_ROWS = 1_024
"""Of a table that a validator looks at by itself."""
_GROUPS = ("/THead", "/TBody", "/TFoot")
_SCOPES = {"/Row", "/Column", "/Both"}


@dataclass
class _Cell:
    kind: str
    place: str
    id: str
    scope: str
    headers: list[str]
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


def faults_of_long_tables(pdf: bytes, more_than: int = MOST_ROWS) -> list[str]:
    """Return what is wrong in the tags of each table of a PDF with more rows than `more_than`."""
    with pikepdf.open(io.BytesIO(pdf)) as book:
        return [
            f"table {number}: {fault}"
            for number, table in enumerate(_tables(book.Root.StructTreeRoot), start=1)
            if len(_rows(table)) > more_than
            for fault in _faults(table)
        ]


def _kids(node: pikepdf.Object) -> list[pikepdf.Object]:
    """Return the elements right below one; what stands on a page is none."""
    kids = node.get("/K")
    kids = kids if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _tables(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    for kid in _kids(node):
        if kid.S == "/Table":
            yield kid
        else:
            yield from _tables(kid)


def _rows(table: pikepdf.Object) -> list[pikepdf.Object]:
    """Return the rows of a table, in their order, those of its groups included."""
    parts = [part for kid in _kids(table) for part in (_kids(kid) if kid.S in _GROUPS else [kid])]
    return [one for one in parts if one.S == "/TR"]


def _faults(table: pikepdf.Object) -> Iterator[str]:
    yield from _nested_wrongly(table)
    cells, told = _cells(_rows(table))
    yield from told
    yield from _linked_wrongly(cells)


def _nested_wrongly(table: pikepdf.Object) -> Iterator[str]:
    """Yield the elements that stand where none of their kind may (ISO 32000-1, table 337)."""
    kinds = [str(kid.S) for kid in _kids(table)]
    if "/Caption" in kinds[1:-1] or kinds.count("/Caption") > 1:
        yield "a caption among its rows"
    yield from (f"{one} in /Table" for one in {*kinds} - {"/Caption", "/TR", *_GROUPS})
    groups = [kid for kid in _kids(table) if kid.S in _GROUPS]
    yield from (f"{one.S} in {kid.S}" for kid in groups for one in _kids(kid) if one.S != "/TR")
    for number, row in enumerate(_rows(table), start=1):
        for cell in _kids(row):
            if cell.S not in ("/TH", "/TD"):
                yield f"{cell.S} in /TR {number}"
            for below in _kids(cell):
                if below.S in ("/TR", "/TH", "/TD", *_GROUPS):
                    yield f"{below.S} in {cell.S} of row {number}"


def _cells(rows: list[pikepdf.Object]) -> tuple[list[_Cell], list[str]]:
    """Return the cells where their spans put them, and what overlaps, lacks or leaves the table."""
    taken: dict[tuple[int, int], _Cell] = {}
    cells: list[_Cell] = []
    told: list[str] = []
    for row, element in enumerate(rows):
        column = 0
        for one in _kids(element):
            while (row, column) in taken:
                column += 1
            cell, across, down = _read(one, row, column)
            cell.rows, cell.columns = {*range(row, row + down)}, {*range(column, column + across)}
            places = [(r, c) for r in sorted(cell.rows) for c in sorted(cell.columns)]
            if row + down > len(rows):
                told.append(f"{cell.place} spans beyond the last row")
            if any(place in taken for place in places):
                told.append(f"{cell.place} lies over another")
            taken |= dict.fromkeys(places, cell)
            cells.append(cell)
    width = 1 + max((column for _row, column in taken), default=0)
    lacking = [row for row in range(len(rows)) for c in range(width) if (row, c) not in taken]
    return cells, [*told, *(f"row {row + 1} has a hole" for row in dict.fromkeys(lacking))]


def _read(one: pikepdf.Object, row: int, column: int) -> tuple[_Cell, int, int]:
    said = one.get("/A", pikepdf.Dictionary())
    cell = _Cell(
        kind=str(one.S),
        place=f"{one.S} {row + 1}, {column + 1}",
        id=str(one.get("/ID", "")),
        scope=str(said.get("/Scope", "")),
        headers=[str(name) for name in said.get("/Headers", [])],
    )
    return cell, int(said.get("/ColSpan", 1)), int(said.get("/RowSpan", 1))


def _linked_wrongly(cells: list[_Cell]) -> Iterator[str]:
    """Yield the heads without a scope or a name of their own, and the cells not under their heads.

    A head over several columns may head others beside; a cell is in its row or in its column.
    """
    heads = {cell.id: cell for cell in cells if cell.kind == "/TH"}
    if len(heads) != sum(cell.kind == "/TH" for cell in cells):
        yield "two heads of one name, or some of none"
    for cell in cells:
        if (cell.kind == "/TH") != (cell.scope in _SCOPES):
            yield f"{cell.place} with scope “{cell.scope}”"
        if cell.kind == "/TD" and not cell.headers:
            yield f"{cell.place} is under no head"
        for name in cell.headers:
            head = heads.get(name)
            if head is None or not (head.rows & cell.rows or head.columns & cell.columns):
                yield f"{cell.place} is not under “{name}”"
