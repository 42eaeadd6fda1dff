"""What the draft of a plan says as a whole, read at the address of its consultation.

Summary, ranked list and programme are made of all annexes as they are, so they are written once
until an act of the body is on its trail, by whoever asks first (docs/decisions/0045).
"""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.urls import reverse

from registry.models import TrailRecord
from risk.content.part_values import PartContent, to_annex, to_process
from risk.content.plan_facts import AnnexFacts, PlanFacts
from risk.content.plan_parts import parts_of
from risk.content.plan_values import PlanDocument
from risk.models import Consultation
from risk.paper.plan_chapters import drawn_parts
from risk.services.plans.contributions import answered
from risk.services.plans.documents import draft_document
from risk.services.plans.draft_reading import read_draft
from risk.services.plans.objectives import objectives_of
from risk.services.reporting.open_data.files import PATIENCE
from risk.services.reporting.public_pages import (
    SHEETS_A_PAGE,
    PartAddresses,
    PublicPage,
    folder_of_pages,
    pages_of_part,
    stored_page,
)

_OBJECTIVES = "obiettivi"
WHOLE_PARTS = ("sintesi", _OBJECTIVES, "graduatoria", "programma")
"""The parts of the draft that are made of all its annexes: their measures serve its objectives."""
OWN_PARTS = ("capitoli", "misure", "esoneri", "consultazione")
"""The parts of the draft that are what the plan says itself."""


def whole_parts(found: Consultation, *, has_offices: bool) -> list[str]:
    """Return the names of `WHOLE_PARTS` there are. One query.

    Without offices there are none but the objectives, and these only where the plan has some; the
    others say themselves where there is nothing yet.
    """
    has_objectives = objectives_of(found.plan).filter(retired_on=None).exists()
    there = dict.fromkeys(WHOLE_PARTS, has_offices) | {_OBJECTIVES: has_objectives}
    return [name for name in WHOLE_PARTS if there[name]]


def own_parts(found: Consultation) -> list[PartContent]:
    """Return what the draft says itself, without the parts that say nothing."""
    facts = _facts(draft_document(found.plan), ())
    return [part for part in parts_of(facts, names=OWN_PARTS) if part.sections]


def whole_part_page(
    found: Consultation, name: str, number: Any, *, patience: float = PATIENCE
) -> PublicPage:
    """Return a page of one of `WHOLE_PARTS`, the nearest there is; written now if need be.

    Raises `PaperError` where an annex cannot be read, `BusyError` when another process is at it for
    longer than `patience` seconds, `OSError` when the disk refuses.
    """
    folder = folder_of_pages("bozza", f"{found.pk} {_last_act(found)}")
    return stored_page(folder, lambda: _files(found), f"{name}-", number, patience)


def _last_act(found: Consultation) -> int | None:
    chain = TrailRecord.objects.filter(chain=found.plan.administration.ipa_code)
    return chain.order_by("-number").values_list("number", flat=True).first()


def _files(found: Consultation) -> Iterator[tuple[str, str]]:
    plan = found.plan
    with read_draft(plan, is_nameless=True) as reading:
        annexes, facts = reading.facts, _facts(reading.document, reading.facts)
    names = {"administration": plan.administration.name, "title": plan.title}
    names["years"] = f"{plan.first_year}–{plan.last_year}"
    addresses = PartAddresses(_addresses(found, annexes))
    for part in parts_of(facts, names=WHOLE_PARTS):
        for page in Paginator(pages_of_part(part), 1):
            (drawn,) = drawn_parts(page.object_list, addresses)
            context = {"document": names, "part": drawn}
            html = render_to_string("risk/reporting/pages/part.html", context)
            yield f"{part.name}-{page.number:06d}.html", html


def _facts(document: PlanDocument, annexes: tuple[AnnexFacts, ...]) -> PlanFacts:
    """Return what the parts of a draft are made of: of contributions those with an outcome."""
    own = (document.objectives, document.chapters, answered(document.contributions))
    return PlanFacts(annexes, document.measures, document.exempt, (), *own)


def _addresses(found: Consultation, annexes: tuple[AnnexFacts, ...]) -> dict[str, str]:
    """Return where annexes and sheets of the draft stand, by what leads to them."""
    told: dict[str, str] = {}
    for annex in annexes:
        address = reverse("risk:consultation_annex", args=[found.token, annex.uid])
        told[to_annex(annex.uid)] = address
        for place, process in enumerate(annex.processes):
            page = place // SHEETS_A_PAGE + 1
            asked = f"?pagina={page}" if page > 1 else ""
            told[to_process(process.uid)] = f"{address}{asked}#processo-{process.uid}"
    return told
