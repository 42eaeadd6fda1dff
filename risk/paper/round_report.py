"""The report of a round of monitoring on paper: a long one is drawn in pieces, and joined.

A piece begins a page, and is known by what it says (docs/decisions/0074).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.template.loader import render_to_string

from risk.content.round_figures import BAR_WIDTH, SHADES
from risk.content.round_parts import ReportPart
from risk.content.round_pieces import pieces_of
from risk.content.typography import without_controls
from risk.paper.annex_pdf import joined
from risk.paper.html import PAPER_STYLESHEETS, PIECE_STYLESHEETS, style_of
from risk.paper.pdf import DrawnPiece, write_pdf, write_piece
from risk.scoring.outcomes import OutcomeGroup

ROUND_STYLESHEET = "risk/paper/round.css"
ROWS_OF_A_PIECE = 240


@dataclass(frozen=True, slots=True)
class ReportHead:
    """What stands at the head and the foot of each page; of a draft there is no issue."""

    body: str
    plan: str
    label: str
    title: str
    situation_on: str
    is_draft: bool = True
    number: int = 0
    issued_at: str = ""
    digest: str = ""
    anchor: str = ""
    verify_at: str = ""


@dataclass(frozen=True)
class ReportFragment:
    """A piece of a report: whole parts, or some of one; the first has the title."""

    head: ReportHead
    parts: tuple[ReportPart, ...]
    is_first: bool = True
    is_piece: bool = field(default=True, repr=False)

    @property
    def depth(self) -> int:
        """How many bookmarks stand above its own."""
        if self.is_first:
            return 0
        return 2 if self.parts[0].goes_on else 1

    @property
    def size(self) -> int:
        """How many rows are drawn."""
        return sum(part.size for part in self.parts)

    @cached_property
    def digest(self) -> str:
        """The digest of all it says."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


def report_fragments(head: ReportHead, parts: Sequence[ReportPart]) -> list[ReportFragment]:
    """Return the pieces of a report in their order; a short one is one."""
    pieces = pieces_of(parts, most=ROWS_OF_A_PIECE)
    return [ReportFragment(head, some, place == 0) for place, some in enumerate(pieces)]


def draw_report_fragment(fragment: ReportFragment) -> DrawnPiece:
    """Return a piece to be joined; the same piece, the same bytes. Raises `PaperError`."""
    return write_piece(_html(fragment, PIECE_STYLESHEETS), digest=fragment.digest)


def render_report(fragment: ReportFragment) -> bytes:
    """Return a report of one piece as a tagged PDF/A-2a. Raises `PaperError`."""
    return write_pdf(_html(fragment, PAPER_STYLESHEETS), digest=fragment.digest)


def join_report(drawn: Sequence[tuple[bytes, int]]) -> bytes:
    """Return the pieces of a report as one PDF; the same in, the same out."""
    return joined(drawn)


def report_html(head: ReportHead, parts: Sequence[ReportPart]) -> str:
    """Return a whole report as one page, with its fonts inside: what is drawn, for a browser."""
    return _html(ReportFragment(head, tuple(parts)), PAPER_STYLESHEETS, embed=True)


def figures_context() -> dict[str, object]:
    """Return what the templates of figures need beside them."""
    legend = [(one.label, SHADES[one]) for one in OutcomeGroup]
    return {"legend": legend, "bar_width": BAR_WIDTH}


def _html(fragment: ReportFragment, sheets: tuple[str, ...], *, embed: bool = False) -> str:
    context = {
        "head": fragment.head,
        "parts": fragment.parts,
        "is_first": fragment.is_first,
        "style": style_of((*sheets, ROUND_STYLESHEET), embed=embed),
        **figures_context(),
    }
    return without_controls(render_to_string("risk/paper/round/standalone.html", context))
