"""The pieces a long annex is drawn in, each known by what it says: pure (docs/decisions/0074).

A piece begins where a page of the whole begins, so that its pages are those of the whole. Before
the others stands the front: the cover and the contents, which know on which page each begins.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from risk.content.values import (
    AnnexDocument,
    CatalogueRow,
    ProcessRow,
    ProcessSheet,
    SheetMeasure,
)
from risk.enums import Layout
from risk.paper import risk_table
from risk.paper.layouts import (
    CATALOGUE,
    PARTS,
    PRINTED_LAYOUTS,
    RISK_TABLE,
    SHEETS,
    Part,
    is_drawn,
    linked,
)
from risk.paper.pdf import DrawnPiece
from risk.paper.short_sheets import SaidMeasure, shortened
from risk.paper.table_stretches import groups, is_in_stretches, rows_between, stretches

IN_PIECES_FROM = 9
"""Sheets from which an annex is drawn in pieces; fewer have their contents on the cover.

It costs less from four on (measured): the last trial of the *tabella* is its paper.
"""
SHEETS_OF_A_PIECE = 4
ROWS_OF_A_PIECE = 60
"""Of a long catalogue: about four pages, and one more that is left to the next piece."""
WAY = "verso-"
"""What names begin with that lead out of a piece; behind two dashes stands where they lead."""


@dataclass(frozen=True, slots=True)
class FarMeasure(SaidMeasure):
    """A measure programmed on a sheet of an earlier piece."""

    is_far: bool = True


@dataclass(frozen=True, slots=True)
class ListedSheet(ProcessSheet):
    """A sheet as the contents name it, with its page."""

    page: int = 0


@dataclass(frozen=True)
class Fragment:
    """A piece: `document` says nothing but what is drawn in it.

    `part` is None of the front, which has the `pages` of the parts by their names. `is_first` and
    `is_last` tell whether it begins its part and ends it. A long *tabella* is measured first: its
    `group` of processes, on a page of which so much is `taken` already. Its stretches begin with
    the row `start`, end before `stop`, and have the `breaks` and `heights` found then. All have the
    `gaps` of the whole, which is their `source` and nothing they say. Lines of the catalogue and
    sheets lead to each other where they are `linked`, rows of the *tabella* and sheets where the
    process is one of `in_table`. The first piece of a long catalogue tells the `rows` of all.
    """

    document: AnnexDocument
    layout: Layout
    part: Part | None
    is_first: bool = True
    is_last: bool = True
    pages: tuple[tuple[str, int], ...] = ()
    group: int | None = None
    taken: float = 0.0
    start: str = ""
    stop: str = ""
    breaks: tuple[str, ...] = ()
    heights: tuple[tuple[str, float], ...] = ()
    gaps: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    in_table: tuple[str, ...] = ()
    rows: int = 0
    source: "Fragment | None" = field(default=None, repr=False, compare=False)

    @property
    def is_measured(self) -> bool:
        """Whether it is only measured, and what follows is drawn."""
        return self.group is not None

    @property
    def leaves_its_last_page(self) -> bool:
        """Whether the row that begins its last page begins the piece that follows.

        What stands on that page is known to that piece alone; the pages before are as in the whole.
        """
        return self.part is CATALOGUE and not self.is_last

    @property
    def has_previous(self) -> bool:
        """Whether what begins the part stands in an earlier piece; asked by the templates."""
        return not self.is_first

    @property
    def has_next(self) -> bool:
        """Whether what closes the part stands in a later piece; asked by the templates."""
        return not self.is_last

    @property
    def is_later(self) -> bool:
        """Whether it goes on with a part."""
        return not self.is_first

    @property
    def depth(self) -> int:
        """How many bookmarks stand above its own; a later piece of the *tabella* has none."""
        if self.part is None or not PRINTED_LAYOUTS[self.layout].is_whole:
            return 2 if self.is_later else 0
        return 2 if self.is_later else 1

    @cached_property
    def groups(self) -> tuple[tuple[ProcessRow, ...], ...]:
        """The processes of a *tabella* that are measured together."""
        return tuple(groups(self.document.table))

    @cached_property
    def digest(self) -> str:
        """The digest of all it says."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


