"""An annex as HTML and as PDF: one context and one template for page, export and paper."""

import base64
import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from django.template.loader import render_to_string

from risk.content.typography import without_controls
from risk.content.values import AnnexDocument
from risk.enums import Layout
from risk.paper import risk_table
from risk.paper.heights import balance
from risk.paper.layouts import PRINTED_LAYOUTS, RISK_TABLE, linked, shown_parts
from risk.paper.pdf import STATIC_SCHEME, MeasuredRow, measure_rows, static_file, write_pdf
from risk.paper.short_sheets import shortened

STYLESHEETS = ("risk/paper/fonts.css", "risk/paper/paper.css", "risk/paper/screen.css")
PAPER_STYLESHEETS = ("risk/paper/fonts.css", "risk/paper/paper.css", "risk/paper/page.css")
MARKS_STYLESHEET = "risk/paper/marks.css"
NO_HEIGHTS: Mapping[str, float] = {}
TABLE_ID = "tabella-rischi"
CATALOGUE_ID = "tabella-catalogo"
PIECE_STYLESHEETS = (*PAPER_STYLESHEETS, "risk/paper/piece.css")
_STATIC_ROOT = "../../"
_URL = re.compile(r'url\("([^"]+)"\)')
# Twice is enough for a table that fits the page; each part of a longer one may move the next break.
MOST_LAYOUTS = 6
"""Trials of the *tabella*, beside the one that is printed."""


def document_context(
    document: AnnexDocument, *, layout: str, breaks: Collection[str] = ()
) -> dict[str, object]:
    """Return the context of `risk/paper/_document.html`, for export, paper and page.

    `breaks` are the uids of the rows of the *tabella* that begin a page; a page on screen has
    none. Raises `ValueError` for an unknown layout.
    """
    chosen = Layout(layout)
    printed = PRINTED_LAYOUTS[chosen]
    return {
        "document": document,
        "layout": chosen.value,
        "whole": printed.is_whole,
        "has_front": printed.is_whole,
        "linked": linked(document, chosen),
        "in_table": linked(document, chosen, RISK_TABLE),
        "title": f"{document.plan} – {document.office} – {printed.title}",
        "cover_texts": document.texts_of(chosen),
        "parts": shown_parts(document, printed),
        "columns": [(risk_table.header_id(name), name, text) for name, text in risk_table.COLUMNS],
        "gaps": risk_table.gaps(document.table),
        "bodies": risk_table.bodies(document.table, breaks=breaks),
        "table_id": TABLE_ID,
        "catalogue_id": CATALOGUE_ID,
        "catalogue_count": len(document.catalogue),
    }


def render_html(document: AnnexDocument, *, layout: str, standalone: bool = True) -> str:
    """Return the annex as HTML: a complete document with style and fonts inside, or its body alone.

    The body alone is for a page that links the style sheets `STYLESHEETS` itself.
    """
    context = document_context(document, layout=layout)
    if not standalone:
        return without_controls(render_to_string("risk/paper/_document.html", context))
    return as_document(context, style=style_of(STYLESHEETS, embed=True))


def render_pdf(
    document: AnnexDocument, *, layout: str, signs: Mapping[str, object] | None = None
) -> bytes:
    """Return the annex as a tagged PDF/A-2a; the same document gives the same bytes.

    `signs` are what its templates know besides (`risk.paper.marked`).

    Raises `risk.paper.pdf.PaperError` when the document cannot be printed.
    """
    breaks: Collection[str] = ()
    heights: dict[str, float] = {}
    if PRINTED_LAYOUTS[Layout(layout)].has_table and document.table:
        breaks, heights = _fit_table(document, signs)
    paper = paper_html(document, layout=layout, breaks=breaks, heights=heights, signs=signs)
    return write_pdf(paper, digest=document.digest)


def paper_html(
    document: AnnexDocument,
    *,
    layout: str,
    breaks: Collection[str] = (),
    heights: Mapping[str, float] | None = None,
    signs: Mapping[str, object] | None = None,
) -> str:
    """Return the HTML that goes to paper, with the page breaks and row heights found for it.

    With `signs` it has their style too.

    Its sheets refer to each other (`risk.paper.short_sheets`); those of a page or of its file do
    not, which has them some at a time, and costs no paper.
    """
    document = replace(document, sheets=shortened(document.sheets))
    context = {**document_context(document, layout=layout, breaks=breaks), **(signs or {})}
    names = (*PAPER_STYLESHEETS, MARKS_STYLESHEET) if signs else PAPER_STYLESHEETS
    style = style_of(names, embed=False)
    return as_document(context, style=style, heights=heights or {})


def _fit_table(
    document: AnnexDocument, signs: Mapping[str, object] | None
) -> tuple[frozenset[str], dict[str, float]]:
    """Lay the *tabella* out until its merged cells end where its pages do.

    Returns the rows that begin a page and the heights that even the rows out. The table starts on
    a page of its own, so the attempts are those of its own layout: nothing else is laid out.
    """
    alone = replace(document, catalogue=(), sheets=())
    layout = Layout.RISK_TABLE
    breaks: frozenset[str] = frozenset()
    heights: dict[str, float] = {}
    for _attempt in range(MOST_LAYOUTS):
        rows = measure_rows(
            paper_html(alone, layout=layout, breaks=breaks, heights=heights, signs=signs),
            table_id=TABLE_ID,
        )
        begun = breaks | rows_begun(rows)
        even = heights_of(rows)
        if begun == breaks and even == heights:
            break
        breaks, heights = begun, even
    return breaks, heights


def rows_begun(rows: Collection[MeasuredRow]) -> set[str]:
    """Return the uids of the rows that begin a page."""
    return {_uid(row) for row in rows if row.begins_page}


def _uid(row: MeasuredRow) -> str:
    return row.id.removeprefix("tabella-riga-")


def heights_of(rows: Collection[MeasuredRow]) -> dict[str, float]:
    """Return the height, without padding, of each phase cell that evens the rows out."""
    own = [max((height for span, height in row.cells if span == 1), default=0.0) for row in rows]
    spans = [
        (index, index + span, height)
        for index, row in enumerate(rows)
        for span, height in row.cells
        if span > 1
    ]
    return {
        _uid(row): round(height - row.padding, 2)
        for row, height in zip(rows, balance(own, spans), strict=True)
        if row.cells
    }


def as_document(
    context: dict[str, object], *, style: str, heights: Mapping[str, float] = NO_HEIGHTS
) -> str:
    """Return a complete document, the phases of its *tabella* as high as they are told to be."""
    rules = [f"#tabella-fase-{uid}{{height:{height:.2f}px}}" for uid, height in heights.items()]
    told = {**context, "style": "\n".join([style, *rules])}
    return without_controls(render_to_string("risk/paper/standalone.html", told))


def style_of(names: Collection[str], *, embed: bool) -> str:
    """Return the style sheets as one text, their files embedded or named for the fetcher."""

    def address(match: re.Match[str]) -> str:
        name = match[1].removeprefix(_STATIC_ROOT)
        if not embed:
            return f'url("{STATIC_SCHEME}{name}")'
        data = base64.b64encode(static_file(name)).decode("ascii")
        return f'url("data:font/woff2;base64,{data}")'

    return _URL.sub(address, "\n".join(static_file(name).decode() for name in names))
