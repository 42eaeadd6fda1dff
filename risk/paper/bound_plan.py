"""A plan as one document, in any state: what stands before its annexes, then their ready pages.

The pages of an annex are those of its own PDF: drawn or issued, they are wrapped as they are
(docs/decisions/0072).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

import pikepdf
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from risk.content.plan_values import BoundLine, BoundPlan, BoundSection
from risk.content.typography import without_controls
from risk.paper.html import PAPER_STYLESHEETS, style_of
from risk.paper.joining import JoinedPart, join, pages_of, places_of
from risk.paper.page_signs import signs_of
from risk.paper.pdf import PaperError, write_pdf
from risk.paper.plan import PLAN_STYLESHEET
from risk.paper.plan_chapters import Links, drawn_parts, targets_of
from risk.paper.ways_back import signs_of_ways

EMBLEM_ADDRESS = "image:emblema"
BOUND_STYLESHEET = "risk/paper/bound.css"
SECTIONS = {
    "parte-capitoli": gettext_lazy("Capitoli"),
    "parte-esoneri": gettext_lazy("Uffici esonerati"),
    "parte-obiettivi": gettext_lazy("Obiettivi"),
    "parte-misure": gettext_lazy("Misure"),
    "parte-consultazione": gettext_lazy("Consultazione"),
    "parte-catalogo": gettext_lazy("Catalogo"),
    "parte-tabella": gettext_lazy("Tabella"),
    "parte-quadro": gettext_lazy("Quadro"),
    "parte-schede": gettext_lazy("Schede"),
}
"""The sections the contents lead to, of an annex and of what was adopted, by their names there."""
# Once for the number of its pages, once with the numbers that follow from it; longer numbers may
# need a page more.
_MOST_LAYOUTS = 5


@dataclass(frozen=True, slots=True)
class BoundPart:
    """What goes behind the contents, as an annex: what its line says, its PDF and its length.

    `target` is what leads to it (`risk.content.part_values.to_annex`), where anything does.
    """

    title: str
    detail: str
    pdf: bytes
    pages: int
    target: str = ""


def render_bound_plan(document: BoundPlan, parts: Sequence[BoundPart]) -> bytes:
    """Return the plan as one tagged PDF/A-2a; the same document and parts give the same bytes.

    Raises `PaperError` when it cannot be printed.
    """
    asked = targets_of(document.parts)
    places = [places_of(part.pdf, {*SECTIONS, *asked}) for part in parts]
    pages = 2
    for _attempt in range(_MOST_LAYOUTS):
        lines = tuple(_lines(parts, places, before=pages))
        links = Links(_pages_led_to(parts, places, lines, asked))
        front = write_pdf(_front(replace(document, lines=lines), links), images=_images(document))
        if pages_of(front) == pages:
            break
        pages = pages_of(front)
    else:
        raise PaperError(_("L’indice del piano non trova il suo posto."))
    joined = [
        JoinedPart(part.title, part.pdf, {**_reached_from(line), **_led(part, known, links)})
        for part, known, line in zip(parts, places, lines, strict=True)
    ]
    # the sentence is drawn once, with all the signs it may have
    sentence = _("Piano: pag. %(page)d di %(pages)d")
    signs = signs_of(sentence + signs_of_ways() + document.mark, weight=600)
    return join(front, joined, number=sentence, stamps=signs, mark=document.mark)


def _pages_led_to(
    parts: Sequence[BoundPart],
    places: Sequence[Mapping[str, int]],
    lines: Sequence[BoundLine],
    asked: Collection[str],
) -> dict[str, int]:
    """Return on which page of the whole stands each target that is there."""
    found: dict[str, int] = {}
    for part, known, line in zip(parts, places, lines, strict=True):
        own = {name: line.page + place for name, place in known.items() if name in asked}
        if part.target in asked:
            own[part.target] = line.page
        found = {**own, **found}
    return found


def _led(part: BoundPart, known: Mapping[str, int], links: Links) -> dict[str, str]:
    """Return the links that lead to a part, each with the name in it that it leads to."""
    return {
        name: "" if target == part.target else target
        for name, target in links.names.items()
        if target in known or target == part.target
    }


def _lines(
    parts: Sequence[BoundPart], places: Sequence[Mapping[str, int]], *, before: int
) -> Iterator[BoundLine]:
    first = before + 1
    for number, (part, known) in enumerate(zip(parts, places, strict=True), start=1):
        name = f"allegato-{number}"
        sections = tuple(
            BoundSection(f"{name}-{section}", str(title), first + known[section])
            for section, title in SECTIONS.items()
            if section in known
        )
        yield BoundLine(name, part.title, part.detail, first, sections)
        first += part.pages


def _reached_from(line: BoundLine) -> dict[str, str]:
    named = {section.name: section.name.removeprefix(f"{line.name}-") for section in line.sections}
    return {line.name: "", **named}


def begun_in(pdf: bytes) -> tuple[list[tuple[str, int]], int | None]:
    """Return the titles before the annexes of a plan in one document, each with its page.

    They are those of its bookmarks. Beside them the first page of the annexes, None without any.
    """
    with pikepdf.open(BytesIO(pdf)) as book:
        numbers = {page.objgen: number for number, page in enumerate(book.pages, start=1)}
        front = book.Root.Outlines.First
        node, found = front.get("/First"), []
        while node is not None:
            found.append((str(node.Title), numbers[node.Dest[0].objgen]))
            node = node.get("/Next")
        behind = front.get("/Next")
        return found, None if behind is None else numbers[behind.Dest[0].objgen]


def _front(document: BoundPlan, links: Links) -> str:
    context = {
        "document": document,
        "parts": drawn_parts(document.parts, links),
        "emblem_address": EMBLEM_ADDRESS,
        "style": style_of((*PAPER_STYLESHEETS, PLAN_STYLESHEET, BOUND_STYLESHEET), embed=False),
    }
    return without_controls(render_to_string("risk/paper/plan/bound.html", context))


def _images(document: BoundPlan) -> dict[str, tuple[str, bytes]]:
    emblem = document.emblem
    return {EMBLEM_ADDRESS: (emblem.kind, emblem.content)} if emblem else {}