def is_in_pieces(document: AnnexDocument, layout: Layout) -> bool:
    """Tell whether an annex is drawn in pieces in a layout."""
    return SHEETS in PRINTED_LAYOUTS[layout].parts and len(document.sheets) >= IN_PIECES_FROM


def fragments_of(document: AnnexDocument, layout: Layout) -> tuple[Fragment, ...]:
    """Return the pieces of an annex in their order, without the front."""
    return tuple(
        fragment
        for part in PRINTED_LAYOUTS[layout].parts
        for fragment in _of_part(document, layout, part)
    )


def front_of(document: AnnexDocument, layout: Layout, pages: Mapping[str, int]) -> Fragment:
    """Return the piece before the others, given on which page stand the names it leads to."""
    sheets = tuple(
        ListedSheet(
            one.uid, one.number, one.title, code=one.code, page=pages[f"processo-{one.uid}"]
        )
        for one in document.sheets
    )
    texts = {str(layout): document.texts_of(layout)}
    alone = replace(document, catalogue=(), table=(), sheets=sheets, figures=(), texts=texts)
    names = [f"parte-{part.name}" for part in PRINTED_LAYOUTS[layout].parts]
    parts = tuple((name, pages[name]) for name in names if name in pages)
    return Fragment(alone, layout, None, pages=parts)


def _of_part(document: AnnexDocument, layout: Layout, part: Part) -> Iterator[Fragment]:
    kept = {one.holds: () for one in PARTS if one is not part}
    texts = {str(part.texts): document.texts_of(part.texts)} if part.texts else {}
    alone = replace(document, texts=texts, anchor="", **kept)
    if not is_drawn(document, part):
        return
    if part is RISK_TABLE:
        gaps = tuple(sorted(risk_table.gaps(document.table)))
        own = _among(document.table, linked(document, layout, part))
        whole = Fragment(alone, layout, part, gaps=gaps, in_table=own)
        yield _group(whole, 0) if is_in_stretches(document.table) else whole
        return
    ways = linked(document, layout)
    if part is not SHEETS:
        count = len(alone.catalogue)
        whole = Fragment(alone, layout, part, linked=_among(alone.catalogue, ways))
        yield _rows_from(whole, 0) if count > ROWS_OF_A_PIECE else whole
        return
    in_table = linked(document, layout, RISK_TABLE)
    groups = list(_groups(shortened(document.sheets)))
    for place, group in enumerate(groups):
        said = replace(alone, sheets=tuple(_with_far_measures(group)))
        is_last = place == len(groups) - 1
        yield Fragment(
            said,
            layout,
            part,
            is_first=place == 0,
            is_last=is_last,
            linked=_among(group, ways),
            in_table=_among(group, in_table),
        )


def _among(
    rows: Iterable[CatalogueRow | ProcessRow | ProcessSheet], known: Collection[str]
) -> tuple[str, ...]:
    return tuple(row.uid for row in rows if row.uid in known)


def _group(whole: Fragment, number: int, *, taken: float = 0.0) -> Fragment:
    """Return what measures a group of processes of a *tabella*."""
    texts = {} if number else whole.document.texts
    table = whole.groups[number]
    return replace(
        whole,
        document=replace(whole.document, table=table, texts=texts),
        is_first=number == 0,
        is_last=False,
        group=number,
        taken=taken,
        in_table=_among(table, frozenset(whole.in_table)),
        source=whole,
    )


def _rows_from(whole: Fragment, place: int) -> Fragment:
    """Return the piece of a long catalogue that begins with a row."""
    catalogue = whole.document.catalogue
    rows = catalogue[place : place + ROWS_OF_A_PIECE]
    return replace(
        whole,
        document=replace(whole.document, catalogue=rows),
        is_first=place == 0,
        is_last=place + len(rows) == len(catalogue),
        linked=_among(rows, frozenset(whole.linked)),
        rows=0 if place else len(catalogue),
        source=whole,
    )


