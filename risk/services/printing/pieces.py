"""A document as PDF, a long one drawn in pieces: what is kept of it is not drawn again.

Pieces are drawn by other processes, as many at a time as a process of the site has, the longest
first; whatever happens to one of them, nothing half is kept (docs/decisions/0074).
"""

from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from threading import Event
from typing import Any

from django.utils.translation import gettext as _

from registry.apart import LOOK_SECONDS
from registry.readable import grouped
from registry.services.jobs import Progress, check_wanted, no_progress
from registry.services.limited import PROCESSES
from risk.content.values import AnnexDocument
from risk.enums import Layout
from risk.paper.annex_pdf import Drawn, joined, with_front
from risk.paper.fragment_drawing import draw_fragment
from risk.paper.fragments import (
    Fragment,
    following,
    fragments_of,
    in_order,
    is_in_pieces,
)
from risk.paper.html import render_pdf
from risk.paper.layouts import PRINTED_LAYOUTS
from risk.paper.pdf import DrawnPiece
from risk.paper.round_report import (
    ReportFragment,
    draw_report_fragment,
    join_report,
    render_report,
)
from risk.services.printing.kept_drawings import keep, keep_piece, kept, kept_piece
from risk.services.printing.rendering import drawn_apart
from risk.services.printing.sizes import size_of_row


class _UnwantedError(Exception):
    """Another piece has failed, or nobody waits any more."""


def pdf_of_draft(
    document: AnnexDocument, *, layout: Layout, progress: Progress = no_progress
) -> bytes:
    """Return the PDF of `document`, as it was drawn before or drawn now; as `render_pdf_apart`."""
    said = f"{layout} {document!r}"
    found = kept(said)
    if found is None:
        found = render_pdf_apart(document, layout=layout, progress=progress, is_kept=True)
        keep(said, found)
    return found


def render_pdf_apart(
    document: AnnexDocument,
    *,
    layout: str,
    progress: Progress = no_progress,
    is_kept: bool = False,
) -> bytes:
    """Return the PDF of `document`, drawn by other processes; errors as of `render_annex`.

    `progress` is told before and after each piece of a long one; where drawings are kept, its
    pieces are. A job that is cancelled meanwhile ends the drawing. Raises `DrawingStoppedError`
    when the time or memory of a drawing is used up, or a process that draws has ended.
    """
    named, chosen = f"{document.office}, {document.plan}", Layout(layout)
    if not is_in_pieces(document, chosen):
        drawn: bytes = drawn_apart(named, render_pdf, document, layout=layout)
        return drawn
    pieces = _Pieces(_OF_ANNEX, named, progress, is_kept=is_kept)
    found = pieces.drawn(fragments := fragments_of(document, chosen))
    parts = [Drawn(one, found[one.digest]) for one in in_order(fragments, found)]
    whole = pieces.with_front(document, chosen, parts)
    told = [(one.piece.content, one.fragment.depth) for one in whole]
    joined_whole: bytes = drawn_apart(named, joined, told)
    return joined_whole


def report_apart(
    fragments: Sequence[ReportFragment],
    *,
    named: str,
    progress: Progress = no_progress,
    is_kept: bool = False,
) -> bytes:
    """Return the report of a round as a PDF, drawn by other processes; as `render_pdf_apart`."""
    if len(fragments) == 1:
        drawn: bytes = drawn_apart(named, render_report, fragments[0])
        return drawn
    said = f"report {' '.join(one.digest for one in fragments)}"
    ready = kept(said) if is_kept else None
    if ready is not None:
        return ready
    found = _Pieces(_OF_REPORT, named, progress, is_kept=is_kept).drawn(fragments)
    told = [(found[one.digest].content, one.depth) for one in fragments]
    whole: bytes = drawn_apart(named, join_report, told)
    if is_kept:
        keep(said, whole)
    return whole


@dataclass(frozen=True)
class _Kind:
    """How pieces of a kind are drawn, what follows one that was drawn, how long one takes."""

    draw: Callable[[Any], DrawnPiece]
    following: Callable[[Any, dict[str, DrawnPiece]], Sequence[Any]]
    size: Callable[[Any], int]
    sent: Callable[[Any], Any]
    """What of a piece is sent to who draws it."""


