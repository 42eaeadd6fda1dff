"""HTML to PDF: the only module that knows WeasyPrint, and it knows nothing else.

It is given text and opens nothing but the application's own static files. Importing WeasyPrint
takes about a second, so it is imported where it is used.
"""

import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from io import BytesIO
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.utils.translation import gettext as _

from risk.paper.engine import mend_engine
from risk.paper.long_rows import let_long_rows_be_cut
from risk.paper.soft_hyphens import with_sign
from risk.paper.tags import finish_piece, finish_tags, mark_accessible
from risk.paper.words import break_long_words

if TYPE_CHECKING:
    from weasyprint import Document

NO_IMAGES: Mapping[str, tuple[str, bytes]] = {}
STATIC_SCHEME = "static:"
VARIANT = "pdf/a-2a"
PACKED_FONT = ".woff2"
ID_PREFIX = 12
"""Signs of the digest that ids begin with: enough for the thousands of documents of a body."""


class PaperError(RuntimeError):
    """The document cannot be printed; the message says why, for the person who asked for it."""


@dataclass(frozen=True, slots=True)
class DrawnPiece:
    """A drawn piece of a document: `places` are the pages, from 0, of what links lead to.

    One that only measures rows of a table has no content: `begun` are those that begin a page,
    `heights` those that even all rows out, `ended` is what is taken of the page of the last one.
    """

    content: bytes
    pages: int
    places: dict[str, int]
    begun: list[str] = field(default_factory=list)
    heights: dict[str, float] = field(default_factory=dict)
    ended: float = 0.0


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """A row as laid out: `cells` are the rows spanned and the height of each cell.

    Heights are in CSS pixels and those of the content with padding and rule, before the engine
    stretches the cell. `padding` is what a cell adds to its content. A row cut by a page has no
    `cells`: its heights are those of its parts. `page` is the one it begins on, from 0, `bottom`
    where it ends on its last one, as if the head of the table stood above the page.
    """

    id: str
    begins_page: bool
    cells: tuple[tuple[int, float], ...]
    padding: float
    page: int = 0
    bottom: float = 0.0


Again = Callable[[tuple[MeasuredRow, ...]], str | None]
"""What is to be laid out after a look at the rows of a table; None where nothing is."""


def static_file(name: str) -> bytes:
    """Return the bytes of one of the application's static files.

    Raises `PaperError` for a name that is not one of them, or leads out of their folders.
    """
    try:
        path = finders.find(name)
    except SuspiciousFileOperation:
        path = None
    if not isinstance(path, str) or not Path(path).is_file():
        raise PaperError(_("Il documento chiede un file che non è dell’applicazione: %s") % name)
    return Path(path).read_bytes()


def write_pdf(
    html: str, *, digest: str = "", images: Mapping[str, tuple[str, bytes]] = NO_IMAGES
) -> bytes:
    """Return the tagged, archival PDF of a standalone document.

    Every id in it begins with the digest of its content, of an issue the one it is printed with,
    else that of the text: documents can be joined, and no id of one is that of another. The same
    text gives the same bytes, with the same engine and fonts. `images` are the only addresses it
    may have besides those of static files, each with its type and its bytes. Raises `PaperError`
    when a static file is missing or anything else is asked for.
    """
    of_content = digest or hashlib.sha256(html.encode()).hexdigest()
    with _uncollected():
        raw = _written(_laid_out(html, images), of_content, finish_tags)
    return mark_accessible(raw)


def write_piece(
    html: str, *, digest: str, table_id: str = "", again: Again | None = None
) -> DrawnPiece:
    """Return a piece of a document, to be joined with others and not to be read alone.

    Ids begin with its `digest`. Where `again` is given it is asked, with the rows of the table
    as they are laid out, for the text to lay out next; what it answers None to is written. Raises
    `PaperError`.
    """
    while True:
        with _uncollected():
            document = _laid_out(html)
            html_next = again(_rows(document, table_id)) if again else None
            if html_next is None:
                return _piece(document, digest)
            html = html_next
            del document


def write_before_last_page(html: str, *, digest: str, table_id: str) -> DrawnPiece:
    """Return a piece of a document as `write_piece` without its last page that begins with a row.

    `begun` is the id of that row of the table, which is to begin another piece; where no page but
    the first begins with one, all pages are written.
    """
    with _uncollected():
        document = _laid_out(html)
        begun = [row for row in _rows(document, table_id) if row.begins_page and row.page]
        if not begun:
            return _piece(document, digest)
        kept = document.copy(document.pages[: begun[-1].page])
        return replace(_piece(kept, digest), begun=[begun[-1].id])


def _piece(document: "Document", digest: str) -> DrawnPiece:
    pages = list(enumerate(document.pages))
    places = {name: place for place, page in pages for name in page.anchors}
    return DrawnPiece(_written(document, digest, finish_piece), len(pages), places)


def measure_rows(html: str, *, table_id: str) -> tuple[MeasuredRow, ...]:
    """Lay the document out and return the body rows of one table, in order. Raises `PaperError`."""
    with _uncollected():
        return _rows(_laid_out(html), table_id)