def following(fragment: Fragment, found: Mapping[str, DrawnPiece]) -> tuple[Fragment, ...]:
    """Return the pieces to be drawn after a look at one, among all that were `found` by digest.

    Of a measured group of processes the next group, of the last one the stretches of the *tabella*;
    of a piece of the catalogue the next one.
    """
    whole, number = fragment.source, fragment.group
    if whole is not None and fragment.leaves_its_last_page:
        return (_rows_from(whole, _next_row(fragment, found[fragment.digest])),)
    if whole is None or number is None:
        return ()
    if number + 1 < len(whole.groups):
        return (_group(whole, number + 1, taken=found[fragment.digest].ended),)
    return tuple(_in_stretches(whole, [*_chain(whole, found)]))


def _next_row(fragment: Fragment, piece: DrawnPiece) -> int:
    """Return the place of the row of a catalogue that a piece begins with, after another one."""
    uids = [row.uid for row in fragment.source.document.catalogue] if fragment.source else []
    if piece.begun:
        return uids.index(piece.begun[0])
    # a single row over all its pages: it is drawn to its end
    return uids.index(fragment.document.catalogue[-1].uid) + 1


def _chain(whole: Fragment, found: Mapping[str, DrawnPiece]) -> Iterator[DrawnPiece]:
    taken = 0.0
    for number in range(len(whole.groups)):
        piece = found[_group(whole, number, taken=taken).digest]
        yield piece
        taken = piece.ended


def in_order(
    fragments: Iterable[Fragment], found: Mapping[str, DrawnPiece], seen: set[str] | None = None
) -> Iterator[Fragment]:
    """Yield the pieces that have pages, in their order, each once; all were `found`."""
    seen = set() if seen is None else seen
    for one in fragments:
        if one.digest not in seen:
            seen.add(one.digest)
            if not one.is_measured:
                yield one
            yield from in_order(following(one, found), found, seen)


def _in_stretches(whole: Fragment, pieces: Iterable[DrawnPiece]) -> Iterator[Fragment]:
    begun: set[str] = set()
    heights: dict[str, float] = {}
    for piece in pieces:
        begun |= {*piece.begun}
        heights |= piece.heights
    ways = frozenset(whole.in_table)
    for processes, start, stop in stretches(whole.document.table, begun):
        rows = rows_between(processes, start, stop)
        yield replace(
            whole,
            document=replace(whole.document, table=processes),
            in_table=_among(processes, ways),
            is_first=not start,
            is_last=not stop,
            start=start,
            stop=stop,
            breaks=tuple(row for row in rows if row in begun and row != start),
            heights=tuple((row, heights[row]) for row in rows if row in heights),
        )


def _groups(sheets: tuple[ProcessSheet, ...]) -> Iterator[tuple[ProcessSheet, ...]]:
    """Yield the sheets of each piece; short ones that share a page stay together."""
    starts, count = [0], 0
    for place, (before, sheet) in enumerate(pairwise(sheets), start=1):
        count += 1
        shares_page = getattr(before, "is_short", False) and getattr(sheet, "is_short", False)
        if count >= SHEETS_OF_A_PIECE and not shares_page:
            starts.append(place)
            count = 0
    for start, stop in pairwise([*starts, len(sheets)]):
        yield sheets[start:stop]


def _with_far_measures(sheets: tuple[ProcessSheet, ...]) -> Iterator[ProcessSheet]:
    here = {sheet.number for sheet in sheets}
    for sheet in sheets:
        measures = tuple(_far(one) if _is_far(one, here) else one for one in sheet.measures)
        yield replace(sheet, measures=measures) if measures != sheet.measures else sheet


def _is_far(measure: SheetMeasure, here: set[str]) -> bool:
    return isinstance(measure, SaidMeasure) and measure.said_on not in here


def _far(measure: SheetMeasure) -> FarMeasure:
    names = ("uid", "title", "kind", "entries", "said_on")
    return FarMeasure(*(getattr(measure, name) for name in names))