class _Pieces:
    """The pieces of one document: found where they are kept, or drawn."""

    def __init__(self, kind: _Kind, named: str, progress: Progress, *, is_kept: bool) -> None:
        self.kind = kind
        self.named = named
        self.progress = progress
        self.is_kept = is_kept
        self.found: dict[str, DrawnPiece] = {}
        self.missing: list[tuple[int, str, Any]] = []
        """By what they hold, the largest last."""

    def one(self, fragment: Any) -> DrawnPiece:
        """Return one piece, which is waited for."""
        found = kept_piece(fragment) if self.is_kept else None
        if found is None:
            found = self._drawn_now(fragment, watch=check_wanted)
            self._keep(fragment, found)
        return found

    def with_front(
        self, document: AnnexDocument, layout: Layout, parts: Sequence[Drawn]
    ) -> list[Drawn]:
        """Return all of them; how many pages the front had last is what it is drawn with first."""
        if not self.is_kept or not PRINTED_LAYOUTS[layout].is_whole:
            return with_front(document, layout, parts, draw=self.one)
        named = f"pages of the front {document.administration} {self.named} {layout}"
        known = kept(named)
        front, *others = with_front(document, layout, parts, draw=self.one, pages=int(known or 0))
        pages = b"%d" % front.piece.pages
        if pages != known:
            keep(named, pages)
        return [front, *others]

    def drawn(self, fragments: Sequence[Any]) -> dict[str, DrawnPiece]:
        """Return all of them by digest, with those that follow what is only measured."""
        self._look_for(fragments)
        with ThreadPoolExecutor(PROCESSES, thread_name_prefix="pieces") as threads:
            self._draw_missing(threads)
        return self.found

    def _look_for(self, fragments: Iterable[Any]) -> None:
        """Take what is kept of some pieces, and have the others drawn, the longest first."""
        for one in fragments:
            piece = kept_piece(one) if self.is_kept else None
            if piece is None:
                insort(
                    self.missing, (self.kind.size(one), one.digest, one), key=lambda told: told[:2]
                )
            else:
                self._take(one, piece)

    def _take(self, fragment: Any, piece: DrawnPiece) -> None:
        self.found[fragment.digest] = piece
        self._look_for(self.kind.following(fragment, self.found))

    def _draw_missing(self, threads: ThreadPoolExecutor) -> None:
        unwanted = Event()
        draw = partial(self._drawn_now, watch=partial(_look_at, unwanted))
        at_work: dict[Future[DrawnPiece], Any] = {}
        try:
            while self.missing or at_work:
                while self.missing and len(at_work) < PROCESSES:
                    _held, _digest, one = self.missing.pop()
                    at_work[threads.submit(draw, one)] = one
                    self._tell(len(at_work))
                ended, _others = wait(at_work, LOOK_SECONDS, return_when=FIRST_COMPLETED)
                check_wanted()
                for done in ended:
                    fragment, piece = at_work.pop(done), done.result()
                    self._keep(fragment, piece)
                    self._take(fragment, piece)
                    self._tell(len(at_work))
        finally:
            unwanted.set()

    def _drawn_now(self, fragment: Any, *, watch: Callable[[], None]) -> DrawnPiece:
        sent = self.kind.sent(fragment)
        piece: DrawnPiece = drawn_apart(self.named, self.kind.draw, sent, watch=watch)
        return piece

    def _keep(self, fragment: Any, piece: DrawnPiece) -> None:
        if self.is_kept:
            keep_piece(fragment, piece)

    def _tell(self, at_work: int) -> None:
        done = len(self.found)
        total = done + at_work + len(self.missing)
        names = {"done": grouped(done), "total": grouped(total)}
        self.progress(done, total + 1, _("Disegno il PDF: %(done)s parti di %(total)s") % names)


def _look_at(unwanted: Event) -> None:
    if unwanted.is_set():
        raise _UnwantedError


def _size(fragment: Fragment) -> int:
    part = fragment.part
    rows = getattr(fragment.document, part.holds) if part else ()
    # others wait for what is measured, and the table is laid out several times
    is_waited_for = fragment.is_measured or fragment.leaves_its_last_page
    times = 999 if is_waited_for else 2 if part and part.is_table else 1
    return times * sum(size_of_row(row) for row in rows)


def _alone(fragment: Fragment) -> Fragment:
    """Return a piece without what it was cut out of, which would be sent with each."""
    return replace(fragment, source=None)


def _whole(fragment: ReportFragment) -> ReportFragment:
    return fragment


def _none_follows(_fragment: ReportFragment, _found: dict[str, DrawnPiece]) -> Sequence[Any]:
    return ()


_OF_ANNEX = _Kind(draw_fragment, following, _size, _alone)
_OF_REPORT = _Kind(draw_report_fragment, _none_follows, attrgetter("size"), _whole)
