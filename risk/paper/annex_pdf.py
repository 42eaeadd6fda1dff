"""A long annex as one PDF: its pieces joined, so that it looks as if drawn at once.

The pages of a piece are those of the whole, but for their number, which is stamped; what the
contents say of pages is drawn when the other pieces are there (docs/decisions/0074).
"""

from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import accumulate
from typing import Any, NamedTuple

import pikepdf
from django.utils.translation import gettext as _

from risk.content.values import AnnexDocument
from risk.enums import Layout
from risk.paper.fragment_drawing import draw_fragment
from risk.paper.fragments import (
    WAY,
    Fragment,
    following,
    fragments_of,
    front_of,
    in_order,
    is_in_pieces,
)
from risk.paper.html import render_pdf
from risk.paper.joining import GrowingBook, hang, kids_of
from risk.paper.layouts import PRINTED_LAYOUTS
from risk.paper.name_trees import NAMES, bare, entries
from risk.paper.one_writing import write_once
from risk.paper.page_signs import signs_of
from risk.paper.page_stamps import NumberStamper
from risk.paper.pdf import DrawnPiece, PaperError
from risk.paper.tags import NUMBER_AT, mark_of_access

Draw = Callable[[Fragment], DrawnPiece]
LINES_OF_A_PAGE = 35
"""Of the contents, each title on one line: what is guessed before they are drawn the first time."""
_MOST_LAYOUTS = 5
GOES_ON = 2
"""So many bookmarks stand above those of a piece that goes on with a part (`Fragment.depth`)."""


class Drawn(NamedTuple):
    """A piece of an annex, and what was drawn of it."""

    fragment: Fragment
    piece: DrawnPiece


def render_annex(document: AnnexDocument, *, layout: str) -> bytes:
    """Return an annex as a tagged PDF/A-2a, a long one drawn in pieces here, one after the other.

    The same document gives the same bytes. Raises `risk.paper.pdf.PaperError`.
    """
    chosen = Layout(layout)
    if not is_in_pieces(document, chosen):
        return render_pdf(document, layout=layout)
    fragments = fragments_of(document, chosen)
    found: dict[str, DrawnPiece] = {}
    waiting = [*fragments]
    while waiting:
        one = waiting.pop()
        found[one.digest] = draw_fragment(one)
        waiting += following(one, found)
    drawn = [Drawn(one, found[one.digest]) for one in in_order(fragments, found)]
    return join_annex(with_front(document, chosen, drawn, draw=draw_fragment))


def with_front(
    document: AnnexDocument, layout: Layout, drawn: Sequence[Drawn], *, draw: Draw, pages: int = 0
) -> list[Drawn]:
    """Return all pieces of an annex; `draw` draws the cover and the contents, where it has them.

    They are drawn once where they have as many `pages` as they had before; 0 where nobody knows.
    Raises `PaperError` where it cannot be found on which pages they lead.
    """
    if not PRINTED_LAYOUTS[layout].is_whole:
        return [*drawn]
    begins = accumulate((one.piece.pages for one in drawn), initial=0)
    places = {
        name: behind + page
        for (_fragment, piece), behind in zip(drawn, begins, strict=False)
        for name, page in piece.places.items()
    }
    pages = pages or 2 + (len(document.sheets) + 4) // LINES_OF_A_PAGE
    for _attempt in range(_MOST_LAYOUTS):
        fragment = front_of(document, layout, {n: pages + 1 + page for n, page in places.items()})
        front = draw(fragment)
        if front.pages == pages:
            return [Drawn(fragment, front), *drawn]
        pages = front.pages
    raise PaperError(_("L’indice dell’allegato non trova il suo posto."))


def join_annex(drawn: Sequence[Drawn]) -> bytes:
    """Return the pieces of an annex as one PDF; the same in, the same out."""
    pieces = [(one.piece.content, one.fragment.depth) for one in drawn]
    return joined(pieces)


def joined(pieces: Sequence[tuple[bytes, int]]) -> bytes:
    """Return one PDF of some pieces, each with how many bookmarks stand above its own."""
    # the sentence of `page.css`
    sentence = _("Pag. %(page)d di %(pages)d")
    (first, _depth), *others = pieces
    with pikepdf.open(BytesIO(first)) as book:
        whole = _Annex(book)
        for content, depth in others:
            with pikepdf.open(BytesIO(content)) as source:
                whole.take(source, depth)
        whole.finish()
        with pikepdf.open(BytesIO(signs_of(sentence, weight=400))) as drawn:
            _stamp(book, NumberStamper(book, drawn), sentence)
        mark_of_access(book)
        return write_once(book)


def _stamp(book: pikepdf.Pdf, stamper: NumberStamper, sentence: str) -> None:
    at, pages = f"/{NUMBER_AT}", len(book.pages)
    for number, page in enumerate(book.pages, start=1):
        if at in page.obj:
            x, y = (float(one) for one in page.obj[at])
            del page.obj[at]
            text = sentence % {"page": number, "pages": pages}
            stamper.stamp(page, text, (x, y))


class _Annex(GrowingBook):
    """The annex that grows: pieces have no title and no section of their own."""

    def take(self, source: pikepdf.Pdf, depth: int) -> None:
        """Put a piece behind what there is; its bookmarks stand `depth` below the top."""
        pages = self.add_pages(source)
        for top in self.add_tags(source, pages):
            for kid in top.K:
                self._put(kid, goes_on=depth >= GOES_ON)
        self.add_names(source)
        self._add_below(source, depth)

    def _put(self, kid: Any, *, goes_on: bool) -> None:
        """Put an element of a piece behind those there are.

        An article goes on, and in it the last section where the piece goes on with its part.
        """
        document = self.tags.K[0]
        last = document.K[-1]
        if not kid.S == last.S == pikepdf.Name.Art:
            _move([kid], document)
            return
        own = list(kid.K)
        if goes_on and own and own[0].S == last.K[-1].S == pikepdf.Name.Sect:
            _move(list(own.pop(0).K), last.K[-1])
        _move(own, last)

    def _add_below(self, source: pikepdf.Pdf, depth: int) -> None:
        tree = source.Root.get("/Outlines")
        own = list(kids_of(tree and self.book.copy_foreign(tree)))
        above = self.bookmarks
        parent = None
        for _level in range(depth):
            if not above:
                break
            parent = above[-1]
            above = list(kids_of(parent))
        if parent is None:
            self.bookmarks += own
        else:
            hang(parent, [*above, *own])

    def finish(self) -> None:
        """Lead the ways out of pieces, then write what was gathered."""
        for one in self.bookmarks:
            _count(one)
        known = {
            bare(name): place for leaf in self.destinations for name, place in entries(leaf, NAMES)
        } | {bare(name): place for name, place in self.places.items()}
        self.places = {name: _led(name, place, known) for name, place in self.places.items()}
        for leaf in self.destinations:
            for at in range(0, len(leaf.Names), 2):
                leaf.Names[at + 1] = _led(str(leaf.Names[at]), leaf.Names[at + 1], known)
        super().finish()


def _move(kids: Sequence[Any], to: Any) -> None:
    for kid in kids:
        kid.P = to
        to.K.append(kid)


def _led(name: str, place: Any, known: dict[str, Any]) -> Any:
    found = bare(name)
    return known[found.partition("--")[2]] if found.startswith(WAY) else place


def _count(node: Any) -> int:
    """Write how many bookmarks are shown below one that is open, and return it."""
    below = sum(1 + _count(kid) for kid in kids_of(node))
    node.Count = below
    return below
