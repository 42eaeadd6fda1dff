"""The parts of a plan before its annexes, as they are drawn: links with the page they lead to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from risk.content.part_values import PartCell, PartContent, PartLink, PartSection, PartTable
from risk.paper.ways_back import WAYS, way_back

GENERIC = "risk/paper/plan/_part.html"
TEMPLATES = {
    "esoneri": "risk/paper/plan/_exempt.html",
    "misure": "risk/paper/plan/_measures.html",
    "quadro": "risk/paper/_figures.html",
}
"""Parts that are drawn with more than they say: in columns, with colours."""
WIDE = frozenset({"graduatoria", "programma"})
"""Parts whose tables want a page on its side."""


@dataclass(frozen=True, slots=True)
class DrawnLink:
    """A link of a part: `name` is where it leads to, "" to nowhere.

    On paper that is so until the parts are joined.
    """

    text: str
    name: str = ""
    page: int = 0
    back: str = ""
    """What its place is called that its target leads back to, where it does."""


class Leading(Protocol):
    """Whatever knows where the links of a part lead."""

    def drawn(self, link: PartLink | None, *, part: str) -> DrawnLink | None:
        """Return a link as it is drawn; one that leads nowhere is its text alone."""


class Links:
    """The links of the parts, each with a name of its own that the joiner leads to its target.

    `places` are the pages that targets stand on, in the whole document.
    """

    def __init__(self, places: Mapping[str, int]) -> None:
        self.places = places
        self.names: dict[str, str] = {}
        self._times: Counter[str] = Counter()
        self._backs: set[str] = set()

    def drawn(self, link: PartLink | None, *, part: str) -> DrawnLink | None:
        """Return a link as it is drawn; one that leads nowhere is its text alone."""
        if link is None or link.target not in self.places:
            return link and DrawnLink(link.text)
        self._times[link.target] += 1
        name = f"via-{self._times[link.target]}-{link.target}"
        self.names[name] = link.target
        back = way_back(part, link.target) if part in WAYS else ""
        # the first of a part is led back to
        is_first = back not in self._backs
        self._backs.add(back)
        return DrawnLink(link.text, name, self.places[link.target], back if is_first else "")


def drawn_parts(parts: Iterable[PartContent], links: Leading) -> list[dict[str, Any]]:
    """Return the parts as their templates draw them."""
    return [
        {
            "name": part.name,
            "title": part.title,
            "template": TEMPLATES.get(part.name, GENERIC) if part.sections else GENERIC,
            "is_wide": part.name in WIDE,
            "paragraphs": part.paragraphs,
            "sections": [_section(one, links, part.name) for one in part.sections],
        }
        for part in parts
    ]


def _section(section: PartSection, links: Leading, part: str) -> dict[str, Any]:
    link = links.drawn(section.link, part=part)
    return {
        "title": section.title,
        # its heading is what is led back to
        "back": link and link.back,
        "link": link and replace(link, back=""),
        "level": section.level,
        "paragraphs": section.paragraphs,
        "entries": section.entries,
        "words": section.words,
        "table": section.table and _table(section.table, links, part),
    }


def _table(table: PartTable, links: Leading, part: str) -> dict[str, Any]:
    rows = [
        [
            {"head": column.title, **_cell(cell, links, part)}
            for column, cell in zip(table.columns, row, strict=True)
        ]
        for row in table.rows
    ]
    return {"title": table.title, "columns": table.columns, "rows": rows}


def _cell(cell: PartCell, links: Leading, part: str) -> dict[str, Any]:
    drawn = [links.drawn(one, part=part) for one in cell.links]
    return {"level": cell.level, "links": drawn, "lines": cell.lines}


def targets_of(parts: Iterable[PartContent]) -> set[str]:
    """Return what the links of some parts lead to."""
    found: set[str] = set()
    for part in parts:
        for section in part.sections:
            cells = (cell for row in section.table.rows for cell in row) if section.table else ()
            found.update(link.target for cell in cells for link in cell.links)
            if section.link:
                found.add(section.link.target)
    return found
