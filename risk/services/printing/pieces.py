"""An annex as PDF, a long one drawn in pieces: what is kept of it is not drawn again.

Pieces are drawn by other processes, as many at a time as a process of the site has, the longest
first; whatever happens to one of them, nothing half is kept (docs/decisions/0074).
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial
from threading import Event

from django.utils.translation import gettext as _

from registry.apart import LOOK_SECONDS
from registry.readable import grouped
from registry.services.jobs import Progress, check_wanted, no_progress
from registry.services.limited import PROCESSES
from risk.content.values import AnnexDocument
from risk.enums import Layout
from risk.paper.annex_pdf import Drawn, joined, with_front
from risk.paper.fragment_drawing import draw_fragment
from risk.paper.fragments import Fragment, fragments_of, is_in_pieces
from risk.paper.html import render_pdf
from risk.paper.pdf import DrawnPiece
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
    subject, chosen = f"{document.office}, {document.plan}", Layout(layout)
    if not is_in_pieces(document, chosen):
        drawn: bytes = drawn_apart(subject, render_pdf, document, layout=layout)
        return drawn
    pieces = _Pieces(subject, progress, is_kept=is_kept)
    parts = pieces.drawn(fragments_of(document, chosen))
    whole = with_front(document, chosen, parts, draw=pieces.one)
    told = [(one.piece.content, one.fragment.depth) for one in whole]
    joined_whole: bytes = drawn_apart(subject, joined, told)
    return joined_whole


class _Pieces:
    """The pieces of one annex: found where they are kept, or drawn."""

    def __init__(self, subject: str, progress: Progress, *, is_kept: bool) -> None:
        self.subject = subject
        self.progress = progress
        self.is_kept = is_kept

    def one(self, fragment: Fragment) -> DrawnPiece:
        """Return one piece, which is waited for."""
        found = kept_piece(fragment) if self.is_kept else None
        if found is None:
            found = self._drawn_now(fragment, watch=check_wanted)
            self._keep(fragment, found)
        return found

    def drawn(self, fragments: Sequence[Fragment]) -> list[Drawn]:
        """Return all of them, in their order."""
        found = {one.digest: kept_piece(one) if self.is_kept else None for one in fragments}
        missing = [one for one in fragments if found[one.digest] is None]
        done = len(fragments) - len(missing)
        self._tell(done, len(fragments))
        for fragment, piece in self._each_drawn(sorted(missing, key=_size, reverse=True)):
            found[fragment.digest] = piece
            self._keep(fragment, piece)
            done += 1
            self._tell(done, len(fragments))
        pieces = ((one, found[one.digest]) for one in fragments)
        return [Drawn(one, piece) for one, piece in pieces if piece is not None]

    def _each_drawn(self, fragments: Sequence[Fragment]) -> Iterator[tuple[Fragment, DrawnPiece]]:
        unwanted = Event()
        with ThreadPoolExecutor(PROCESSES, thread_name_prefix="pieces") as threads:
            draw = partial(self._drawn_now, watch=partial(_look_at, unwanted))
            waiting: dict[Future[DrawnPiece], Fragment]
            waiting = {threads.submit(draw, one): one for one in fragments}
            try:
                while waiting:
                    ended, _others = wait(waiting, LOOK_SECONDS, return_when=FIRST_COMPLETED)
                    check_wanted()
                    for one in ended:
                        yield waiting.pop(one), one.result()
            finally:
                unwanted.set()
                for one in waiting:
                    one.cancel()

    def _drawn_now(self, fragment: Fragment, *, watch: Callable[[], None]) -> DrawnPiece:
        piece: DrawnPiece = drawn_apart(self.subject, draw_fragment, fragment, watch=watch)
        return piece

    def _keep(self, fragment: Fragment, piece: DrawnPiece) -> None:
        if self.is_kept:
            keep_piece(fragment, piece)

    def _tell(self, done: int, total: int) -> None:
        names = {"done": grouped(done), "total": grouped(total)}
        self.progress(done, total + 1, _("Disegno il PDF: %(done)s parti di %(total)s") % names)


def _look_at(unwanted: Event) -> None:
    if unwanted.is_set():
        raise _UnwantedError


def _size(fragment: Fragment) -> int:
    part = fragment.part
    rows = getattr(fragment.document, part.holds) if part else ()
    # the table is laid out several times
    times = 3 if part and part.is_table else 1
    return times * sum(size_of_row(row) for row in rows)
