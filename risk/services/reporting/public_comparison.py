"""What changed between a published plan and the one before it, as pages that anybody reads.

Both are what was adopted; the names of heads are left out, as what the register alone says. Written
once, by whoever asks first or by the job of the publication (docs/decisions/0045, 0079).
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.template.loader import render_to_string

from registry.models import Plan
from risk.content.comparison import ContentChange
from risk.content.edition_values import OfficeDifference
from risk.models import PlanIssue
from risk.services.plans.comparison.fate import without_reason
from risk.services.plans.comparison.frame import head_label
from risk.services.plans.comparison.making import EditionComparison, compare_plans, told_of
from risk.services.plans.comparison.page import PROCESSES_A_PAGE, summary_of
from risk.services.plans.succession import succession_of
from risk.services.reporting.open_data.files import PATIENCE
from risk.services.reporting.public_pages import (
    PublicPage,
    folder_of_pages,
    page_folders,
    stored_page,
    written_pages,
)
from risk.services.reporting.public_reviews import review_folders
from risk.services.reporting.public_rounds import round_folders
from risk.services.reporting.public_states import state_folders


class NothingBeforeError(LookupError):
    """A published plan that took the place of none."""


def comparison_page(issue: PlanIssue, number: Any, *, patience: float = PATIENCE) -> PublicPage:
    """Return a page of what changed since the plan before; raises as `annex_page`.

    The first says how much, the others office by office what. Raises `NothingBeforeError`.
    """
    before = _before(issue)
    if before is None:
        raise NothingBeforeError
    folder = _folder(issue, before)
    return stored_page(folder, lambda: _files(before, issue.plan), "", number, patience)


def write_public_comparison(issue: PlanIssue) -> None:
    """Write the pages of what changed where they are not written; raises as `annex_page`."""
    if (before := _before(issue)) is not None:
        written_pages(_folder(issue, before), lambda: _files(before, issue.plan), PATIENCE)


def public_folders(issue: PlanIssue) -> Iterator[Path]:
    """Yield where all pages of an adopted plan are, or will be."""
    yield from page_folders(issue)
    if (before := _before(issue)) is not None:
        yield _folder(issue, before)
    yield from round_folders(issue.plan)
    yield from state_folders(issue.plan)
    yield from review_folders(issue.plan)


def _before(issue: PlanIssue) -> Plan | None:
    return succession_of(issue.plan).replaces


def _folder(issue: PlanIssue, before: Plan) -> Path:
    return folder_of_pages("confronto", f"{issue.uid} {before.pk}")


def _files(before: Plan, after: Plan) -> Iterator[tuple[str, str]]:
    found = _public(compare_plans(before, after))
    context = {"comparison": found, "told": told_of(found), "plan": after}
    first = context | {"summary": summary_of(found)}
    yield (
        "000001.html",
        render_to_string("risk/reporting/pages/comparison.html", first),
    )
    for number, (office, page) in enumerate(_pages(found), start=2):
        shown = context | {"office": office, "page": page}
        html = render_to_string("risk/reporting/pages/comparison_office.html", shown)
        yield f"{number:06d}.html", html


def _pages(found: EditionComparison) -> Iterator[tuple[OfficeDifference, Any]]:
    for office in found.opened():
        if not office.is_still:
            for page in Paginator(office.processes, PROCESSES_A_PAGE):
                yield office, page


def _public(found: EditionComparison) -> EditionComparison:
    """Return a comparison without what names a person or was not adopted, its numbers neither.

    Nor why an office changed: whoever opened the edition wrote that for the body.
    """
    offices = []
    for one in found.offices:
        own = (_without_heads(change) for change in one.own)
        told = tuple(change for change in own if change.fields or change.title)
        became = (without_reason(sentence) for sentence in one.became)
        offices.append(replace(one, own=told, became=tuple(filter(None, became))))
    return replace(found, offices=tuple(offices), reasons={})


def _without_heads(change: ContentChange) -> ContentChange:
    fields = tuple(field for field in change.fields if field.label != head_label())
    return replace(change, fields=fields)
