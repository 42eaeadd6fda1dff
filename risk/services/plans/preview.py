"""What a document of the chosen parts begins with: shown beside the choice, nothing is drawn.

It says what the document says (`bound`), from the same values and templates, but of the first
processes of the first office alone, and of each part its beginning: what it takes does not grow
with the plan.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.models import Annex, Plan, Process
from registry.packing import DamagedContentError
from registry.readable import grouped
from risk.content.canonical import UnknownFormatError
from risk.content.part_beginnings import (
    ROWS,
    SECTIONS,
    PartBeginning,
    beginning_of,
    without_counts,
)
from risk.content.part_values import PartContent
from risk.content.plan_facts import PlanFacts, annex_facts
from risk.content.plan_parts import ANNEXES, PLAN_PARTS, parts_of, title_of
from risk.content.plan_values import BoundPlan
from risk.content.texts import UnresolvedField
from risk.content.typography import printable
from risk.content.values import AnnexDocument
from risk.models import PlanIssue
from risk.paper.plan_chapters import Links, drawn_parts
from risk.services.annexes.documents import DocumentPage, DocumentPages
from risk.services.plans.bound import adopted_front
from risk.services.plans.choices import Chosen
from risk.services.plans.draft_reading import draft_front

PROCESSES = 12
"""How many processes of the first office are read."""
_HELD = ("catalogue", "sheets")
_OTHERS = gettext_lazy("gli altri processi del piano")
_OF_PROCESSES = {
    **{name: _OTHERS for name, part in PLAN_PARTS.items() if part.names_processes},
    "glossario": gettext_lazy("i livelli e i metodi del piano"),
    "obiettivi": gettext_lazy("le misure che servono a ciascuno"),
}
"""The parts that say less of some processes than of all, and what more they say of all."""


@dataclass(frozen=True, slots=True)
class PartPreview:
    """A part as its template draws it, and in words what more the document has of it."""

    drawn: dict[str, Any]
    more: str


@dataclass(frozen=True, slots=True)
class AnnexesPreview:
    """The first annexes by their lines, how many more there are, the catalogue of the first.

    `page` says which of its processes these are.
    """

    offices: tuple[str, ...]
    more: str
    document: AnnexDocument | None
    page: Page | None


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """A document as it begins: `read` says of what, `problem` why there is nothing to show.

    `document` is what the templates of single parts draw; `adopted` names the chosen parts that
    stand in the document of the adoption, which is not shown.
    """

    document: BoundPlan | None = None
    parts: tuple[PartPreview, ...] = ()
    annexes: AnnexesPreview | None = None
    read: str = ""
    adopted: str = ""
    problem: str = ""


def preview_of(*, plan: Plan, chosen: Chosen) -> PlanPreview:
    """Return how a document of the parts chosen begins. The number of queries is always the same.

    What cannot be printed is told as a `problem`, as the document itself would be refused.
    """
    try:
        return _preview(plan, chosen)
    except (UnresolvedField, UnknownFormatError, DamagedContentError) as error:
        return PlanPreview(problem=str(error))


def _preview(plan: Plan, chosen: Chosen) -> PlanPreview:
    issue = PlanIssue.objects.defer("html", "pdf").select_related("by").filter(plan=plan).first()
    front = draft_front(plan) if issue is None else adopted_front(issue)
    rows = plan.annexes.with_names().filter(exemption=None).order_by("office__folded", "pk")
    annexes = list(rows)
    count = Process.objects.in_use().filter(annex__in=[row.pk for row in annexes]).count()
    read = _first(annexes)
    is_part = read is not None and len(read.document.sheets) < count
    facts = (annex_facts(read.document),) if read else ()
    whole = (front.measures, front.exempt, front.figures)
    own = (front.objectives, front.chapters, front.contributions)
    names = chosen.parts or tuple(PLAN_PARTS)
    adopted = _adopted(names) if issue is not None and chosen.has_annexes else ()
    told = parts_of(
        PlanFacts(facts, *whole, *own),
        names=[name for name in names if name not in adopted],
        left_out=chosen.left_out,
        is_led=chosen.has_annexes,
    )
    return PlanPreview(
        document=_shortened(front),
        parts=tuple(_parts(told, is_part=is_part)),
        annexes=_annexes(annexes, read) if chosen.has_annexes else None,
        read=_read(read.document, count) if is_part and read else "",
        adopted=", ".join(f"«{title_of(name)}»" for name in adopted),
    )


def _first(annexes: list[Annex]) -> DocumentPage | None:
    """Return the first processes there are, as they are printed: all of one annex."""
    used = Process.objects.in_use().filter(annex__in=[row.pk for row in annexes])
    having = set(used.values_list("annex_id", flat=True).distinct().order_by())
    for annex in annexes:
        if annex.pk in having:
            return DocumentPages(annex, rows=PROCESSES, holds=_HELD).page(1)
    return None


def _adopted(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name != ANNEXES and PLAN_PARTS[name].is_adopted)


def _parts(told: tuple[PartContent, ...], *, is_part: bool) -> Iterator[PartPreview]:
    for part in told:
        is_less = is_part and _is_of_processes(part)
        # of some processes it would be another count
        begun = beginning_of(without_counts(part) if is_less else part)
        (drawn,) = drawn_parts([begun.part], Links({}))
        yield PartPreview(drawn, _more(begun, str(_OF_PROCESSES[part.name]) if is_less else ""))


def _is_of_processes(part: PartContent) -> bool:
    """Tell whether a part says less of some processes; one that is empty may be so of all."""
    if part.name not in _OF_PROCESSES:
        return False
    return bool(part.sections) or PLAN_PARTS[part.name].names_processes


def _more(begun: PartBeginning, others: str) -> str:
    """Return what more the document has of a part; "" where it is all there."""
    counts = []
    if begun.sections:
        said = ngettext("%(n)s altra voce", "%(n)s altre voci", begun.sections)
        counts.append(said % {"n": grouped(begun.sections)})
    if begun.rows:
        said = ngettext("%(n)s altra riga", "%(n)s altre righe", begun.rows)
        counts.append(said % {"n": grouped(begun.rows)})
    if others:
        counts.append(others)
    return _("Nel documento anche %s.") % _(" e ").join(counts) if counts else ""


def _annexes(annexes: list[Annex], read: DocumentPage | None) -> AnnexesPreview:
    shown = tuple(
        _("Allegato %(n)d – %(office)s")
        % {"n": number, "office": printable(annex.printed_office_name)}
        for number, annex in enumerate(annexes[:ROWS], start=1)
    )
    left = len(annexes) - len(shown)
    said = ngettext(
        "Nel documento anche %(n)s altro allegato.",
        "Nel documento anche %(n)s altri allegati.",
        left,
    )
    more = said % {"n": grouped(left)} if left else ""
    if read is None:
        return AnnexesPreview(shown, more, None, None)
    first = replace(read.document, catalogue=read.document.catalogue[:ROWS])
    page = Paginator(range(read.page.paginator.count), ROWS).get_page(1)
    return AnnexesPreview(shown, more, first, page)


def _read(document: AnnexDocument, count: int) -> str:
    shown = len(document.sheets)
    sentence = ngettext(
        "L’anteprima legge %(n)s processo di %(office)s; il documento li ha tutti: %(count)s.",
        "L’anteprima legge i primi %(n)s processi di %(office)s; il documento li ha tutti: "
        "%(count)s.",
        shown,
    )
    return sentence % {"n": grouped(shown), "office": document.office, "count": grouped(count)}


def _shortened(front: BoundPlan) -> BoundPlan:
    """Return what the templates of single parts draw, as much of it as of the other parts."""
    return replace(
        front,
        measures=front.measures[:SECTIONS],
        exempt=front.exempt[:ROWS],
        figures=tuple(replace(one, lines=one.lines[:ROWS]) for one in front.figures[:SECTIONS]),
    )
