"""The ways from the pages of a joined document back to what stands before them: links in the foot.

A front matter tells them by names alone: what it calls `way_back("graduatoria", "processo-1")` is
where the page with the place `processo-1` leads back to. Pages without any lead to the contents.
The pages are drawn already: a way is written as their number is (`page_stamps`), but read aloud,
below the heading of the sheet that begins there, else at the end of its section.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pikepdf
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pikepdf import Array, Dictionary, Name, String

from risk.paper.name_trees import NAMES, NUMBERS, bare, destinations_of, entries, leaf_of, prefix_of

CONTENTS = "indice"
WAYS: dict[str, tuple[str | Promise, str | Promise]] = {
    "sintesi": (_("Sintesi"), _("Torna alla sintesi per i cittadini")),
    "graduatoria": (_("Graduatoria"), _("Torna alla graduatoria dei processi")),
    CONTENTS: (_("Indice"), _("Torna all’indice del piano")),
}
"""The parts of a front matter that are led back to: the text in the foot, and what is read."""
_BEHIND = re.compile(r"^allegato-\d+$")
"""What the contents call the parts behind them."""
_HEADING = "/H3"
"""That of a sheet."""


def way_back(part: str, target: str) -> str:
    """Return what a place of a front matter is called that a target behind it leads back to."""
    return f"ritorno-{part}-{target}"


def signs_of_ways() -> str:
    """Return all signs that are written for ways back."""
    return "".join(str(text) for text, _said in WAYS.values())


@dataclass(frozen=True, slots=True)
class WayBack:
    """A link of the foot: its text, what is read for it, the name it leads to."""

    text: str
    said: str
    name: str


class WaysBack:
    """The ways back of a document whose parts are all there; its pages are met in their order."""

    def __init__(self, book: pikepdf.Pdf) -> None:
        self.book = book
        places = dict(entries(destinations_of(book), NAMES))
        self.by_page = _by_page(book, places)
        if self.by_page:
            self.tags = book.Root.StructTreeRoot
            self.owners = dict(entries(self.tags.ParentTree, NUMBERS))
            self.document = self.tags.K[0].objgen
            self.links: Any = None
            self.paragraph: Any = None
            self.section: tuple[int, int] | None = None

    def of(self, page: pikepdf.Page) -> Sequence[WayBack]:
        """Return the ways back from a page, and be where they are read aloud."""
        ways = self.by_page.get(page.obj.objgen, ())
        told = [one for one in self._told(page) if one is not None] if ways else ()
        if not told:
            # nothing of it is read aloud, and so no link on it
            return ()
        self._go_to(told)
        return ways

    def _told(self, page: pikepdf.Page) -> Any:
        """Return the elements of a page by the numbers its content is marked with."""
        return self.owners[int(page.obj.StructParents)]

    def link(self, page: pikepdf.Page, way: WayBack, edges: Sequence[float]) -> int:
        """Put a link on a page; return the number its text is to be marked with."""
        told = self._told(page)
        key = int(self.tags.ParentTreeNextKey)
        annotation = self.book.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array([round(edge, 2) for edge in edges]),
                Border=Array([0, 0, 0]),
                F=4,
                Dest=String(way.name),
                Contents=String(way.said),
                StructParent=key,
            )
        )
        page.obj.Annots = Array([*page.obj.get("/Annots", ()), annotation])
        page.obj.Tabs = Name.S
        number = len(told)
        reference = Dictionary(Type=Name.OBJR, Obj=annotation, Pg=page.obj)
        link = Dictionary(S=Name.Link, P=self.paragraph, Pg=page.obj, K=Array([number, reference]))
        element = self.book.make_indirect(link)
        told.append(element)
        self.paragraph.K.append(element)
        self._tell(key, element)
        return number

    def _tell(self, key: int, element: Any) -> None:
        if self.links is None:
            self.links = leaf_of(self.book, [(key, element)], NUMBERS)
            self.tags.ParentTree.Kids.append(self.links)
        else:
            self.links.Nums.extend([key, element])
            self.links.Limits[1] = key
        self.tags.ParentTreeNextKey = key + 1

    def _go_to(self, told: Sequence[Any]) -> None:
        """Begin a paragraph where a sheet or a section begins; else go on with the last one."""
        heading = next((one for one in told if one.S == _HEADING), None)
        section = self._section_of(told[0])
        if heading is not None:
            self._begin(heading.P, behind=heading)
        elif section.objgen != self.section:
            self._begin(section)
        self.section = section.objgen

    def _begin(self, parent: Any, *, behind: Any = None) -> None:
        paragraph = Dictionary(S=Name.P, P=parent, K=Array())
        self.paragraph = self.book.make_indirect(paragraph)
        kids = [*parent.K] if isinstance(parent.K, Array) else [parent.K]
        place = len(kids)
        if behind is not None:
            place = 1 + next(n for n, kid in enumerate(kids) if _is_same(kid, behind))
        parent.K = Array([*kids[:place], self.paragraph, *kids[place:]])

    def _section_of(self, element: Any) -> Any:
        while element.P.objgen != self.document:
            element = element.P
        return element


def _is_same(kid: Any, element: Any) -> bool:
    return isinstance(kid, Dictionary) and bool(kid.objgen == element.objgen)


def _by_page(book: pikepdf.Pdf, places: dict[str, Any]) -> dict[tuple[int, int], list[WayBack]]:
    """Return the ways back from each page behind the front matter, by the object of the page."""
    begun = [name for name in places if _BEHIND.match(bare(name))]
    if not begun:
        return {}
    numbers = {page.objgen: number for number, page in enumerate(book.pages)}
    before = prefix_of(begun[0])
    ways = _ways({bare(name): name for name in places if prefix_of(name) == before})
    led: dict[int, list[tuple[float, list[WayBack]]]] = {}
    for name, place in places.items():
        if prefix_of(name) != before and bare(name) in ways:
            # the place as the joiner and the engine write it: page, /XYZ, left, top, zoom
            led.setdefault(numbers[place[0].objgen], []).append((place[3], ways[bare(name)]))
    firsts = {numbers[places[name][0].objgen] for name in begun}
    found, going_on = {}, ways[CONTENTS]
    for number, page in enumerate(book.pages):
        if number in firsts:
            going_on = ways[CONTENTS]
        here = sorted(led.get(number, ()), key=lambda pair: -pair[0])
        found[page.objgen] = here[0][1] if here else going_on
        going_on = here[-1][1] if here else going_on
    return dict(islice(found.items(), min(firsts), None))


def _ways(names: dict[str, str]) -> dict[str, list[WayBack]]:
    """Return the ways of a front matter by the place they begin at, in the order of `WAYS`."""
    found: dict[str, list[WayBack]] = {}
    for part, (text, said) in WAYS.items():
        start = way_back(part, "")
        for name, full in names.items():
            if name.startswith(start):
                way = WayBack(str(text), str(said), full)
                found.setdefault(name.removeprefix(start), []).append(way)
    contents = [WayBack(*map(str, WAYS[CONTENTS]), names[CONTENTS])] if CONTENTS in names else []
    return {**found, CONTENTS: contents}
