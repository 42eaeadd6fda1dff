"""The layouts of an annex on paper as data: what each is called, its parts, and its drawing.

A part is one section of the paper with a template of its own; a layout is one part, or several
under a cover.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from risk.content.values import AnnexDocument, Texts
from risk.enums import Layout


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the paper: `template` draws it with the texts of the layout `texts`.

    `name` is that of its heading; `holds` is the field of the document its rows are in; `is_table`
    marks the one part whose merged cells have to end where its pages do; `is_optional` that without
    rows it is left out.
    """

    template: str
    name: str
    holds: str
    texts: Layout | None = None
    is_table: bool = False
    is_optional: bool = False


CATALOGUE = Part("risk/paper/_catalogue.html", "catalogo", "catalogue", Layout.CATALOGUE)
RISK_TABLE = Part(
    "risk/paper/_risk_table.html", "tabella", "table", Layout.RISK_TABLE, is_table=True
)
FIGURES = Part("risk/paper/_figures.html", "quadro", "figures", is_optional=True)
SHEETS = Part("risk/paper/_sheets.html", "schede", "sheets", Layout.SHEETS)
PARTS = (CATALOGUE, RISK_TABLE, FIGURES, SHEETS)
"""All the parts, in the order of the paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLayout:
    """A layout as it is drawn; every question has to be answered.

    `title` names the file and the page; `is_whole` puts a cover and a table of contents before
    the parts; `ready_up_to` is how many characters (`risk.services.printing.sizes`) it draws as
    a PDF in about two seconds (measured); `on_screen` is how many processes a page of the screen
    shows at a time.
    """

    title: str | Promise
    parts: tuple[Part, ...]
    is_whole: bool
    ready_up_to: int
    on_screen: int

    @property
    def holds(self) -> frozenset[str]:
        """The fields of the document its parts draw."""
        return frozenset(part.holds for part in self.parts)

    @property
    def has_table(self) -> bool:
        """Whether the pages of the *tabella* have to be found before it is drawn."""
        return any(part.is_table for part in self.parts)


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part as its template draws it; one that is not shown keeps its place, and is empty."""

    template: str
    texts: Texts
    is_shown: bool


PRINTED_LAYOUTS: dict[Layout, PrintedLayout] = {
    Layout.CATALOGUE: PrintedLayout(
        title=_("Catalogo dei processi"),
        parts=(CATALOGUE,),
        is_whole=False,
        ready_up_to=80_000,
        on_screen=30,
    ),
    Layout.RISK_TABLE: PrintedLayout(
        title=_("Tabella dei rischi"),
        parts=(RISK_TABLE,),
        is_whole=False,
        ready_up_to=40_000,
        on_screen=30,
    ),
    Layout.SHEETS: PrintedLayout(
        title=_("Schede dei processi"),
        parts=(SHEETS,),
        is_whole=False,
        ready_up_to=90_000,
        on_screen=10,
    ),
    Layout.COMPLETE: PrintedLayout(
        title=_("Allegato completo"),
        parts=PARTS,
        is_whole=True,
        ready_up_to=60_000,
        on_screen=10,
    ),
}


def shown_parts(document: AnnexDocument, layout: PrintedLayout) -> list[ShownPart]:
    """Return all the parts in their order, those of a layout shown where there is what to draw."""
    return [
        shown(document, part, is_shown=part in layout.parts and is_drawn(document, part))
        for part in PARTS
    ]


def shown(document: AnnexDocument, part: Part, *, is_shown: bool = True) -> ShownPart:
    """Return a part as its template draws it."""
    texts = document.texts_of(part.texts) if part.texts else Texts()
    return ShownPart(template=part.template, texts=texts, is_shown=is_shown)


def is_drawn(document: AnnexDocument, part: Part) -> bool:
    """Tell whether there is what to draw of a part: an optional one has rows."""
    return not part.is_optional or bool(getattr(document, part.holds))


def linked(document: AnnexDocument, layout: Layout, part: Part = CATALOGUE) -> frozenset[str]:
    """Return the processes whose row of the catalogue, or of the *tabella*, and sheet are linked.

    They lead to each other.
    """
    if not {part, SHEETS} <= {*PRINTED_LAYOUTS[layout].parts}:
        return frozenset()
    rows = getattr(document, part.holds)
    return frozenset(row.uid for row in rows) & {one.uid for one in document.sheets}
