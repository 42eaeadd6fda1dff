"""Where the tables of a sheet stand: one under the other, each under its title, or side by side."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from registry.spreadsheets.workbook import Value, WorkbookSheet
from risk.services.imports.recognise.contexts import title_of
from risk.services.imports.recognise.heads import Header, Names, header_on, headers
from risk.services.imports.recognise.paper_tables import begins_paper
from risk.services.imports.recognise.summaries import counts_under

Fits = Callable[[WorkbookSheet, Header, int], bool]
"""Whether heads may be those of a table, with what is said from a row of their sheet on."""

_FEWEST = 2
_MOSTLY = 0.6
"""Share of known heads from which a row is one of heads."""
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Place:
    """The heads of one table, the rows over and under them, and its columns beside another one.

    `sheet` holds the cells of its columns alone.
    """

    sheet: WorkbookSheet
    header: Header
    top: int = 1
    last: int = 0
    span: tuple[int, int] | None = None


def places_of(
    sheet: WorkbookSheet, found: Sequence[Header], names: Names, fits: Fits
) -> list[Place]:
    """Return where the tables of a sheet stand, of all that may be heads near its beginning.

    The heads that mean most are heads for certain; over them there may be those of another table.
    """
    best = max(found, key=lambda one: one.score)
    known = dict[str, bool]()
    over = [
        header
        for header in found
        if header.rows[-1] < best.rows[0] - 1
        and all(is_of_heads(sheet.rows[row - 1], names, known) for row in header.rows)
    ]
    return [
        below
        for beside in _beside(sheet, over[0] if over else best, names, fits)
        for below in _below(beside, names, fits)
    ]


def _beside(sheet: WorkbookSheet, header: Header, names: Names, fits: Fits) -> Iterator[Place]:
    """Return the tables beside each other, parted by columns where nothing is written."""
    spans = list(_spans(sheet, header))
    places = []
    has_counts = False
    for span in spans if len(spans) > 1 else ():
        part = _part(sheet, header.rows[0], span)
        own = header_on(part, names, header.rows)
        is_of_counts = counts_under(part, header.rows[-1])
        has_counts |= is_of_counts
        if is_of_counts or fits(part, own, 1):
            places.append(Place(part, own, span=span))
    # beside counts nothing else is left to be a table: they are columns of none
    yield from places if len(places) > 1 or has_counts else [Place(sheet, header)]


def _spans(sheet: WorkbookSheet, header: Header) -> Iterator[tuple[int, int]]:
    """Return the first and last columns between columns where nothing is written."""
    heads, width = {head.column for head in header.heads}, sheet.width
    gaps = set(range(1, width + 1)) - heads
    if not gaps:
        return
    for cells in sheet.rows[header.rows[-1] :]:
        gaps -= {c for c in gaps if c <= len(cells) and cells[c - 1] is not None}
        if not gaps:
            return
    first = 0
    for column in range(1, width + 2):
        is_gap = column in gaps or column > width
        if first and is_gap:
            yield first, column - 1
        first = 0 if is_gap else first or column


def _part(sheet: WorkbookSheet, header_row: int, span: tuple[int, int]) -> WorkbookSheet:
    """Return a sheet with the cells of some columns alone, under the titles that cover them."""
    left, right = span
    covering = {
        (merge.top, merge.left)
        for merge in sheet.merges
        if merge.top < header_row and merge.left <= right and left <= merge.right
    }

    def kept(row: int, column: int) -> bool:
        return left <= column <= right or (row, column) in covering

    rows: list[list[Value]] = [
        [value if kept(row, column) else None for column, value in enumerate(cells, 1)]
        for row, cells in enumerate(sheet.rows, 1)
    ]
    return replace(sheet, rows=rows)


def _below(place: Place, names: Names, fits: Fits) -> Iterator[Place]:
    """Return a table and those under it, each from the titles over its heads on."""
    sheet, known = place.sheet, dict[str, bool]()
    for row in range(place.header.rows[-1] + 1, len(sheet.rows) + 1):
        if row in place.header.rows:
            continue
        is_none = counts_under(sheet, row) or begins_paper(sheet.rows, row)
        if not is_none and not is_of_heads(sheet.rows[row - 1], names, known):
            continue
        top = _top(sheet, row, place.header.rows[-1])
        if is_none:
            yield replace(place, last=top - 1)
            place = replace(place, header=header_on(sheet, names, (row,)), top=top)
            continue
        found = [
            header
            for header in headers(sheet, names, first=row, last=row)
            if fits(sheet, header, top)
        ]
        if not found:
            continue
        header = max(found, key=lambda one: one.score)
        if _means(header) != _means(place.header) or _says(sheet, top, header.rows[0], names):
            if top - 1 > place.header.rows[-1]:
                yield replace(place, last=top - 1)
            place = replace(place, header=header, top=top)
    yield place


def is_of_heads(cells: list[Value], names: Names, known: dict[str, bool]) -> bool:
    """Return whether a row looks like one of heads: words alone, most of them known."""
    if len(cells) - cells.count(None) < _FEWEST:
        return False
    written = [value for value in cells if value is not None]
    count = 0
    for value in written:
        if not isinstance(value, str) or len(value) > _LONGEST:
            return False
        if value not in known:
            known[value] = names.is_known(value)
        count += known[value]
    return count >= max(_FEWEST, _MOSTLY * len(written))


def _top(sheet: WorkbookSheet, header_row: int, last_heads: int) -> int:
    """Return the first row of the titles over some heads: texts alone on their rows."""
    top = header_row
    while top - 1 > last_heads and sum(v is not None for v in sheet.rows[top - 2]) < _FEWEST:
        top -= 1
    return top


def _says(sheet: WorkbookSheet, top: int, header_row: int, names: Names) -> bool:
    """Return whether the titles over some heads say of what office or area the rows are."""
    texts = (value for row in sheet.rows[top - 1 : header_row - 1] for value in row)
    return any(
        bool(title_of(line, names))
        for text in texts
        if isinstance(text, str)
        for line in text.split("\n")
    )


def _means(header: Header) -> dict[int, str]:
    return {head.column: head.field or head.text for head in header.heads}
