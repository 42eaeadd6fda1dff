"""One piece of a long annex, drawn (docs/decisions/0074)."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from risk.paper.fragments import Fragment
from risk.paper.html import (
    CATALOGUE_ID,
    MOST_LAYOUTS,
    PIECE_STYLESHEETS,
    TABLE_ID,
    as_document,
    document_context,
    heights_of,
    rows_begun,
    style_of,
)
from risk.paper.layouts import shown
from risk.paper.pdf import (
    Again,
    DrawnPiece,
    MeasuredRow,
    measure_rows,
    write_before_last_page,
    write_piece,
)
from risk.paper.table_stretches import bodies_between

TAKEN = ".paper-tabella::before {{ content: ''; display: block; height: {:.2f}px }}"
"""What stands where the rows before it would, on the page on which a group is measured."""


def draw_fragment(fragment: Fragment) -> DrawnPiece:
    """Return a piece as `risk.paper.annex_pdf` joins it; the same piece, the same bytes.

    Raises `risk.paper.pdf.PaperError` when it cannot be printed.
    """
    if fragment.is_measured:
        return _measured(fragment)
    is_table = fragment.part is not None and fragment.part.is_table and fragment.document.table
    again = _fitting(fragment) if is_table else None
    html = _paper(fragment, breaks=fragment.breaks, heights=dict(fragment.heights))
    if fragment.leaves_its_last_page:
        piece = write_before_last_page(html, digest=fragment.digest, table_id=CATALOGUE_ID)
        return replace(piece, begun=[one.removeprefix("catalogo-") for one in piece.begun])
    return write_piece(html, digest=fragment.digest, table_id=TABLE_ID, again=again)


def _measured(fragment: Fragment) -> DrawnPiece:
    """Return what is found of a group of processes before the *tabella* is drawn in stretches."""
    style = TAKEN.format(fragment.taken) if fragment.taken else ""
    rows = measure_rows(_paper(fragment, style=style), table_id=TABLE_ID)
    begun = rows_begun(rows)
    if fragment.taken and rows[0].page:
        # it has found no room behind the rows before it
        begun |= rows_begun([replace(rows[0], begins_page=True)])
    ended = round(rows[-1].bottom, 2)
    return DrawnPiece(b"", 0, {}, sorted(begun), heights_of(rows), ended)


def _fitting(fragment: Fragment) -> Again:
    """Return what lays the *tabella* out until its merged cells end where its pages do.

    The last trial is what is written. What was found of a stretch was its first.
    """
    breaks = frozenset(fragment.breaks)
    heights: dict[str, float] = dict(fragment.heights)
    trials = 1 if heights else 0

    def again(rows: tuple[MeasuredRow, ...]) -> str | None:
        nonlocal breaks, heights, trials
        trials += 1
        begun, even = breaks | rows_begun(rows), heights_of(rows)
        if (begun == breaks and even == heights) or trials > MOST_LAYOUTS:
            return None
        breaks, heights = begun, even
        return _paper(fragment, breaks=breaks, heights=heights)

    return again


def _paper(
    fragment: Fragment,
    *,
    breaks: Collection[str] = (),
    heights: Mapping[str, float] | None = None,
    style: str = "",
) -> str:
    document, part = fragment.document, fragment.part
    context = document_context(replace(document, table=()), layout=fragment.layout)
    if fragment.rows:
        context["catalogue_count"] = fragment.rows
    if document.table:
        context["bodies"] = bodies_between(
            document.table, fragment.start, fragment.stop, breaks=breaks
        )
    context |= {
        "document": document,
        "gaps": frozenset(fragment.gaps),
        "has_front": part is None,
        "is_piece": True,
        "linked": frozenset(fragment.linked),
        "in_table": frozenset(fragment.in_table),
        "parts": [shown(document, part)] if part else [],
        "page": fragment,
        "contents_pages": {name.removeprefix("parte-"): page for name, page in fragment.pages},
    }
    styles = [style_of(PIECE_STYLESHEETS, embed=False), style]
    return as_document(context, style="\n".join(styles), heights=heights or {})
