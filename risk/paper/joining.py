"""Ready PDFs as one document, page for page: no page is drawn again, no element is walked.

The front matter gives the catalogue: its title, its language, what it claims to be. Of each part
come its pages, its tags as one section, its bookmarks under its title, and the names its links
lead to. Time and memory grow with pages and links (docs/decisions/0072).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from risk.paper.name_trees import (
    NAMES,
    NUMBERS,
    bare,
    destinations_of,
    ends_of,
    entries,
    leaf_of,
    leaves_of,
    own_names,
    prefix_of,
)
from risk.paper.one_writing import write_once
from risk.paper.page_stamps import Stamper
from risk.paper.tags import page_labels


@dataclass(frozen=True, slots=True)
class JoinedPart:
    """A PDF that goes behind others: `title` is that of its section and of its bookmark.

    `reached_from` are names that links of the front matter lead to, each with the name in this part
    they are to lead to, "" for its first page; without what all names of a document begin with.
    """

    title: str
    content: bytes
    reached_from: Mapping[str, str] = field(default_factory=dict)


def join(
    front: bytes, parts: Sequence[JoinedPart], *, number: str, stamps: bytes, mark: str = ""
) -> bytes:
    """Return one PDF of the front matter and the parts behind it; the same in, the same out.

    On each page `number` is stamped, with its `%(page)d` and `%(pages)d`, in the font of `stamps`,
    a PDF in which all its signs are drawn; those of `mark` too, which stands across each page.
    """
    with pikepdf.open(BytesIO(front)) as book:
        whole = GrowingBook(book)
        for part in parts:
            # closed at once: what was copied reads its streams without it, and takes no room twice
            with pikepdf.open(BytesIO(part.content)) as source:
                whole.add(part, source)
        whole.finish()
        with pikepdf.open(BytesIO(stamps)) as drawn:
            stamper = Stamper(book, drawn, mark=mark)
        pages = len(book.pages)
        for index, page in enumerate(book.pages, start=1):
            stamper.stamp(page, number % {"page": index, "pages": pages})
        return write_once(book)


def pages_of(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    with pikepdf.open(BytesIO(pdf)) as book:
        return len(book.pages)


def places_of(pdf: bytes, names: Collection[str]) -> dict[str, int]:
    """Return on which page, counted from 0, stand those of some names that a PDF has."""
    with pikepdf.open(BytesIO(pdf)) as book:
        numbers = {page.objgen: index for index, page in enumerate(book.pages)}
        found = {bare(name): place for name, place in entries(destinations_of(book), NAMES)}
        return {name: numbers[found[name][0].objgen] for name in names if name in found}


class GrowingBook:
    """The document that grows: what each part adds to its catalogue."""

    def __init__(self, book: pikepdf.Pdf) -> None:
        self.book = book
        self.tags = book.Root.StructTreeRoot
        self.next_key = 0
        self.owners: list[Any] = []
        self.ids: list[Any] = []
        self.destinations: list[Any] = []
        self.places = dict(entries(destinations_of(book), NAMES))
        self.by_bare_name = {bare(name): name for name in self.places}
        ids = ends_of(book, self.tags.get("/IDTree"))
        self.taken = {prefix_of(name) for name in (*self.places, *ids)}
        self.bookmarks = list(kids_of(book.Root.get("/Outlines")))
        self._index(self.tags)

    def add(self, part: JoinedPart, source: pikepdf.Pdf) -> None:
        """Put a part behind what there is."""
        self.taken |= own_names(source, part.content, self.taken)
        pages = self.add_pages(source)
        document = self.tags.K[0]
        for section in self.add_tags(source, pages):
            section.S, section.P, section.T = Name.Sect, document, String(part.title)
            document.K.append(section)
        start = Array([pages[0], Name.XYZ, None, None, None])
        self._add_places(source, part, start)
        self._add_bookmarks(source, part.title, start)

    def add_pages(self, source: pikepdf.Pdf) -> list[Any]:
        """Put the pages of a part behind those there are, and return them.

        Before all that points to its pages, which then points to those of the whole.
        """
        first = len(self.book.pages)
        for page in source.pages:
            self.book.pages.append(page)
        return [page.obj for page in self.book.pages[first:]]

    def add_tags(self, source: pikepdf.Pdf, pages: Sequence[Any]) -> list[Any]:
        """Take over the tree of tags of a part but for its top, which is returned."""
        tags = self.book.copy_foreign(source.Root.StructTreeRoot)
        for page in pages:
            page.StructParents = int(page.StructParents) + self.next_key
            for link in page.get("/Annots", ()):
                if "/StructParent" in link:
                    link.StructParent = int(link.StructParent) + self.next_key
        self._index(tags)
        return list(tags.K)

    def _index(self, tags: Any) -> None:
        """Take over what tells the elements of a part: by their pages, and by their ids."""
        owners = [(key + self.next_key, owner) for key, owner in entries(tags.ParentTree, NUMBERS)]
        self.owners.append(leaf_of(self.book, owners, NUMBERS))
        self.next_key = owners[-1][0] + 1
        self.ids += leaves_of(self.book, tags.get("/IDTree"))

    def _add_places(self, source: pikepdf.Pdf, part: JoinedPart, start: Any) -> None:
        leaves = self.add_names(source)
        known: dict[str, Any] = {}
        if any(part.reached_from.values()):
            known = {bare(name): place for leaf in leaves for name, place in entries(leaf, NAMES)}
        for asked, name in part.reached_from.items():
            self.places[self.by_bare_name[asked]] = known[name] if name else start

    def add_names(self, source: pikepdf.Pdf) -> list[Any]:
        """Take over what the links of a part lead to, and return it."""
        tree = destinations_of(source)
        # a direct object would not be copied
        copied = tree and self.book.copy_foreign(source.make_indirect(tree))
        leaves = leaves_of(self.book, copied)
        self.destinations += leaves
        return leaves

    def _add_bookmarks(self, source: pikepdf.Pdf, title: str, start: Any) -> None:
        """Put the bookmarks of a part under its title, which its only one bears itself."""
        tree = source.Root.get("/Outlines")
        below = list(kids_of(tree and self.book.copy_foreign(tree)))
        node = below[0] if len(below) == 1 else self.book.make_indirect(Dictionary(Dest=start))
        if len(below) != 1:
            hang(node, below)
        node.Title = String(title)
        # closed: whoever opens the document sees its parts
        node.Count = -shown_count(kids_of(node))
        self.bookmarks.append(node)

    def finish(self) -> None:
        """Write what was gathered into the catalogue."""
        root = self.book.Root
        self.tags.ParentTree = self._tree(self.owners)
        self.tags.ParentTreeNextKey = self.next_key
        if self.ids:
            self.tags.IDTree = self._tree(_in_order(self.ids))
        if self.places:
            self.destinations.append(leaf_of(self.book, [*self.places.items()], NAMES))
        if self.destinations:
            root.Names = root.get("/Names", Dictionary())
            root.Names.Dests = self._tree(_in_order(self.destinations))
        if self.bookmarks:
            root.Outlines = self.book.make_indirect(Dictionary(Type=Name.Outlines))
            hang(root.Outlines, self.bookmarks)
            root.Outlines.Count = shown_count(self.bookmarks)
            root.PageMode = Name.UseOutlines
        root.PageLabels = page_labels()

    def _tree(self, leaves: Sequence[Any]) -> Any:
        return self.book.make_indirect(Dictionary(Kids=Array(leaves)))


def _in_order(leaves: Sequence[Any]) -> list[Any]:
    return sorted(leaves, key=lambda leaf: bytes(leaf.Limits[0]))


def kids_of(node: Any) -> Iterator[Any]:
    """Yield the bookmarks below one, in their order; none below none."""
    kid = node.get("/First") if node is not None else None
    while kid is not None:
        yield kid
        kid = kid.get("/Next")


def hang(parent: Any, kids: Sequence[Any]) -> None:
    """Make some bookmarks those below one, in their order."""
    for kid in kids:
        kid.Parent = parent
        for key in ("/Prev", "/Next"):
            if key in kid:
                del kid[key]
    for before, after in pairwise(kids):
        before.Next, after.Prev = after, before
    if kids:
        parent.First, parent.Last = kids[0], kids[-1]


def shown_count(bookmarks: Iterable[Any]) -> int:
    """Return how many bookmarks are shown of some that are shown, with those below them."""
    return sum(1 + max(int(one.get("/Count", 0)), 0) for one in bookmarks)