def _written(document: "Document", digest: str, finish: Callable[..., None]) -> bytes:
    from weasyprint.formatting_structure.boxes import LineBox, TableBox  # noqa: PLC0415

    prefix = f"{digest[:ID_PREFIX]}-"
    finisher = partial(finish, table_box=TableBox, line_box=LineBox, prefix=prefix)
    written: bytes = document.write_pdf(
        finisher=finisher, pdf_variant=VARIANT, pdf_tags=True, pdf_identifier=True
    )
    return written


def _laid_out(html: str, images: Mapping[str, tuple[str, bytes]] = NO_IMAGES) -> "Document":
    from weasyprint import HTML  # noqa: PLC0415

    mend_engine()
    source = HTML(string=break_long_words(html), url_fetcher=_fetcher_class()(images))
    let_long_rows_be_cut(source.etree_element)
    return source.render(pdf_variant=VARIANT, pdf_tags=True)


def load_engine() -> None:
    """Have what takes a second to be imported, before anything is drawn."""
    import weasyprint  # noqa: F401, PLC0415
    from fontTools.ttLib import woff2  # noqa: F401, PLC0415

    mend_engine()
    _fetcher_class()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the engine work without the collector; its errors are ours.

    The layout makes millions of objects and no garbage: collecting costs a third of the time. What
    was laid out has no name within, so that it is garbage when the collector comes back: to go
    through all of it while it was still held cost a tenth.
    """
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415

    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    except FatalURLFetchingError as error:
        # A BaseException by the engine's choice; nobody above expects one.
        raise PaperError(str(error)) from error
    finally:
        if collects:
            gc.enable()


@cache
def _opened(name: str) -> bytes:
    """Return a static file, a font unpacked and with a sign of its own for broken words.

    The engine unpacks each font each time it lays something out, which took longer than to lay out
    a short document. Raises as `static_file`.
    """
    from fontTools.ttLib import woff2  # noqa: PLC0415

    body = static_file(name)
    if not name.endswith(PACKED_FONT):
        return body
    unpacked = BytesIO()
    woff2.decompress(BytesIO(body), unpacked)
    return with_sign(unpacked.getvalue())


@cache
def _fetcher_class() -> type[Any]:
    from weasyprint.urls import (  # noqa: PLC0415
        FatalURLFetchingError,
        URLFetcher,
        URLFetcherResponse,
    )

    class StaticFetcher(URLFetcher):
        """Opens `static:` names and the images it is given; everything else stops the document."""

        def __init__(self, images: Mapping[str, tuple[str, bytes]]) -> None:
            super().__init__()
            self.images = images

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url in self.images:
                kind, body = self.images[url]
                return URLFetcherResponse(url, body=body, headers={"Content-Type": kind})
            if not url.startswith(STATIC_SCHEME):
                self._refuse(url)
            name = url.removeprefix(STATIC_SCHEME)
            try:
                body = _opened(name)
            except PaperError:
                self._refuse(url)
            kind = guess_type(name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, body=body, headers={"Content-Type": kind})

        def _refuse(self, url: str) -> NoReturn:
            # Never reached by what people type: their text is escaped and makes no address. So an
            # address from elsewhere is a defect of a template or a style sheet.
            raise FatalURLFetchingError(
                _("Il documento chiede un file che non è dell’applicazione: %s") % url
            )

    return StaticFetcher


def _rows(document: "Document", table_id: str) -> tuple[MeasuredRow, ...]:
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415

    measured: dict[str, MeasuredRow] = {}
    for number, page in enumerate(document.pages):
        first_on_page = bool(measured)
        for table in _tables(page._page_box, table_id):
            groups = [one for one in table.children if isinstance(one, boxes.TableRowGroupBox)]
            above = page._page_box.content_box_y() + sum(
                one.height for one in groups if one.is_header
            )
            for row in (row for one in groups if not one.is_header for row in one.children):
                row_id, bottom = row.element.get("id", ""), row.position_y + row.height - above
                if row_id in measured:
                    measured[row_id] = replace(measured[row_id], cells=(), bottom=bottom)
                else:
                    found = _measured(row, row_id, begins_page=first_on_page)
                    measured[row_id] = replace(found, page=number, bottom=bottom)
                first_on_page = False
    return tuple(measured.values())


def _tables(box: Any, table_id: str) -> Iterator[Any]:
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415

    for child in box.descendants():
        element = child.element
        is_table = isinstance(child, boxes.TableBox) and element is not None
        if is_table and element.get("id") == table_id:
            yield child


def _measured(row: Any, row_id: str, *, begins_page: bool) -> MeasuredRow:
    heights = []
    padding = 0.0
    for cell in row.children:
        # The engine lengthens the lower padding to stretch a cell; the style sheet makes both
        # equal.
        added = 2 * cell.padding_top + cell.border_top_width + cell.border_bottom_width
        heights.append((cell.rowspan, cell.content_height + added))
        padding = max(padding, added)
    return MeasuredRow(row_id, begins_page, tuple(heights), padding)
